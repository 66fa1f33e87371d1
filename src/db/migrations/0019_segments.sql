-- Segments: saved filters over contacts or companies.
CREATE TABLE segments (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  -- Null: it belongs to the organization.
  workspace_id uuid REFERENCES workspaces (id),
  name text NOT NULL,
  entity text NOT NULL CHECK (entity IN ('contact', 'company')),
  filter jsonb NOT NULL,
  -- How many records matched when they were last counted completely; null: never with this filter.
  count bigint,
  counted_at timestamptz,
  -- A count in progress: the records up to this id are counted; when it continues, null: none is in progress.
  count_after uuid,
  count_so_far bigint NOT NULL DEFAULT 0,
  count_due_at timestamptz,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX segments_organization ON segments (organization_id, id);
CREATE INDEX segments_workspace ON segments (workspace_id, id) WHERE workspace_id IS NOT NULL;
CREATE INDEX segments_counting ON segments (count_due_at) WHERE count_due_at IS NOT NULL;

-- Whether an address or a domain is suppressed is read in SQL by its value; the hash needs a key that the database does not have.
CREATE INDEX suppressions_value ON suppressions (organization_id, value) WHERE value IS NOT NULL;

ALTER TABLE lead_additions
  -- Contacts of this segment instead of a filter.
  ADD COLUMN segment_id uuid,
  -- It begins again when it is through, and adds who entered the segment in the meantime.
  ADD COLUMN follows boolean NOT NULL DEFAULT false,
  -- How often it has been through.
  ADD COLUMN rounds integer NOT NULL DEFAULT 0,
  ADD COLUMN round_started_at timestamptz;
