-- Records of the CRM belong to a workspace or, without one, to the organization. No row is rewritten: the columns have no default and no
-- foreign key, whose validation would scan the tables. Later migrations build the indexes: this one locks the tables, and ends at once.
ALTER TABLE contacts ADD COLUMN workspace_id uuid;
ALTER TABLE companies ADD COLUMN workspace_id uuid;
ALTER TABLE projects ADD COLUMN workspace_id uuid;
ALTER TABLE activities ADD COLUMN workspace_id uuid;
ALTER TABLE imports ADD COLUMN workspace_id uuid;
ALTER TABLE sources ADD COLUMN workspace_id uuid;
ALTER TABLE contact_tags ADD COLUMN workspace_id uuid;
ALTER TABLE suppressions ADD COLUMN workspace_id uuid;

-- The workspace of the key that asked for an addition: only its contacts are added.
ALTER TABLE lead_additions ADD COLUMN workspace_id uuid;
