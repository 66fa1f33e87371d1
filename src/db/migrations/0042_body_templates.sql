-- Templates for the bodies of an endpoint's deliveries.
ALTER TABLE endpoints ADD COLUMN body_template text;
ALTER TABLE endpoints ADD COLUMN content_type text;

-- The latest templates of each endpoint: the bodies of its attempts are made from them and the events. `attempts.dialect` names the digest.
CREATE TABLE body_templates (
  endpoint_id uuid NOT NULL REFERENCES endpoints (id) ON DELETE CASCADE,
  digest text NOT NULL,
  template text NOT NULL,
  content_type text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (endpoint_id, digest)
);
