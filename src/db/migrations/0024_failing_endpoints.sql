-- Since when an endpoint is reported as failing, and when that was reported last; null: it is not, or never was.
ALTER TABLE endpoint_health
  ADD COLUMN failing_since timestamptz,
  ADD COLUMN reported_at timestamptz;
