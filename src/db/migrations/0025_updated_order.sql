-- Lists in the order of changes, and of what changed since a time. Each is one more entry of each write, at the end of the index.
CREATE INDEX contacts_updated ON contacts (organization_id, updated_at, id);
CREATE INDEX companies_updated ON companies (organization_id, updated_at, id);
CREATE INDEX projects_updated ON projects (organization_id, updated_at, id);
CREATE INDEX activities_updated ON activities (organization_id, updated_at, id);
