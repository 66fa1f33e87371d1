-- `coalesce(workspace_id, organization_id)` is the owner of a record: unique keys hold for each owner, so the same address can be a contact of
-- two workspaces. The owner comes last, so that one index finds a key of one owner and of the whole organization. While an index is built,
-- its table is read, but not written; the former keys are dropped when all are built (0032).
CREATE UNIQUE INDEX contacts_owner_email ON contacts (organization_id, email_key, coalesce(workspace_id, organization_id))
  WHERE deleted_at IS NULL AND email_key IS NOT NULL;

-- Lists and deletions of a workspace, as in the next migrations. Empty for installations without workspaces.
CREATE INDEX contacts_workspace ON contacts (workspace_id, id) WHERE workspace_id IS NOT NULL;
