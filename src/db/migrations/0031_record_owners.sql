-- See 0028.
CREATE UNIQUE INDEX sources_name ON sources (organization_id, name, coalesce(workspace_id, organization_id));
CREATE UNIQUE INDEX contact_tags_tag ON contact_tags (organization_id, tag, coalesce(workspace_id, organization_id));
CREATE INDEX companies_workspace ON companies (workspace_id, id) WHERE workspace_id IS NOT NULL;
CREATE INDEX projects_workspace ON projects (workspace_id, id) WHERE workspace_id IS NOT NULL;
CREATE INDEX imports_workspace ON imports (workspace_id, id) WHERE workspace_id IS NOT NULL;
CREATE INDEX sources_workspace ON sources (workspace_id, id) WHERE workspace_id IS NOT NULL;
CREATE INDEX contact_tags_workspace ON contact_tags (workspace_id, tag) WHERE workspace_id IS NOT NULL;
