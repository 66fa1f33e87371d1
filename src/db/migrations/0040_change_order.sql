-- Lists in the order of the last change, of an organization with as many workspaces and endpoints as it has customers.
CREATE INDEX workspaces_updated ON workspaces (organization_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX endpoints_updated ON endpoints (organization_id, updated_at, id) WHERE deleted_at IS NULL;
