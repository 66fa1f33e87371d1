-- Changes, deletions and exports of many records.
CREATE TABLE bulk_jobs (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  -- The job reaches only records of this workspace; null: all of the organization.
  workspace_id uuid,
  entity text NOT NULL CHECK (entity IN ('contact', 'company', 'suppression')),
  action text NOT NULL CHECK (action IN ('update', 'delete', 'export')),
  -- {"ids": number of them}, {"filter": …}, {"segment_id": …} or {}: all records.
  selection jsonb NOT NULL,
  -- As given in the request.
  change jsonb,
  status text NOT NULL CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
  error text,
  -- The walk through the selection: the records up to this id are selected; null: all are.
  selected_to uuid,
  -- The number of the next piece to work on.
  next_piece integer NOT NULL DEFAULT 0,
  pieces integer NOT NULL DEFAULT 0,
  total integer NOT NULL DEFAULT 0,
  done integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  -- The first records that failed: [{"id", "reason"}, …].
  errors jsonb NOT NULL DEFAULT '[]',
  -- Chunks in a row that went wrong for an internal reason.
  faults smallint NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE INDEX bulk_jobs_organization ON bulk_jobs (organization_id, id);
CREATE INDEX bulk_jobs_workspace ON bulk_jobs (workspace_id) WHERE workspace_id IS NOT NULL;
CREATE INDEX bulk_jobs_unfinished ON bulk_jobs (organization_id, due_at) WHERE finished_at IS NULL;
CREATE INDEX bulk_jobs_finished ON bulk_jobs (finished_at) WHERE finished_at IS NOT NULL;

-- The ids of the records of a job: of those that are still to be changed, or of those in the file of an export.
CREATE TABLE bulk_job_pieces (
  job_id uuid NOT NULL REFERENCES bulk_jobs (id) ON DELETE CASCADE,
  number integer NOT NULL,
  ids uuid[] NOT NULL,
  PRIMARY KEY (job_id, number)
);
