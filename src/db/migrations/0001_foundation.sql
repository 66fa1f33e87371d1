-- Tenancy ----------------------------------------------------------------------------------------

CREATE TABLE organizations (
  id uuid PRIMARY KEY,
  slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  plan text NOT NULL CHECK (plan IN ('free', 'starter', 'growth', 'scale', 'enterprise', 'unlimited')),
  alert_email text,
  -- Set on a sandbox: the live organization it belongs to.
  live_organization_id uuid UNIQUE REFERENCES organizations (id),
  -- The organization's data key, wrapped by the master key of that id.
  data_key bytea NOT NULL,
  master_key_id text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE TABLE workspaces (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  name text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (organization_id, name)
);

CREATE TABLE api_keys (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  workspace_id uuid REFERENCES workspaces (id),
  name text NOT NULL,
  hash bytea NOT NULL UNIQUE,
  prefix text NOT NULL,
  scopes text[] NOT NULL,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz NOT NULL
);
CREATE INDEX api_keys_organization ON api_keys (organization_id, id);

-- Shares of a quota that processes have taken. A crash of PostgreSQL forgets them, which only forgives.
CREATE UNLOGGED TABLE rate_limit_windows (
  subject text NOT NULL,
  window_start timestamptz NOT NULL,
  taken integer NOT NULL,
  PRIMARY KEY (subject, window_start)
);

-- Live processes: how many share a quota or an endpoint's rate limit.
CREATE UNLOGGED TABLE processes (
  id uuid PRIMARY KEY,
  roles text[] NOT NULL,
  seen_at timestamptz NOT NULL
);

-- ed25519 keys of the `standard` dialect, one set an organization.
CREATE TABLE signing_keys (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL UNIQUE REFERENCES organizations (id),
  public_key bytea NOT NULL,
  private_key_sealed bytea NOT NULL,
  created_at timestamptz NOT NULL
);

-- Endpoints ----------------------------------------------------------------------------------------

-- Every change of an endpoint takes the next value inside its transaction. The row lock makes epochs
-- commit in order; a publish that reads another value than its process knows refreshes and tries again.
CREATE TABLE subscription_epoch (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  value bigint NOT NULL
);
INSERT INTO subscription_epoch (value) VALUES (0);

CREATE TABLE endpoints (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  workspace_id uuid REFERENCES workspaces (id),
  transport text NOT NULL CHECK (transport IN ('push', 'pull')),
  target_url text NOT NULL,
  description text NOT NULL,
  dialect text NOT NULL,
  events text[] NOT NULL,
  filter jsonb,
  headers_sealed bytea,
  header_names text[] NOT NULL,
  signing text NOT NULL CHECK (signing IN ('hmac', 'ed25519')),
  secret_sealed bytea NOT NULL,
  secret_prefix text NOT NULL,
  previous_secret_sealed bytea,
  previous_secret_expires_at timestamptz,
  retry_schedule_seconds integer[],
  timeout_ms integer,
  max_in_flight integer NOT NULL,
  rate_limit_per_second integer,
  ordering text NOT NULL CHECK (ordering IN ('none', 'fifo')),
  is_active boolean NOT NULL,
  sandbox boolean NOT NULL,
  disabled_reason text,
  disabled_at timestamptz,
  -- A temporary endpoint is deleted when nobody has pulled from it until then.
  expires_at timestamptz,
  epoch bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz
);
CREATE INDEX endpoints_organization ON endpoints (organization_id, id);
CREATE INDEX endpoints_epoch ON endpoints (epoch);

CREATE TABLE endpoint_health (
  endpoint_id uuid PRIMARY KEY REFERENCES endpoints (id),
  consecutive_failures integer NOT NULL,
  last_delivered_at timestamptz,
  last_failed_at timestamptz,
  last_error text
) WITH (fillfactor = 50);

CREATE TABLE endpoint_stats (
  endpoint_id uuid NOT NULL REFERENCES endpoints (id),
  hour timestamptz NOT NULL,
  attempts integer NOT NULL,
  succeeded integer NOT NULL,
  -- Answer times in logarithmic buckets, see delivery/histogram.ts.
  latency integer[] NOT NULL,
  last_error text,
  PRIMARY KEY (endpoint_id, hour)
) WITH (fillfactor = 50);

-- One process at a time carries a FIFO endpoint.
CREATE TABLE fifo_leases (
  endpoint_id uuid PRIMARY KEY REFERENCES endpoints (id),
  holder uuid NOT NULL,
  expires_at timestamptz NOT NULL
);

-- Events ---------------------------------------------------------------------------------------------

CREATE TABLE event_types (
  organization_id uuid NOT NULL REFERENCES organizations (id),
  name text NOT NULL,
  description text NOT NULL,
  schema jsonb,
  example jsonb,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (organization_id, name)
);

-- `data` is the JSON text as it will be sent. The ids are UUIDv7, so the partition key is time.
CREATE TABLE events (
  organization_id uuid NOT NULL,
  id uuid NOT NULL,
  type text NOT NULL,
  data bytea NOT NULL,
  occurred_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (organization_id, id)
) PARTITION BY RANGE (id);

CREATE TABLE idempotency_keys (
  organization_id uuid NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  event_id uuid NOT NULL,
  deliveries integer NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (organization_id, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys USING brin (created_at);

-- Deliveries -----------------------------------------------------------------------------------------

-- The hot set: what still has to be done. A row leaves for the log when it is finished, so neither
-- publishing nor claiming ever meets the past.
CREATE TABLE delivery_queue (
  endpoint_id uuid NOT NULL,
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  event_id uuid NOT NULL,
  event_type text NOT NULL,
  kind text NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'held')),
  attempt_count integer NOT NULL,
  -- Attempts made before the last manual retry or replay: the schedule starts anew from there.
  schedule_base integer NOT NULL,
  -- When it may be sent; while a process has it in hand, when that process's lease ends.
  due_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  last_status_code smallint,
  last_error text,
  PRIMARY KEY (endpoint_id, id)
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
        autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 200000,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 100000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX delivery_queue_due ON delivery_queue (endpoint_id, due_at) WHERE state = 'pending';

CREATE TABLE delivery_log (
  endpoint_id uuid NOT NULL,
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  event_id uuid NOT NULL,
  event_type text NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  attempt_count integer NOT NULL,
  created_at timestamptz NOT NULL,
  completed_at timestamptz NOT NULL,
  last_status_code smallint,
  last_error text,
  PRIMARY KEY (endpoint_id, id)
) PARTITION BY RANGE (id);

CREATE VIEW deliveries AS
  SELECT endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, due_at, created_at, NULL::timestamptz AS completed_at, last_status_code, last_error
  FROM delivery_queue
  UNION ALL
  SELECT endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, NULL::timestamptz, created_at, completed_at, last_status_code, last_error
  FROM delivery_log;

-- Partitioned by its delivery's id: an attempt lives and goes with its delivery. The body is not kept
-- twice: it is the event's bytes in the dialect the attempt was spoken in.
CREATE TABLE attempts (
  delivery_id uuid NOT NULL,
  number integer NOT NULL,
  started_at timestamptz NOT NULL,
  duration_ms integer NOT NULL,
  dialect text NOT NULL,
  target_url text NOT NULL,
  request_headers text NOT NULL,
  status_code smallint,
  error text,
  response_headers text,
  response_body text,
  PRIMARY KEY (delivery_id, number)
) PARTITION BY RANGE (delivery_id);

-- A running job is worked through in chunks. Its row is locked while a chunk is under way, and the chunk's rows commit with its
-- `position`: no lease is needed, and a crash neither loses nor repeats any.
CREATE TABLE replays (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  endpoint_id uuid NOT NULL REFERENCES endpoints (id),
  status text NOT NULL CHECK (status IN ('failed', 'delivered', 'all')),
  event_types text[],
  since timestamptz NOT NULL,
  until timestamptz NOT NULL,
  rate_per_second integer NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'completed', 'cancelled')),
  -- What keeps a running job from going on: its endpoint is disabled, or has a long line already.
  waiting_for text CHECK (waiting_for IN ('endpoint', 'queue')),
  -- The last id worked through: a delivery's, or an event's when the status is `all`.
  position uuid NOT NULL,
  scanned bigint NOT NULL,
  replayed bigint NOT NULL,
  -- When the next chunk may begin.
  due_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE INDEX replays_organization ON replays (organization_id, id);
CREATE INDEX replays_due ON replays (due_at, id) WHERE state = 'running';
-- One at a time of an endpoint.
CREATE UNIQUE INDEX replays_running ON replays (endpoint_id) WHERE state = 'running';

-- Alerts to people, written with the change they tell of and mailed afterwards.
CREATE TABLE alerts (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  subject text NOT NULL,
  body text NOT NULL,
  created_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  attempt_count smallint NOT NULL,
  sent_at timestamptz,
  last_error text
);
CREATE INDEX alerts_organization ON alerts (organization_id, id);
CREATE INDEX alerts_due ON alerts (due_at) WHERE sent_at IS NULL;

-- Settings of the installation itself, such as the fingerprint of the master key.
CREATE TABLE installation (
  key text PRIMARY KEY,
  value jsonb NOT NULL
);
