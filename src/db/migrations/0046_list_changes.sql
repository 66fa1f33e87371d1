-- When records were last changed, for lists of what changed since a time. Null: not since the upgrade.
ALTER TABLE alerts ADD COLUMN updated_at timestamptz;
ALTER TABLE custom_fields ADD COLUMN updated_at timestamptz;

-- When a tag was first used. Null: before the upgrade.
ALTER TABLE contact_tags ADD COLUMN created_at timestamptz;
ALTER TABLE contact_tags ALTER COLUMN created_at SET DEFAULT date_trunc('milliseconds', now());

-- Leads of a campaign in the order of their changes. One more entry of a write that already makes three or more.
CREATE INDEX campaign_leads_changed ON campaign_leads (campaign_id, status, last_event_at, id);

-- When a message was last changed. Null: before the upgrade. Its index is in a migration of its own.
ALTER TABLE messages ADD COLUMN updated_at timestamptz;
ALTER TABLE messages ALTER COLUMN updated_at SET DEFAULT date_trunc('milliseconds', now());

CREATE INDEX replies_updated ON replies (organization_id, updated_at, id);
