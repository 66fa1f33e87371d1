-- What e-mail providers post about messages.

-- A provider's account that may post: named by the id in its URL, proved by its secret.
CREATE TABLE inbound_sources (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  provider text NOT NULL,
  name text NOT NULL,
  secret_sealed bytea NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX inbound_sources_organization ON inbound_sources (organization_id, id);

-- Each event of a provider once, however often it is posted. `payload` is the body as it came.
CREATE TABLE inbound_events (
  organization_id uuid NOT NULL,
  id uuid NOT NULL,
  -- NULL: posted with an API key.
  source_id uuid,
  provider text NOT NULL,
  dedupe_key bytea NOT NULL,
  type text NOT NULL,
  email_id text NOT NULL,
  recipient text,
  occurred_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  payload bytea NOT NULL,
  -- Is `email_id` a message of this installation?
  matched boolean NOT NULL,
  -- The event that subscribers hear of.
  event_id uuid,
  PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX inbound_events_dedupe ON inbound_events (organization_id, provider, dedupe_key);
-- For the retention.
CREATE INDEX inbound_events_received ON inbound_events (received_at);
