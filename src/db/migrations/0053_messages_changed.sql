-- Messages in the order of their changes: one more entry of each change, at the end of the index.
CREATE INDEX messages_changed ON messages (organization_id, coalesce(updated_at, sent_at, created_at), id);
