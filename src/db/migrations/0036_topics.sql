-- What an organization or a workspace writes about, which people leave apart from everything else.
CREATE TABLE topics (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
  workspace_id uuid REFERENCES workspaces,
  name text NOT NULL,
  description text,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX topics_name ON topics (organization_id, name, coalesce(workspace_id, organization_id));
CREATE INDEX topics_workspace ON topics (workspace_id, id) WHERE workspace_id IS NOT NULL;

-- An address that left a topic, found by a keyed hash as suppressions are: the value goes with an erasure, the hash stays.
CREATE TABLE topic_opt_outs (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
  workspace_id uuid REFERENCES workspaces,
  topic_id uuid NOT NULL REFERENCES topics ON DELETE CASCADE,
  hash bytea NOT NULL,
  value text,
  reason text NOT NULL,
  message_id uuid,
  created_by uuid,
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX topic_opt_outs_hash ON topic_opt_outs (organization_id, hash, topic_id);
CREATE INDEX topic_opt_outs_topic ON topic_opt_outs (topic_id, id);
CREATE INDEX topic_opt_outs_value ON topic_opt_outs (organization_id, value) WHERE value IS NOT NULL;
CREATE INDEX topic_opt_outs_workspace ON topic_opt_outs (workspace_id, id) WHERE workspace_id IS NOT NULL;

ALTER TABLE campaigns ADD COLUMN topic_id uuid REFERENCES topics ON DELETE SET NULL;
CREATE INDEX campaigns_topic ON campaigns (topic_id) WHERE topic_id IS NOT NULL;
-- The topic of its campaign when it was composed: its links leave that one. Without a reference, so that a topic can be deleted.
ALTER TABLE messages ADD COLUMN topic_id uuid;
