-- Suppressions of addresses that were lifted, for the timelines of contacts.
CREATE TABLE lifted_suppressions (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  workspace_id uuid,
  suppression_id uuid NOT NULL,
  value text NOT NULL,
  reason text NOT NULL,
  message_id uuid,
  created_at timestamptz NOT NULL,
  lifted_by uuid,
  lifted_at timestamptz NOT NULL
);
CREATE INDEX lifted_suppressions_value ON lifted_suppressions (organization_id, value);
CREATE INDEX lifted_suppressions_workspace ON lifted_suppressions (workspace_id, id) WHERE workspace_id IS NOT NULL;

-- The place of an undo in the timeline of the surviving record. Null: not undone, or before the upgrade.
ALTER TABLE merges ADD COLUMN undo_id uuid;
