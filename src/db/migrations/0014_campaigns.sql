-- Campaigns: sequences of messages to leads, tracking, and what was measured.

-- Organizations ----------------------------------------------------------------------------------

-- Short and immutable: part of every key and of every URL that works without a key. See docs/scale.md.
CREATE FUNCTION new_organization_tag() RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT string_agg(substr('abcdefghijklmnopqrstuvwxyz234567', 1 + (get_byte(r.bytes, i) & 31), 1), '')
  FROM (SELECT decode(md5(gen_random_uuid()::text), 'hex') AS bytes OFFSET 0) AS r, generate_series(0, 7) AS i
$$;
ALTER TABLE organizations ADD COLUMN tag text NOT NULL DEFAULT new_organization_tag();
ALTER TABLE organizations ADD CONSTRAINT organizations_tag UNIQUE (tag);
-- Of a sandbox: how far its clock is ahead, and the time of that clock to which it is moved, in Unix milliseconds; null: it has arrived.
ALTER TABLE organizations ADD COLUMN clock_ahead_ms bigint NOT NULL DEFAULT 0;
ALTER TABLE organizations ADD COLUMN clock_target_ms bigint;
CREATE INDEX organizations_clock ON organizations (id) WHERE clock_target_ms IS NOT NULL;
-- Messages of all its mailboxes in one day of UTC; null: no limit.
ALTER TABLE organizations ADD COLUMN daily_send_limit integer CHECK (daily_send_limit > 0);

-- Templates --------------------------------------------------------------------------------------

CREATE TABLE templates (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  workspace_id uuid REFERENCES workspaces (id),
  name text NOT NULL,
  subject text,
  body text NOT NULL,
  category text NOT NULL,
  format text NOT NULL CHECK (format IN ('text', 'html')),
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX templates_organization ON templates (organization_id, id);

-- Campaigns --------------------------------------------------------------------------------------

CREATE TABLE campaigns (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  workspace_id uuid REFERENCES workspaces (id),
  name text NOT NULL,
  goal text,
  context text,
  -- Whom it is for, frozen when it was created.
  icp jsonb NOT NULL,
  status text NOT NULL CHECK (status IN ('draft', 'active', 'paused', 'completed', 'archived')),
  -- user, bounce_guard, complaint_guard, no_mailbox, domain_auth, late_start; and a sentence with the numbers.
  pause_reason text,
  pause_detail text,
  -- {timezone, use_lead_timezone, windows: [{days, start, end}], holidays: ["NO"], dates: ["2026-12-24"]}
  schedule jsonb NOT NULL,
  -- Messages in one local day, and how many of them to leads that were not contacted before; null: no limit.
  daily_limit integer,
  new_leads_limit integer,
  -- {opens, clicks}
  tracking jsonb NOT NULL,
  -- {on_reply, company: off | campaign | workspace}
  stop jsonb NOT NULL,
  -- Where recipients can unsubscribe: header, body, both.
  unsubscribe text NOT NULL CHECK (unsubscribe IN ('header', 'body', 'both')),
  -- Which addresses are contacted: verified ones, those at risk too, or any without a check.
  verification text NOT NULL CHECK (verification IN ('deliverable', 'risky', 'off')),
  -- Not contacted by another campaign for so many days; and leads of one company that are contacted at the same time. 0: no rule.
  cooldown_days integer NOT NULL,
  company_max integer NOT NULL,
  new_leads_first boolean NOT NULL,
  -- Messages that were due by then are sent outside the windows.
  send_now_until timestamptz,
  -- A start in the future, and whether the draft was launched and waits for it.
  starts_at timestamptz,
  waits_for_start boolean NOT NULL DEFAULT false,
  started_at timestamptz,
  completed_at timestamptz,
  -- {sent, bounced, complained}: the figures at which the guards begin to count, since a person let it go on.
  guards_from jsonb NOT NULL DEFAULT '{"sent": 0, "bounced": 0, "complained": 0}',
  -- Counts edits: an edit may name the one it was made on.
  revision integer NOT NULL,
  -- Leads whose due time is computed again after an edit: the id after which to go on.
  replan_after uuid,
  -- Leads that have finished get the steps that the edit appended.
  reopen_finished boolean NOT NULL DEFAULT false,
  -- Keyed hashes of the request that created it, so that it can be repeated.
  idempotency_key bytea,
  idempotency_request bytea,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX campaigns_idempotency ON campaigns (organization_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX campaigns_organization ON campaigns (organization_id, id);
CREATE INDEX campaigns_status ON campaigns (organization_id, status, id);
CREATE INDEX campaigns_starting ON campaigns (starts_at) WHERE waits_for_start AND status = 'draft';
CREATE INDEX campaigns_replanning ON campaigns (id) WHERE replan_after IS NOT NULL;

-- The steps of a sequence, in the order of `position`. A deleted step stays for its messages.
CREATE TABLE campaign_steps (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  campaign_id uuid NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  position double precision NOT NULL,
  name text,
  -- Empty: answers in the thread of the step before.
  subject text,
  body text NOT NULL,
  format text NOT NULL CHECK (format IN ('text', 'html')),
  -- After the message before was accepted; the first step: after the lead could be contacted.
  delay_days integer NOT NULL,
  delay_hours integer NOT NULL,
  business_days boolean NOT NULL,
  send_only_if_no_reply boolean NOT NULL,
  -- [{id, subject, body, weight, enabled}]; a null subject or body is the step's.
  variants jsonb NOT NULL,
  revision integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz
);
CREATE INDEX campaign_steps_campaign ON campaign_steps (campaign_id, position);

CREATE TABLE campaign_mailboxes (
  campaign_id uuid NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  mailbox_id uuid NOT NULL REFERENCES mailboxes (id),
  organization_id uuid NOT NULL REFERENCES organizations (id),
  added_at timestamptz NOT NULL,
  -- When the mailbox last sent a message of the campaign: campaigns take turns.
  served_at timestamptz,
  PRIMARY KEY (campaign_id, mailbox_id)
);
CREATE INDEX campaign_mailboxes_mailbox ON campaign_mailboxes (mailbox_id);

-- Domains that active campaigns send from, and when their DNS is read again.
CREATE TABLE campaign_domains (
  organization_id uuid NOT NULL REFERENCES organizations (id),
  domain text NOT NULL,
  read_at timestamptz NOT NULL,
  PRIMARY KEY (organization_id, domain)
);
CREATE INDEX campaign_domains_read ON campaign_domains (read_at);

-- Leads ------------------------------------------------------------------------------------------

-- A contact in a campaign.
CREATE TABLE campaign_leads (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  workspace_id uuid,
  campaign_id uuid NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  -- Null after an erasure.
  contact_id uuid,
  email text NOT NULL,
  email_key text NOT NULL,
  domain text NOT NULL,
  -- The contact's company, or the registrable domain of its address; null: a domain of everybody's.
  company_key text,
  -- Whose mail it is, by the MX of its domain; null: not known.
  provider text,
  status text NOT NULL CHECK (status IN ('queued', 'waiting', 'sending', 'held', 'finished', 'replied', 'bounced', 'unsubscribed', 'complained',
    'meeting_booked', 'not_interested', 'wrong_person', 'left_company', 'skipped', 'failed')),
  -- Its time zone and country, such as "Europe/Oslo NO"; empty: the campaign's. Leads of one calendar have the same windows.
  calendar text NOT NULL,
  -- The step that was sent last, and how many were sent.
  position double precision,
  step integer NOT NULL DEFAULT 0,
  last_sent_at timestamptz,
  -- Its first message's: the same for all.
  mailbox_id uuid REFERENCES mailboxes (id),
  -- When its next step may be sent, or a hold ends; null: not to be sent, or its message is on its way.
  due_at timestamptz,
  -- Why it is skipped or waits, and until when.
  blocked_reason text,
  blocked_until timestamptz,
  blocked_detail text,
  -- deliverable, risky, undeliverable, unknown; null: not verified yet.
  verdict text,
  replied_at timestamptz,
  last_event_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX campaign_leads_status ON campaign_leads (campaign_id, status, id);
CREATE INDEX campaign_leads_blocked ON campaign_leads (campaign_id, blocked_reason, id) WHERE blocked_reason IS NOT NULL;
CREATE INDEX campaign_leads_new ON campaign_leads (campaign_id, calendar, due_at, id) INCLUDE (domain) WHERE due_at IS NOT NULL AND mailbox_id IS NULL;
CREATE INDEX campaign_leads_due ON campaign_leads (mailbox_id, campaign_id, calendar, due_at, id) INCLUDE (domain) WHERE due_at IS NOT NULL AND mailbox_id IS NOT NULL;
-- Few leads, so most changes add no entry.
CREATE INDEX campaign_leads_replied ON campaign_leads (campaign_id, replied_at) WHERE replied_at IS NOT NULL;
CREATE INDEX campaign_leads_unverified ON campaign_leads (campaign_id, id) WHERE verdict IS NULL AND status = 'queued';

-- What leads are found by that no message changes: their campaigns, addresses, contacts and companies. A message changes its lead twice, and each time every index of the table gets a
-- new entry; these entries would be scattered over whole indexes.
CREATE TABLE lead_keys (
  lead_id uuid PRIMARY KEY REFERENCES campaign_leads (id) ON DELETE CASCADE,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  campaign_id uuid NOT NULL,
  email_key text NOT NULL,
  contact_id uuid,
  company_key text
);
CREATE UNIQUE INDEX lead_keys_email ON lead_keys (email_key, campaign_id) INCLUDE (organization_id, lead_id);
CREATE INDEX lead_keys_campaign ON lead_keys (campaign_id, lead_id);
CREATE INDEX lead_keys_contact ON lead_keys (contact_id) WHERE contact_id IS NOT NULL;
-- Leads of one company: in a campaign, and in a workspace.
CREATE INDEX lead_keys_company ON lead_keys (company_key, organization_id, campaign_id) INCLUDE (lead_id) WHERE company_key IS NOT NULL;

-- What happened to a lead, in order.
CREATE TABLE lead_history (
  lead_id uuid NOT NULL REFERENCES campaign_leads (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  kind text NOT NULL,
  from_status text,
  to_status text NOT NULL,
  -- {message_id, event_id, key_id, reason, until, …}
  detail jsonb NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (lead_id, id)
);

-- The calendars of a campaign's leads: few, so that the windows that are open are found without reading leads.
CREATE TABLE campaign_calendars (
  campaign_id uuid NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  calendar text NOT NULL,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  PRIMARY KEY (campaign_id, calendar)
);

-- The contacts that an import created or changed, so that they can be added to a campaign.
CREATE TABLE import_contacts (
  import_id uuid NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  contact_id uuid NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
  PRIMARY KEY (import_id, contact_id)
);
CREATE INDEX import_contacts_contact ON import_contacts (contact_id);

-- Contacts that are added to a campaign in the background.
CREATE TABLE lead_additions (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  campaign_id uuid NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  -- {tag, company_id, source_id, status, custom_fields, import_id}
  filter jsonb NOT NULL,
  -- The contact after which to go on.
  after uuid NOT NULL,
  added bigint NOT NULL DEFAULT 0,
  skipped bigint NOT NULL DEFAULT 0,
  -- When its next chunk is due, in real time.
  due_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE INDEX lead_additions_campaign ON lead_additions (campaign_id, id);
CREATE INDEX lead_additions_unfinished ON lead_additions (due_at, id) WHERE finished_at IS NULL;

-- Mailboxes by status, for `/metrics` and `outrider doctor`.
CREATE INDEX mailboxes_status ON mailboxes (status) WHERE deleted_at IS NULL;

-- Messages of campaigns --------------------------------------------------------------------------

ALTER TABLE messages ADD COLUMN step_id uuid;
-- Computed from lead and step: one message for each step of a lead, and what its Message-ID and its links are made of.
ALTER TABLE messages ADD COLUMN send_key uuid;
-- The first time that a person did it.
ALTER TABLE messages ADD COLUMN opened_at timestamptz;
ALTER TABLE messages ADD COLUMN clicked_at timestamptz;
-- When the recipient's mailbox was reported to be full, of a message that was given up for it.
ALTER TABLE messages ADD COLUMN full_at timestamptz;
CREATE INDEX messages_full ON messages (organization_id, party_key, full_at) WHERE full_at IS NOT NULL;
-- The message that a suppression is about: its history has what the server said.
ALTER TABLE suppressions ADD COLUMN message_id uuid;
-- The provider's report that a suppression follows from, of the same organization.
ALTER TABLE suppressions ADD COLUMN inbound_event_id uuid;
CREATE UNIQUE INDEX messages_send_key ON messages (send_key) WHERE send_key IS NOT NULL;
CREATE INDEX messages_lead ON messages (lead_id, id) WHERE lead_id IS NOT NULL;
CREATE INDEX messages_campaign ON messages (campaign_id, id) WHERE campaign_id IS NOT NULL;
CREATE INDEX messages_campaign_waiting ON messages (campaign_id) WHERE campaign_id IS NOT NULL AND status IN ('claimed', 'deferred');

-- Tracking ---------------------------------------------------------------------------------------

-- Hosts of the organization's own, for links in its messages.
CREATE TABLE tracking_hosts (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  workspace_id uuid REFERENCES workspaces (id),
  host text NOT NULL,
  -- When it was last seen to lead here; null: not verified, or not any more. And what was wrong at the last check.
  verified_at timestamptz,
  checked_at timestamptz,
  problem text,
  created_at timestamptz NOT NULL,
  UNIQUE (organization_id, host)
);
-- Of one organization at a time.
CREATE UNIQUE INDEX tracking_hosts_verified ON tracking_hosts (host) WHERE verified_at IS NOT NULL;

-- Where the links of a message lead to.
CREATE TABLE message_links (
  message_id uuid NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  number smallint NOT NULL,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  url text NOT NULL,
  PRIMARY KEY (message_id, number)
);

-- What was fetched: opens, clicks. Without foreign keys: a thousand may arrive in a second, and messages and organizations are never deleted.
CREATE TABLE tracking_hits (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  message_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('open', 'click')),
  number smallint,
  verdict text NOT NULL CHECK (verdict IN ('human', 'machine', 'proxy')),
  reasons text[] NOT NULL,
  address text,
  user_agent text,
  at timestamptz NOT NULL
);
CREATE INDEX tracking_hits_message ON tracking_hits (message_id, id);

-- Who opted out by a link or a header, while it can be undone.
CREATE TABLE unsubscribes (
  message_id uuid PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  method text NOT NULL,
  suppression_id uuid,
  at timestamptz NOT NULL,
  undone_at timestamptz
);

-- Figures ----------------------------------------------------------------------------------------

-- Of a campaign as a whole; leads are counted once. `open`: not in a final status.
CREATE TABLE campaign_totals (
  campaign_id uuid PRIMARY KEY REFERENCES campaigns (id) ON DELETE CASCADE,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  leads bigint NOT NULL DEFAULT 0,
  open bigint NOT NULL DEFAULT 0,
  verified bigint NOT NULL DEFAULT 0,
  contacted bigint NOT NULL DEFAULT 0,
  sent bigint NOT NULL DEFAULT 0,
  delivered bigint NOT NULL DEFAULT 0,
  bounced bigint NOT NULL DEFAULT 0,
  opened bigint NOT NULL DEFAULT 0,
  clicked bigint NOT NULL DEFAULT 0,
  replied bigint NOT NULL DEFAULT 0,
  positive_replies bigint NOT NULL DEFAULT 0,
  unsubscribed bigint NOT NULL DEFAULT 0,
  complained bigint NOT NULL DEFAULT 0,
  meetings bigint NOT NULL DEFAULT 0,
  skipped bigint NOT NULL DEFAULT 0,
  failed bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- By what is compared: messages by the day on which they were sent (UTC), their step, variant, mailbox and the recipient's provider.
CREATE TABLE campaign_stats (
  campaign_id uuid NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  day date NOT NULL,
  step_id uuid NOT NULL,
  variant text NOT NULL,
  mailbox_id uuid NOT NULL,
  provider text NOT NULL,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  sent bigint NOT NULL DEFAULT 0,
  delivered bigint NOT NULL DEFAULT 0,
  deferred bigint NOT NULL DEFAULT 0,
  bounced_hard bigint NOT NULL DEFAULT 0,
  bounced_soft bigint NOT NULL DEFAULT 0,
  blocked bigint NOT NULL DEFAULT 0,
  failed bigint NOT NULL DEFAULT 0,
  unknown bigint NOT NULL DEFAULT 0,
  opened bigint NOT NULL DEFAULT 0,
  opened_machine bigint NOT NULL DEFAULT 0,
  clicked bigint NOT NULL DEFAULT 0,
  clicked_machine bigint NOT NULL DEFAULT 0,
  replied bigint NOT NULL DEFAULT 0,
  positive_replies bigint NOT NULL DEFAULT 0,
  unsubscribed bigint NOT NULL DEFAULT 0,
  complained bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (campaign_id, day, step_id, variant, mailbox_id, provider)
) WITH (fillfactor = 50);

-- Messages of a campaign on one of its local days, for its limits: counted by the claim, given back if the message was not sent.
CREATE TABLE campaign_days (
  campaign_id uuid NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  day date NOT NULL,
  sent integer NOT NULL,
  new_leads integer NOT NULL,
  PRIMARY KEY (campaign_id, day)
);

-- Verification -----------------------------------------------------------------------------------

-- What the DNS says of recipients' domains. For all organizations: it is public.
CREATE TABLE recipient_domains (
  domain text PRIMARY KEY,
  -- mail, null_mx, none, fallback (an address without an MX), unknown.
  kind text NOT NULL,
  provider text,
  checked_at timestamptz NOT NULL,
  -- When its server was asked about a recipient last, and what it said of one that does not exist: accepted, refused, nothing.
  probed_at timestamptz,
  random_recipient text,
  random_at timestamptz
);

-- Hard bounces of recipients' domains: refused at once, or reported after the message was accepted.
CREATE TABLE domain_bounces (
  organization_id uuid NOT NULL REFERENCES organizations (id),
  domain text NOT NULL,
  immediate bigint NOT NULL,
  late bigint NOT NULL,
  PRIMARY KEY (organization_id, domain)
);

-- Another verifier that an organization asks over HTTP, with what it may be asked.
CREATE TABLE verifiers (
  organization_id uuid PRIMARY KEY REFERENCES organizations (id),
  url text NOT NULL,
  method text NOT NULL CHECK (method IN ('GET', 'POST')),
  -- The member of the request's body that has the address.
  email_field text NOT NULL,
  -- Where its secret goes: `header` or `query`, and the name; the secret is sealed.
  auth_kind text,
  auth_name text,
  auth_value bytea,
  -- {field, deliverable: [], risky: [], undeliverable: []}
  answer jsonb NOT NULL,
  daily_budget integer NOT NULL,
  per_minute integer NOT NULL,
  timeout_seconds integer NOT NULL,
  -- Requests of the UTC day and of the minute.
  used_day date,
  used integer NOT NULL DEFAULT 0,
  used_minute timestamptz,
  minute_used integer NOT NULL DEFAULT 0,
  -- Why it gave no answer the last time; null: it answered.
  problem text,
  problem_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

-- Who waits for a limit of an organization, and who has reported it.
CREATE INDEX mailbox_pace_organization ON mailbox_pace (organization_id);

-- Contacts by the domain of their address, those of its subdomains included.
CREATE INDEX contacts_domain ON contacts (organization_id, reverse(email_key) text_pattern_ops) WHERE deleted_at IS NULL AND email_key IS NOT NULL;
