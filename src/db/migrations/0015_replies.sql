-- Replies: what recipients answered, and what it means.

-- One row for each received message that answers one of ours. What it says is in `messages`, sealed.
CREATE TABLE replies (
  -- The message's.
  id uuid PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  workspace_id uuid,
  mailbox_id uuid NOT NULL REFERENCES mailboxes (id),
  campaign_id uuid,
  lead_id uuid,
  contact_id uuid,
  -- The message that it answers, and its thread: the lead, or without one the first message that is known.
  answered_id uuid NOT NULL,
  thread_id uuid NOT NULL,
  -- The sender, as addresses are compared.
  from_key text NOT NULL,
  classification text NOT NULL CHECK (classification IN ('interested', 'meeting_request', 'question', 'not_now', 'not_interested', 'wrong_person', 'left_company',
    'unsubscribe_request', 'out_of_office', 'auto_reply', 'hostile', 'unknown')),
  confidence real NOT NULL,
  -- Who decided: the rules, the linear model, an organization's own model, or a person.
  source text NOT NULL CHECK (source IN ('rules', 'model', 'assistant', 'person')),
  -- How it was matched with the message that it answers.
  match_by text NOT NULL,
  match_confidence real NOT NULL,
  -- The first day back of an absence.
  return_date date,
  -- Sealed JSON: {text, reasons, referral}. Reasons quote the reply, and a referral names a person.
  details bytea NOT NULL,
  -- It is the one positive reply by which its lead counts as positive.
  counted boolean NOT NULL DEFAULT false,
  is_read boolean NOT NULL DEFAULT false,
  is_starred boolean NOT NULL DEFAULT false,
  received_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX replies_organization ON replies (organization_id, received_at, id);
CREATE INDEX replies_classification ON replies (organization_id, classification, received_at, id);
CREATE INDEX replies_unread ON replies (organization_id, received_at, id) WHERE NOT is_read;
CREATE INDEX replies_starred ON replies (organization_id, received_at, id) WHERE is_starred;
CREATE INDEX replies_workspace ON replies (workspace_id, classification, received_at, id) WHERE workspace_id IS NOT NULL;
CREATE INDEX replies_mailbox ON replies (mailbox_id, received_at, id);
CREATE INDEX replies_campaign ON replies (campaign_id, received_at, id) WHERE campaign_id IS NOT NULL;
CREATE INDEX replies_from ON replies (organization_id, from_key, received_at, id);
CREATE INDEX replies_lead ON replies (lead_id, received_at, id) WHERE lead_id IS NOT NULL;
CREATE INDEX replies_contact ON replies (contact_id, received_at, id) WHERE contact_id IS NOT NULL;
CREATE INDEX replies_sender ON replies USING gin (from_key gin_trgm_ops);

-- How many there are, so that a total is read from a dozen rows. Locked after everything else.
CREATE TABLE reply_counts (
  organization_id uuid NOT NULL REFERENCES organizations (id),
  -- All zeros: of no workspace.
  workspace_id uuid NOT NULL,
  classification text NOT NULL,
  total bigint NOT NULL,
  unread bigint NOT NULL,
  PRIMARY KEY (organization_id, workspace_id, classification)
) WITH (fillfactor = 50);

-- Answers that people wrote, to count them.
CREATE INDEX messages_answers ON messages (organization_id, workspace_id) WHERE purpose = 'direct' AND reply_to_id IS NOT NULL;

-- How many replies of a class a campaign has got.
CREATE TABLE campaign_replies (
  campaign_id uuid NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  classification text NOT NULL,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  replies bigint NOT NULL,
  PRIMARY KEY (campaign_id, classification)
) WITH (fillfactor = 50);

-- Answers to a message, to read a thread downwards.
CREATE INDEX messages_reply_to ON messages (reply_to_id) WHERE reply_to_id IS NOT NULL;

-- Figures of mailboxes over some days.
CREATE INDEX campaign_stats_mailbox ON campaign_stats (mailbox_id, day);

-- Meetings ------------------------------------------------------------------------------------------

-- Meetings that leads booked, as calendars report them.
CREATE TABLE meetings (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  workspace_id uuid,
  -- The provider that posted it, or icalendar: a message in a mailbox.
  source text NOT NULL,
  source_id uuid,
  status text NOT NULL CHECK (status IN ('booked', 'cancelled')),
  campaign_id uuid,
  lead_id uuid,
  contact_id uuid,
  -- The address of who booked, as addresses are compared; empty if it is not known.
  party_key text NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz,
  -- Sealed JSON: address, title, place, time zone, the calendar's id. Empty once the person is erased.
  details bytea NOT NULL,
  -- When the calendar wrote the last report: an older one changes nothing.
  reported_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX meetings_organization ON meetings (organization_id, id);
CREATE INDEX meetings_lead ON meetings (lead_id) WHERE lead_id IS NOT NULL;

-- The ids by which calendars name meetings, as keyed hashes: each names one meeting, also after it was moved.
CREATE TABLE meeting_keys (
  organization_id uuid NOT NULL REFERENCES organizations (id),
  key bytea NOT NULL,
  meeting_id uuid NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
  PRIMARY KEY (organization_id, key)
);
CREATE INDEX meeting_keys_meeting ON meeting_keys (meeting_id);

-- A language model that an organization names, asked about replies that nobody understood.
CREATE TABLE assistants (
  organization_id uuid PRIMARY KEY REFERENCES organizations (id),
  url text NOT NULL,
  model text NOT NULL,
  -- Sealed; null: none is sent.
  key bytea,
  daily_budget integer NOT NULL,
  -- Requests of the UTC day.
  used_day date,
  used integer NOT NULL DEFAULT 0,
  -- Why it gave no answer the last time; null: it answered.
  problem text,
  problem_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

-- Replies that it is to be asked about. A claimed one is due again when its lease ends.
CREATE TABLE assistant_jobs (
  reply_id uuid PRIMARY KEY REFERENCES replies (id) ON DELETE CASCADE,
  organization_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  attempts smallint NOT NULL
);
CREATE INDEX assistant_jobs_due ON assistant_jobs (due_at);
CREATE INDEX assistant_jobs_organization ON assistant_jobs (organization_id);
CREATE INDEX assistant_jobs_created ON assistant_jobs (created_at);
