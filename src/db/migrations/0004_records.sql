-- Records: what a team knows of people and companies. Every change is an event in the same transaction; the event log is the audit log.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Where contacts come from, such as "import of 5 January".
CREATE TABLE sources (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  name text NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  UNIQUE (organization_id, name)
);

-- The organization's own fields of a kind of record.
CREATE TABLE custom_fields (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  entity text NOT NULL CHECK (entity IN ('contact', 'company', 'project')),
  key text NOT NULL,
  label text NOT NULL,
  type text NOT NULL CHECK (type IN ('text', 'number', 'boolean', 'date', 'url', 'select')),
  -- Of a `select`.
  options text[],
  created_at timestamptz NOT NULL,
  UNIQUE (organization_id, entity, key)
);

-- How many live records of a kind there are, in shards so that writers do not wait for each other; the sum counts.
CREATE TABLE record_counts (
  organization_id uuid NOT NULL REFERENCES organizations (id),
  entity text NOT NULL,
  shard smallint NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (organization_id, entity, shard)
) WITH (fillfactor = 50);

CREATE TABLE companies (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
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
  -- In cents.
  annual_revenue bigint,
  tags text[] NOT NULL,
  custom_fields jsonb NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  -- In lower case, of what can be searched for.
  search text NOT NULL
);
CREATE INDEX companies_organization ON companies (organization_id, id);
-- The name in lower case is the first line of what can be searched for.
CREATE INDEX companies_name ON companies USING gin (split_part(search, E'\n', 1) gin_trgm_ops);
CREATE INDEX companies_industry ON companies (organization_id, lower(industry), id) WHERE industry IS NOT NULL;
CREATE INDEX companies_tags ON companies USING gin (tags);
CREATE INDEX companies_search ON companies USING gin (search gin_trgm_ops);

CREATE TABLE contacts (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  -- As it was given, and as addresses are compared (addresses.ts).
  email text,
  email_key text,
  first_name text,
  last_name text,
  phone text,
  company_id uuid REFERENCES companies (id) ON DELETE SET NULL,
  -- Where it belongs to no company of ours.
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
  status text NOT NULL CHECK (status IN ('active', 'bounced', 'unsubscribed', 'replied')),
  source_id uuid REFERENCES sources (id),
  custom_fields jsonb NOT NULL,
  -- Why the organization may process the data (GDPR article 6), since when, and how it was obtained.
  lawful_basis text CHECK (lawful_basis IN ('consent', 'contract', 'legal_obligation', 'vital_interests', 'public_task', 'legitimate_interests')),
  lawful_basis_at timestamptz,
  lawful_basis_source text,
  -- The last verdict on the address.
  verification_status text,
  verification_reasons text[],
  verified_at timestamptz,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  -- Restorable for 30 days.
  deleted_at timestamptz,
  search text NOT NULL
);
-- One live contact an address.
CREATE UNIQUE INDEX contacts_email ON contacts (organization_id, email_key) WHERE deleted_at IS NULL AND email_key IS NOT NULL;
CREATE INDEX contacts_organization ON contacts (organization_id, id) WHERE deleted_at IS NULL;
-- A list by status walks along it; nearly all are active.
CREATE INDEX contacts_status ON contacts (organization_id, status, id) WHERE deleted_at IS NULL AND status <> 'active';
CREATE INDEX contacts_deleted ON contacts (organization_id, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX contacts_deleted_email ON contacts (organization_id, email_key) WHERE deleted_at IS NOT NULL;
CREATE INDEX contacts_purge ON contacts (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX contacts_company ON contacts (company_id, id) WHERE company_id IS NOT NULL;
CREATE INDEX contacts_source ON contacts (source_id, id) WHERE source_id IS NOT NULL;
CREATE INDEX contacts_tags ON contacts USING gin (tags);
CREATE INDEX contacts_search ON contacts USING gin (search gin_trgm_ops);

-- Tags that contacts have or had: reading them from a million contacts would take a second.
CREATE TABLE contact_tags (
  organization_id uuid NOT NULL REFERENCES organizations (id),
  tag text NOT NULL,
  PRIMARY KEY (organization_id, tag)
);

CREATE TABLE projects (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  name text NOT NULL,
  description text,
  stage text NOT NULL CHECK (stage IN ('proposal', 'active', 'review', 'complete', 'archived')),
  company_id uuid REFERENCES companies (id) ON DELETE SET NULL,
  assigned_to uuid,
  assigned_name text,
  -- In cents.
  value bigint,
  start_date date,
  end_date date,
  is_retainer boolean NOT NULL,
  renewal_date date,
  notes text,
  tags text[] NOT NULL,
  custom_fields jsonb NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  search text NOT NULL
);
CREATE INDEX projects_organization ON projects (organization_id, id);
CREATE INDEX projects_stage ON projects (organization_id, stage, id);
CREATE INDEX projects_company ON projects (company_id, id) WHERE company_id IS NOT NULL;
CREATE INDEX projects_assigned ON projects (assigned_to, id) WHERE assigned_to IS NOT NULL;
CREATE INDEX projects_tags ON projects USING gin (tags);
CREATE INDEX projects_search ON projects USING gin (search gin_trgm_ops);

CREATE TABLE project_contacts (
  project_id uuid NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  contact_id uuid NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (project_id, contact_id)
);
CREATE INDEX project_contacts_contact ON project_contacts (contact_id);

CREATE TABLE activities (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  activity_type text NOT NULL CHECK (activity_type IN ('call', 'email', 'meeting', 'note')),
  -- No references: an activity keeps the ids of what it was about, also when that is gone.
  contact_id uuid,
  company_id uuid,
  project_id uuid,
  occurred_at timestamptz NOT NULL,
  -- By type.
  metadata jsonb NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  search text NOT NULL
);
CREATE INDEX activities_organization ON activities (organization_id, id);
CREATE INDEX activities_type ON activities (organization_id, activity_type, id);
CREATE INDEX activities_occurred ON activities (organization_id, occurred_at);
CREATE INDEX activities_contact ON activities (contact_id, id) WHERE contact_id IS NOT NULL;
CREATE INDEX activities_company ON activities (company_id, id) WHERE company_id IS NOT NULL;
CREATE INDEX activities_project ON activities (project_id, id) WHERE project_id IS NOT NULL;
CREATE INDEX activities_search ON activities USING gin (search gin_trgm_ops);

-- Who is not written to any more. Looked up by `hash`, a keyed hash of the address or domain as it is compared, so that an erased
-- address stays suppressed while nothing tells which it was.
CREATE TABLE suppressions (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  kind text NOT NULL CHECK (kind IN ('email', 'domain')),
  hash bytea NOT NULL,
  -- Null once it was erased.
  value text,
  reason text NOT NULL CHECK (reason IN ('unsubscribed', 'hard_bounce', 'complaint', 'manual', 'import', 'erased')),
  created_by uuid,
  created_at timestamptz NOT NULL,
  UNIQUE (organization_id, hash)
);
CREATE INDEX suppressions_organization ON suppressions (organization_id, id);
CREATE INDEX suppressions_reason ON suppressions (organization_id, reason, id);
CREATE INDEX suppressions_domain ON suppressions (organization_id) WHERE kind = 'domain';

-- A file that is read in by rows, in chunks that commit with the position: a crash neither loses nor repeats any.
CREATE TABLE imports (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  file_name text,
  -- Column of the file → field of a contact, or null to leave it out; what callers asked for.
  mapping jsonb NOT NULL,
  lawful_basis text NOT NULL,
  lawful_basis_source text,
  restore_deleted boolean NOT NULL,
  dry_run boolean NOT NULL,
  source_id uuid REFERENCES sources (id),
  source_name text,
  tags text[] NOT NULL,
  state text NOT NULL CHECK (state IN ('uploading', 'running', 'completed', 'failed', 'cancelled')),
  error text,
  -- Whose pieces count: an upload that begins anew takes the place of one before it.
  upload_id uuid,
  -- Of the file, once it is here.
  bytes bigint NOT NULL,
  delimiter text,
  -- Its columns in order, each with its field: [[column, field or null], …].
  columns jsonb,
  -- Bytes of the file that are worked through, and the line that begins there.
  position bigint NOT NULL,
  line bigint NOT NULL,
  rows_read bigint NOT NULL,
  created bigint NOT NULL,
  updated bigint NOT NULL,
  unchanged bigint NOT NULL,
  restored bigint NOT NULL,
  suppressed bigint NOT NULL,
  rejected bigint NOT NULL,
  -- Of chunks in a row that went wrong for a reason of our own.
  faults smallint NOT NULL,
  due_at timestamptz NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE INDEX imports_organization ON imports (organization_id, id);
CREATE INDEX imports_unfinished ON imports (organization_id) WHERE finished_at IS NULL;
CREATE INDEX imports_finished ON imports (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX imports_source ON imports (source_id) WHERE source_id IS NOT NULL;
CREATE INDEX imports_running ON imports (due_at, id) WHERE state = 'running';

-- The file, until the import is over.
CREATE TABLE import_chunks (
  import_id uuid NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  -- Where in the file it begins.
  position bigint NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (import_id, position)
);
-- Uncompressed: a part of a piece is read without the rest of it.
ALTER TABLE import_chunks ALTER bytes SET STORAGE EXTERNAL;

CREATE TABLE import_errors (
  import_id uuid NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  -- Line of the file, from 1.
  line bigint NOT NULL,
  email text,
  reason text NOT NULL,
  PRIMARY KEY (import_id, line)
);

-- Requests to erase a person: the record goes at once, what the log says of it is worked through in chunks.
CREATE TABLE erasures (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  contact_id uuid NOT NULL,
  -- Keyed hash of the address; the proof that it was this one.
  hash bytea,
  -- What to look for until it is finished, sealed; then null.
  needles_sealed bytea,
  state text NOT NULL CHECK (state IN ('running', 'completed')),
  -- Everything is gone through twice, stage by stage; the position is the last row looked at in the stage.
  round smallint NOT NULL,
  stage text NOT NULL,
  position text NOT NULL,
  -- Rows that were changed.
  events bigint NOT NULL,
  attempts bigint NOT NULL,
  others bigint NOT NULL,
  due_at timestamptz NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE INDEX erasures_organization ON erasures (organization_id, id);
CREATE INDEX erasures_running ON erasures (due_at, id) WHERE state = 'running';
