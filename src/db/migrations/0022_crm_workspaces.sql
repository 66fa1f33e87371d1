-- Records of the CRM belong to a workspace or, without one, to the organization. No row is rewritten: the columns have no default and no
-- foreign key, whose validation would scan the tables. `coalesce(workspace_id, organization_id)` is the owner of a record: unique keys hold
-- for each owner, so the same address can be a contact of two workspaces.
ALTER TABLE contacts ADD COLUMN workspace_id uuid;
ALTER TABLE companies ADD COLUMN workspace_id uuid;
ALTER TABLE projects ADD COLUMN workspace_id uuid;
ALTER TABLE activities ADD COLUMN workspace_id uuid;
ALTER TABLE imports ADD COLUMN workspace_id uuid;
ALTER TABLE sources ADD COLUMN workspace_id uuid;
ALTER TABLE contact_tags ADD COLUMN workspace_id uuid;
ALTER TABLE suppressions ADD COLUMN workspace_id uuid;

-- Lists and deletions of a workspace. Empty for installations without workspaces.
CREATE INDEX contacts_workspace ON contacts (workspace_id, id) WHERE workspace_id IS NOT NULL;
CREATE INDEX companies_workspace ON companies (workspace_id, id) WHERE workspace_id IS NOT NULL;
CREATE INDEX projects_workspace ON projects (workspace_id, id) WHERE workspace_id IS NOT NULL;
CREATE INDEX activities_workspace ON activities (workspace_id, id) WHERE workspace_id IS NOT NULL;
CREATE INDEX imports_workspace ON imports (workspace_id, id) WHERE workspace_id IS NOT NULL;
CREATE INDEX sources_workspace ON sources (workspace_id, id) WHERE workspace_id IS NOT NULL;
CREATE INDEX contact_tags_workspace ON contact_tags (workspace_id, tag) WHERE workspace_id IS NOT NULL;
CREATE INDEX suppressions_workspace ON suppressions (workspace_id, id) WHERE workspace_id IS NOT NULL;

-- The owner comes last, so that one index finds a key of one owner and of the whole organization.
DROP INDEX contacts_email;
CREATE UNIQUE INDEX contacts_email ON contacts (organization_id, email_key, coalesce(workspace_id, organization_id))
  WHERE deleted_at IS NULL AND email_key IS NOT NULL;
ALTER TABLE sources DROP CONSTRAINT sources_organization_id_name_key;
CREATE UNIQUE INDEX sources_name ON sources (organization_id, name, coalesce(workspace_id, organization_id));
ALTER TABLE contact_tags DROP CONSTRAINT contact_tags_pkey;
CREATE UNIQUE INDEX contact_tags_tag ON contact_tags (organization_id, tag, coalesce(workspace_id, organization_id));
ALTER TABLE suppressions DROP CONSTRAINT suppressions_organization_id_hash_key;
CREATE UNIQUE INDEX suppressions_hash ON suppressions (organization_id, hash, coalesce(workspace_id, organization_id));

-- The workspace of the key that asked for an addition: only its contacts are added.
ALTER TABLE lead_additions ADD COLUMN workspace_id uuid;
