-- The schema as the migrations leave it, read from PostgreSQL's catalogue: to read, not to run.
-- Day partitions are left out. Written by `npm run generate`; `npm run check` fails when it drifts.

CREATE TABLE alerts (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  due_at timestamp with time zone NOT NULL,
  attempt_count smallint NOT NULL,
  sent_at timestamp with time zone,
  last_error text,
  CONSTRAINT alerts_pkey PRIMARY KEY (id),
  CONSTRAINT alerts_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);
CREATE INDEX alerts_due ON public.alerts USING btree (due_at) WHERE (sent_at IS NULL);
CREATE INDEX alerts_organization ON public.alerts USING btree (organization_id, id);

CREATE TABLE api_keys (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  name text NOT NULL,
  hash bytea NOT NULL,
  prefix text NOT NULL,
  scopes text[] NOT NULL,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT api_keys_pkey PRIMARY KEY (id),
  CONSTRAINT api_keys_hash_key UNIQUE (hash),
  CONSTRAINT api_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT api_keys_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
);
CREATE INDEX api_keys_organization ON public.api_keys USING btree (organization_id, id);

CREATE TABLE attempts (
  delivery_id uuid NOT NULL,
  number integer NOT NULL,
  started_at timestamp with time zone NOT NULL,
  duration_ms integer NOT NULL,
  dialect text NOT NULL,
  target_url text NOT NULL,
  request_headers text NOT NULL,
  status_code smallint,
  error text,
  response_headers text,
  response_body text,
  CONSTRAINT attempts_pkey PRIMARY KEY (delivery_id, number)
) PARTITION BY RANGE (delivery_id);

CREATE TABLE delivery_log (
  endpoint_id uuid NOT NULL,
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  event_id uuid NOT NULL,
  event_type text NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  attempt_count integer NOT NULL,
  created_at timestamp with time zone NOT NULL,
  completed_at timestamp with time zone NOT NULL,
  last_status_code smallint,
  last_error text,
  CONSTRAINT delivery_log_pkey PRIMARY KEY (endpoint_id, id)
) PARTITION BY RANGE (id);

CREATE TABLE delivery_queue (
  endpoint_id uuid NOT NULL,
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  event_id uuid NOT NULL,
  event_type text NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  attempt_count integer NOT NULL,
  schedule_base integer NOT NULL,
  due_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL,
  last_status_code smallint,
  last_error text,
  CONSTRAINT delivery_queue_pkey PRIMARY KEY (endpoint_id, id),
  CONSTRAINT delivery_queue_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'held'::text])))
) WITH (fillfactor=90, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=20000, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=200000, autovacuum_analyze_scale_factor=0, autovacuum_analyze_threshold=100000, autovacuum_vacuum_cost_delay=0);
CREATE INDEX delivery_queue_due ON public.delivery_queue USING btree (endpoint_id, due_at) WHERE (state = 'pending'::text);

CREATE TABLE endpoint_health (
  endpoint_id uuid NOT NULL,
  consecutive_failures integer NOT NULL,
  last_delivered_at timestamp with time zone,
  last_failed_at timestamp with time zone,
  last_error text,
  CONSTRAINT endpoint_health_pkey PRIMARY KEY (endpoint_id),
  CONSTRAINT endpoint_health_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES endpoints(id)
) WITH (fillfactor=50);

CREATE TABLE endpoint_stats (
  endpoint_id uuid NOT NULL,
  hour timestamp with time zone NOT NULL,
  attempts integer NOT NULL,
  succeeded integer NOT NULL,
  latency integer[] NOT NULL,
  last_error text,
  CONSTRAINT endpoint_stats_pkey PRIMARY KEY (endpoint_id, hour),
  CONSTRAINT endpoint_stats_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES endpoints(id)
) WITH (fillfactor=50);

CREATE TABLE endpoints (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  transport text NOT NULL,
  target_url text NOT NULL,
  description text NOT NULL,
  dialect text NOT NULL,
  events text[] NOT NULL,
  filter jsonb,
  headers_sealed bytea,
  header_names text[] NOT NULL,
  signing text NOT NULL,
  secret_sealed bytea NOT NULL,
  secret_prefix text NOT NULL,
  previous_secret_sealed bytea,
  previous_secret_expires_at timestamp with time zone,
  retry_schedule_seconds integer[],
  timeout_ms integer,
  max_in_flight integer NOT NULL,
  rate_limit_per_second integer,
  ordering text NOT NULL,
  is_active boolean NOT NULL,
  sandbox boolean NOT NULL,
  disabled_reason text,
  disabled_at timestamp with time zone,
  expires_at timestamp with time zone,
  epoch bigint NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone,
  number integer NOT NULL,
  created_by uuid,
  CONSTRAINT endpoints_pkey PRIMARY KEY (id),
  CONSTRAINT endpoints_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT endpoints_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  CONSTRAINT endpoints_ordering_check CHECK ((ordering = ANY (ARRAY['none'::text, 'fifo'::text]))),
  CONSTRAINT endpoints_signing_check CHECK ((signing = ANY (ARRAY['hmac'::text, 'ed25519'::text]))),
  CONSTRAINT endpoints_transport_check CHECK ((transport = ANY (ARRAY['push'::text, 'pull'::text])))
);
CREATE INDEX endpoints_epoch ON public.endpoints USING btree (epoch);
CREATE UNIQUE INDEX endpoints_number ON public.endpoints USING btree (organization_id, number);
CREATE INDEX endpoints_organization ON public.endpoints USING btree (organization_id, id);

CREATE TABLE event_types (
  organization_id uuid NOT NULL,
  name text NOT NULL,
  description text NOT NULL,
  schema jsonb,
  example jsonb,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT event_types_pkey PRIMARY KEY (organization_id, name),
  CONSTRAINT event_types_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);

CREATE TABLE events (
  organization_id uuid NOT NULL,
  id uuid NOT NULL,
  type text NOT NULL,
  data bytea NOT NULL,
  occurred_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT events_pkey PRIMARY KEY (organization_id, id)
) PARTITION BY RANGE (id);

CREATE TABLE fifo_leases (
  endpoint_id uuid NOT NULL,
  holder uuid NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT fifo_leases_pkey PRIMARY KEY (endpoint_id),
  CONSTRAINT fifo_leases_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES endpoints(id)
);

CREATE TABLE idempotency_keys (
  organization_id uuid NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  event_id uuid NOT NULL,
  deliveries integer NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (organization_id, key)
);
CREATE INDEX idempotency_keys_created ON public.idempotency_keys USING brin (created_at);

CREATE TABLE installation (
  key text NOT NULL,
  value jsonb NOT NULL,
  CONSTRAINT installation_pkey PRIMARY KEY (key)
);

CREATE TABLE organizations (
  id uuid NOT NULL,
  slug text NOT NULL,
  plan text NOT NULL,
  alert_email text,
  live_organization_id uuid,
  data_key bytea NOT NULL,
  master_key_id text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT organizations_pkey PRIMARY KEY (id),
  CONSTRAINT organizations_live_organization_id_key UNIQUE (live_organization_id),
  CONSTRAINT organizations_slug_key UNIQUE (slug),
  CONSTRAINT organizations_live_organization_id_fkey FOREIGN KEY (live_organization_id) REFERENCES organizations(id),
  CONSTRAINT organizations_plan_check CHECK ((plan = ANY (ARRAY['free'::text, 'starter'::text, 'growth'::text, 'scale'::text, 'enterprise'::text, 'unlimited'::text]))),
  CONSTRAINT organizations_slug_check CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text))
);

CREATE UNLOGGED TABLE processes (
  id uuid NOT NULL,
  roles text[] NOT NULL,
  seen_at timestamp with time zone NOT NULL,
  CONSTRAINT processes_pkey PRIMARY KEY (id)
);

CREATE UNLOGGED TABLE rate_limit_windows (
  subject text NOT NULL,
  window_start timestamp with time zone NOT NULL,
  taken integer NOT NULL,
  CONSTRAINT rate_limit_windows_pkey PRIMARY KEY (subject, window_start)
);

CREATE TABLE replays (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  status text NOT NULL,
  event_types text[],
  since timestamp with time zone NOT NULL,
  until timestamp with time zone NOT NULL,
  rate_per_second integer NOT NULL,
  state text NOT NULL,
  waiting_for text,
  position uuid NOT NULL,
  scanned bigint NOT NULL,
  replayed bigint NOT NULL,
  due_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone,
  CONSTRAINT replays_pkey PRIMARY KEY (id),
  CONSTRAINT replays_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES endpoints(id),
  CONSTRAINT replays_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT replays_state_check CHECK ((state = ANY (ARRAY['running'::text, 'completed'::text, 'cancelled'::text]))),
  CONSTRAINT replays_status_check CHECK ((status = ANY (ARRAY['failed'::text, 'delivered'::text, 'all'::text]))),
  CONSTRAINT replays_waiting_for_check CHECK ((waiting_for = ANY (ARRAY['endpoint'::text, 'queue'::text])))
);
CREATE INDEX replays_due ON public.replays USING btree (due_at, id) WHERE (state = 'running'::text);
CREATE INDEX replays_organization ON public.replays USING btree (organization_id, id);
CREATE UNIQUE INDEX replays_running ON public.replays USING btree (endpoint_id) WHERE (state = 'running'::text);

CREATE TABLE schema_migrations (
  number integer NOT NULL,
  name text NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT schema_migrations_pkey PRIMARY KEY (number)
);

CREATE TABLE signing_keys (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  public_key bytea NOT NULL,
  private_key_sealed bytea NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT signing_keys_pkey PRIMARY KEY (id),
  CONSTRAINT signing_keys_organization_id_key UNIQUE (organization_id),
  CONSTRAINT signing_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);

CREATE TABLE subscription_epoch (
  only_row boolean NOT NULL DEFAULT true,
  value bigint NOT NULL,
  CONSTRAINT subscription_epoch_pkey PRIMARY KEY (only_row),
  CONSTRAINT subscription_epoch_only_row_check CHECK (only_row)
);

CREATE TABLE workspaces (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT workspaces_pkey PRIMARY KEY (id),
  CONSTRAINT workspaces_organization_id_name_key UNIQUE (organization_id, name),
  CONSTRAINT workspaces_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);

CREATE VIEW deliveries AS
 SELECT delivery_queue.endpoint_id,
    delivery_queue.id,
    delivery_queue.organization_id,
    delivery_queue.event_id,
    delivery_queue.event_type,
    delivery_queue.kind,
    delivery_queue.state,
    delivery_queue.attempt_count,
    delivery_queue.due_at,
    delivery_queue.created_at,
    NULL::timestamp with time zone AS completed_at,
    delivery_queue.last_status_code,
    delivery_queue.last_error
   FROM delivery_queue
UNION ALL
 SELECT delivery_log.endpoint_id,
    delivery_log.id,
    delivery_log.organization_id,
    delivery_log.event_id,
    delivery_log.event_type,
    delivery_log.kind,
    delivery_log.state,
    delivery_log.attempt_count,
    NULL::timestamp with time zone AS due_at,
    delivery_log.created_at,
    delivery_log.completed_at,
    delivery_log.last_status_code,
    delivery_log.last_error
   FROM delivery_log;
