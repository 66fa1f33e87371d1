-- Events that a walk of the retention passed before their days, which count from `deliver_at`, were over. They are erased from here.
CREATE TABLE event_retention_later (
  organization_id uuid NOT NULL,
  pattern text NOT NULL,
  deliver_at timestamptz NOT NULL,
  event_id uuid NOT NULL,
  PRIMARY KEY (organization_id, pattern, deliver_at, event_id),
  FOREIGN KEY (organization_id, pattern) REFERENCES event_retention ON DELETE CASCADE
);
