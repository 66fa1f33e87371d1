-- Mail: mailboxes, the messages they send and receive, and what is known of each message's fate.

-- Addresses that the organization sends from and reads. A deleted mailbox keeps its row, without credentials, for its messages.
CREATE TABLE mailboxes (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  workspace_id uuid REFERENCES workspaces (id),
  -- As it was given, and as addresses are compared; the domain in A-labels.
  email text NOT NULL,
  email_key text NOT NULL,
  domain text NOT NULL,
  display_name text,
  provider text NOT NULL CHECK (provider IN ('smtp', 'google', 'microsoft', 'capture')),
  -- Of a sandbox: it sends into the capture box, whatever its provider.
  sandbox boolean NOT NULL,
  -- {host, port, security, username}; `smtp` is null for `capture` only, `imap` for a mailbox that is not read, too.
  smtp jsonb,
  imap jsonb,
  -- Sealed JSON: passwords, or OAuth tokens. Null for `capture`, and after a deletion.
  credentials bytea,
  token_expires_at timestamptz,
  status text NOT NULL CHECK (status IN ('connecting', 'connected', 'degraded', 'auth_failed', 'disconnected', 'paused')),
  status_reason text,
  status_changed_at timestamptz NOT NULL,
  -- {cause, count, since, retry_at, reason} while logins of the protocol fail; null while they succeed. Times in Unix milliseconds.
  smtp_failing jsonb,
  imap_failing jsonb,
  -- Messages in any 24 hours and in one local day.
  daily_limit integer NOT NULL,
  -- Between two messages of campaigns.
  gap_min_seconds integer NOT NULL,
  gap_max_seconds integer NOT NULL,
  max_hourly_per_domain integer NOT NULL,
  timezone text NOT NULL,
  -- {days: [1..7], start: "09:00", end: "17:00"} in `timezone`.
  work_hours jsonb NOT NULL,
  signature text,
  reply_to text,
  tracking_domain text,
  -- Whether the provider files sent messages by itself; null: not known yet.
  saves_sent boolean,
  created_by uuid,
  -- Null before `mailbox.connected` and after `mailbox.disconnected`.
  connected_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz
);
CREATE UNIQUE INDEX mailboxes_email ON mailboxes (organization_id, email_key) WHERE deleted_at IS NULL;
CREATE INDEX mailboxes_organization ON mailboxes (organization_id, id) WHERE deleted_at IS NULL;

-- Every change of a mailbox's status.
CREATE TABLE mailbox_history (
  mailbox_id uuid NOT NULL REFERENCES mailboxes (id),
  id uuid NOT NULL,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  from_status text,
  to_status text NOT NULL,
  reason text,
  at timestamptz NOT NULL,
  PRIMARY KEY (mailbox_id, id)
);

-- Mail servers (host:port) that fail for an organization, and until when its mailboxes leave them alone. A success deletes the row.
CREATE TABLE mailbox_hosts (
  organization_id uuid NOT NULL REFERENCES organizations (id),
  host text NOT NULL,
  failures integer NOT NULL,
  open_until timestamptz,
  PRIMARY KEY (organization_id, host)
);

-- Authorizations that were begun and not finished. The state is given to the provider; only its hash is stored.
CREATE TABLE oauth_states (
  state_hash bytea PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  workspace_id uuid REFERENCES workspaces (id),
  key_id uuid NOT NULL,
  provider text NOT NULL,
  -- Of PKCE, sealed.
  verifier bytea NOT NULL,
  -- Of the mailbox to be created, or the id of the mailbox to be authorized again.
  settings jsonb NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX oauth_states_expiry ON oauth_states (expires_at);

-- What the DNS said of a sending domain: a row for each change.
CREATE TABLE domain_checks (
  organization_id uuid NOT NULL REFERENCES organizations (id),
  domain text NOT NULL,
  id uuid NOT NULL,
  result jsonb NOT NULL,
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  PRIMARY KEY (organization_id, domain, id)
);

-- DKIM selectors with which messages of a domain were seen to be signed.
CREATE TABLE domain_selectors (
  organization_id uuid NOT NULL REFERENCES organizations (id),
  domain text NOT NULL,
  selector text NOT NULL,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (organization_id, domain, selector)
);

-- Own DKIM keys, for relays that do not sign. A key signs once DNS has shown its TXT record.
CREATE TABLE domain_keys (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  workspace_id uuid REFERENCES workspaces (id),
  domain text NOT NULL,
  selector text NOT NULL,
  public_key text NOT NULL,
  private_key bytea NOT NULL,
  verified_at timestamptz,
  created_at timestamptz NOT NULL,
  UNIQUE (organization_id, domain, selector)
);

-- When a mailbox may send next, and who works it. Narrow, because every message updates it.
CREATE TABLE mailbox_pace (
  mailbox_id uuid PRIMARY KEY REFERENCES mailboxes (id),
  organization_id uuid NOT NULL REFERENCES organizations (id),
  -- Null: nothing waits, or the mailbox cannot send.
  next_at timestamptz,
  -- What decides next_at.
  blocked_reason text,
  -- When the last paced message was sent.
  last_sent_at timestamptz,
  -- How many paced messages it has sent: the gap after each is drawn from this number.
  slot bigint NOT NULL DEFAULT 0,
  -- Its server asked for a rest.
  rest_until timestamptz,
  rest_reason text,
  -- Until then, a lower daily limit: its server slowed it down.
  reduced_limit integer,
  reduced_until timestamptz,
  -- Limits that were reported, each with the Unix milliseconds until which it is not reported again.
  reached jsonb NOT NULL DEFAULT '{}',
  -- The process that has the connection, while it has one.
  holder uuid
) WITH (fillfactor = 50);
CREATE INDEX mailbox_pace_due ON mailbox_pace (next_at) WHERE next_at IS NOT NULL AND holder IS NULL;
CREATE INDEX mailbox_pace_holder ON mailbox_pace (holder) WHERE holder IS NOT NULL;

-- One row for each message, sent or received. Bodies and headers are sealed.
CREATE TABLE messages (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  workspace_id uuid REFERENCES workspaces (id),
  mailbox_id uuid NOT NULL REFERENCES mailboxes (id),
  direction text NOT NULL CHECK (direction IN ('outbound', 'inbound')),
  -- Of outbound messages. `claimed`: accepted, and not yet given to a server.
  status text CHECK (status IN ('claimed', 'sending', 'sent', 'delivered', 'deferred', 'bounced', 'failed', 'unknown', 'not_found')),
  purpose text NOT NULL CHECK (purpose IN ('direct', 'campaign', 'warmup', 'self_test', 'received')),
  -- 0 is sent first, and is for messages without gaps and work hours.
  priority smallint NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 3),
  campaign_id uuid,
  lead_id uuid,
  contact_id uuid,
  step integer,
  variant text,
  reply_to_id uuid,
  -- With angle brackets. Some servers replace it: the second one is what the recipient sees.
  message_id text NOT NULL,
  delivered_message_id text,
  in_reply_to text,
  from_address text NOT NULL,
  to_address text NOT NULL,
  -- As addresses and domains are compared, of the other party: the recipient, or the sender of a received message.
  party_key text NOT NULL,
  party_domain text NOT NULL,
  -- Sealed JSON: {subject, text, html, headers}.
  content bytea NOT NULL,
  -- Of a waiting message: when it may be looked at again, and the limit that holds it back.
  due_at timestamptz,
  blocked_reason text,
  -- Times that it was about to be given to a server: the number of an attempt. And how often a server said "later".
  attempts integer NOT NULL DEFAULT 0,
  deferrals integer NOT NULL DEFAULT 0,
  holder uuid,
  reconcile_at timestamptz,
  reconciled integer NOT NULL DEFAULT 0,
  -- The last answer of a server, or why it will not be sent.
  error text,
  -- Keyed hashes of the caller's key, and of the request that used it.
  idempotency_key bytea,
  idempotency_request bytea,
  created_by uuid,
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  -- Where a received message was found.
  folder_id uuid,
  uidvalidity bigint,
  uid bigint
) WITH (fillfactor = 80);
CREATE INDEX messages_organization ON messages (organization_id, id);
CREATE INDEX messages_mailbox ON messages (mailbox_id, id);
CREATE INDEX messages_contact ON messages (contact_id, id) WHERE contact_id IS NOT NULL;
CREATE INDEX messages_party ON messages (organization_id, party_key);
CREATE INDEX messages_waiting ON messages (mailbox_id, priority, due_at, id) WHERE status IN ('claimed', 'deferred');
-- Messages that wait for a slot of their recipient's domain.
CREATE INDEX messages_slots_mailbox ON messages (mailbox_id, party_domain, due_at)
  WHERE status IN ('claimed', 'deferred') AND blocked_reason IN ('domain_hourly_limit', 'organization_limit');
CREATE INDEX messages_slots_organization ON messages (organization_id, party_domain, due_at)
  WHERE status IN ('claimed', 'deferred') AND blocked_reason IN ('domain_hourly_limit', 'organization_limit');
CREATE INDEX messages_holder ON messages (holder) WHERE holder IS NOT NULL;
CREATE INDEX messages_unknown ON messages (reconcile_at) WHERE reconcile_at IS NOT NULL;
CREATE UNIQUE INDEX messages_message_id ON messages (organization_id, message_id) WHERE direction = 'outbound';
CREATE INDEX messages_delivered_message_id ON messages (organization_id, delivered_message_id) WHERE delivered_message_id IS NOT NULL;
CREATE UNIQUE INDEX messages_received_id ON messages (mailbox_id, message_id) WHERE direction = 'inbound';
CREATE UNIQUE INDEX messages_received_uid ON messages (mailbox_id, folder_id, uidvalidity, uid) WHERE folder_id IS NOT NULL;
CREATE UNIQUE INDEX messages_idempotency ON messages (organization_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- The exact bytes, sealed: as submitted, or as received. Kept for 30 days.
CREATE TABLE message_raws (
  message_id uuid PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  raw bytea NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX message_raws_created ON message_raws (created_at);

-- What happened to a message, in order.
CREATE TABLE message_history (
  message_id uuid NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  kind text NOT NULL,
  detail jsonb NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (message_id, id)
);

-- One row for each message that counts against the limits: reserved by the claim, deleted if the message was not sent, and after a day.
CREATE TABLE send_reservations (
  message_id uuid NOT NULL,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  mailbox_id uuid NOT NULL,
  party_domain text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (message_id, at)
);
CREATE INDEX send_reservations_mailbox ON send_reservations (mailbox_id, at);
CREATE INDEX send_reservations_mailbox_domain ON send_reservations (mailbox_id, party_domain, at);
CREATE INDEX send_reservations_organization_domain ON send_reservations (organization_id, party_domain, at);
CREATE INDEX send_reservations_at ON send_reservations (at);

-- The folders of a mailbox that is read, and how far each was read: committed with the messages that the position covers.
CREATE TABLE mailbox_folders (
  id uuid PRIMARY KEY,
  mailbox_id uuid NOT NULL REFERENCES mailboxes (id),
  organization_id uuid NOT NULL REFERENCES organizations (id),
  path text NOT NULL,
  role text CHECK (role IN ('inbox', 'sent', 'junk', 'archive', 'all', 'drafts', 'trash')),
  uidvalidity bigint,
  last_uid bigint,
  last_internal_at timestamptz,
  failures integer NOT NULL DEFAULT 0,
  retry_at timestamptz,
  UNIQUE (mailbox_id, path)
);

-- Who reads a mailbox.
CREATE TABLE mailbox_sync (
  mailbox_id uuid PRIMARY KEY REFERENCES mailboxes (id),
  organization_id uuid NOT NULL REFERENCES organizations (id),
  holder uuid,
  -- JSON of the server's settings: a process that connected with others connects again.
  server text,
  -- When it may be connected to; null: not to be read.
  due_at timestamptz,
  -- Until when a process may have one connection more than the holder's.
  extra_until timestamptz
) WITH (fillfactor = 50);
CREATE INDEX mailbox_sync_due ON mailbox_sync (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX mailbox_sync_holder ON mailbox_sync (holder) WHERE holder IS NOT NULL;

-- Messages that a mailbox sent to itself, and what their copies show.
CREATE TABLE self_tests (
  message_id uuid PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  mailbox_id uuid NOT NULL REFERENCES mailboxes (id),
  -- In the subject: a server may replace the Message-ID.
  token text NOT NULL,
  created_at timestamptz NOT NULL,
  found_at timestamptz,
  result jsonb,
  -- Whether the provider filed a copy in Sent; null: not known yet.
  filed boolean
);
CREATE INDEX self_tests_mailbox ON self_tests (mailbox_id, created_at);

-- What `capture` mailboxes and those of sandboxes have sent.
CREATE TABLE captured_messages (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  workspace_id uuid REFERENCES workspaces (id),
  mailbox_id uuid NOT NULL REFERENCES mailboxes (id),
  message_id text NOT NULL,
  from_address text NOT NULL,
  to_address text NOT NULL,
  to_key text NOT NULL,
  -- Sealed, as are the exact bytes.
  subject bytea NOT NULL,
  raw bytea NOT NULL,
  received_at timestamptz NOT NULL,
  -- What its simulated recipient will do, and when; null once that is done.
  simulated text,
  simulate_at timestamptz
);
CREATE INDEX captured_messages_organization ON captured_messages (organization_id, id);
CREATE INDEX captured_messages_to ON captured_messages (organization_id, to_key, id);
CREATE INDEX captured_messages_mailbox ON captured_messages (mailbox_id, id);
-- A message that is submitted again is stored once.
CREATE UNIQUE INDEX captured_messages_message_id ON captured_messages (mailbox_id, message_id);
CREATE INDEX captured_messages_due ON captured_messages (simulate_at) WHERE simulate_at IS NOT NULL;
CREATE INDEX captured_messages_received ON captured_messages (received_at);
