-- HTTP APIs that name people.
CREATE TABLE discovery_providers (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  workspace_id uuid,
  name text NOT NULL,
  -- As in the request, with the name of the secret's place.
  settings jsonb NOT NULL,
  -- Sealed.
  secret bytea,
  used_day date,
  used integer NOT NULL DEFAULT 0,
  used_minute timestamptz,
  minute_used integer NOT NULL DEFAULT 0,
  problem text,
  problem_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX discovery_providers_organization ON discovery_providers (organization_id, id);
CREATE INDEX discovery_providers_workspace ON discovery_providers (workspace_id) WHERE workspace_id IS NOT NULL;

-- Why a job that is due later waits: a source that asks for a pause or failed, a budget that is spent.
ALTER TABLE discovery_jobs ADD COLUMN waiting text;

-- When a host may be asked again, for all searches of the installation.
CREATE TABLE discovery_hosts (
  host text PRIMARY KEY,
  next_at timestamptz NOT NULL
);
CREATE INDEX discovery_hosts_next ON discovery_hosts (next_at);
