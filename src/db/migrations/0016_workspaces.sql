-- Workspaces as records of their own: the caller's id, limits, and deletion as a job. Existing workspaces have neither an id of the caller's nor limits.
ALTER TABLE workspaces
  ADD COLUMN external_id text,
  -- How many endpoints it may have; null: as many as an organization may have without a workspace.
  ADD COLUMN endpoints_max integer,
  -- When its deletion was requested. From then on only the job finds it. The row stays, because deleted records refer to it.
  ADD COLUMN deleted_at timestamptz,
  -- When the job continues; null: there is none, or it is finished.
  ADD COLUMN deletion_due_at timestamptz,
  -- Everything is gone through twice: a call that had begun before may still have created a record.
  ADD COLUMN deletion_round smallint;

-- Customers of a product may have the same name: names are unique only among workspaces that have no other name.
ALTER TABLE workspaces DROP CONSTRAINT workspaces_organization_id_name_key;
CREATE UNIQUE INDEX workspaces_name ON workspaces (organization_id, name) WHERE external_id IS NULL AND deleted_at IS NULL;
CREATE UNIQUE INDEX workspaces_external_id ON workspaces (organization_id, external_id) WHERE deleted_at IS NULL;
CREATE INDEX workspaces_organization ON workspaces (organization_id, id) WHERE deleted_at IS NULL;
CREATE INDEX workspaces_search ON workspaces USING gin (lower(name || E'\n' || coalesce(external_id, '')) gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX workspaces_deletion ON workspaces (deletion_due_at) WHERE deletion_due_at IS NOT NULL;

-- Endpoints are counted and read by workspace, so that neither depends on how many workspaces there are.
CREATE INDEX endpoints_workspace ON endpoints (organization_id, workspace_id, id);
CREATE INDEX api_keys_workspace ON api_keys (workspace_id) WHERE workspace_id IS NOT NULL;
