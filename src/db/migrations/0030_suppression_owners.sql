-- See 0028.
CREATE UNIQUE INDEX suppressions_hash ON suppressions (organization_id, hash, coalesce(workspace_id, organization_id));
CREATE INDEX suppressions_workspace ON suppressions (workspace_id, id) WHERE workspace_id IS NOT NULL;
