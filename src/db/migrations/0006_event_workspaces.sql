-- The workspace whose key published an event; null: it belongs to the organization. Only endpoints of that workspace, and those of none, get it.
-- Events from before have none: which key published them is not known.
ALTER TABLE events ADD COLUMN workspace_id uuid;
