-- See 0028.
CREATE INDEX activities_workspace ON activities (workspace_id, id) WHERE workspace_id IS NOT NULL;
