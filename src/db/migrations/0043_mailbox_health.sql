-- What happened to the messages of a mailbox, by UTC day: of the day on which a message was sent, or on which one was received.
CREATE TABLE mailbox_days (
  mailbox_id uuid NOT NULL REFERENCES mailboxes,
  day date NOT NULL,
  organization_id uuid NOT NULL REFERENCES organizations,
  -- Accepted by a server, whatever they are for; and refused for good without being accepted.
  sent bigint NOT NULL DEFAULT 0,
  refused bigint NOT NULL DEFAULT 0,
  deferred bigint NOT NULL DEFAULT 0,
  -- Hard bounces and blocks; soft ones apart.
  bounced bigint NOT NULL DEFAULT 0,
  bounced_soft bigint NOT NULL DEFAULT 0,
  complained bigint NOT NULL DEFAULT 0,
  warmup_sent bigint NOT NULL DEFAULT 0,
  -- Where messages of the mailbox were found.
  inboxed bigint NOT NULL DEFAULT 0,
  spam bigint NOT NULL DEFAULT 0,
  other bigint NOT NULL DEFAULT 0,
  missing bigint NOT NULL DEFAULT 0,
  -- What the mailbox received of others, and did with it.
  received bigint NOT NULL DEFAULT 0,
  rescued bigint NOT NULL DEFAULT 0,
  warmup_replied bigint NOT NULL DEFAULT 0,
  -- Of its health, as measured last on the day.
  score smallint,
  PRIMARY KEY (mailbox_id, day)
) WITH (fillfactor = 50);

-- Health as measured last. Times are of the organization's clock, but `due_at` and `dns_read_at`.
CREATE TABLE mailbox_health (
  mailbox_id uuid PRIMARY KEY REFERENCES mailboxes,
  organization_id uuid NOT NULL REFERENCES organizations,
  score smallint,
  band text CHECK (band IN ('healthy', 'watch', 'quarantine', 'blocked')),
  since timestamptz NOT NULL,
  counts_from timestamptz,
  parts jsonb,
  weakest text,
  measured_at timestamptz,
  dns_read_at timestamptz,
  due_at timestamptz NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX mailbox_health_due ON mailbox_health (due_at);
CREATE INDEX mailbox_health_organization ON mailbox_health (organization_id, due_at);

-- Spread over an hour.
INSERT INTO mailbox_health (mailbox_id, organization_id, since, due_at)
SELECT m.id, m.organization_id, m.created_at, now() + (row_number() OVER (ORDER BY m.id) % 3600) * interval '1 second' FROM mailboxes m WHERE m.deleted_at IS NULL;
