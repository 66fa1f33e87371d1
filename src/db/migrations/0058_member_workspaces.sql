-- Members limited to one workspace, and invitations of such members. Null: the whole organization.
ALTER TABLE account_memberships ADD COLUMN workspace_id uuid REFERENCES workspaces (id);
CREATE INDEX account_memberships_workspace ON account_memberships (workspace_id) WHERE workspace_id IS NOT NULL;
ALTER TABLE account_invitations ADD COLUMN workspace_id uuid REFERENCES workspaces (id);
CREATE INDEX account_invitations_workspace ON account_invitations (workspace_id) WHERE workspace_id IS NOT NULL;
