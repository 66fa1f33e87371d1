-- Merges of contacts and of companies, which can be undone for 30 days.
CREATE TABLE merges (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  -- Of both records.
  workspace_id uuid,
  entity text NOT NULL CHECK (entity IN ('contact', 'company')),
  -- The surviving record, and the one that went away.
  into_id uuid NOT NULL,
  from_id uuid NOT NULL,
  -- The row of the record that went away; null once the merge cannot be undone any more.
  snapshot jsonb,
  -- What the merge changed in the surviving record; null with the snapshot.
  filled jsonb,
  -- The names of these fields.
  changed text[] NOT NULL,
  -- How many records of each kind followed.
  moved jsonb NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  undone_at timestamptz
);
CREATE INDEX merges_organization ON merges (organization_id, id);
CREATE INDEX merges_workspace ON merges (workspace_id, id) WHERE workspace_id IS NOT NULL;
-- A record goes away once.
CREATE UNIQUE INDEX merges_from ON merges (from_id) WHERE undone_at IS NULL;
CREATE INDEX merges_into ON merges (into_id, id);
CREATE INDEX merges_expiry ON merges (expires_at) WHERE snapshot IS NOT NULL;

-- The records that followed, by their kind; `state` has what else an undo needs to know.
CREATE TABLE merge_pieces (
  merge_id uuid NOT NULL REFERENCES merges (id) ON DELETE CASCADE,
  kind text NOT NULL,
  number integer NOT NULL,
  ids uuid[] NOT NULL,
  state jsonb,
  PRIMARY KEY (merge_id, kind, number)
);
