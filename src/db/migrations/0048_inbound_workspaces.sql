-- Sources of provider events, and the events, can belong to a workspace. Events are read by organization; few of a page are of others.
ALTER TABLE inbound_sources ADD COLUMN workspace_id uuid;
ALTER TABLE inbound_events ADD COLUMN workspace_id uuid;
CREATE INDEX inbound_sources_workspace ON inbound_sources (workspace_id, id) WHERE workspace_id IS NOT NULL;
