-- The mailboxes and campaigns of a workspace that is deleted, with what they sent. Few rows: those of agencies.
CREATE INDEX mailboxes_workspace ON mailboxes (workspace_id, id) WHERE workspace_id IS NOT NULL;
CREATE INDEX campaigns_workspace ON campaigns (workspace_id, id) WHERE workspace_id IS NOT NULL;
