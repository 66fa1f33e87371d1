-- The schema after all migrations, read from PostgreSQL's catalogue. For reading only; do not run it.
-- Day partitions are omitted. Written by `npm run generate`; `npm run check` fails when it differs.

CREATE TABLE account_challenges (
  challenge text NOT NULL,
  person_id uuid,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT account_challenges_pkey PRIMARY KEY (challenge),
  CONSTRAINT account_challenges_person_id_fkey FOREIGN KEY (person_id) REFERENCES account_persons(id) ON DELETE CASCADE
);
CREATE INDEX account_challenges_expiry ON public.account_challenges USING btree (expires_at);
CREATE INDEX account_challenges_person ON public.account_challenges USING btree (person_id) WHERE (person_id IS NOT NULL);

CREATE TABLE account_invitations (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  email text,
  role text NOT NULL,
  token_hash bytea NOT NULL,
  invited_by uuid,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  workspace_id uuid,
  CONSTRAINT account_invitations_pkey PRIMARY KEY (id),
  CONSTRAINT account_invitations_token_hash_key UNIQUE (token_hash),
  CONSTRAINT account_invitations_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT account_invitations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
);
CREATE INDEX account_invitations_expiry ON public.account_invitations USING btree (expires_at);
CREATE INDEX account_invitations_organization ON public.account_invitations USING btree (organization_id, id);
CREATE INDEX account_invitations_workspace ON public.account_invitations USING btree (workspace_id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE account_mails (
  id uuid NOT NULL,
  kind text NOT NULL,
  email text NOT NULL,
  due_at timestamp with time zone NOT NULL,
  attempt_count smallint NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT account_mails_pkey PRIMARY KEY (id)
);
CREATE INDEX account_mails_due ON public.account_mails USING btree (due_at);

CREATE TABLE account_memberships (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  person_id uuid NOT NULL,
  role text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  workspace_id uuid,
  CONSTRAINT account_memberships_pkey PRIMARY KEY (id),
  CONSTRAINT account_memberships_organization_id_person_id_key UNIQUE (organization_id, person_id),
  CONSTRAINT account_memberships_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT account_memberships_person_id_fkey FOREIGN KEY (person_id) REFERENCES account_persons(id) ON DELETE CASCADE,
  CONSTRAINT account_memberships_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
);
CREATE INDEX account_memberships_person ON public.account_memberships USING btree (person_id);
CREATE INDEX account_memberships_workspace ON public.account_memberships USING btree (workspace_id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE account_passkeys (
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  credential_id bytea NOT NULL,
  public_key bytea NOT NULL,
  counter bigint NOT NULL,
  transports text[] NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  last_used_at timestamp with time zone,
  CONSTRAINT account_passkeys_pkey PRIMARY KEY (id),
  CONSTRAINT account_passkeys_credential_id_key UNIQUE (credential_id),
  CONSTRAINT account_passkeys_person_id_fkey FOREIGN KEY (person_id) REFERENCES account_persons(id) ON DELETE CASCADE
);
CREATE INDEX account_passkeys_person ON public.account_passkeys USING btree (person_id, id);

CREATE TABLE account_persons (
  id uuid NOT NULL,
  email text NOT NULL,
  name text NOT NULL,
  password_hash text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT account_persons_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX account_persons_email ON public.account_persons USING btree (lower(email));

CREATE TABLE account_recovery_codes (
  person_id uuid NOT NULL,
  code_hash bytea NOT NULL,
  CONSTRAINT account_recovery_codes_pkey PRIMARY KEY (person_id, code_hash),
  CONSTRAINT account_recovery_codes_person_id_fkey FOREIGN KEY (person_id) REFERENCES account_totp(person_id) ON DELETE CASCADE
);

CREATE TABLE account_resets (
  person_id uuid NOT NULL,
  id uuid NOT NULL,
  token_hash bytea NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  used_at timestamp with time zone,
  CONSTRAINT account_resets_pkey PRIMARY KEY (person_id),
  CONSTRAINT account_resets_token_hash_key UNIQUE (token_hash),
  CONSTRAINT account_resets_person_id_fkey FOREIGN KEY (person_id) REFERENCES account_persons(id) ON DELETE CASCADE
);
CREATE INDEX account_resets_expiry ON public.account_resets USING btree (expires_at);

CREATE TABLE account_sessions (
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  user_agent text,
  address text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  last_used_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT account_sessions_pkey PRIMARY KEY (id),
  CONSTRAINT account_sessions_token_hash_key UNIQUE (token_hash),
  CONSTRAINT account_sessions_person_id_fkey FOREIGN KEY (person_id) REFERENCES account_persons(id) ON DELETE CASCADE
);
CREATE INDEX account_sessions_expiry ON public.account_sessions USING btree (expires_at);
CREATE INDEX account_sessions_person ON public.account_sessions USING btree (person_id, id);

CREATE TABLE account_totp (
  person_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  secret bytea NOT NULL,
  created_at timestamp with time zone NOT NULL,
  confirmed_at timestamp with time zone,
  last_step bigint NOT NULL,
  CONSTRAINT account_totp_pkey PRIMARY KEY (person_id),
  CONSTRAINT account_totp_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT account_totp_person_id_fkey FOREIGN KEY (person_id) REFERENCES account_persons(id) ON DELETE CASCADE
);

CREATE TABLE activities (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  activity_type text NOT NULL,
  contact_id uuid,
  company_id uuid,
  project_id uuid,
  occurred_at timestamp with time zone NOT NULL,
  metadata jsonb NOT NULL,
  created_by uuid,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  search text NOT NULL,
  workspace_id uuid,
  CONSTRAINT activities_pkey PRIMARY KEY (id),
  CONSTRAINT activities_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT activities_activity_type_check CHECK ((activity_type = ANY (ARRAY['call'::text, 'email'::text, 'meeting'::text, 'note'::text])))
);
CREATE INDEX activities_company ON public.activities USING btree (company_id, id) WHERE (company_id IS NOT NULL);
CREATE INDEX activities_contact ON public.activities USING btree (contact_id, id) WHERE (contact_id IS NOT NULL);
CREATE INDEX activities_occurred ON public.activities USING btree (organization_id, occurred_at);
CREATE INDEX activities_organization ON public.activities USING btree (organization_id, id);
CREATE INDEX activities_project ON public.activities USING btree (project_id, id) WHERE (project_id IS NOT NULL);
CREATE INDEX activities_search ON public.activities USING gin (search gin_trgm_ops);
CREATE INDEX activities_type ON public.activities USING btree (organization_id, activity_type, id);
CREATE INDEX activities_unfolded ON public.activities USING btree (id) WHERE ("right"(search, 1) <> chr(31));
CREATE INDEX activities_updated ON public.activities USING btree (organization_id, updated_at, id);
CREATE INDEX activities_workspace ON public.activities USING btree (workspace_id, id) WHERE (workspace_id IS NOT NULL);

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
  updated_at timestamp with time zone,
  CONSTRAINT alerts_pkey PRIMARY KEY (id),
  CONSTRAINT alerts_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);
CREATE INDEX alerts_due ON public.alerts USING btree (due_at) WHERE (sent_at IS NULL);
CREATE INDEX alerts_organization ON public.alerts USING btree (organization_id, id);

CREATE TABLE answered_requests (
  organization_id uuid NOT NULL,
  key bytea NOT NULL,
  request bytea NOT NULL,
  key_id uuid NOT NULL,
  answer bytea,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT answered_requests_pkey PRIMARY KEY (organization_id, key)
);
CREATE INDEX answered_requests_created ON public.answered_requests USING btree (created_at);

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
  created_by uuid,
  purpose text,
  CONSTRAINT api_keys_pkey PRIMARY KEY (id),
  CONSTRAINT api_keys_hash_key UNIQUE (hash),
  CONSTRAINT api_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT api_keys_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
);
CREATE INDEX api_keys_created_by ON public.api_keys USING btree (created_by) WHERE (created_by IS NOT NULL);
CREATE INDEX api_keys_organization ON public.api_keys USING btree (organization_id, id);
CREATE INDEX api_keys_workspace ON public.api_keys USING btree (workspace_id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE assistant_jobs (
  reply_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL,
  due_at timestamp with time zone NOT NULL,
  attempts smallint NOT NULL,
  CONSTRAINT assistant_jobs_pkey PRIMARY KEY (reply_id),
  CONSTRAINT assistant_jobs_reply_id_fkey FOREIGN KEY (reply_id) REFERENCES replies(id) ON DELETE CASCADE
);
CREATE INDEX assistant_jobs_created ON public.assistant_jobs USING btree (created_at);
CREATE INDEX assistant_jobs_waiting ON public.assistant_jobs USING btree (organization_id, due_at);

CREATE TABLE assistants (
  organization_id uuid NOT NULL,
  url text NOT NULL,
  model text NOT NULL,
  key bytea,
  daily_budget integer NOT NULL,
  used_day date,
  used integer NOT NULL DEFAULT 0,
  problem text,
  problem_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  free_at timestamp with time zone,
  failures smallint NOT NULL DEFAULT 0,
  CONSTRAINT assistants_pkey PRIMARY KEY (organization_id),
  CONSTRAINT assistants_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);

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

CREATE TABLE body_templates (
  endpoint_id uuid NOT NULL,
  digest text NOT NULL,
  template text NOT NULL,
  content_type text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT body_templates_pkey PRIMARY KEY (endpoint_id, digest),
  CONSTRAINT body_templates_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES endpoints(id) ON DELETE CASCADE
);

CREATE TABLE bulk_job_pieces (
  job_id uuid NOT NULL,
  number integer NOT NULL,
  ids uuid[] NOT NULL,
  CONSTRAINT bulk_job_pieces_pkey PRIMARY KEY (job_id, number),
  CONSTRAINT bulk_job_pieces_job_id_fkey FOREIGN KEY (job_id) REFERENCES bulk_jobs(id) ON DELETE CASCADE
);

CREATE TABLE bulk_jobs (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  entity text NOT NULL,
  action text NOT NULL,
  selection jsonb NOT NULL,
  change jsonb,
  status text NOT NULL,
  error text,
  selected_to uuid,
  next_piece integer NOT NULL DEFAULT 0,
  pieces integer NOT NULL DEFAULT 0,
  total integer NOT NULL DEFAULT 0,
  done integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  errors jsonb NOT NULL DEFAULT '[]'::jsonb,
  faults smallint NOT NULL DEFAULT 0,
  due_at timestamp with time zone NOT NULL,
  created_by uuid,
  created_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone,
  CONSTRAINT bulk_jobs_pkey PRIMARY KEY (id),
  CONSTRAINT bulk_jobs_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT bulk_jobs_action_check CHECK ((action = ANY (ARRAY['update'::text, 'delete'::text, 'export'::text]))),
  CONSTRAINT bulk_jobs_entity_check CHECK ((entity = ANY (ARRAY['contact'::text, 'company'::text, 'suppression'::text]))),
  CONSTRAINT bulk_jobs_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'completed'::text, 'failed'::text, 'cancelled'::text])))
);
CREATE INDEX bulk_jobs_finished ON public.bulk_jobs USING btree (finished_at) WHERE (finished_at IS NOT NULL);
CREATE INDEX bulk_jobs_organization ON public.bulk_jobs USING btree (organization_id, id);
CREATE INDEX bulk_jobs_unfinished ON public.bulk_jobs USING btree (organization_id, due_at) WHERE (finished_at IS NULL);
CREATE INDEX bulk_jobs_workspace ON public.bulk_jobs USING btree (workspace_id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE campaign_calendars (
  campaign_id uuid NOT NULL,
  calendar text NOT NULL,
  organization_id uuid NOT NULL,
  CONSTRAINT campaign_calendars_pkey PRIMARY KEY (campaign_id, calendar),
  CONSTRAINT campaign_calendars_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id) ON DELETE CASCADE,
  CONSTRAINT campaign_calendars_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);

CREATE TABLE campaign_days (
  campaign_id uuid NOT NULL,
  day date NOT NULL,
  sent integer NOT NULL,
  new_leads integer NOT NULL,
  CONSTRAINT campaign_days_pkey PRIMARY KEY (campaign_id, day),
  CONSTRAINT campaign_days_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id) ON DELETE CASCADE
);

CREATE TABLE campaign_domains (
  organization_id uuid NOT NULL,
  domain text NOT NULL,
  read_at timestamp with time zone NOT NULL,
  CONSTRAINT campaign_domains_pkey PRIMARY KEY (organization_id, domain),
  CONSTRAINT campaign_domains_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);
CREATE INDEX campaign_domains_read ON public.campaign_domains USING btree (read_at);

CREATE TABLE campaign_leads (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  campaign_id uuid NOT NULL,
  contact_id uuid,
  email text NOT NULL,
  email_key text NOT NULL,
  domain text NOT NULL,
  company_key text,
  provider text,
  status text NOT NULL,
  calendar text NOT NULL,
  position double precision,
  step integer NOT NULL DEFAULT 0,
  last_sent_at timestamp with time zone,
  mailbox_id uuid,
  due_at timestamp with time zone,
  blocked_reason text,
  blocked_until timestamp with time zone,
  blocked_detail text,
  verdict text,
  replied_at timestamp with time zone,
  last_event_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT campaign_leads_pkey PRIMARY KEY (id),
  CONSTRAINT campaign_leads_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id) ON DELETE CASCADE,
  CONSTRAINT campaign_leads_mailbox_id_fkey FOREIGN KEY (mailbox_id) REFERENCES mailboxes(id),
  CONSTRAINT campaign_leads_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT campaign_leads_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'waiting'::text, 'sending'::text, 'held'::text, 'finished'::text, 'replied'::text, 'bounced'::text, 'unsubscribed'::text, 'complained'::text, 'meeting_booked'::text, 'not_interested'::text, 'wrong_person'::text, 'left_company'::text, 'skipped'::text, 'failed'::text])))
) WITH (fillfactor=80);
CREATE INDEX campaign_leads_blocked ON public.campaign_leads USING btree (campaign_id, blocked_reason, id) WHERE (blocked_reason IS NOT NULL);
CREATE INDEX campaign_leads_changed ON public.campaign_leads USING btree (campaign_id, status, last_event_at, id);
CREATE INDEX campaign_leads_due ON public.campaign_leads USING btree (mailbox_id, campaign_id, calendar, due_at, id) INCLUDE (domain) WHERE ((due_at IS NOT NULL) AND (mailbox_id IS NOT NULL));
CREATE INDEX campaign_leads_new ON public.campaign_leads USING btree (campaign_id, calendar, due_at, id) INCLUDE (domain) WHERE ((due_at IS NOT NULL) AND (mailbox_id IS NULL));
CREATE INDEX campaign_leads_replied ON public.campaign_leads USING btree (campaign_id, replied_at) WHERE (replied_at IS NOT NULL);
CREATE INDEX campaign_leads_status ON public.campaign_leads USING btree (campaign_id, status, id);
CREATE INDEX campaign_leads_unverified ON public.campaign_leads USING btree (campaign_id, id) WHERE ((verdict IS NULL) AND (status = 'queued'::text));

CREATE TABLE campaign_mailboxes (
  campaign_id uuid NOT NULL,
  mailbox_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  added_at timestamp with time zone NOT NULL,
  served_at timestamp with time zone,
  CONSTRAINT campaign_mailboxes_pkey PRIMARY KEY (campaign_id, mailbox_id),
  CONSTRAINT campaign_mailboxes_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id) ON DELETE CASCADE,
  CONSTRAINT campaign_mailboxes_mailbox_id_fkey FOREIGN KEY (mailbox_id) REFERENCES mailboxes(id),
  CONSTRAINT campaign_mailboxes_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);
CREATE INDEX campaign_mailboxes_mailbox ON public.campaign_mailboxes USING btree (mailbox_id);

CREATE TABLE campaign_replies (
  campaign_id uuid NOT NULL,
  classification text NOT NULL,
  organization_id uuid NOT NULL,
  replies bigint NOT NULL,
  CONSTRAINT campaign_replies_pkey PRIMARY KEY (campaign_id, classification),
  CONSTRAINT campaign_replies_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id) ON DELETE CASCADE,
  CONSTRAINT campaign_replies_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
) WITH (fillfactor=50);

CREATE TABLE campaign_stats (
  campaign_id uuid NOT NULL,
  day date NOT NULL,
  step_id uuid NOT NULL,
  variant text NOT NULL,
  mailbox_id uuid NOT NULL,
  provider text NOT NULL,
  organization_id uuid NOT NULL,
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
  CONSTRAINT campaign_stats_pkey PRIMARY KEY (campaign_id, day, step_id, variant, mailbox_id, provider),
  CONSTRAINT campaign_stats_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id) ON DELETE CASCADE,
  CONSTRAINT campaign_stats_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
) WITH (fillfactor=50);
CREATE INDEX campaign_stats_mailbox ON public.campaign_stats USING btree (mailbox_id, day);

CREATE TABLE campaign_steps (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  position double precision NOT NULL,
  name text,
  subject text,
  body text NOT NULL,
  format text NOT NULL,
  delay_days integer NOT NULL,
  delay_hours integer NOT NULL,
  business_days boolean NOT NULL,
  send_only_if_no_reply boolean NOT NULL,
  variants jsonb NOT NULL,
  revision integer NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone,
  CONSTRAINT campaign_steps_pkey PRIMARY KEY (id),
  CONSTRAINT campaign_steps_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id) ON DELETE CASCADE,
  CONSTRAINT campaign_steps_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT campaign_steps_format_check CHECK ((format = ANY (ARRAY['text'::text, 'html'::text])))
);
CREATE INDEX campaign_steps_campaign ON public.campaign_steps USING btree (campaign_id, "position");

CREATE TABLE campaign_totals (
  campaign_id uuid NOT NULL,
  organization_id uuid NOT NULL,
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
  failed bigint NOT NULL DEFAULT 0,
  CONSTRAINT campaign_totals_pkey PRIMARY KEY (campaign_id),
  CONSTRAINT campaign_totals_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id) ON DELETE CASCADE,
  CONSTRAINT campaign_totals_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
) WITH (fillfactor=50);

CREATE TABLE campaigns (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  name text NOT NULL,
  goal text,
  context text,
  icp jsonb NOT NULL,
  status text NOT NULL,
  pause_reason text,
  pause_detail text,
  schedule jsonb NOT NULL,
  daily_limit integer,
  new_leads_limit integer,
  tracking jsonb NOT NULL,
  stop jsonb NOT NULL,
  unsubscribe text NOT NULL,
  verification text NOT NULL,
  cooldown_days integer NOT NULL,
  company_max integer NOT NULL,
  new_leads_first boolean NOT NULL,
  send_now_until timestamp with time zone,
  starts_at timestamp with time zone,
  waits_for_start boolean NOT NULL DEFAULT false,
  started_at timestamp with time zone,
  completed_at timestamp with time zone,
  guards_from jsonb NOT NULL DEFAULT '{"sent": 0, "bounced": 0, "complained": 0}'::jsonb,
  revision integer NOT NULL,
  replan_after uuid,
  reopen_finished boolean NOT NULL DEFAULT false,
  idempotency_key bytea,
  idempotency_request bytea,
  created_by uuid,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  topic_id uuid,
  CONSTRAINT campaigns_pkey PRIMARY KEY (id),
  CONSTRAINT campaigns_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT campaigns_topic_id_fkey FOREIGN KEY (topic_id) REFERENCES topics(id) ON DELETE SET NULL,
  CONSTRAINT campaigns_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  CONSTRAINT campaigns_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'active'::text, 'paused'::text, 'completed'::text, 'archived'::text]))),
  CONSTRAINT campaigns_unsubscribe_check CHECK ((unsubscribe = ANY (ARRAY['header'::text, 'body'::text, 'both'::text]))),
  CONSTRAINT campaigns_verification_check CHECK ((verification = ANY (ARRAY['deliverable'::text, 'risky'::text, 'off'::text])))
);
CREATE UNIQUE INDEX campaigns_idempotency ON public.campaigns USING btree (organization_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);
CREATE INDEX campaigns_organization ON public.campaigns USING btree (organization_id, id);
CREATE INDEX campaigns_replanning ON public.campaigns USING btree (id) WHERE (replan_after IS NOT NULL);
CREATE INDEX campaigns_starting ON public.campaigns USING btree (starts_at) WHERE (waits_for_start AND (status = 'draft'::text));
CREATE INDEX campaigns_status ON public.campaigns USING btree (organization_id, status, id);
CREATE INDEX campaigns_topic ON public.campaigns USING btree (topic_id) WHERE (topic_id IS NOT NULL);
CREATE INDEX campaigns_workspace ON public.campaigns USING btree (workspace_id, id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE captured_messages (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  mailbox_id uuid NOT NULL,
  message_id text NOT NULL,
  from_address text NOT NULL,
  to_address text NOT NULL,
  to_key text NOT NULL,
  subject bytea NOT NULL,
  raw bytea NOT NULL,
  received_at timestamp with time zone NOT NULL,
  simulated text,
  simulate_at timestamp with time zone,
  CONSTRAINT captured_messages_pkey PRIMARY KEY (id),
  CONSTRAINT captured_messages_mailbox_id_fkey FOREIGN KEY (mailbox_id) REFERENCES mailboxes(id),
  CONSTRAINT captured_messages_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT captured_messages_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
);
CREATE INDEX captured_messages_due ON public.captured_messages USING btree (simulate_at) WHERE (simulate_at IS NOT NULL);
CREATE INDEX captured_messages_mailbox ON public.captured_messages USING btree (mailbox_id, id);
CREATE UNIQUE INDEX captured_messages_message_id ON public.captured_messages USING btree (mailbox_id, message_id);
CREATE INDEX captured_messages_organization ON public.captured_messages USING btree (organization_id, id);
CREATE INDEX captured_messages_received ON public.captured_messages USING btree (received_at);
CREATE INDEX captured_messages_to ON public.captured_messages USING btree (organization_id, to_key, id);

CREATE TABLE companies (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  name text NOT NULL,
  domain text,
  industry text,
  notes text,
  phone text,
  website text,
  linkedin_url text,
  address text,
  city text,
  state text,
  zip_code text,
  country text,
  employee_count integer,
  annual_revenue bigint,
  tags text[] NOT NULL,
  custom_fields jsonb NOT NULL,
  created_by uuid,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  search text NOT NULL,
  workspace_id uuid,
  owner text,
  CONSTRAINT companies_pkey PRIMARY KEY (id),
  CONSTRAINT companies_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);
CREATE INDEX companies_domain ON public.companies USING btree (organization_id, domain) WHERE (domain IS NOT NULL);
CREATE INDEX companies_industry ON public.companies USING btree (organization_id, lower(industry), id) WHERE (industry IS NOT NULL);
CREATE INDEX companies_name ON public.companies USING gin (split_part(search, '
'::text, 1) gin_trgm_ops);
CREATE INDEX companies_organization ON public.companies USING btree (organization_id, id);
CREATE INDEX companies_owner ON public.companies USING btree (organization_id, owner, id) WHERE (owner IS NOT NULL);
CREATE INDEX companies_search ON public.companies USING gin (search gin_trgm_ops);
CREATE INDEX companies_tags ON public.companies USING gin (tags);
CREATE INDEX companies_unfolded ON public.companies USING btree (id) WHERE ("right"(search, 1) <> chr(31));
CREATE INDEX companies_updated ON public.companies USING btree (organization_id, updated_at, id);
CREATE INDEX companies_workspace ON public.companies USING btree (workspace_id, id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE contact_addresses (
  contact_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  email text NOT NULL,
  email_key text NOT NULL,
  position smallint NOT NULL,
  live boolean NOT NULL,
  CONSTRAINT contact_addresses_pkey PRIMARY KEY (contact_id, email_key),
  CONSTRAINT contact_addresses_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id) ON DELETE CASCADE,
  CONSTRAINT contact_addresses_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);
CREATE INDEX contact_addresses_deleted ON public.contact_addresses USING btree (organization_id, email_key) WHERE (NOT live);
CREATE UNIQUE INDEX contact_addresses_owner_email ON public.contact_addresses USING btree (organization_id, email_key, COALESCE(workspace_id, organization_id)) WHERE live;

CREATE TABLE contact_tags (
  organization_id uuid NOT NULL,
  tag text NOT NULL,
  workspace_id uuid,
  created_at timestamp with time zone DEFAULT date_trunc('milliseconds'::text, now()),
  CONSTRAINT contact_tags_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);
CREATE UNIQUE INDEX contact_tags_tag ON public.contact_tags USING btree (organization_id, tag, COALESCE(workspace_id, organization_id));
CREATE INDEX contact_tags_workspace ON public.contact_tags USING btree (workspace_id, tag) WHERE (workspace_id IS NOT NULL);

CREATE TABLE contacts (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  email text,
  email_key text,
  first_name text,
  last_name text,
  phone text,
  company_id uuid,
  company_name text,
  job_title text,
  linkedin_url text,
  website text,
  address text,
  city text,
  state text,
  zip_code text,
  country text,
  notes text,
  tags text[] NOT NULL,
  status text NOT NULL,
  source_id uuid,
  custom_fields jsonb NOT NULL,
  lawful_basis text,
  lawful_basis_at timestamp with time zone,
  lawful_basis_source text,
  verification_status text,
  verification_reasons text[],
  verified_at timestamp with time zone,
  created_by uuid,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone,
  search text NOT NULL,
  timezone text,
  workspace_id uuid,
  owner text,
  CONSTRAINT contacts_pkey PRIMARY KEY (id),
  CONSTRAINT contacts_company_id_fkey FOREIGN KEY (company_id) REFERENCES companies(id) ON DELETE SET NULL,
  CONSTRAINT contacts_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT contacts_source_id_fkey FOREIGN KEY (source_id) REFERENCES sources(id),
  CONSTRAINT contacts_lawful_basis_check CHECK ((lawful_basis = ANY (ARRAY['consent'::text, 'contract'::text, 'legal_obligation'::text, 'vital_interests'::text, 'public_task'::text, 'legitimate_interests'::text]))),
  CONSTRAINT contacts_status_check CHECK ((status = ANY (ARRAY['active'::text, 'bounced'::text, 'unsubscribed'::text, 'replied'::text])))
);
CREATE INDEX contacts_company ON public.contacts USING btree (company_id, id) WHERE (company_id IS NOT NULL);
CREATE INDEX contacts_deleted ON public.contacts USING btree (organization_id, id) WHERE (deleted_at IS NOT NULL);
CREATE INDEX contacts_deleted_email ON public.contacts USING btree (organization_id, email_key) WHERE (deleted_at IS NOT NULL);
CREATE INDEX contacts_domain ON public.contacts USING btree (organization_id, reverse(email_key) text_pattern_ops) WHERE ((deleted_at IS NULL) AND (email_key IS NOT NULL));
CREATE INDEX contacts_organization ON public.contacts USING btree (organization_id, id) WHERE (deleted_at IS NULL);
CREATE INDEX contacts_owner ON public.contacts USING btree (organization_id, owner, id) WHERE (owner IS NOT NULL);
CREATE UNIQUE INDEX contacts_owner_email ON public.contacts USING btree (organization_id, email_key, COALESCE(workspace_id, organization_id)) WHERE ((deleted_at IS NULL) AND (email_key IS NOT NULL));
CREATE INDEX contacts_purge ON public.contacts USING btree (deleted_at) WHERE (deleted_at IS NOT NULL);
CREATE INDEX contacts_search ON public.contacts USING gin (search gin_trgm_ops);
CREATE INDEX contacts_source ON public.contacts USING btree (source_id, id) WHERE (source_id IS NOT NULL);
CREATE INDEX contacts_status ON public.contacts USING btree (organization_id, status, id) WHERE ((deleted_at IS NULL) AND (status <> 'active'::text));
CREATE INDEX contacts_tags ON public.contacts USING gin (tags);
CREATE INDEX contacts_unfolded ON public.contacts USING btree (id) WHERE ("right"(search, 1) <> chr(31));
CREATE INDEX contacts_updated ON public.contacts USING btree (organization_id, updated_at, id);
CREATE INDEX contacts_workspace ON public.contacts USING btree (workspace_id, id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE custom_fields (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  entity text NOT NULL,
  key text NOT NULL,
  label text NOT NULL,
  type text NOT NULL,
  options text[],
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone,
  CONSTRAINT custom_fields_pkey PRIMARY KEY (id),
  CONSTRAINT custom_fields_organization_id_entity_key_key UNIQUE (organization_id, entity, key),
  CONSTRAINT custom_fields_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT custom_fields_entity_check CHECK ((entity = ANY (ARRAY['contact'::text, 'company'::text, 'project'::text]))),
  CONSTRAINT custom_fields_type_check CHECK ((type = ANY (ARRAY['text'::text, 'number'::text, 'boolean'::text, 'date'::text, 'url'::text, 'select'::text])))
);

CREATE TABLE delivery_holders (
  id uuid NOT NULL,
  released_at timestamp with time zone,
  CONSTRAINT delivery_holders_pkey PRIMARY KEY (id)
);

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
  holder uuid,
  fifo_key uuid,
  CONSTRAINT delivery_queue_pkey PRIMARY KEY (endpoint_id, id),
  CONSTRAINT delivery_queue_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'held'::text])))
) WITH (fillfactor=90, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=20000, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=200000, autovacuum_analyze_scale_factor=0, autovacuum_analyze_threshold=100000, autovacuum_vacuum_cost_delay=0);
CREATE INDEX delivery_queue_due ON public.delivery_queue USING btree (endpoint_id, due_at) WHERE (state = 'pending'::text);
CREATE INDEX delivery_queue_fifo ON public.delivery_queue USING btree (endpoint_id, fifo_key) WHERE (fifo_key IS NOT NULL);

CREATE TABLE discovery_finds (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  job_id uuid NOT NULL,
  campaign_id uuid,
  lead_id uuid,
  contact_id uuid NOT NULL,
  source text NOT NULL,
  source_name text NOT NULL,
  external_id text NOT NULL,
  url text,
  licence text,
  outcome text NOT NULL,
  score smallint NOT NULL,
  reasons jsonb NOT NULL,
  found_at timestamp with time zone NOT NULL,
  CONSTRAINT discovery_finds_pkey PRIMARY KEY (id),
  CONSTRAINT discovery_finds_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);
CREATE INDEX discovery_finds_contact ON public.discovery_finds USING btree (contact_id, id);
CREATE INDEX discovery_finds_external ON public.discovery_finds USING btree (organization_id, source, external_id);
CREATE INDEX discovery_finds_job ON public.discovery_finds USING btree (job_id, id);
CREATE UNIQUE INDEX discovery_finds_once ON public.discovery_finds USING btree (job_id, source, external_id);
CREATE INDEX discovery_finds_workspace ON public.discovery_finds USING btree (workspace_id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE discovery_hosts (
  host text NOT NULL,
  next_at timestamp with time zone NOT NULL,
  CONSTRAINT discovery_hosts_pkey PRIMARY KEY (host)
);
CREATE INDEX discovery_hosts_next ON public.discovery_hosts USING btree (next_at);

CREATE TABLE discovery_jobs (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  is_wide boolean NOT NULL,
  campaign_id uuid,
  icp jsonb NOT NULL,
  max_leads integer NOT NULL,
  lawful_basis text,
  lawful_basis_source text,
  sources jsonb NOT NULL,
  status text NOT NULL,
  error text,
  source integer NOT NULL DEFAULT 0,
  cursor text,
  counts jsonb NOT NULL,
  problems jsonb NOT NULL DEFAULT '[]'::jsonb,
  faults smallint NOT NULL DEFAULT 0,
  lease uuid,
  due_at timestamp with time zone NOT NULL,
  is_remote boolean NOT NULL,
  created_by uuid,
  created_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone,
  waiting text,
  CONSTRAINT discovery_jobs_pkey PRIMARY KEY (id),
  CONSTRAINT discovery_jobs_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id) ON DELETE CASCADE,
  CONSTRAINT discovery_jobs_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT discovery_jobs_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'completed'::text, 'failed'::text, 'cancelled'::text])))
);
CREATE INDEX discovery_jobs_campaign ON public.discovery_jobs USING btree (campaign_id) WHERE (campaign_id IS NOT NULL);
CREATE INDEX discovery_jobs_finished ON public.discovery_jobs USING btree (finished_at) WHERE (finished_at IS NOT NULL);
CREATE INDEX discovery_jobs_organization ON public.discovery_jobs USING btree (organization_id, id);
CREATE INDEX discovery_jobs_unfinished ON public.discovery_jobs USING btree (organization_id, due_at) WHERE (finished_at IS NULL);
CREATE INDEX discovery_jobs_workspace ON public.discovery_jobs USING btree (workspace_id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE discovery_providers (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  name text NOT NULL,
  settings jsonb NOT NULL,
  secret bytea,
  used_day date,
  used integer NOT NULL DEFAULT 0,
  used_minute timestamp with time zone,
  minute_used integer NOT NULL DEFAULT 0,
  problem text,
  problem_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT discovery_providers_pkey PRIMARY KEY (id),
  CONSTRAINT discovery_providers_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);
CREATE INDEX discovery_providers_organization ON public.discovery_providers USING btree (organization_id, id);
CREATE INDEX discovery_providers_workspace ON public.discovery_providers USING btree (workspace_id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE domain_bounces (
  organization_id uuid NOT NULL,
  domain text NOT NULL,
  immediate bigint NOT NULL,
  late bigint NOT NULL,
  CONSTRAINT domain_bounces_pkey PRIMARY KEY (organization_id, domain),
  CONSTRAINT domain_bounces_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);

CREATE TABLE domain_checks (
  organization_id uuid NOT NULL,
  domain text NOT NULL,
  id uuid NOT NULL,
  result jsonb NOT NULL,
  first_seen_at timestamp with time zone NOT NULL,
  last_seen_at timestamp with time zone NOT NULL,
  CONSTRAINT domain_checks_pkey PRIMARY KEY (organization_id, domain, id),
  CONSTRAINT domain_checks_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);

CREATE TABLE domain_keys (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  domain text NOT NULL,
  selector text NOT NULL,
  public_key text NOT NULL,
  private_key bytea NOT NULL,
  verified_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT domain_keys_pkey PRIMARY KEY (id),
  CONSTRAINT domain_keys_organization_id_domain_selector_key UNIQUE (organization_id, domain, selector),
  CONSTRAINT domain_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT domain_keys_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
);

CREATE TABLE domain_selectors (
  organization_id uuid NOT NULL,
  domain text NOT NULL,
  selector text NOT NULL,
  seen_at timestamp with time zone NOT NULL,
  CONSTRAINT domain_selectors_pkey PRIMARY KEY (organization_id, domain, selector),
  CONSTRAINT domain_selectors_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);

CREATE TABLE endpoint_health (
  endpoint_id uuid NOT NULL,
  consecutive_failures integer NOT NULL,
  last_delivered_at timestamp with time zone,
  last_failed_at timestamp with time zone,
  last_error text,
  failing_since timestamp with time zone,
  reported_at timestamp with time zone,
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
  rate_limit_per_second double precision,
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
  sign_with text NOT NULL DEFAULT 'new'::text,
  tls jsonb,
  tls_sealed bytea,
  tls_expires_at timestamp with time zone,
  oauth_client jsonb,
  oauth_secret_sealed bytea,
  body_template text,
  content_type text,
  fifo_from uuid,
  CONSTRAINT endpoints_pkey PRIMARY KEY (id),
  CONSTRAINT endpoints_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT endpoints_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  CONSTRAINT endpoints_ordering_check CHECK ((ordering = ANY (ARRAY['none'::text, 'fifo'::text]))),
  CONSTRAINT endpoints_sign_with_check CHECK ((sign_with = ANY (ARRAY['old'::text, 'new'::text]))),
  CONSTRAINT endpoints_signing_check CHECK ((signing = ANY (ARRAY['hmac'::text, 'ed25519'::text]))),
  CONSTRAINT endpoints_transport_check CHECK ((transport = ANY (ARRAY['push'::text, 'pull'::text])))
);
CREATE INDEX endpoints_epoch ON public.endpoints USING btree (epoch);
CREATE UNIQUE INDEX endpoints_number ON public.endpoints USING btree (organization_id, number);
CREATE INDEX endpoints_organization ON public.endpoints USING btree (organization_id, id);
CREATE INDEX endpoints_tls_expiry ON public.endpoints USING btree (tls_expires_at) WHERE (tls_expires_at IS NOT NULL);
CREATE INDEX endpoints_updated ON public.endpoints USING btree (organization_id, updated_at, id) WHERE (deleted_at IS NULL);
CREATE INDEX endpoints_workspace ON public.endpoints USING btree (organization_id, workspace_id, id);

CREATE TABLE erasures (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  hash bytea,
  needles_sealed bytea,
  state text NOT NULL,
  round smallint NOT NULL,
  stage text NOT NULL,
  position text NOT NULL,
  events bigint NOT NULL,
  attempts bigint NOT NULL,
  others bigint NOT NULL,
  due_at timestamp with time zone NOT NULL,
  created_by uuid,
  created_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone,
  CONSTRAINT erasures_pkey PRIMARY KEY (id),
  CONSTRAINT erasures_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT erasures_state_check CHECK ((state = ANY (ARRAY['running'::text, 'completed'::text])))
);
CREATE INDEX erasures_organization ON public.erasures USING btree (organization_id, id);
CREATE INDEX erasures_running ON public.erasures USING btree (due_at, id) WHERE (state = 'running'::text);

CREATE TABLE event_retention (
  organization_id uuid NOT NULL,
  pattern text NOT NULL,
  days integer NOT NULL,
  position uuid NOT NULL,
  CONSTRAINT event_retention_pkey PRIMARY KEY (organization_id, pattern),
  CONSTRAINT event_retention_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT event_retention_days_check CHECK ((days > 0))
);

CREATE TABLE event_retention_later (
  organization_id uuid NOT NULL,
  pattern text NOT NULL,
  deliver_at timestamp with time zone NOT NULL,
  event_id uuid NOT NULL,
  CONSTRAINT event_retention_later_pkey PRIMARY KEY (organization_id, pattern, deliver_at, event_id),
  CONSTRAINT event_retention_later_organization_id_pattern_fkey FOREIGN KEY (organization_id, pattern) REFERENCES event_retention(organization_id, pattern) ON DELETE CASCADE
);

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
  workspace_id uuid,
  deliver_at timestamp with time zone,
  traceparent text,
  erased_at timestamp with time zone,
  CONSTRAINT events_pkey PRIMARY KEY (organization_id, id)
) PARTITION BY RANGE (id);

CREATE TABLE exchange_actions (
  letter_id uuid NOT NULL,
  kind text NOT NULL,
  mailbox_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  simulated boolean NOT NULL,
  due_at timestamp with time zone,
  tries integer NOT NULL DEFAULT 0,
  done_at timestamp with time zone,
  outcome text,
  CONSTRAINT exchange_actions_pkey PRIMARY KEY (letter_id, kind),
  CONSTRAINT exchange_actions_mailbox_id_fkey FOREIGN KEY (mailbox_id) REFERENCES mailboxes(id),
  CONSTRAINT exchange_actions_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT exchange_actions_kind_check CHECK ((kind = ANY (ARRAY['deliver'::text, 'look'::text, 'move'::text, 'read'::text, 'flag'::text, 'reply'::text, 'file'::text])))
) WITH (fillfactor=70);
CREATE INDEX exchange_actions_due ON public.exchange_actions USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX exchange_actions_mailbox ON public.exchange_actions USING btree (mailbox_id, letter_id);
CREATE INDEX exchange_actions_organization ON public.exchange_actions USING btree (organization_id, due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX exchange_actions_replies ON public.exchange_actions USING btree (mailbox_id) WHERE ((kind = 'reply'::text) AND (due_at IS NULL) AND (done_at IS NULL));

CREATE TABLE exchange_letters (
  message_id uuid NOT NULL,
  mailbox_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  receiver_id uuid NOT NULL,
  receiver_organization_id uuid NOT NULL,
  relation text NOT NULL,
  answers uuid,
  number bigint NOT NULL,
  language text NOT NULL,
  header text NOT NULL,
  delivered_header text,
  provider text NOT NULL,
  begun_at timestamp with time zone NOT NULL,
  sent_at timestamp with time zone,
  failed boolean NOT NULL DEFAULT false,
  placement text,
  found_at timestamp with time zone,
  CONSTRAINT exchange_letters_pkey PRIMARY KEY (message_id),
  CONSTRAINT exchange_letters_mailbox_id_fkey FOREIGN KEY (mailbox_id) REFERENCES mailboxes(id),
  CONSTRAINT exchange_letters_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT exchange_letters_receiver_id_fkey FOREIGN KEY (receiver_id) REFERENCES mailboxes(id),
  CONSTRAINT exchange_letters_receiver_organization_id_fkey FOREIGN KEY (receiver_organization_id) REFERENCES organizations(id),
  CONSTRAINT exchange_letters_placement_check CHECK ((placement = ANY (ARRAY['inbox'::text, 'spam'::text, 'other'::text, 'missing'::text]))),
  CONSTRAINT exchange_letters_relation_check CHECK ((relation = ANY (ARRAY['other_organization'::text, 'same_organization'::text, 'seed'::text])))
) WITH (fillfactor=70);
CREATE INDEX exchange_letters_delivered ON public.exchange_letters USING btree (receiver_id, delivered_header) WHERE (delivered_header IS NOT NULL);
CREATE INDEX exchange_letters_expired ON public.exchange_letters USING btree (begun_at);
CREATE INDEX exchange_letters_open ON public.exchange_letters USING btree (receiver_id, mailbox_id) WHERE (placement IS NULL);
CREATE INDEX exchange_letters_received ON public.exchange_letters USING btree (receiver_id, header);
CREATE INDEX exchange_letters_sent ON public.exchange_letters USING btree (mailbox_id, begun_at);

CREATE TABLE exchange_members (
  mailbox_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  allow_same_organization boolean NOT NULL DEFAULT false,
  allow_other_organizations boolean NOT NULL DEFAULT false,
  letters bigint NOT NULL DEFAULT 0,
  partners integer,
  CONSTRAINT exchange_members_pkey PRIMARY KEY (mailbox_id),
  CONSTRAINT exchange_members_mailbox_id_fkey FOREIGN KEY (mailbox_id) REFERENCES mailboxes(id),
  CONSTRAINT exchange_members_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
) WITH (fillfactor=50);
CREATE INDEX exchange_members_open ON public.exchange_members USING btree (mailbox_id) WHERE allow_other_organizations;

CREATE TABLE exchange_pairs (
  low_id uuid NOT NULL,
  high_id uuid NOT NULL,
  last_at timestamp with time zone NOT NULL,
  CONSTRAINT exchange_pairs_pkey PRIMARY KEY (low_id, high_id),
  CONSTRAINT exchange_pairs_high_id_fkey FOREIGN KEY (high_id) REFERENCES mailboxes(id),
  CONSTRAINT exchange_pairs_low_id_fkey FOREIGN KEY (low_id) REFERENCES mailboxes(id)
);
CREATE INDEX exchange_pairs_expired ON public.exchange_pairs USING btree (last_at);

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

CREATE TABLE import_chunks (
  import_id uuid NOT NULL,
  position bigint NOT NULL,
  bytes bytea NOT NULL,
  CONSTRAINT import_chunks_pkey PRIMARY KEY (import_id, "position"),
  CONSTRAINT import_chunks_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id) ON DELETE CASCADE
);

CREATE TABLE import_contacts (
  import_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  CONSTRAINT import_contacts_pkey PRIMARY KEY (import_id, contact_id),
  CONSTRAINT import_contacts_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id) ON DELETE CASCADE,
  CONSTRAINT import_contacts_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id) ON DELETE CASCADE
);
CREATE INDEX import_contacts_contact ON public.import_contacts USING btree (contact_id);

CREATE TABLE import_errors (
  import_id uuid NOT NULL,
  line bigint NOT NULL,
  email text,
  reason text NOT NULL,
  blanked jsonb,
  CONSTRAINT import_errors_pkey PRIMARY KEY (import_id, line),
  CONSTRAINT import_errors_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id) ON DELETE CASCADE
);

CREATE TABLE imports (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  file_name text,
  mapping jsonb NOT NULL,
  lawful_basis text NOT NULL,
  lawful_basis_source text,
  restore_deleted boolean NOT NULL,
  dry_run boolean NOT NULL,
  source_id uuid,
  source_name text,
  tags text[] NOT NULL,
  state text NOT NULL,
  error text,
  upload_id uuid,
  bytes bigint NOT NULL,
  delimiter text,
  columns jsonb,
  position bigint NOT NULL,
  line bigint NOT NULL,
  rows_read bigint NOT NULL,
  created bigint NOT NULL,
  updated bigint NOT NULL,
  unchanged bigint NOT NULL,
  restored bigint NOT NULL,
  suppressed bigint NOT NULL,
  rejected bigint NOT NULL,
  faults smallint NOT NULL,
  due_at timestamp with time zone NOT NULL,
  created_by uuid,
  created_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone,
  link_company_by text,
  on_bad_value text NOT NULL DEFAULT 'reject'::text,
  date_order text NOT NULL DEFAULT 'ymd'::text,
  decimal_separator text NOT NULL DEFAULT '.'::text,
  blanked bigint NOT NULL DEFAULT 0,
  workspace_id uuid,
  CONSTRAINT imports_pkey PRIMARY KEY (id),
  CONSTRAINT imports_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT imports_source_id_fkey FOREIGN KEY (source_id) REFERENCES sources(id),
  CONSTRAINT imports_date_order_check CHECK ((date_order = ANY (ARRAY['ymd'::text, 'dmy'::text, 'mdy'::text]))),
  CONSTRAINT imports_decimal_separator_check CHECK ((decimal_separator = ANY (ARRAY['.'::text, ','::text]))),
  CONSTRAINT imports_link_company_by_check CHECK ((link_company_by = ANY (ARRAY['name'::text, 'domain'::text]))),
  CONSTRAINT imports_on_bad_value_check CHECK ((on_bad_value = ANY (ARRAY['reject'::text, 'blank'::text]))),
  CONSTRAINT imports_state_check CHECK ((state = ANY (ARRAY['uploading'::text, 'running'::text, 'completed'::text, 'failed'::text, 'cancelled'::text])))
);
CREATE INDEX imports_finished ON public.imports USING btree (finished_at) WHERE (finished_at IS NOT NULL);
CREATE INDEX imports_organization ON public.imports USING btree (organization_id, id);
CREATE INDEX imports_running ON public.imports USING btree (due_at, id) WHERE (state = 'running'::text);
CREATE INDEX imports_source ON public.imports USING btree (source_id) WHERE (source_id IS NOT NULL);
CREATE INDEX imports_unfinished ON public.imports USING btree (organization_id) WHERE (finished_at IS NULL);
CREATE INDEX imports_workspace ON public.imports USING btree (workspace_id, id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE inbound_events (
  organization_id uuid NOT NULL,
  id uuid NOT NULL,
  source_id uuid,
  provider text NOT NULL,
  dedupe_key bytea NOT NULL,
  type text NOT NULL,
  email_id text NOT NULL,
  recipient text,
  occurred_at timestamp with time zone NOT NULL,
  received_at timestamp with time zone NOT NULL,
  payload bytea NOT NULL,
  matched boolean NOT NULL,
  event_id uuid,
  workspace_id uuid,
  CONSTRAINT inbound_events_pkey PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX inbound_events_dedupe ON public.inbound_events USING btree (organization_id, provider, dedupe_key);
CREATE INDEX inbound_events_received ON public.inbound_events USING btree (received_at);

CREATE TABLE inbound_sources (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  provider text NOT NULL,
  name text NOT NULL,
  secret_sealed bytea NOT NULL,
  created_at timestamp with time zone NOT NULL,
  workspace_id uuid,
  CONSTRAINT inbound_sources_pkey PRIMARY KEY (id),
  CONSTRAINT inbound_sources_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);
CREATE INDEX inbound_sources_organization ON public.inbound_sources USING btree (organization_id, id);
CREATE INDEX inbound_sources_workspace ON public.inbound_sources USING btree (workspace_id, id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE inbound_tokens (
  organization_id uuid NOT NULL,
  token_key bytea NOT NULL,
  body_key bytea NOT NULL,
  used_at timestamp with time zone NOT NULL,
  CONSTRAINT inbound_tokens_pkey PRIMARY KEY (organization_id, token_key)
);
CREATE INDEX inbound_tokens_used ON public.inbound_tokens USING btree (used_at);

CREATE TABLE installation (
  key text NOT NULL,
  value jsonb NOT NULL,
  CONSTRAINT installation_pkey PRIMARY KEY (key)
);

CREATE TABLE lead_additions (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  filter jsonb NOT NULL,
  after uuid NOT NULL,
  added bigint NOT NULL DEFAULT 0,
  skipped bigint NOT NULL DEFAULT 0,
  due_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone,
  segment_id uuid,
  follows boolean NOT NULL DEFAULT false,
  rounds integer NOT NULL DEFAULT 0,
  round_started_at timestamp with time zone,
  workspace_id uuid,
  CONSTRAINT lead_additions_pkey PRIMARY KEY (id),
  CONSTRAINT lead_additions_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id) ON DELETE CASCADE,
  CONSTRAINT lead_additions_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);
CREATE INDEX lead_additions_campaign ON public.lead_additions USING btree (campaign_id, id);
CREATE INDEX lead_additions_unfinished ON public.lead_additions USING btree (due_at, id) WHERE (finished_at IS NULL);

CREATE TABLE lead_history (
  lead_id uuid NOT NULL,
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  kind text NOT NULL,
  from_status text,
  to_status text NOT NULL,
  detail jsonb NOT NULL,
  at timestamp with time zone NOT NULL,
  CONSTRAINT lead_history_pkey PRIMARY KEY (lead_id, id),
  CONSTRAINT lead_history_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES campaign_leads(id) ON DELETE CASCADE,
  CONSTRAINT lead_history_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);

CREATE TABLE lead_keys (
  lead_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  email_key text NOT NULL,
  contact_id uuid,
  company_key text,
  CONSTRAINT lead_keys_pkey PRIMARY KEY (lead_id),
  CONSTRAINT lead_keys_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES campaign_leads(id) ON DELETE CASCADE,
  CONSTRAINT lead_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);
CREATE INDEX lead_keys_campaign ON public.lead_keys USING btree (campaign_id, lead_id);
CREATE INDEX lead_keys_company ON public.lead_keys USING btree (company_key, organization_id, campaign_id) INCLUDE (lead_id) WHERE (company_key IS NOT NULL);
CREATE INDEX lead_keys_contact ON public.lead_keys USING btree (contact_id) WHERE (contact_id IS NOT NULL);
CREATE UNIQUE INDEX lead_keys_email ON public.lead_keys USING btree (email_key, campaign_id) INCLUDE (organization_id, lead_id);

CREATE TABLE lifted_suppressions (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  suppression_id uuid NOT NULL,
  value text NOT NULL,
  reason text NOT NULL,
  message_id uuid,
  created_at timestamp with time zone NOT NULL,
  lifted_by uuid,
  lifted_at timestamp with time zone NOT NULL,
  CONSTRAINT lifted_suppressions_pkey PRIMARY KEY (id),
  CONSTRAINT lifted_suppressions_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);
CREATE INDEX lifted_suppressions_value ON public.lifted_suppressions USING btree (organization_id, value);
CREATE INDEX lifted_suppressions_workspace ON public.lifted_suppressions USING btree (workspace_id, id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE mailbox_days (
  mailbox_id uuid NOT NULL,
  day date NOT NULL,
  organization_id uuid NOT NULL,
  sent bigint NOT NULL DEFAULT 0,
  refused bigint NOT NULL DEFAULT 0,
  deferred bigint NOT NULL DEFAULT 0,
  bounced bigint NOT NULL DEFAULT 0,
  bounced_soft bigint NOT NULL DEFAULT 0,
  complained bigint NOT NULL DEFAULT 0,
  warmup_sent bigint NOT NULL DEFAULT 0,
  inboxed bigint NOT NULL DEFAULT 0,
  spam bigint NOT NULL DEFAULT 0,
  other bigint NOT NULL DEFAULT 0,
  missing bigint NOT NULL DEFAULT 0,
  received bigint NOT NULL DEFAULT 0,
  rescued bigint NOT NULL DEFAULT 0,
  warmup_replied bigint NOT NULL DEFAULT 0,
  score smallint,
  CONSTRAINT mailbox_days_pkey PRIMARY KEY (mailbox_id, day),
  CONSTRAINT mailbox_days_mailbox_id_fkey FOREIGN KEY (mailbox_id) REFERENCES mailboxes(id),
  CONSTRAINT mailbox_days_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
) WITH (fillfactor=50);

CREATE TABLE mailbox_folders (
  id uuid NOT NULL,
  mailbox_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  path text NOT NULL,
  role text,
  uidvalidity bigint,
  last_uid bigint,
  last_internal_at timestamp with time zone,
  failures integer NOT NULL DEFAULT 0,
  retry_at timestamp with time zone,
  CONSTRAINT mailbox_folders_pkey PRIMARY KEY (id),
  CONSTRAINT mailbox_folders_mailbox_id_path_key UNIQUE (mailbox_id, path),
  CONSTRAINT mailbox_folders_mailbox_id_fkey FOREIGN KEY (mailbox_id) REFERENCES mailboxes(id),
  CONSTRAINT mailbox_folders_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT mailbox_folders_role_check CHECK ((role = ANY (ARRAY['inbox'::text, 'sent'::text, 'junk'::text, 'archive'::text, 'all'::text, 'drafts'::text, 'trash'::text])))
);

CREATE TABLE mailbox_health (
  mailbox_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  score smallint,
  band text,
  since timestamp with time zone NOT NULL,
  counts_from timestamp with time zone,
  parts jsonb,
  weakest text,
  measured_at timestamp with time zone,
  dns_read_at timestamp with time zone,
  due_at timestamp with time zone NOT NULL,
  CONSTRAINT mailbox_health_pkey PRIMARY KEY (mailbox_id),
  CONSTRAINT mailbox_health_mailbox_id_fkey FOREIGN KEY (mailbox_id) REFERENCES mailboxes(id),
  CONSTRAINT mailbox_health_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT mailbox_health_band_check CHECK ((band = ANY (ARRAY['healthy'::text, 'watch'::text, 'quarantine'::text, 'blocked'::text])))
) WITH (fillfactor=50);
CREATE INDEX mailbox_health_due ON public.mailbox_health USING btree (due_at);
CREATE INDEX mailbox_health_organization ON public.mailbox_health USING btree (organization_id, due_at);

CREATE TABLE mailbox_history (
  mailbox_id uuid NOT NULL,
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  from_status text,
  to_status text NOT NULL,
  reason text,
  at timestamp with time zone NOT NULL,
  CONSTRAINT mailbox_history_pkey PRIMARY KEY (mailbox_id, id),
  CONSTRAINT mailbox_history_mailbox_id_fkey FOREIGN KEY (mailbox_id) REFERENCES mailboxes(id),
  CONSTRAINT mailbox_history_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);

CREATE TABLE mailbox_hosts (
  organization_id uuid NOT NULL,
  host text NOT NULL,
  failures integer NOT NULL,
  open_until timestamp with time zone,
  CONSTRAINT mailbox_hosts_pkey PRIMARY KEY (organization_id, host),
  CONSTRAINT mailbox_hosts_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);

CREATE TABLE mailbox_pace (
  mailbox_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  next_at timestamp with time zone,
  blocked_reason text,
  last_sent_at timestamp with time zone,
  slot bigint NOT NULL DEFAULT 0,
  rest_until timestamp with time zone,
  rest_reason text,
  reduced_limit integer,
  reduced_until timestamp with time zone,
  reached jsonb NOT NULL DEFAULT '{}'::jsonb,
  holder uuid,
  governed_limit integer,
  CONSTRAINT mailbox_pace_pkey PRIMARY KEY (mailbox_id),
  CONSTRAINT mailbox_pace_mailbox_id_fkey FOREIGN KEY (mailbox_id) REFERENCES mailboxes(id),
  CONSTRAINT mailbox_pace_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
) WITH (fillfactor=50);
CREATE INDEX mailbox_pace_due ON public.mailbox_pace USING btree (next_at) WHERE ((next_at IS NOT NULL) AND (holder IS NULL));
CREATE INDEX mailbox_pace_holder ON public.mailbox_pace USING btree (holder) WHERE (holder IS NOT NULL);
CREATE INDEX mailbox_pace_organization ON public.mailbox_pace USING btree (organization_id);

CREATE TABLE mailbox_sync (
  mailbox_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  holder uuid,
  server text,
  due_at timestamp with time zone,
  extra_until timestamp with time zone,
  CONSTRAINT mailbox_sync_pkey PRIMARY KEY (mailbox_id),
  CONSTRAINT mailbox_sync_mailbox_id_fkey FOREIGN KEY (mailbox_id) REFERENCES mailboxes(id),
  CONSTRAINT mailbox_sync_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
) WITH (fillfactor=50);
CREATE INDEX mailbox_sync_due ON public.mailbox_sync USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX mailbox_sync_holder ON public.mailbox_sync USING btree (holder) WHERE (holder IS NOT NULL);

CREATE TABLE mailboxes (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  email text NOT NULL,
  email_key text NOT NULL,
  domain text NOT NULL,
  display_name text,
  provider text NOT NULL,
  sandbox boolean NOT NULL,
  smtp jsonb,
  imap jsonb,
  credentials bytea,
  token_expires_at timestamp with time zone,
  status text NOT NULL,
  status_reason text,
  status_changed_at timestamp with time zone NOT NULL,
  smtp_failing jsonb,
  imap_failing jsonb,
  daily_limit integer NOT NULL,
  gap_min_seconds integer NOT NULL,
  gap_max_seconds integer NOT NULL,
  max_hourly_per_domain integer NOT NULL,
  timezone text NOT NULL,
  work_hours jsonb NOT NULL,
  signature text,
  reply_to text,
  tracking_domain text,
  saves_sent boolean,
  created_by uuid,
  connected_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone,
  role text NOT NULL DEFAULT 'sender'::text,
  CONSTRAINT mailboxes_pkey PRIMARY KEY (id),
  CONSTRAINT mailboxes_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT mailboxes_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  CONSTRAINT mailboxes_provider_check CHECK ((provider = ANY (ARRAY['smtp'::text, 'google'::text, 'microsoft'::text, 'capture'::text]))),
  CONSTRAINT mailboxes_role_check CHECK ((role = ANY (ARRAY['sender'::text, 'seed'::text]))),
  CONSTRAINT mailboxes_status_check CHECK ((status = ANY (ARRAY['connecting'::text, 'connected'::text, 'degraded'::text, 'auth_failed'::text, 'disconnected'::text, 'paused'::text])))
);
CREATE UNIQUE INDEX mailboxes_email ON public.mailboxes USING btree (organization_id, email_key) WHERE (deleted_at IS NULL);
CREATE INDEX mailboxes_organization ON public.mailboxes USING btree (organization_id, id) WHERE (deleted_at IS NULL);
CREATE INDEX mailboxes_status ON public.mailboxes USING btree (status) WHERE (deleted_at IS NULL);
CREATE INDEX mailboxes_workspace ON public.mailboxes USING btree (workspace_id, id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE meeting_keys (
  organization_id uuid NOT NULL,
  key bytea NOT NULL,
  meeting_id uuid NOT NULL,
  CONSTRAINT meeting_keys_pkey PRIMARY KEY (organization_id, key),
  CONSTRAINT meeting_keys_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES meetings(id) ON DELETE CASCADE,
  CONSTRAINT meeting_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);
CREATE INDEX meeting_keys_meeting ON public.meeting_keys USING btree (meeting_id);

CREATE TABLE meetings (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  source text NOT NULL,
  source_id uuid,
  status text NOT NULL,
  campaign_id uuid,
  lead_id uuid,
  contact_id uuid,
  party_key text NOT NULL,
  starts_at timestamp with time zone NOT NULL,
  ends_at timestamp with time zone,
  details bytea NOT NULL,
  reported_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT meetings_pkey PRIMARY KEY (id),
  CONSTRAINT meetings_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT meetings_status_check CHECK ((status = ANY (ARRAY['booked'::text, 'cancelled'::text])))
);
CREATE INDEX meetings_campaign ON public.meetings USING btree (campaign_id, id) WHERE (campaign_id IS NOT NULL);
CREATE INDEX meetings_contact ON public.meetings USING btree (contact_id) WHERE (contact_id IS NOT NULL);
CREATE INDEX meetings_lead ON public.meetings USING btree (lead_id) WHERE (lead_id IS NOT NULL);
CREATE INDEX meetings_organization ON public.meetings USING btree (organization_id, id);
CREATE INDEX meetings_party ON public.meetings USING btree (organization_id, party_key);
CREATE INDEX meetings_workspace ON public.meetings USING btree (workspace_id, id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE merge_pieces (
  merge_id uuid NOT NULL,
  kind text NOT NULL,
  number integer NOT NULL,
  ids uuid[] NOT NULL,
  state jsonb,
  CONSTRAINT merge_pieces_pkey PRIMARY KEY (merge_id, kind, number),
  CONSTRAINT merge_pieces_merge_id_fkey FOREIGN KEY (merge_id) REFERENCES merges(id) ON DELETE CASCADE
);

CREATE TABLE merges (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  entity text NOT NULL,
  into_id uuid NOT NULL,
  from_id uuid NOT NULL,
  snapshot jsonb,
  filled jsonb,
  changed text[] NOT NULL,
  moved jsonb NOT NULL,
  created_by uuid,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  undone_at timestamp with time zone,
  undo_id uuid,
  CONSTRAINT merges_pkey PRIMARY KEY (id),
  CONSTRAINT merges_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT merges_entity_check CHECK ((entity = ANY (ARRAY['contact'::text, 'company'::text])))
);
CREATE INDEX merges_expiry ON public.merges USING btree (expires_at) WHERE (snapshot IS NOT NULL);
CREATE UNIQUE INDEX merges_from ON public.merges USING btree (from_id) WHERE (undone_at IS NULL);
CREATE INDEX merges_into ON public.merges USING btree (into_id, id);
CREATE INDEX merges_organization ON public.merges USING btree (organization_id, id);
CREATE INDEX merges_workspace ON public.merges USING btree (workspace_id, id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE message_history (
  message_id uuid NOT NULL,
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  kind text NOT NULL,
  detail jsonb NOT NULL,
  at timestamp with time zone NOT NULL,
  CONSTRAINT message_history_pkey PRIMARY KEY (message_id, id),
  CONSTRAINT message_history_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id) ON DELETE CASCADE,
  CONSTRAINT message_history_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);

CREATE TABLE message_links (
  message_id uuid NOT NULL,
  number smallint NOT NULL,
  organization_id uuid NOT NULL,
  url text NOT NULL,
  CONSTRAINT message_links_pkey PRIMARY KEY (message_id, number),
  CONSTRAINT message_links_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id) ON DELETE CASCADE,
  CONSTRAINT message_links_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);

CREATE TABLE message_raws (
  message_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  raw bytea NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT message_raws_pkey PRIMARY KEY (message_id),
  CONSTRAINT message_raws_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id) ON DELETE CASCADE,
  CONSTRAINT message_raws_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);
CREATE INDEX message_raws_created ON public.message_raws USING btree (created_at);

CREATE TABLE messages (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  mailbox_id uuid NOT NULL,
  direction text NOT NULL,
  status text,
  purpose text NOT NULL,
  priority smallint NOT NULL DEFAULT 0,
  campaign_id uuid,
  lead_id uuid,
  contact_id uuid,
  step integer,
  variant text,
  reply_to_id uuid,
  message_id text NOT NULL,
  delivered_message_id text,
  in_reply_to text,
  from_address text NOT NULL,
  to_address text NOT NULL,
  party_key text NOT NULL,
  party_domain text NOT NULL,
  content bytea NOT NULL,
  due_at timestamp with time zone,
  blocked_reason text,
  attempts integer NOT NULL DEFAULT 0,
  deferrals integer NOT NULL DEFAULT 0,
  holder uuid,
  reconcile_at timestamp with time zone,
  reconciled integer NOT NULL DEFAULT 0,
  error text,
  idempotency_key bytea,
  idempotency_request bytea,
  created_by uuid,
  created_at timestamp with time zone NOT NULL,
  sent_at timestamp with time zone,
  folder_id uuid,
  uidvalidity bigint,
  uid bigint,
  step_id uuid,
  send_key uuid,
  opened_at timestamp with time zone,
  clicked_at timestamp with time zone,
  full_at timestamp with time zone,
  topic_id uuid,
  updated_at timestamp with time zone DEFAULT date_trunc('milliseconds'::text, now()),
  CONSTRAINT messages_pkey PRIMARY KEY (id),
  CONSTRAINT messages_mailbox_id_fkey FOREIGN KEY (mailbox_id) REFERENCES mailboxes(id),
  CONSTRAINT messages_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT messages_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  CONSTRAINT messages_direction_check CHECK ((direction = ANY (ARRAY['outbound'::text, 'inbound'::text]))),
  CONSTRAINT messages_priority_check CHECK (((priority >= 0) AND (priority <= 3))),
  CONSTRAINT messages_purpose_check CHECK ((purpose = ANY (ARRAY['direct'::text, 'campaign'::text, 'warmup'::text, 'self_test'::text, 'received'::text]))),
  CONSTRAINT messages_status_check CHECK ((status = ANY (ARRAY['claimed'::text, 'sending'::text, 'sent'::text, 'delivered'::text, 'deferred'::text, 'bounced'::text, 'failed'::text, 'unknown'::text, 'not_found'::text])))
) WITH (fillfactor=80);
CREATE INDEX messages_answers ON public.messages USING btree (organization_id, workspace_id) WHERE ((purpose = 'direct'::text) AND (reply_to_id IS NOT NULL));
CREATE INDEX messages_campaign ON public.messages USING btree (campaign_id, id) WHERE (campaign_id IS NOT NULL);
CREATE INDEX messages_campaign_waiting ON public.messages USING btree (campaign_id) WHERE ((campaign_id IS NOT NULL) AND (status = ANY (ARRAY['claimed'::text, 'deferred'::text])));
CREATE INDEX messages_changed ON public.messages USING btree (organization_id, COALESCE(updated_at, sent_at, created_at), id);
CREATE INDEX messages_contact ON public.messages USING btree (contact_id, id) WHERE (contact_id IS NOT NULL);
CREATE INDEX messages_delivered_message_id ON public.messages USING btree (organization_id, delivered_message_id) WHERE (delivered_message_id IS NOT NULL);
CREATE INDEX messages_full ON public.messages USING btree (organization_id, party_key, full_at) WHERE (full_at IS NOT NULL);
CREATE INDEX messages_holder ON public.messages USING btree (holder) WHERE (holder IS NOT NULL);
CREATE UNIQUE INDEX messages_idempotency ON public.messages USING btree (organization_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);
CREATE INDEX messages_lead ON public.messages USING btree (lead_id, id) WHERE (lead_id IS NOT NULL);
CREATE INDEX messages_mailbox ON public.messages USING btree (mailbox_id, id);
CREATE UNIQUE INDEX messages_message_id ON public.messages USING btree (organization_id, message_id) WHERE (direction = 'outbound'::text);
CREATE INDEX messages_organization ON public.messages USING btree (organization_id, id);
CREATE INDEX messages_party ON public.messages USING btree (organization_id, party_key);
CREATE UNIQUE INDEX messages_received_id ON public.messages USING btree (mailbox_id, message_id) WHERE (direction = 'inbound'::text);
CREATE UNIQUE INDEX messages_received_uid ON public.messages USING btree (mailbox_id, folder_id, uidvalidity, uid) WHERE (folder_id IS NOT NULL);
CREATE INDEX messages_reply_to ON public.messages USING btree (reply_to_id) WHERE (reply_to_id IS NOT NULL);
CREATE UNIQUE INDEX messages_send_key ON public.messages USING btree (send_key) WHERE (send_key IS NOT NULL);
CREATE INDEX messages_slots_mailbox ON public.messages USING btree (mailbox_id, party_domain, due_at) WHERE ((status = ANY (ARRAY['claimed'::text, 'deferred'::text])) AND (blocked_reason = ANY (ARRAY['domain_hourly_limit'::text, 'organization_limit'::text])));
CREATE INDEX messages_slots_organization ON public.messages USING btree (organization_id, party_domain, due_at) WHERE ((status = ANY (ARRAY['claimed'::text, 'deferred'::text])) AND (blocked_reason = ANY (ARRAY['domain_hourly_limit'::text, 'organization_limit'::text])));
CREATE INDEX messages_unknown ON public.messages USING btree (reconcile_at) WHERE (reconcile_at IS NOT NULL);
CREATE INDEX messages_waiting ON public.messages USING btree (mailbox_id, priority, due_at, id) WHERE (status = ANY (ARRAY['claimed'::text, 'deferred'::text]));

CREATE TABLE oauth_states (
  state_hash bytea NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  key_id uuid NOT NULL,
  provider text NOT NULL,
  verifier bytea NOT NULL,
  settings jsonb NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT oauth_states_pkey PRIMARY KEY (state_hash),
  CONSTRAINT oauth_states_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT oauth_states_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
);
CREATE INDEX oauth_states_expiry ON public.oauth_states USING btree (expires_at);

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
  tag text NOT NULL DEFAULT new_organization_tag(),
  clock_ahead_ms bigint NOT NULL DEFAULT 0,
  clock_target_ms bigint,
  daily_send_limit integer,
  CONSTRAINT organizations_pkey PRIMARY KEY (id),
  CONSTRAINT organizations_live_organization_id_key UNIQUE (live_organization_id),
  CONSTRAINT organizations_slug_key UNIQUE (slug),
  CONSTRAINT organizations_tag UNIQUE (tag),
  CONSTRAINT organizations_live_organization_id_fkey FOREIGN KEY (live_organization_id) REFERENCES organizations(id),
  CONSTRAINT organizations_daily_send_limit_check CHECK ((daily_send_limit > 0)),
  CONSTRAINT organizations_plan_check CHECK ((plan = ANY (ARRAY['free'::text, 'starter'::text, 'growth'::text, 'scale'::text, 'enterprise'::text, 'unlimited'::text]))),
  CONSTRAINT organizations_slug_check CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text))
);
CREATE INDEX organizations_clock ON public.organizations USING btree (id) WHERE (clock_target_ms IS NOT NULL);

CREATE TABLE portal_brands (
  organization_id uuid NOT NULL,
  name text NOT NULL,
  color text NOT NULL,
  logo text,
  CONSTRAINT portal_brands_pkey PRIMARY KEY (organization_id),
  CONSTRAINT portal_brands_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);

CREATE TABLE portal_links (
  token_hash bytea NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  created_by uuid NOT NULL,
  session_seconds integer NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT portal_links_pkey PRIMARY KEY (token_hash),
  CONSTRAINT portal_links_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT portal_links_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);
CREATE INDEX portal_links_expiry ON public.portal_links USING btree (expires_at);
CREATE INDEX portal_links_workspace ON public.portal_links USING btree (workspace_id);

CREATE UNLOGGED TABLE processes (
  id uuid NOT NULL,
  roles text[] NOT NULL,
  seen_at timestamp with time zone NOT NULL,
  CONSTRAINT processes_pkey PRIMARY KEY (id)
);

CREATE TABLE project_contacts (
  project_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT project_contacts_pkey PRIMARY KEY (project_id, contact_id),
  CONSTRAINT project_contacts_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id) ON DELETE CASCADE,
  CONSTRAINT project_contacts_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE
);
CREATE INDEX project_contacts_contact ON public.project_contacts USING btree (contact_id);

CREATE TABLE projects (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  name text NOT NULL,
  description text,
  stage text NOT NULL,
  company_id uuid,
  assigned_to uuid,
  assigned_name text,
  value bigint,
  start_date date,
  end_date date,
  is_retainer boolean NOT NULL,
  renewal_date date,
  notes text,
  tags text[] NOT NULL,
  custom_fields jsonb NOT NULL,
  created_by uuid,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  search text NOT NULL,
  workspace_id uuid,
  CONSTRAINT projects_pkey PRIMARY KEY (id),
  CONSTRAINT projects_company_id_fkey FOREIGN KEY (company_id) REFERENCES companies(id) ON DELETE SET NULL,
  CONSTRAINT projects_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT projects_stage_check CHECK ((stage = ANY (ARRAY['proposal'::text, 'active'::text, 'review'::text, 'complete'::text, 'archived'::text])))
);
CREATE INDEX projects_assigned ON public.projects USING btree (assigned_to, id) WHERE (assigned_to IS NOT NULL);
CREATE INDEX projects_company ON public.projects USING btree (company_id, id) WHERE (company_id IS NOT NULL);
CREATE INDEX projects_organization ON public.projects USING btree (organization_id, id);
CREATE INDEX projects_search ON public.projects USING gin (search gin_trgm_ops);
CREATE INDEX projects_stage ON public.projects USING btree (organization_id, stage, id);
CREATE INDEX projects_tags ON public.projects USING gin (tags);
CREATE INDEX projects_unfolded ON public.projects USING btree (id) WHERE ("right"(search, 1) <> chr(31));
CREATE INDEX projects_updated ON public.projects USING btree (organization_id, updated_at, id);
CREATE INDEX projects_workspace ON public.projects USING btree (workspace_id, id) WHERE (workspace_id IS NOT NULL);

CREATE UNLOGGED TABLE rate_limit_windows (
  subject text NOT NULL,
  window_start timestamp with time zone NOT NULL,
  taken integer NOT NULL,
  CONSTRAINT rate_limit_windows_pkey PRIMARY KEY (subject, window_start)
);

CREATE TABLE recipient_domains (
  domain text NOT NULL,
  kind text NOT NULL,
  provider text,
  checked_at timestamp with time zone NOT NULL,
  probed_at timestamp with time zone,
  random_recipient text,
  random_at timestamp with time zone,
  CONSTRAINT recipient_domains_pkey PRIMARY KEY (domain)
);

CREATE TABLE record_counts (
  organization_id uuid NOT NULL,
  entity text NOT NULL,
  shard smallint NOT NULL,
  count bigint NOT NULL,
  CONSTRAINT record_counts_pkey PRIMARY KEY (organization_id, entity, shard),
  CONSTRAINT record_counts_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
) WITH (fillfactor=50);

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

CREATE TABLE replies (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  mailbox_id uuid NOT NULL,
  campaign_id uuid,
  lead_id uuid,
  contact_id uuid,
  answered_id uuid NOT NULL,
  thread_id uuid NOT NULL,
  from_key text NOT NULL,
  classification text NOT NULL,
  confidence real NOT NULL,
  source text NOT NULL,
  match_by text NOT NULL,
  match_confidence real NOT NULL,
  return_date date,
  details bytea NOT NULL,
  counted boolean NOT NULL DEFAULT false,
  is_read boolean NOT NULL DEFAULT false,
  is_starred boolean NOT NULL DEFAULT false,
  received_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  referral_key bytea,
  CONSTRAINT replies_pkey PRIMARY KEY (id),
  CONSTRAINT replies_id_fkey FOREIGN KEY (id) REFERENCES messages(id) ON DELETE CASCADE,
  CONSTRAINT replies_mailbox_id_fkey FOREIGN KEY (mailbox_id) REFERENCES mailboxes(id),
  CONSTRAINT replies_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT replies_classification_check CHECK ((classification = ANY (ARRAY['interested'::text, 'meeting_request'::text, 'question'::text, 'not_now'::text, 'not_interested'::text, 'wrong_person'::text, 'left_company'::text, 'unsubscribe_request'::text, 'out_of_office'::text, 'auto_reply'::text, 'hostile'::text, 'unknown'::text]))),
  CONSTRAINT replies_source_check CHECK ((source = ANY (ARRAY['rules'::text, 'model'::text, 'assistant'::text, 'person'::text])))
);
CREATE INDEX replies_campaign ON public.replies USING btree (campaign_id, received_at, id) WHERE (campaign_id IS NOT NULL);
CREATE INDEX replies_classification ON public.replies USING btree (organization_id, classification, received_at, id);
CREATE INDEX replies_contact ON public.replies USING btree (contact_id, received_at, id) WHERE (contact_id IS NOT NULL);
CREATE INDEX replies_from ON public.replies USING btree (organization_id, from_key, received_at, id);
CREATE INDEX replies_lead ON public.replies USING btree (lead_id, received_at, id) WHERE (lead_id IS NOT NULL);
CREATE INDEX replies_mailbox ON public.replies USING btree (mailbox_id, received_at, id);
CREATE INDEX replies_organization ON public.replies USING btree (organization_id, received_at, id);
CREATE INDEX replies_referral ON public.replies USING btree (organization_id, referral_key) WHERE (referral_key <> '\x'::bytea);
CREATE INDEX replies_sender ON public.replies USING gin (from_key gin_trgm_ops);
CREATE INDEX replies_starred ON public.replies USING btree (organization_id, received_at, id) WHERE is_starred;
CREATE INDEX replies_unkeyed ON public.replies USING btree (organization_id, id) WHERE (referral_key IS NULL);
CREATE INDEX replies_unread ON public.replies USING btree (organization_id, received_at, id) WHERE (NOT is_read);
CREATE INDEX replies_updated ON public.replies USING btree (organization_id, updated_at, id);
CREATE INDEX replies_workspace ON public.replies USING btree (workspace_id, classification, received_at, id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE reply_counts (
  organization_id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  classification text NOT NULL,
  total bigint NOT NULL,
  unread bigint NOT NULL,
  CONSTRAINT reply_counts_pkey PRIMARY KEY (organization_id, workspace_id, classification),
  CONSTRAINT reply_counts_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
) WITH (fillfactor=50);

CREATE TABLE schema_migrations (
  number integer NOT NULL,
  name text NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT schema_migrations_pkey PRIMARY KEY (number)
);

CREATE TABLE segments (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  name text NOT NULL,
  entity text NOT NULL,
  filter jsonb NOT NULL,
  count bigint,
  counted_at timestamp with time zone,
  count_after uuid,
  count_so_far bigint NOT NULL DEFAULT 0,
  count_due_at timestamp with time zone,
  created_by uuid,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT segments_pkey PRIMARY KEY (id),
  CONSTRAINT segments_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT segments_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  CONSTRAINT segments_entity_check CHECK ((entity = ANY (ARRAY['contact'::text, 'company'::text])))
);
CREATE INDEX segments_counting ON public.segments USING btree (count_due_at) WHERE (count_due_at IS NOT NULL);
CREATE INDEX segments_organization ON public.segments USING btree (organization_id, id);
CREATE INDEX segments_workspace ON public.segments USING btree (workspace_id, id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE self_tests (
  message_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  mailbox_id uuid NOT NULL,
  token text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  found_at timestamp with time zone,
  result jsonb,
  filed boolean,
  CONSTRAINT self_tests_pkey PRIMARY KEY (message_id),
  CONSTRAINT self_tests_mailbox_id_fkey FOREIGN KEY (mailbox_id) REFERENCES mailboxes(id),
  CONSTRAINT self_tests_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id) ON DELETE CASCADE,
  CONSTRAINT self_tests_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);
CREATE INDEX self_tests_mailbox ON public.self_tests USING btree (mailbox_id, created_at);

CREATE TABLE send_reservations (
  message_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  mailbox_id uuid NOT NULL,
  party_domain text NOT NULL,
  at timestamp with time zone NOT NULL,
  CONSTRAINT send_reservations_pkey PRIMARY KEY (message_id, at),
  CONSTRAINT send_reservations_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);
CREATE INDEX send_reservations_at ON public.send_reservations USING btree (at);
CREATE INDEX send_reservations_mailbox ON public.send_reservations USING btree (mailbox_id, at);
CREATE INDEX send_reservations_mailbox_domain ON public.send_reservations USING btree (mailbox_id, party_domain, at);
CREATE INDEX send_reservations_organization_domain ON public.send_reservations USING btree (organization_id, party_domain, at);

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

CREATE TABLE sources (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  name text NOT NULL,
  created_by uuid,
  created_at timestamp with time zone NOT NULL,
  workspace_id uuid,
  CONSTRAINT sources_pkey PRIMARY KEY (id),
  CONSTRAINT sources_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);
CREATE UNIQUE INDEX sources_name ON public.sources USING btree (organization_id, name, COALESCE(workspace_id, organization_id));
CREATE INDEX sources_workspace ON public.sources USING btree (workspace_id, id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE subscription_epoch (
  only_row boolean NOT NULL DEFAULT true,
  value bigint NOT NULL,
  CONSTRAINT subscription_epoch_pkey PRIMARY KEY (only_row),
  CONSTRAINT subscription_epoch_only_row_check CHECK (only_row)
);

CREATE TABLE suppressions (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  kind text NOT NULL,
  hash bytea NOT NULL,
  value text,
  reason text NOT NULL,
  created_by uuid,
  created_at timestamp with time zone NOT NULL,
  message_id uuid,
  inbound_event_id uuid,
  is_confirmed boolean,
  workspace_id uuid,
  CONSTRAINT suppressions_pkey PRIMARY KEY (id),
  CONSTRAINT suppressions_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT suppressions_kind_check CHECK ((kind = ANY (ARRAY['email'::text, 'domain'::text]))),
  CONSTRAINT suppressions_reason_check CHECK ((reason = ANY (ARRAY['unsubscribed'::text, 'hard_bounce'::text, 'complaint'::text, 'manual'::text, 'import'::text, 'erased'::text])))
);
CREATE INDEX suppressions_domain ON public.suppressions USING btree (organization_id) WHERE (kind = 'domain'::text);
CREATE UNIQUE INDEX suppressions_hash ON public.suppressions USING btree (organization_id, hash, COALESCE(workspace_id, organization_id));
CREATE INDEX suppressions_organization ON public.suppressions USING btree (organization_id, id);
CREATE INDEX suppressions_reason ON public.suppressions USING btree (organization_id, reason, id);
CREATE INDEX suppressions_value ON public.suppressions USING btree (organization_id, value) WHERE (value IS NOT NULL);
CREATE INDEX suppressions_workspace ON public.suppressions USING btree (workspace_id, id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE templates (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  name text NOT NULL,
  subject text,
  body text NOT NULL,
  category text NOT NULL,
  format text NOT NULL,
  created_by uuid,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT templates_pkey PRIMARY KEY (id),
  CONSTRAINT templates_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT templates_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  CONSTRAINT templates_format_check CHECK ((format = ANY (ARRAY['text'::text, 'html'::text])))
);
CREATE INDEX templates_organization ON public.templates USING btree (organization_id, id);

CREATE TABLE topic_opt_outs (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  topic_id uuid NOT NULL,
  hash bytea NOT NULL,
  value text,
  reason text NOT NULL,
  message_id uuid,
  created_by uuid,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT topic_opt_outs_pkey PRIMARY KEY (id),
  CONSTRAINT topic_opt_outs_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE,
  CONSTRAINT topic_opt_outs_topic_id_fkey FOREIGN KEY (topic_id) REFERENCES topics(id) ON DELETE CASCADE,
  CONSTRAINT topic_opt_outs_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
);
CREATE UNIQUE INDEX topic_opt_outs_hash ON public.topic_opt_outs USING btree (organization_id, hash, topic_id);
CREATE INDEX topic_opt_outs_topic ON public.topic_opt_outs USING btree (topic_id, id);
CREATE INDEX topic_opt_outs_value ON public.topic_opt_outs USING btree (organization_id, value) WHERE (value IS NOT NULL);
CREATE INDEX topic_opt_outs_workspace ON public.topic_opt_outs USING btree (workspace_id, id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE topics (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  name text NOT NULL,
  description text,
  created_by uuid,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT topics_pkey PRIMARY KEY (id),
  CONSTRAINT topics_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE,
  CONSTRAINT topics_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
);
CREATE UNIQUE INDEX topics_name ON public.topics USING btree (organization_id, name, COALESCE(workspace_id, organization_id));
CREATE INDEX topics_workspace ON public.topics USING btree (workspace_id, id) WHERE (workspace_id IS NOT NULL);

CREATE TABLE tracking_hits (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  message_id uuid NOT NULL,
  kind text NOT NULL,
  number smallint,
  verdict text NOT NULL,
  reasons text[] NOT NULL,
  address text,
  user_agent text,
  at timestamp with time zone NOT NULL,
  CONSTRAINT tracking_hits_pkey PRIMARY KEY (id),
  CONSTRAINT tracking_hits_kind_check CHECK ((kind = ANY (ARRAY['open'::text, 'click'::text]))),
  CONSTRAINT tracking_hits_verdict_check CHECK ((verdict = ANY (ARRAY['human'::text, 'machine'::text, 'proxy'::text])))
);
CREATE INDEX tracking_hits_message ON public.tracking_hits USING btree (message_id, id);

CREATE TABLE tracking_hosts (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  workspace_id uuid,
  host text NOT NULL,
  verified_at timestamp with time zone,
  checked_at timestamp with time zone,
  problem text,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT tracking_hosts_pkey PRIMARY KEY (id),
  CONSTRAINT tracking_hosts_organization_id_host_key UNIQUE (organization_id, host),
  CONSTRAINT tracking_hosts_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT tracking_hosts_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
);
CREATE UNIQUE INDEX tracking_hosts_verified ON public.tracking_hosts USING btree (host) WHERE (verified_at IS NOT NULL);

CREATE TABLE unsubscribes (
  message_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  method text NOT NULL,
  suppression_id uuid,
  at timestamp with time zone NOT NULL,
  undone_at timestamp with time zone,
  counted boolean,
  CONSTRAINT unsubscribes_pkey PRIMARY KEY (message_id),
  CONSTRAINT unsubscribes_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id) ON DELETE CASCADE,
  CONSTRAINT unsubscribes_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);

CREATE TABLE verifiers (
  organization_id uuid NOT NULL,
  url text NOT NULL,
  method text NOT NULL,
  email_field text NOT NULL,
  auth_kind text,
  auth_name text,
  auth_value bytea,
  answer jsonb NOT NULL,
  daily_budget integer NOT NULL,
  per_minute integer NOT NULL,
  timeout_seconds integer NOT NULL,
  used_day date,
  used integer NOT NULL DEFAULT 0,
  used_minute timestamp with time zone,
  minute_used integer NOT NULL DEFAULT 0,
  problem text,
  problem_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT verifiers_pkey PRIMARY KEY (organization_id),
  CONSTRAINT verifiers_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT verifiers_method_check CHECK ((method = ANY (ARRAY['GET'::text, 'POST'::text])))
);

CREATE TABLE warmups (
  mailbox_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  enabled boolean NOT NULL DEFAULT false,
  paused boolean NOT NULL DEFAULT false,
  strategy text NOT NULL,
  target integer NOT NULL,
  reply_rate integer NOT NULL,
  language text NOT NULL,
  started_at timestamp with time zone,
  stopped_at timestamp with time zone,
  released_at timestamp with time zone,
  ramp_day integer NOT NULL DEFAULT 0,
  day_started_at timestamp with time zone,
  hold text,
  cap integer,
  cap_reason text,
  base jsonb,
  day_base jsonb,
  milestones jsonb NOT NULL DEFAULT '{}'::jsonb,
  due_at timestamp with time zone,
  CONSTRAINT warmups_pkey PRIMARY KEY (mailbox_id),
  CONSTRAINT warmups_mailbox_id_fkey FOREIGN KEY (mailbox_id) REFERENCES mailboxes(id),
  CONSTRAINT warmups_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT warmups_reply_rate_check CHECK (((reply_rate >= 0) AND (reply_rate <= 100))),
  CONSTRAINT warmups_strategy_check CHECK ((strategy = ANY (ARRAY['gentle'::text, 'normal'::text, 'fast'::text]))),
  CONSTRAINT warmups_target_check CHECK (((target >= 1) AND (target <= 100)))
) WITH (fillfactor=50);
CREATE INDEX warmups_due ON public.warmups USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX warmups_organization ON public.warmups USING btree (organization_id);

CREATE TABLE workspace_icps (
  workspace_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  icp jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT workspace_icps_pkey PRIMARY KEY (workspace_id),
  CONSTRAINT workspace_icps_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT workspace_icps_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id) ON DELETE CASCADE
);

CREATE TABLE workspaces (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  external_id text,
  endpoints_max integer,
  deleted_at timestamp with time zone,
  deletion_due_at timestamp with time zone,
  deletion_round smallint,
  CONSTRAINT workspaces_pkey PRIMARY KEY (id),
  CONSTRAINT workspaces_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id)
);
CREATE INDEX workspaces_deletion ON public.workspaces USING btree (deletion_due_at) WHERE (deletion_due_at IS NOT NULL);
CREATE UNIQUE INDEX workspaces_external_id ON public.workspaces USING btree (organization_id, external_id) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX workspaces_name ON public.workspaces USING btree (organization_id, name) WHERE ((external_id IS NULL) AND (deleted_at IS NULL));
CREATE INDEX workspaces_organization ON public.workspaces USING btree (organization_id, id) WHERE (deleted_at IS NULL);
CREATE INDEX workspaces_search ON public.workspaces USING gin (lower(((name || '
'::text) || COALESCE(external_id, ''::text))) gin_trgm_ops) WHERE (deleted_at IS NULL);
CREATE INDEX workspaces_updated ON public.workspaces USING btree (organization_id, updated_at, id) WHERE (deleted_at IS NULL);

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
    delivery_queue.last_error,
    delivery_queue.holder
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
    delivery_log.last_error,
    NULL::uuid AS holder
   FROM delivery_log;

CREATE OR REPLACE FUNCTION public.gin_extract_query_trgm(text, internal, smallint, internal, internal, internal, internal)
 RETURNS internal
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$gin_extract_query_trgm$function$

CREATE OR REPLACE FUNCTION public.gin_extract_value_trgm(text, internal)
 RETURNS internal
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$gin_extract_value_trgm$function$

CREATE OR REPLACE FUNCTION public.gin_trgm_consistent(internal, smallint, text, integer, internal, internal, internal, internal)
 RETURNS boolean
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$gin_trgm_consistent$function$

CREATE OR REPLACE FUNCTION public.gin_trgm_triconsistent(internal, smallint, text, integer, internal, internal, internal)
 RETURNS "char"
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$gin_trgm_triconsistent$function$

CREATE OR REPLACE FUNCTION public.gtrgm_compress(internal)
 RETURNS internal
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$gtrgm_compress$function$

CREATE OR REPLACE FUNCTION public.gtrgm_consistent(internal, text, smallint, oid, internal)
 RETURNS boolean
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$gtrgm_consistent$function$

CREATE OR REPLACE FUNCTION public.gtrgm_decompress(internal)
 RETURNS internal
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$gtrgm_decompress$function$

CREATE OR REPLACE FUNCTION public.gtrgm_distance(internal, text, smallint, oid, internal)
 RETURNS double precision
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$gtrgm_distance$function$

CREATE OR REPLACE FUNCTION public.gtrgm_in(cstring)
 RETURNS gtrgm
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$gtrgm_in$function$

CREATE OR REPLACE FUNCTION public.gtrgm_options(internal)
 RETURNS void
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE
AS '$libdir/pg_trgm', $function$gtrgm_options$function$

CREATE OR REPLACE FUNCTION public.gtrgm_out(gtrgm)
 RETURNS cstring
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$gtrgm_out$function$

CREATE OR REPLACE FUNCTION public.gtrgm_penalty(internal, internal, internal)
 RETURNS internal
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$gtrgm_penalty$function$

CREATE OR REPLACE FUNCTION public.gtrgm_picksplit(internal, internal)
 RETURNS internal
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$gtrgm_picksplit$function$

CREATE OR REPLACE FUNCTION public.gtrgm_same(gtrgm, gtrgm, internal)
 RETURNS internal
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$gtrgm_same$function$

CREATE OR REPLACE FUNCTION public.gtrgm_union(internal, internal)
 RETURNS gtrgm
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$gtrgm_union$function$

CREATE OR REPLACE FUNCTION public.new_organization_tag()
 RETURNS text
 LANGUAGE sql
AS $function$
  SELECT string_agg(substr('abcdefghijklmnopqrstuvwxyz234567', 1 + (get_byte(r.bytes, i) & 31), 1), '')
  FROM (SELECT decode(md5(gen_random_uuid()::text), 'hex') AS bytes OFFSET 0) AS r, generate_series(0, 7) AS i
$function$

CREATE OR REPLACE FUNCTION public.set_limit(real)
 RETURNS real
 LANGUAGE c
 STRICT
AS '$libdir/pg_trgm', $function$set_limit$function$

CREATE OR REPLACE FUNCTION public.show_limit()
 RETURNS real
 LANGUAGE c
 STABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$show_limit$function$

CREATE OR REPLACE FUNCTION public.show_trgm(text)
 RETURNS text[]
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$show_trgm$function$

CREATE OR REPLACE FUNCTION public.similarity(text, text)
 RETURNS real
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$similarity$function$

CREATE OR REPLACE FUNCTION public.similarity_dist(text, text)
 RETURNS real
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$similarity_dist$function$

CREATE OR REPLACE FUNCTION public.similarity_op(text, text)
 RETURNS boolean
 LANGUAGE c
 STABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$similarity_op$function$

CREATE OR REPLACE FUNCTION public.strict_word_similarity(text, text)
 RETURNS real
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$strict_word_similarity$function$

CREATE OR REPLACE FUNCTION public.strict_word_similarity_commutator_op(text, text)
 RETURNS boolean
 LANGUAGE c
 STABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$strict_word_similarity_commutator_op$function$

CREATE OR REPLACE FUNCTION public.strict_word_similarity_dist_commutator_op(text, text)
 RETURNS real
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$strict_word_similarity_dist_commutator_op$function$

CREATE OR REPLACE FUNCTION public.strict_word_similarity_dist_op(text, text)
 RETURNS real
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$strict_word_similarity_dist_op$function$

CREATE OR REPLACE FUNCTION public.strict_word_similarity_op(text, text)
 RETURNS boolean
 LANGUAGE c
 STABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$strict_word_similarity_op$function$

CREATE OR REPLACE FUNCTION public.word_similarity(text, text)
 RETURNS real
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$word_similarity$function$

CREATE OR REPLACE FUNCTION public.word_similarity_commutator_op(text, text)
 RETURNS boolean
 LANGUAGE c
 STABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$word_similarity_commutator_op$function$

CREATE OR REPLACE FUNCTION public.word_similarity_dist_commutator_op(text, text)
 RETURNS real
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$word_similarity_dist_commutator_op$function$

CREATE OR REPLACE FUNCTION public.word_similarity_dist_op(text, text)
 RETURNS real
 LANGUAGE c
 IMMUTABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$word_similarity_dist_op$function$

CREATE OR REPLACE FUNCTION public.word_similarity_op(text, text)
 RETURNS boolean
 LANGUAGE c
 STABLE PARALLEL SAFE STRICT
AS '$libdir/pg_trgm', $function$word_similarity_op$function$
