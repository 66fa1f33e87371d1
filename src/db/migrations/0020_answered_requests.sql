-- Answers of requests with an Idempotency-Key, written in the transaction of what the request changed: a repetition gets the same answer. Kept for 72 hours.
CREATE TABLE answered_requests (
  organization_id uuid NOT NULL,
  -- HMAC of the Idempotency-Key and the workspace of the API key. Callers build their keys from anything, addresses included.
  key bytea NOT NULL,
  -- HMAC of method, path and body: the same key with another request is refused.
  request bytea NOT NULL,
  -- The API key that made the request. Only it gets an answer with a secret again.
  key_id uuid NOT NULL,
  -- Sealed; null only within the transaction.
  answer bytea,
  created_at timestamptz NOT NULL,
  CONSTRAINT answered_requests_pkey PRIMARY KEY (organization_id, key)
);
CREATE INDEX answered_requests_created ON answered_requests (created_at);
