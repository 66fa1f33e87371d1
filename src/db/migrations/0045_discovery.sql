-- The ideal customer profile of a workspace. Campaigns keep a copy.
CREATE TABLE workspace_icps (
  workspace_id uuid PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  icp jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

-- Searches for people who match a profile.
CREATE TABLE discovery_jobs (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  -- Whose contacts it creates; null: of the organization without a workspace.
  workspace_id uuid,
  -- Started by a key without a workspace: it may also add contacts of the organization to a campaign of a workspace.
  is_wide boolean NOT NULL,
  campaign_id uuid REFERENCES campaigns (id) ON DELETE CASCADE,
  icp jsonb NOT NULL,
  max_leads integer NOT NULL,
  lawful_basis text,
  lawful_basis_source text,
  -- [{"type": "crm"}, …], in the order in which they are searched.
  sources jsonb NOT NULL,
  status text NOT NULL CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
  error text,
  -- The number of the source that is searched, and where its search continues; null: at its beginning.
  source integer NOT NULL DEFAULT 0,
  cursor text,
  -- What was found so far, by outcome.
  counts jsonb NOT NULL,
  -- The last problems of sources: [{"source", "message", "at"}, …].
  problems jsonb NOT NULL DEFAULT '[]',
  -- Chunks in a row that went wrong.
  faults smallint NOT NULL DEFAULT 0,
  -- While a process works on a chunk: its token, and `due_at` is the end of the lease.
  lease uuid,
  due_at timestamptz NOT NULL,
  -- Whether the current source asks other servers, which may be slow.
  is_remote boolean NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE INDEX discovery_jobs_organization ON discovery_jobs (organization_id, id);
CREATE INDEX discovery_jobs_workspace ON discovery_jobs (workspace_id) WHERE workspace_id IS NOT NULL;
CREATE INDEX discovery_jobs_campaign ON discovery_jobs (campaign_id) WHERE campaign_id IS NOT NULL;
CREATE INDEX discovery_jobs_unfinished ON discovery_jobs (organization_id, due_at) WHERE finished_at IS NULL;
CREATE INDEX discovery_jobs_finished ON discovery_jobs (finished_at) WHERE finished_at IS NOT NULL;

-- Where what is known of a contact comes from. Kept as long as the contact, longer than the job. Without a foreign key: finds follow a contact
-- that is merged after its row was removed.
CREATE TABLE discovery_finds (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  workspace_id uuid,
  job_id uuid NOT NULL,
  campaign_id uuid,
  lead_id uuid,
  contact_id uuid NOT NULL,
  -- The kind of source; of a provider, with its id.
  source text NOT NULL,
  source_name text NOT NULL,
  -- The source's own id of the person.
  external_id text NOT NULL,
  url text,
  licence text,
  outcome text NOT NULL,
  score smallint NOT NULL,
  reasons jsonb NOT NULL,
  found_at timestamptz NOT NULL
);
-- A person is found once in a job, however often a source names them.
CREATE UNIQUE INDEX discovery_finds_once ON discovery_finds (job_id, source, external_id);
CREATE INDEX discovery_finds_job ON discovery_finds (job_id, id);
CREATE INDEX discovery_finds_contact ON discovery_finds (contact_id, id);
CREATE INDEX discovery_finds_external ON discovery_finds (organization_id, source, external_id);
CREATE INDEX discovery_finds_workspace ON discovery_finds (workspace_id) WHERE workspace_id IS NOT NULL;
