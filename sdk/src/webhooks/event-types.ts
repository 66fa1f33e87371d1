// Generated from the catalogue of events and the dialects. Run: npm run generate

/** Data of `contact.created` in the dialect standard. */
export interface ContactCreatedData {
  /** Id of the contact. */
  id: string;
  first_name: string | null;
  last_name: string | null;
  /** The primary address, to which mail is sent. */
  email: string | null;
  /** All addresses of the contact, the primary one first. Lookups, upserts and replies find it by any of them. */
  emails: { email: string; primary: boolean }[];
  phone: string | null;
  company_id: string | null;
  /** The name of the company with the id `company_id`, or without one the text that was given; in an event, the name it had at that time. Renaming the company is reported by its `company.updated` alone. */
  company_name: string | null;
  job_title: string | null;
  linkedin_url: string | null;
  website: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  zip_code: string | null;
  country: string | null;
  timezone: string | null;
  notes: string | null;
  tags: string[];
  /** The last recorded outcome of email to the contact. It does not suppress the address. One of active, bounced, unsubscribed, replied. */
  status: string;
  /** Who looks after it: an id of your own, or the address of a teammate. */
  owner: string | null;
  source_id: string | null;
  source_name: string | null;
  /** The organization's own fields. */
  custom_fields: Record<string, unknown>;
  /** Why you may process the data (GDPR article 6). One of consent, contract, legal_obligation, vital_interests, public_task, legitimate_interests. */
  lawful_basis: string | null;
  /** When the lawful basis began. */
  lawful_basis_at: string | null;
  /** How the lawful basis was obtained. */
  lawful_basis_source: string | null;
  /** The last verdict on the address. */
  verification_status: string | null;
  verified_at: string | null;
  /** Id of the organization. */
  account_id: string;
  /** Null: of the organization, not of a workspace. */
  workspace_id: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `contact.updated` in the dialect standard. */
export interface ContactUpdatedData {
  /** Id of the contact. */
  id: string;
  first_name: string | null;
  last_name: string | null;
  /** The primary address, to which mail is sent. */
  email: string | null;
  /** All addresses of the contact, the primary one first. Lookups, upserts and replies find it by any of them. */
  emails: { email: string; primary: boolean }[];
  phone: string | null;
  company_id: string | null;
  /** The name of the company with the id `company_id`, or without one the text that was given; in an event, the name it had at that time. Renaming the company is reported by its `company.updated` alone. */
  company_name: string | null;
  job_title: string | null;
  linkedin_url: string | null;
  website: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  zip_code: string | null;
  country: string | null;
  timezone: string | null;
  notes: string | null;
  tags: string[];
  /** The last recorded outcome of email to the contact. It does not suppress the address. One of active, bounced, unsubscribed, replied. */
  status: string;
  /** Who looks after it: an id of your own, or the address of a teammate. */
  owner: string | null;
  source_id: string | null;
  source_name: string | null;
  /** The organization's own fields. */
  custom_fields: Record<string, unknown>;
  /** Why you may process the data (GDPR article 6). One of consent, contract, legal_obligation, vital_interests, public_task, legitimate_interests. */
  lawful_basis: string | null;
  /** When the lawful basis began. */
  lawful_basis_at: string | null;
  /** How the lawful basis was obtained. */
  lawful_basis_source: string | null;
  /** The last verdict on the address. */
  verification_status: string | null;
  verified_at: string | null;
  /** Id of the organization. */
  account_id: string;
  /** Null: of the organization, not of a workspace. */
  workspace_id: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  /** Names of the fields that changed. */
  changed: string[];
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `contact.deleted` in the dialect standard. */
export interface ContactDeletedData {
  /** Id of the contact. */
  id: string;
  first_name: string | null;
  last_name: string | null;
  /** The primary address, to which mail is sent. */
  email: string | null;
  /** All addresses of the contact, the primary one first. Lookups, upserts and replies find it by any of them. */
  emails: { email: string; primary: boolean }[];
  phone: string | null;
  company_id: string | null;
  /** The name of the company with the id `company_id`, or without one the text that was given; in an event, the name it had at that time. Renaming the company is reported by its `company.updated` alone. */
  company_name: string | null;
  job_title: string | null;
  linkedin_url: string | null;
  website: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  zip_code: string | null;
  country: string | null;
  timezone: string | null;
  notes: string | null;
  tags: string[];
  /** The last recorded outcome of email to the contact. It does not suppress the address. One of active, bounced, unsubscribed, replied. */
  status: string;
  /** Who looks after it: an id of your own, or the address of a teammate. */
  owner: string | null;
  source_id: string | null;
  source_name: string | null;
  /** The organization's own fields. */
  custom_fields: Record<string, unknown>;
  /** Why you may process the data (GDPR article 6). One of consent, contract, legal_obligation, vital_interests, public_task, legitimate_interests. */
  lawful_basis: string | null;
  /** When the lawful basis began. */
  lawful_basis_at: string | null;
  /** How the lawful basis was obtained. */
  lawful_basis_source: string | null;
  /** The last verdict on the address. */
  verification_status: string | null;
  verified_at: string | null;
  /** Id of the organization. */
  account_id: string;
  /** Null: of the organization, not of a workspace. */
  workspace_id: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
  /** Whether the person was erased: the record then has only its id and times. */
  erased: boolean;
}

/** Data of `contact.merged` in the dialect standard. */
export interface ContactMergedData {
  /** Id of the contact. */
  id: string;
  first_name: string | null;
  last_name: string | null;
  /** The primary address, to which mail is sent. */
  email: string | null;
  /** All addresses of the contact, the primary one first. Lookups, upserts and replies find it by any of them. */
  emails: { email: string; primary: boolean }[];
  phone: string | null;
  company_id: string | null;
  /** The name of the company with the id `company_id`, or without one the text that was given; in an event, the name it had at that time. Renaming the company is reported by its `company.updated` alone. */
  company_name: string | null;
  job_title: string | null;
  linkedin_url: string | null;
  website: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  zip_code: string | null;
  country: string | null;
  timezone: string | null;
  notes: string | null;
  tags: string[];
  /** The last recorded outcome of email to the contact. It does not suppress the address. One of active, bounced, unsubscribed, replied. */
  status: string;
  /** Who looks after it: an id of your own, or the address of a teammate. */
  owner: string | null;
  source_id: string | null;
  source_name: string | null;
  /** The organization's own fields. */
  custom_fields: Record<string, unknown>;
  /** Why you may process the data (GDPR article 6). One of consent, contract, legal_obligation, vital_interests, public_task, legitimate_interests. */
  lawful_basis: string | null;
  /** When the lawful basis began. */
  lawful_basis_at: string | null;
  /** How the lawful basis was obtained. */
  lawful_basis_source: string | null;
  /** The last verdict on the address. */
  verification_status: string | null;
  verified_at: string | null;
  /** Id of the organization. */
  account_id: string;
  /** Null: of the organization, not of a workspace. */
  workspace_id: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  /** Id of the merge. */
  merge_id: string;
  /** Id of the record that went away. */
  from_id: string;
  /** Names of the fields that changed. */
  changed: string[];
  /** How many records of each kind now belong to this record instead. They emit no events of their own. */
  moved: Record<string, number>;
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `contact.unmerged` in the dialect standard. */
export interface ContactUnmergedData {
  /** Id of the contact. */
  id: string;
  first_name: string | null;
  last_name: string | null;
  /** The primary address, to which mail is sent. */
  email: string | null;
  /** All addresses of the contact, the primary one first. Lookups, upserts and replies find it by any of them. */
  emails: { email: string; primary: boolean }[];
  phone: string | null;
  company_id: string | null;
  /** The name of the company with the id `company_id`, or without one the text that was given; in an event, the name it had at that time. Renaming the company is reported by its `company.updated` alone. */
  company_name: string | null;
  job_title: string | null;
  linkedin_url: string | null;
  website: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  zip_code: string | null;
  country: string | null;
  timezone: string | null;
  notes: string | null;
  tags: string[];
  /** The last recorded outcome of email to the contact. It does not suppress the address. One of active, bounced, unsubscribed, replied. */
  status: string;
  /** Who looks after it: an id of your own, or the address of a teammate. */
  owner: string | null;
  source_id: string | null;
  source_name: string | null;
  /** The organization's own fields. */
  custom_fields: Record<string, unknown>;
  /** Why you may process the data (GDPR article 6). One of consent, contract, legal_obligation, vital_interests, public_task, legitimate_interests. */
  lawful_basis: string | null;
  /** When the lawful basis began. */
  lawful_basis_at: string | null;
  /** How the lawful basis was obtained. */
  lawful_basis_source: string | null;
  /** The last verdict on the address. */
  verification_status: string | null;
  verified_at: string | null;
  /** Id of the organization. */
  account_id: string;
  /** Null: of the organization, not of a workspace. */
  workspace_id: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  /** Id of the merge. */
  merge_id: string;
  /** Id of the record that went away. */
  from_id: string;
  from: {
    /** Id of the contact. */
    id: string;
    first_name: string | null;
    last_name: string | null;
    /** The primary address, to which mail is sent. */
    email: string | null;
    /** All addresses of the contact, the primary one first. Lookups, upserts and replies find it by any of them. */
    emails: { email: string; primary: boolean }[];
    phone: string | null;
    company_id: string | null;
    /** The name of the company with the id `company_id`, or without one the text that was given; in an event, the name it had at that time. Renaming the company is reported by its `company.updated` alone. */
    company_name: string | null;
    job_title: string | null;
    linkedin_url: string | null;
    website: string | null;
    address: string | null;
    city: string | null;
    state: string | null;
    zip_code: string | null;
    country: string | null;
    timezone: string | null;
    notes: string | null;
    tags: string[];
    /** The last recorded outcome of email to the contact. It does not suppress the address. One of active, bounced, unsubscribed, replied. */
    status: string;
    /** Who looks after it: an id of your own, or the address of a teammate. */
    owner: string | null;
    source_id: string | null;
    source_name: string | null;
    /** The organization's own fields. */
    custom_fields: Record<string, unknown>;
    /** Why you may process the data (GDPR article 6). One of consent, contract, legal_obligation, vital_interests, public_task, legitimate_interests. */
    lawful_basis: string | null;
    /** When the lawful basis began. */
    lawful_basis_at: string | null;
    /** How the lawful basis was obtained. */
    lawful_basis_source: string | null;
    /** The last verdict on the address. */
    verification_status: string | null;
    verified_at: string | null;
    /** Id of the organization. */
    account_id: string;
    /** Null: of the organization, not of a workspace. */
    workspace_id: string | null;
    created_by: string | null;
    created_at: string;
    updated_at: string;
  };
  /** Names of the fields that changed. */
  changed: string[];
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `company.created`, `company.deleted` in the dialect standard. */
export interface CompanyData {
  /** Id of the company. */
  id: string;
  name: string;
  domain: string | null;
  industry: string | null;
  notes: string | null;
  phone: string | null;
  website: string | null;
  linkedin_url: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  zip_code: string | null;
  country: string | null;
  employee_count: number | null;
  annual_revenue: number | null;
  /** Who looks after it: an id of your own, or the address of a teammate. */
  owner: string | null;
  tags: string[];
  /** The organization's own fields. */
  custom_fields: Record<string, unknown>;
  /** Id of the organization. */
  account_id: string;
  /** Null: of the organization, not of a workspace. */
  workspace_id: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `company.updated` in the dialect standard. */
export interface CompanyUpdatedData {
  /** Id of the company. */
  id: string;
  name: string;
  domain: string | null;
  industry: string | null;
  notes: string | null;
  phone: string | null;
  website: string | null;
  linkedin_url: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  zip_code: string | null;
  country: string | null;
  employee_count: number | null;
  annual_revenue: number | null;
  /** Who looks after it: an id of your own, or the address of a teammate. */
  owner: string | null;
  tags: string[];
  /** The organization's own fields. */
  custom_fields: Record<string, unknown>;
  /** Id of the organization. */
  account_id: string;
  /** Null: of the organization, not of a workspace. */
  workspace_id: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  /** Names of the fields that changed. */
  changed: string[];
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `company.merged` in the dialect standard. */
export interface CompanyMergedData {
  /** Id of the company. */
  id: string;
  name: string;
  domain: string | null;
  industry: string | null;
  notes: string | null;
  phone: string | null;
  website: string | null;
  linkedin_url: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  zip_code: string | null;
  country: string | null;
  employee_count: number | null;
  annual_revenue: number | null;
  /** Who looks after it: an id of your own, or the address of a teammate. */
  owner: string | null;
  tags: string[];
  /** The organization's own fields. */
  custom_fields: Record<string, unknown>;
  /** Id of the organization. */
  account_id: string;
  /** Null: of the organization, not of a workspace. */
  workspace_id: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  /** Id of the merge. */
  merge_id: string;
  /** Id of the record that went away. */
  from_id: string;
  /** Names of the fields that changed. */
  changed: string[];
  /** How many records of each kind now belong to this record instead. They emit no events of their own. */
  moved: Record<string, number>;
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `company.unmerged` in the dialect standard. */
export interface CompanyUnmergedData {
  /** Id of the company. */
  id: string;
  name: string;
  domain: string | null;
  industry: string | null;
  notes: string | null;
  phone: string | null;
  website: string | null;
  linkedin_url: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  zip_code: string | null;
  country: string | null;
  employee_count: number | null;
  annual_revenue: number | null;
  /** Who looks after it: an id of your own, or the address of a teammate. */
  owner: string | null;
  tags: string[];
  /** The organization's own fields. */
  custom_fields: Record<string, unknown>;
  /** Id of the organization. */
  account_id: string;
  /** Null: of the organization, not of a workspace. */
  workspace_id: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  /** Id of the merge. */
  merge_id: string;
  /** Id of the record that went away. */
  from_id: string;
  from: {
    /** Id of the company. */
    id: string;
    name: string;
    domain: string | null;
    industry: string | null;
    notes: string | null;
    phone: string | null;
    website: string | null;
    linkedin_url: string | null;
    address: string | null;
    city: string | null;
    state: string | null;
    zip_code: string | null;
    country: string | null;
    employee_count: number | null;
    annual_revenue: number | null;
    /** Who looks after it: an id of your own, or the address of a teammate. */
    owner: string | null;
    tags: string[];
    /** The organization's own fields. */
    custom_fields: Record<string, unknown>;
    /** Id of the organization. */
    account_id: string;
    /** Null: of the organization, not of a workspace. */
    workspace_id: string | null;
    created_by: string | null;
    created_at: string;
    updated_at: string;
  };
  /** Names of the fields that changed. */
  changed: string[];
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `activity.created` in the dialect standard. */
export interface ActivityCreatedData {
  /** Id of the activity. */
  id: string;
  activity_type: 'call' | 'email' | 'meeting' | 'note';
  /** Kept when the contact is deleted. */
  contact_id: string | null;
  /** Kept when the company is deleted. */
  company_id: string | null;
  /** Kept when the project is deleted. */
  project_id: string | null;
  occurred_at: string;
  /** By type, each field optional. call: direction, outcome, duration_seconds, notes; email: direction, subject, body, source; meeting: subject, location, duration_minutes, outcome, notes; note: notes. */
  metadata: Record<string, unknown>;
  /** Id of the organization. */
  account_id: string;
  /** Null: of the organization, not of a workspace. */
  workspace_id: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `activity.updated` in the dialect standard. */
export interface ActivityUpdatedData {
  /** Id of the activity. */
  id: string;
  activity_type: 'call' | 'email' | 'meeting' | 'note';
  /** Kept when the contact is deleted. */
  contact_id: string | null;
  /** Kept when the company is deleted. */
  company_id: string | null;
  /** Kept when the project is deleted. */
  project_id: string | null;
  occurred_at: string;
  /** By type, each field optional. call: direction, outcome, duration_seconds, notes; email: direction, subject, body, source; meeting: subject, location, duration_minutes, outcome, notes; note: notes. */
  metadata: Record<string, unknown>;
  /** Id of the organization. */
  account_id: string;
  /** Null: of the organization, not of a workspace. */
  workspace_id: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  /** Names of the fields that changed. */
  changed: string[];
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `activity.deleted` in the dialect standard. */
export interface ActivityDeletedData {
  /** Id of the activity. */
  id: string;
  activity_type: 'call' | 'email' | 'meeting' | 'note';
  /** Kept when the contact is deleted. */
  contact_id: string | null;
  /** Kept when the company is deleted. */
  company_id: string | null;
  /** Kept when the project is deleted. */
  project_id: string | null;
  occurred_at: string;
  /** By type, each field optional. call: direction, outcome, duration_seconds, notes; email: direction, subject, body, source; meeting: subject, location, duration_minutes, outcome, notes; note: notes. */
  metadata: Record<string, unknown>;
  /** Id of the organization. */
  account_id: string;
  /** Null: of the organization, not of a workspace. */
  workspace_id: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
  /** Whether the person was erased: the record then has only its id and times. */
  erased: boolean;
}

/** Data of `project.created`, `project.deleted` in the dialect standard. */
export interface ProjectData {
  /** Id of the project. */
  id: string;
  name: string;
  description: string | null;
  stage: 'proposal' | 'active' | 'review' | 'complete' | 'archived';
  company_id: string | null;
  /** The name of the company with the id `company_id`; in an event, the name it had at that time. Renaming the company is reported by its `company.updated` alone. */
  company_name: string | null;
  assigned_to: string | null;
  assigned_name: string | null;
  value: number | null;
  start_date: string | null;
  end_date: string | null;
  is_retainer: boolean;
  renewal_date: string | null;
  notes: string | null;
  tags: string[];
  /** The organization's own fields. */
  custom_fields: Record<string, unknown>;
  /** Id of the organization. */
  account_id: string;
  /** Null: of the organization, not of a workspace. */
  workspace_id: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `project.updated` in the dialect standard. */
export interface ProjectUpdatedData {
  /** Id of the project. */
  id: string;
  name: string;
  description: string | null;
  stage: 'proposal' | 'active' | 'review' | 'complete' | 'archived';
  company_id: string | null;
  /** The name of the company with the id `company_id`; in an event, the name it had at that time. Renaming the company is reported by its `company.updated` alone. */
  company_name: string | null;
  assigned_to: string | null;
  assigned_name: string | null;
  value: number | null;
  start_date: string | null;
  end_date: string | null;
  is_retainer: boolean;
  renewal_date: string | null;
  notes: string | null;
  tags: string[];
  /** The organization's own fields. */
  custom_fields: Record<string, unknown>;
  /** Id of the organization. */
  account_id: string;
  /** Null: of the organization, not of a workspace. */
  workspace_id: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  /** Names of the fields that changed. */
  changed: string[];
  /** Contacts that were added to the project. */
  contacts_added: string[];
  /** Contacts that were removed from it. */
  contacts_removed: string[];
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `segment.created`, `segment.deleted` in the dialect standard. */
export interface SegmentData {
  /** Id of the segment. */
  id: string;
  workspace_id: string | null;
  name: string;
  /** The kind of record that it selects. */
  entity: 'contact' | 'company';
  /** The conditions that its records match. */
  filter: Record<string, unknown>;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `segment.updated` in the dialect standard. */
export interface SegmentUpdatedData {
  /** Id of the segment. */
  id: string;
  workspace_id: string | null;
  name: string;
  /** The kind of record that it selects. */
  entity: 'contact' | 'company';
  /** The conditions that its records match. */
  filter: Record<string, unknown>;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
  /** Names of the fields that changed. */
  changed: string[];
}

/** Data of `source.created`, `source.deleted` in the dialect standard. */
export interface SourceData {
  /** Id of the source. */
  id: string;
  /** Null: of the organization, not of a workspace. */
  workspace_id: string | null;
  name: string;
  created_at: string;
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `custom_field.created`, `custom_field.deleted` in the dialect standard. */
export interface CustomFieldData {
  /** Id of the custom field. */
  id: string;
  /** The kind of record that has the field. */
  entity: 'contact' | 'company' | 'project';
  key: string;
  label: string;
  type: 'text' | 'number' | 'boolean' | 'date' | 'url' | 'select';
  /** The values that a `select` allows. */
  options: string[] | null;
  created_at: string;
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `custom_field.updated` in the dialect standard. */
export interface CustomFieldUpdatedData {
  /** Id of the custom field. */
  id: string;
  /** The kind of record that has the field. */
  entity: 'contact' | 'company' | 'project';
  key: string;
  label: string;
  type: 'text' | 'number' | 'boolean' | 'date' | 'url' | 'select';
  /** The values that a `select` allows. */
  options: string[] | null;
  created_at: string;
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
  /** Names of the fields that changed. */
  changed: string[];
}

/** Data of `import.completed`, `import.failed`, `import.cancelled` in the dialect standard. */
export interface ImportData {
  /** Id of the import. */
  id: string;
  /** Null: of the organization, not of a workspace. */
  workspace_id: string | null;
  file_name: string | null;
  state: 'completed' | 'failed' | 'cancelled';
  /** Why the import failed or was cancelled automatically. */
  error: string | null;
  /** Nothing was written; the counts report what would have happened to the rows. */
  dry_run: boolean;
  rows_read: number;
  created: number;
  updated: number;
  unchanged: number;
  restored: number;
  suppressed: number;
  rejected: number;
  /** Rows written without their invalid values (`on_bad_value: blank`). */
  blanked: number;
  created_at: string;
  finished_at: string;
  /** Who started the import. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `bulk_job.completed`, `bulk_job.failed`, `bulk_job.cancelled` in the dialect standard. */
export interface BulkJobData {
  /** Id of the bulk job. */
  id: string;
  /** Null: of the organization, not of a workspace. */
  workspace_id: string | null;
  entity: 'contact' | 'company' | 'suppression';
  action: 'update' | 'delete' | 'export';
  status: 'completed' | 'failed' | 'cancelled';
  /** Why the job failed. */
  error: string | null;
  /** Records selected. */
  total: number;
  /** Records changed or deleted, and those that needed no change. */
  done: number;
  /** Records that could not be changed. */
  failed: number;
  created_at: string;
  finished_at: string;
  /** Who started the job. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `key.created`, `key.revoked` in the dialect standard. */
export interface KeyData {
  /** Id of the key. */
  id: string;
  name: string;
  /** The first characters of the key. */
  prefix: string;
  scopes: string[];
  /** Id of the key that created it. */
  created_by: string | null;
  workspace_id: string | null;
  sandbox: boolean;
  expires_at: string | null;
  last_used_at: string | null;
  revoked_at: string | null;
  created_at: string;
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `member.invited`, `member.joined`, `member.role_changed`, `member.removed`, `member.signed_in` in the dialect standard. */
export interface MemberData {
  /** Null: invited, and not a member yet. */
  member_id: string | null;
  /** What records of this person name in `created_by`, and events in `actor`. */
  person_id: string | null;
  email: string;
  role: 'owner' | 'admin' | 'member' | 'viewer';
  previous_role: 'owner' | 'admin' | 'member' | 'viewer' | null;
  /** The workspace that the member is limited to; null: none. */
  workspace_id: string | null;
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `setting.changed` in the dialect standard. */
export interface SettingChangedData {
  /** `endpoint`, `workspace`, `organization`, `mailbox`, `tracking_domain`, `dkim_key`, `event_type`, `event_retention`, `portal_brand`, `verifier`, `assistant`, `inbound_source` or `discovery_provider`; of the own account `password`, `passkey`, `second_factor` or `recovery_codes`. */
  kind: string;
  /** `created`, `changed`, `deleted`, or the call on the record, such as `rotate-secret`; `reset` for a password that was forgotten. */
  action: string;
  /** Null: a setting of the organization or of the own account. */
  record_id: string | null;
  /** What the record is called, such as the URL of an endpoint. */
  name: string | null;
  /** Names of the fields of the call, without their values. */
  fields: string[];
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `lead.discovered` in the dialect standard. */
export interface LeadDiscoveredData {
  /** Null: the search has no campaign, or there is no lawful basis. */
  lead_id: string | null;
  contact_id: string | null;
  campaign_id: string | null;
  /** Id of the discovery job. */
  job_id: string;
  email: string | null;
  source: string | null;
  /** Where the source shows the person. */
  source_url: string | null;
  score: number;
  found_at: string;
}

/** Data of `lead.verified` in the dialect standard. */
export interface LeadVerifiedData {
  /** Id of the lead. */
  lead_id: string;
  contact_id: string | null;
  email: string;
  passed: boolean;
  verdict: string;
  reasons: string[];
}

/** Data of `campaign.started`, `campaign.paused`, `campaign.completed` in the dialect standard. */
export interface CampaignData {
  /** Id of the campaign. */
  campaign_id: string;
  name: string;
  status: 'draft' | 'active' | 'paused' | 'completed' | 'archived';
  /** The reason for the status: `finished`; `paused` by a person; `archived`; or what paused it: `bounce_guard`, `complaint_guard`, `domain_auth`, `no_mailbox`, `late_start`. */
  reason: string | null;
  /** The reason as a sentence, with its numbers. */
  detail: string | null;
}

/** Data of `email.sent`, `email.delivered` in the dialect standard. */
export interface EmailSentData {
  /** Id of the email. */
  email_id: string;
  /** Its Message-ID (RFC 5322 §3.6.4). */
  message_id: string | null;
  campaign_id: string | null;
  lead_id: string | null;
  contact_id: string | null;
  mailbox_id: string | null;
  recipient: string | null;
  from: string | null;
  subject: string | null;
  /** Number of the step in the sequence, starting at 1. */
  step: number | null;
  occurred_at: string;
}

/** Data of `email.failed` in the dialect standard. */
export interface EmailFailedData {
  /** Id of the email. */
  email_id: string;
  /** Its Message-ID (RFC 5322 §3.6.4). */
  message_id: string | null;
  campaign_id: string | null;
  lead_id: string | null;
  contact_id: string | null;
  mailbox_id: string | null;
  recipient: string | null;
  from: string | null;
  subject: string | null;
  /** Number of the step in the sequence, starting at 1. */
  step: number | null;
  occurred_at: string;
  error: string | null;
}

/** Data of `email.unknown` in the dialect standard. */
export interface EmailUnknownData {
  /** Id of the email. */
  email_id: string;
  /** Its Message-ID (RFC 5322 §3.6.4). */
  message_id: string | null;
  campaign_id: string | null;
  lead_id: string | null;
  contact_id: string | null;
  mailbox_id: string | null;
  recipient: string | null;
  from: string | null;
  subject: string | null;
  /** Number of the step in the sequence, starting at 1. */
  step: number | null;
  occurred_at: string;
  /** Why its outcome was not known. */
  error: string | null;
}

/** Data of `email.bounced` in the dialect standard. */
export interface EmailBouncedData {
  /** Id of the email. */
  email_id: string;
  /** Its Message-ID (RFC 5322 §3.6.4). */
  message_id: string | null;
  campaign_id: string | null;
  lead_id: string | null;
  contact_id: string | null;
  mailbox_id: string | null;
  recipient: string | null;
  from: string | null;
  subject: string | null;
  /** Number of the step in the sequence, starting at 1. */
  step: number | null;
  occurred_at: string;
  bounce_type: 'hard' | 'soft' | null;
  reason: string | null;
  /** Why, in the words of Sisimai: userunknown, mailboxfull, blocked, and so on. */
  cause: string | null;
  /** The server's diagnostic text. */
  diagnostic: string | null;
}

/** Data of `email.opened`, `email.clicked` in the dialect standard. */
export interface EmailOpenedData {
  /** Id of the email. */
  email_id: string;
  /** Its Message-ID (RFC 5322 §3.6.4). */
  message_id: string | null;
  campaign_id: string | null;
  lead_id: string | null;
  contact_id: string | null;
  mailbox_id: string | null;
  recipient: string | null;
  from: string | null;
  subject: string | null;
  /** Number of the step in the sequence, starting at 1. */
  step: number | null;
  occurred_at: string;
  /** Who did it: a person, a program, or a person through a service that hides place and device. */
  verdict: 'human' | 'machine' | 'proxy' | null;
  /** Why, for example `instant` or `scanner_network`. */
  reasons: string[] | null;
  /** True if a scanner or proxy did it, not a person. */
  machine: boolean | null;
  ip: string | null;
  user_agent: string | null;
  url: string | null;
}

/** Data of `email.unsubscribed` in the dialect standard. */
export interface EmailUnsubscribedData {
  /** Id of the email. */
  email_id: string;
  /** Its Message-ID (RFC 5322 §3.6.4). */
  message_id: string | null;
  campaign_id: string | null;
  lead_id: string | null;
  contact_id: string | null;
  mailbox_id: string | null;
  recipient: string | null;
  from: string | null;
  subject: string | null;
  /** Number of the step in the sequence, starting at 1. */
  step: number | null;
  occurred_at: string;
  /** For example link, one_click, reply or manual. */
  method: string | null;
}

/** Data of `email.complained` in the dialect standard. */
export interface EmailComplainedData {
  /** Id of the email. */
  email_id: string;
  /** Its Message-ID (RFC 5322 §3.6.4). */
  message_id: string | null;
  campaign_id: string | null;
  lead_id: string | null;
  contact_id: string | null;
  mailbox_id: string | null;
  recipient: string | null;
  from: string | null;
  subject: string | null;
  /** Number of the step in the sequence, starting at 1. */
  step: number | null;
  occurred_at: string;
  feedback_type: string | null;
}

/** Data of `reply.received` in the dialect standard. */
export interface ReplyReceivedData {
  /** Id of the reply. */
  reply_id: string;
  campaign_id: string | null;
  lead_id: string | null;
  contact_id: string | null;
  /** Id of the mailbox. */
  mailbox_id: string;
  /** Its Message-ID (RFC 5322 §3.6.4). */
  message_id: string | null;
  from: string;
  subject: string;
  /** The beginning of what the person wrote. */
  body_preview: string;
}

/** Data of `reply.classified` in the dialect standard. */
export interface ReplyClassifiedData {
  /** Id of the reply. */
  reply_id: string;
  campaign_id: string | null;
  lead_id: string | null;
  contact_id: string | null;
  /** Id of the mailbox. */
  mailbox_id: string;
  /** Its Message-ID (RFC 5322 §3.6.4). */
  message_id: string | null;
  from: string;
  subject: string;
  /** The beginning of what the person wrote. */
  body_preview: string;
  classification: string;
  previous_classification: string | null;
  confidence: number | null;
  /** `rules`, `model`, `assistant`, or `person`. */
  source: string;
  /** `YYYY-MM-DD`: the first day back of an absence, or the day from which a `not_now` may be written to again. */
  return_date: string | null;
}

/** Data of `meeting.booked`, `meeting.cancelled` in the dialect standard. */
export interface MeetingData {
  /** Id of the meeting. */
  meeting_id: string;
  campaign_id: string | null;
  lead_id: string | null;
  contact_id: string | null;
  /** Of the person who booked. */
  email: string | null;
  starts_at: string;
  ends_at: string | null;
  /** Of the person who booked, as the calendar reported it. */
  timezone: string | null;
  title: string | null;
  location: string | null;
  /** `calcom`, `calendly`, `generic`, or `icalendar` for a message in a mailbox. */
  source: string;
  /** The calendar's id of the meeting. */
  external_id: string | null;
}

/** Data of `meeting.rescheduled` in the dialect standard. */
export interface MeetingRescheduledData {
  /** Id of the meeting. */
  meeting_id: string;
  campaign_id: string | null;
  lead_id: string | null;
  contact_id: string | null;
  /** Of the person who booked. */
  email: string | null;
  starts_at: string;
  ends_at: string | null;
  /** Of the person who booked, as the calendar reported it. */
  timezone: string | null;
  title: string | null;
  location: string | null;
  /** `calcom`, `calendly`, `generic`, or `icalendar` for a message in a mailbox. */
  source: string;
  /** The calendar's id of the meeting. */
  external_id: string | null;
  previous_starts_at: string | null;
}

/** Data of `mailbox.connected`, `mailbox.disconnected` in the dialect standard. */
export interface MailboxData {
  /** Id of the mailbox. */
  mailbox_id: string;
  email: string;
  reason: string | null;
}

/** Data of `warmup.health_changed` in the dialect standard. */
export interface WarmupHealthChangedData {
  /** Id of the mailbox. */
  mailbox_id: string;
  email: string;
  /** Null: it was measured for the first time. */
  previous_band: 'healthy' | 'watch' | 'quarantine' | 'blocked' | null;
  band: 'healthy' | 'watch' | 'quarantine' | 'blocked';
  /** Null: a rate decided the band, and too little is known for a score. */
  score: number | null;
}

/** Data of `warmup.milestone` in the dialect standard. */
export interface WarmupMilestoneData {
  /** Id of the mailbox. */
  mailbox_id: string;
  email: string;
  /** `first_inbox`, `day_7`, `day_14`, `day_30`, `sent_100`, `sent_500`, `target_reached`, `health_90` or `recovered`; each once. */
  milestone: string;
  /** What it is about: messages, days, the daily volume or the score. Null: too little is known for a score. */
  value: number | null;
}

/** Data of `suppression.created`, `suppression.deleted` in the dialect standard. */
export interface SuppressionData {
  /** Id of the suppression. */
  suppression_id: string;
  /** Null: for the whole organization. */
  workspace_id: string | null;
  email: string | null;
  domain: string | null;
  contact_id: string | null;
  /** For example unsubscribed, hard_bounce, complaint, manual, import or erased. */
  reason: string;
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `topic.created`, `topic.deleted` in the dialect standard. */
export interface TopicCreatedData {
  /** Id of the topic. */
  id: string;
  /** Null: of the organization, not of a workspace. */
  workspace_id: string | null;
  name: string;
  description: string | null;
  created_at: string;
  updated_at: string;
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `topic.updated` in the dialect standard. */
export interface TopicUpdatedData {
  /** Id of the topic. */
  id: string;
  /** Null: of the organization, not of a workspace. */
  workspace_id: string | null;
  name: string;
  description: string | null;
  created_at: string;
  updated_at: string;
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
  /** The names of the changed fields. */
  changed: string[];
}

/** Data of `topic.left`, `topic.rejoined` in the dialect standard. */
export interface TopicLeftData {
  /** Id of the topic. */
  topic_id: string;
  topic_name: string;
  /** Of the topic. Null: of the organization. */
  workspace_id: string | null;
  /** Id of the opt-out. */
  opt_out_id: string;
  /** Null for an erased address. */
  email: string | null;
  contact_id: string | null;
  /** For example unsubscribed, manual or import. */
  reason: string;
  message_id: string | null;
  /** Who did it: an API key, a user, or the product itself. */
  actor: { type: 'key' | 'user' | 'system'; id: string | null };
}

/** Data of `sending.limit_reached` in the dialect standard. */
export interface SendingLimitReachedData {
  /** Null: the limit is one of the whole organization. */
  mailbox_id: string | null;
  email: string | null;
  /** The limit that was reached: `mailbox_daily_limit`, `domain_hourly_limit`, `organization_limit` or `provider_limit`. */
  limit: string;
  /** The recipients' domain, if the limit is one of messages to it. */
  domain: string | null;
  value: number;
  resets_at: string | null;
}

/** Data of `webhook.test` in the dialect standard. */
export interface WebhookTestData {
  /** Id of the endpoint. */
  endpoint_id: string;
  message: string;
}

/** Data of `endpoint.disabled` in the dialect standard. */
export interface EndpointDisabledData {
  /** Id of the endpoint. */
  endpoint_id: string;
  target_url: string;
  reason: string;
  disabled_at: string;
  last_error: string | null;
}

/** Data of `endpoint.failing` in the dialect standard. */
export interface EndpointFailingData {
  /** Id of the endpoint. */
  endpoint_id: string;
  target_url: string;
  consecutive_failures: number;
  /** Time of the failure by which it was noticed. */
  failing_since: string;
  last_delivered_at: string | null;
  last_error: string | null;
}

/** Data of `endpoint.recovered` in the dialect standard. */
export interface EndpointRecoveredData {
  /** Id of the endpoint. */
  endpoint_id: string;
  target_url: string;
  failing_since: string;
  recovered_at: string;
}

/** Data of `delivery.exhausted` in the dialect standard. */
export interface DeliveryExhaustedData {
  /** Id of the delivery. */
  delivery_id: string;
  /** Id of the endpoint. */
  endpoint_id: string;
  /** Id of the event. */
  event_id: string;
  event_type: string;
  attempts: number;
  last_error: string | null;
  /** `exhausted`: the retry schedule was exhausted. `gone`: the receiver answered 410. `expired`: the delivery was still pending or held when its event passed retention. */
  reason: string;
}

/** Data of `campaign.completed` in the dialect defrost. */
export interface DefrostCampaignPausedData {
  /** Id of the campaign. */
  campaign_id: string;
  name: string;
  status: 'draft' | 'active' | 'paused' | 'completed' | 'archived';
  /** The reason for the status: `finished`; `paused` by a person; `archived`; or what paused it: `bounce_guard`, `complaint_guard`, `domain_auth`, `no_mailbox`, `late_start`. */
  reason: string | null;
  /** The reason as a sentence, with its numbers. */
  detail: string | null;
  /** The reason for the status: `finished`; `paused` by a person; `archived`; or what paused it: `bounce_guard`, `complaint_guard`, `domain_auth`, `no_mailbox`, `late_start`. */
  pause_reason?: string;
}

/** Data of `lead.created` in the dialect foxreach. */
export interface FoxreachLeadCreatedData {
  /** Id of the contact. */
  leadId: string;
  /** The primary address, to which mail is sent. */
  email: string;
  firstName: string | null;
  lastName: string | null;
  /** The name of the company with the id `company_id`, or without one the text that was given; in an event, the name it had at that time. Renaming the company is reported by its `company.updated` alone. */
  company: string | null;
  title: string | null;
  phone: string | null;
  linkedinUrl: string | null;
  website: string | null;
  tags: string[];
  /** The organization's own fields. */
  customFields: Record<string, unknown>;
  notes: string | null;
  source: string | null;
  /** The last recorded outcome of email to the contact. It does not suppress the address. One of active, bounced, unsubscribed, replied. */
  status: string;
  createdAt: string;
  updatedAt: string;
}

/** Data of `lead.updated` in the dialect foxreach. */
export interface FoxreachLeadUpdatedData {
  /** Id of the contact. */
  leadId: string;
  /** The primary address, to which mail is sent. */
  email: string;
  firstName?: string | null;
  lastName?: string | null;
  phone?: string | null;
  /** The name of the company with the id `company_id`, or without one the text that was given; in an event, the name it had at that time. Renaming the company is reported by its `company.updated` alone. */
  company?: string | null;
  title?: string | null;
  linkedinUrl?: string | null;
  website?: string | null;
  notes?: string | null;
  tags?: string[];
  /** The last recorded outcome of email to the contact. It does not suppress the address. One of active, bounced, unsubscribed, replied. */
  status?: string;
  source?: string | null;
  /** The organization's own fields. */
  customFields?: Record<string, unknown>;
  createdAt?: string;
  updatedAt?: string;
}

/** Data of `campaign.started`, `campaign.paused`, `campaign.completed` in the dialect foxreach. */
export interface FoxreachCampaignData {
  /** Id of the campaign. */
  campaignId: string;
  name: string;
  status: 'draft' | 'active' | 'paused' | 'completed' | 'archived';
}

/** Data of `email.sent` in the dialect foxreach. */
export interface FoxreachEmailSentData {
  /** Id of the email. */
  emailLogId: string;
  campaignId: string | null;
  leadId: string | null;
  toEmail: string | null;
  fromEmail: string | null;
  subject: string | null;
  /** Number of the step in the sequence, starting at 1. */
  sequenceStep: number | null;
}

/** Data of `email.failed` in the dialect foxreach. */
export interface FoxreachEmailFailedData {
  /** Id of the email. */
  emailLogId: string;
  campaignId: string | null;
  leadId: string | null;
  toEmail: string | null;
  fromEmail: string | null;
  subject: string | null;
  /** Number of the step in the sequence, starting at 1. */
  sequenceStep: number | null;
  error: string | null;
}

/** Data of `email.bounced` in the dialect foxreach. */
export interface FoxreachEmailBouncedData {
  /** Id of the email. */
  emailLogId: string;
  campaignId: string | null;
  leadId: string | null;
  toEmail: string | null;
  fromEmail: string | null;
  subject: string | null;
  /** Number of the step in the sequence, starting at 1. */
  sequenceStep: number | null;
  bounceType: 'hard' | 'soft' | null;
}

/** Data of `email.opened` in the dialect foxreach. */
export interface FoxreachEmailOpenedData {
  /** Id of the email. */
  emailLogId: string;
  campaignId: string | null;
  leadId: string | null;
  toEmail: string | null;
}

/** Data of `reply.received` in the dialect foxreach. */
export interface FoxreachReplyReceivedData {
  /** Id of the reply. */
  replyId: string;
  campaignId: string | null;
  leadId: string | null;
  fromEmail: string;
  subject: string;
  /** The beginning of what the person wrote. */
  bodyPreview: string;
}

/** Data of `reply.categorized` in the dialect foxreach. */
export interface FoxreachReplyCategorizedData {
  /** Id of the reply. */
  replyId: string;
  category: string;
  previousCategory: string | null;
}

/** Data of `webhook.test` in the dialect foxreach. */
export interface FoxreachWebhookTestData {
  /** Id of the endpoint. */
  webhookId: string;
  message: string;
}

/** Data of `email.bounce` in the dialect mailpanda. */
export interface MailpandaEmailBounceData {
  /** Id of the email. */
  email_id: string;
  recipient: string | null;
  campaign_id: string | null;
  bounce_type?: 'hard' | 'soft';
  reason?: string;
}

/** Data of `email.open`, `email.click` in the dialect mailpanda. */
export interface MailpandaEmailData {
  /** Id of the email. */
  email_id: string;
  recipient: string | null;
  campaign_id: string | null;
  url?: string;
  ip?: string;
  user_agent?: string;
  /** True if a scanner or proxy did it, not a person. */
  machine?: boolean;
}

/** Data of `email.unsubscribe` in the dialect mailpanda. */
export interface MailpandaEmailUnsubscribeData {
  /** Id of the email. */
  email_id: string;
  recipient: string | null;
  campaign_id: string | null;
}

/** Data of `email.sent` in the dialect warmysender. */
export interface WarmysenderEmailSentData {
  /** Id of the email. */
  emailId: string;
  /** Its Message-ID (RFC 5322 §3.6.4). */
  messageId: string | null;
  campaignId: string | null;
  leadId: string | null;
  prospectId: string | null;
  mailboxId: string | null;
  prospectEmail: string | null;
  from: string | null;
  subject: string | null;
  /** Number of the step in the sequence, starting at 1. */
  stepIndex: number | null;
  sentAt: string;
}

/** Data of `email.bounced` in the dialect warmysender. */
export interface WarmysenderEmailBouncedData {
  /** Id of the email. */
  emailId: string;
  /** Its Message-ID (RFC 5322 §3.6.4). */
  messageId: string | null;
  campaignId: string | null;
  leadId: string | null;
  prospectId: string | null;
  mailboxId: string | null;
  prospectEmail: string | null;
  from: string | null;
  subject: string | null;
  /** Number of the step in the sequence, starting at 1. */
  stepIndex: number | null;
  bouncedAt: string;
  bounceType: 'hard' | 'soft' | null;
  bounceReason: string | null;
  /** Why, in the words of Sisimai: userunknown, mailboxfull, blocked, and so on. */
  cause: string | null;
  /** The server's diagnostic text. */
  diagnostic: string | null;
}

/** Data of `email.opened` in the dialect warmysender. */
export interface WarmysenderEmailOpenedData {
  /** Id of the email. */
  emailId: string;
  /** Its Message-ID (RFC 5322 §3.6.4). */
  messageId: string | null;
  campaignId: string | null;
  leadId: string | null;
  prospectId: string | null;
  mailboxId: string | null;
  prospectEmail: string | null;
  from: string | null;
  subject: string | null;
  /** Number of the step in the sequence, starting at 1. */
  stepIndex: number | null;
  openedAt: string;
  /** Who did it: a person, a program, or a person through a service that hides place and device. */
  verdict: 'human' | 'machine' | 'proxy' | null;
  /** Why, for example `instant` or `scanner_network`. */
  reasons: string[] | null;
  /** True if a scanner or proxy did it, not a person. */
  machine: boolean | null;
  ip: string | null;
  userAgent: string | null;
  url: string | null;
}

/** Data of `email.clicked` in the dialect warmysender. */
export interface WarmysenderEmailClickedData {
  /** Id of the email. */
  emailId: string;
  /** Its Message-ID (RFC 5322 §3.6.4). */
  messageId: string | null;
  campaignId: string | null;
  leadId: string | null;
  prospectId: string | null;
  mailboxId: string | null;
  prospectEmail: string | null;
  from: string | null;
  subject: string | null;
  /** Number of the step in the sequence, starting at 1. */
  stepIndex: number | null;
  clickedAt: string;
  /** Who did it: a person, a program, or a person through a service that hides place and device. */
  verdict: 'human' | 'machine' | 'proxy' | null;
  /** Why, for example `instant` or `scanner_network`. */
  reasons: string[] | null;
  /** True if a scanner or proxy did it, not a person. */
  machine: boolean | null;
  ip: string | null;
  userAgent: string | null;
  url: string | null;
}

/** Data of `email.unsubscribed` in the dialect warmysender. */
export interface WarmysenderEmailUnsubscribedData {
  /** Id of the email. */
  emailId: string;
  /** Its Message-ID (RFC 5322 §3.6.4). */
  messageId: string | null;
  campaignId: string | null;
  leadId: string | null;
  prospectId: string | null;
  mailboxId: string | null;
  prospectEmail: string | null;
  from: string | null;
  subject: string | null;
  /** Number of the step in the sequence, starting at 1. */
  stepIndex: number | null;
  unsubscribedAt: string;
  /** For example link, one_click, reply or manual. */
  method: string | null;
}

/** Data of `reply.received` in the dialect warmysender. */
export interface WarmysenderReplyReceivedData {
  /** Id of the reply. */
  replyId: string;
  campaignId: string | null;
  leadId: string | null;
  prospectId: string | null;
  /** Id of the mailbox. */
  mailboxId: string;
  /** Its Message-ID (RFC 5322 §3.6.4). */
  messageId: string | null;
  prospectEmail: string;
  subject: string;
  /** The beginning of what the person wrote. */
  bodyPreview: string;
  /** When it happened. */
  receivedAt: string;
}

/** Data of `mailbox.connected`, `mailbox.disconnected` in the dialect warmysender. */
export interface WarmysenderMailboxData {
  /** Id of the mailbox. */
  mailboxId: string;
  email: string;
  reason: string | null;
}

/** Data of `warmup.health_changed` in the dialect warmysender. */
export interface WarmysenderWarmupHealthChangedData {
  /** Id of the mailbox. */
  mailboxId: string;
  email: string;
  /** Null: it was measured for the first time. */
  previousBand: 'healthy' | 'watch' | 'quarantine' | 'blocked' | null;
  band: 'healthy' | 'watch' | 'quarantine' | 'blocked';
  /** Null: a rate decided the band, and too little is known for a score. */
  score: number | null;
}

/** Data of `warmup.milestone` in the dialect warmysender. */
export interface WarmysenderWarmupMilestoneData {
  /** Id of the mailbox. */
  mailboxId: string;
  email: string;
  /** `first_inbox`, `day_7`, `day_14`, `day_30`, `sent_100`, `sent_500`, `target_reached`, `health_90` or `recovered`; each once. */
  milestone: string;
  /** What it is about: messages, days, the daily volume or the score. Null: too little is known for a score. */
  value: number | null;
}

/** Data of `prospect.suppressed` in the dialect warmysender. */
export interface WarmysenderProspectSuppressedData {
  /** Id of the suppression. */
  suppressionId: string;
  email: string | null;
  domain: string | null;
  prospectId: string | null;
  /** For example unsubscribed, hard_bounce, complaint, manual, import or erased. */
  reason: string;
  /** When it happened. */
  suppressedAt: string;
}

/** Data of `limit.hit` in the dialect warmysender. */
export interface WarmysenderLimitHitData {
  /** Null: the limit is one of the whole organization. */
  mailboxId: string | null;
  email: string | null;
  /** The limit that was reached: `mailbox_daily_limit`, `domain_hourly_limit`, `organization_limit` or `provider_limit`. */
  limitType: string;
  /** The recipients' domain, if the limit is one of messages to it. */
  domain: string | null;
  currentValue: number;
  limitValue: number;
  resetsAt: string | null;
  /** When it happened. */
  hitAt: string;
}

/** Data of `webhook.test` in the dialect warmysender. */
export interface WarmysenderWebhookTestData {
  /** Id of the endpoint. */
  endpointId: string;
  message: string;
}

/** Data of `contact.created`, `contact.updated`, `contact.deleted` in the dialect driftwood. */
export interface DriftwoodContactData {
  /** Id of the contact. */
  id: string;
  first_name: string | null;
  last_name: string | null;
  /** The primary address, to which mail is sent. */
  email: string | null;
  phone: string | null;
  company_id: string | null;
  /** The name of the company with the id `company_id`, or without one the text that was given; in an event, the name it had at that time. Renaming the company is reported by its `company.updated` alone. */
  company_name: string | null;
  job_title: string | null;
  linkedin_url: string | null;
  website: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  zip_code: string | null;
  country: string | null;
  timezone: string | null;
  notes: string | null;
  tags: string[];
  /** The last recorded outcome of email to the contact. It does not suppress the address. One of active, bounced, unsubscribed, replied. */
  status: string;
  source_id: string | null;
  source_name: string | null;
  /** The organization's own fields. */
  custom_fields: Record<string, unknown>;
  /** Why you may process the data (GDPR article 6). One of consent, contract, legal_obligation, vital_interests, public_task, legitimate_interests. */
  lawful_basis: string | null;
  /** When the lawful basis began. */
  lawful_basis_at: string | null;
  /** How the lawful basis was obtained. */
  lawful_basis_source: string | null;
  /** The last verdict on the address. */
  verification_status: string | null;
  verified_at: string | null;
  /** Id of the organization. */
  account_id: string;
  created_by: string | null;
  created_at: string;
  updated_at: string;
}

/** Data of `company.created`, `company.updated`, `company.deleted` in the dialect driftwood. */
export interface DriftwoodCompanyData {
  /** Id of the company. */
  id: string;
  name: string;
  domain: string | null;
  industry: string | null;
  notes: string | null;
  phone: string | null;
  website: string | null;
  linkedin_url: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  zip_code: string | null;
  country: string | null;
  employee_count: number | null;
  annual_revenue: number | null;
  tags: string[];
  /** The organization's own fields. */
  custom_fields: Record<string, unknown>;
  /** Id of the organization. */
  account_id: string;
  created_by: string | null;
  created_at: string;
  updated_at: string;
}

/** Data of `activity.created`, `activity.updated`, `activity.deleted` in the dialect driftwood. */
export interface DriftwoodActivityData {
  /** Id of the activity. */
  id: string;
  activity_type: 'call' | 'email' | 'meeting' | 'note';
  /** Kept when the contact is deleted. */
  contact_id: string | null;
  /** Kept when the company is deleted. */
  company_id: string | null;
  /** Kept when the project is deleted. */
  project_id: string | null;
  occurred_at: string;
  /** By type, each field optional. call: direction, outcome, duration_seconds, notes; email: direction, subject, body, source; meeting: subject, location, duration_minutes, outcome, notes; note: notes. */
  metadata: Record<string, unknown>;
  /** Id of the organization. */
  account_id: string;
  created_by: string | null;
  created_at: string;
  updated_at: string;
}

/** Data of `project.created`, `project.updated`, `project.deleted` in the dialect driftwood. */
export interface DriftwoodProjectData {
  /** Id of the project. */
  id: string;
  name: string;
  description: string | null;
  stage: 'proposal' | 'active' | 'review' | 'complete' | 'archived';
  company_id: string | null;
  /** The name of the company with the id `company_id`; in an event, the name it had at that time. Renaming the company is reported by its `company.updated` alone. */
  company_name: string | null;
  assigned_to: string | null;
  assigned_name: string | null;
  value: number | null;
  start_date: string | null;
  end_date: string | null;
  is_retainer: boolean;
  renewal_date: string | null;
  notes: string | null;
  tags: string[];
  /** The organization's own fields. */
  custom_fields: Record<string, unknown>;
  /** Id of the organization. */
  account_id: string;
  created_by: string | null;
  created_at: string;
  updated_at: string;
}

/**
 * Event name in the dialect standard → its data.
 *
 * @example
 * ```ts
 * import type { StandardEvents } from '@outrider/sdk/webhooks';
 *
 * export const handle = (data: StandardEvents['contact.created']): void => console.log(data);
 * ```
 */
export interface StandardEvents {
  'contact.created': ContactCreatedData;
  'contact.updated': ContactUpdatedData;
  'contact.deleted': ContactDeletedData;
  'contact.merged': ContactMergedData;
  'contact.unmerged': ContactUnmergedData;
  'company.created': CompanyData;
  'company.updated': CompanyUpdatedData;
  'company.deleted': CompanyData;
  'company.merged': CompanyMergedData;
  'company.unmerged': CompanyUnmergedData;
  'activity.created': ActivityCreatedData;
  'activity.updated': ActivityUpdatedData;
  'activity.deleted': ActivityDeletedData;
  'project.created': ProjectData;
  'project.updated': ProjectUpdatedData;
  'project.deleted': ProjectData;
  'segment.created': SegmentData;
  'segment.deleted': SegmentData;
  'segment.updated': SegmentUpdatedData;
  'source.created': SourceData;
  'source.deleted': SourceData;
  'custom_field.created': CustomFieldData;
  'custom_field.deleted': CustomFieldData;
  'custom_field.updated': CustomFieldUpdatedData;
  'import.completed': ImportData;
  'import.failed': ImportData;
  'import.cancelled': ImportData;
  'bulk_job.completed': BulkJobData;
  'bulk_job.failed': BulkJobData;
  'bulk_job.cancelled': BulkJobData;
  'key.created': KeyData;
  'key.revoked': KeyData;
  'member.invited': MemberData;
  'member.joined': MemberData;
  'member.role_changed': MemberData;
  'member.removed': MemberData;
  'member.signed_in': MemberData;
  'setting.changed': SettingChangedData;
  'lead.discovered': LeadDiscoveredData;
  'lead.verified': LeadVerifiedData;
  'campaign.started': CampaignData;
  'campaign.paused': CampaignData;
  'campaign.completed': CampaignData;
  'email.sent': EmailSentData;
  'email.delivered': EmailSentData;
  'email.failed': EmailFailedData;
  'email.unknown': EmailUnknownData;
  'email.bounced': EmailBouncedData;
  'email.opened': EmailOpenedData;
  'email.clicked': EmailOpenedData;
  'email.unsubscribed': EmailUnsubscribedData;
  'email.complained': EmailComplainedData;
  'reply.received': ReplyReceivedData;
  'reply.classified': ReplyClassifiedData;
  'meeting.booked': MeetingData;
  'meeting.rescheduled': MeetingRescheduledData;
  'meeting.cancelled': MeetingData;
  'mailbox.connected': MailboxData;
  'mailbox.disconnected': MailboxData;
  'warmup.health_changed': WarmupHealthChangedData;
  'warmup.milestone': WarmupMilestoneData;
  'suppression.created': SuppressionData;
  'suppression.deleted': SuppressionData;
  'topic.created': TopicCreatedData;
  'topic.deleted': TopicCreatedData;
  'topic.updated': TopicUpdatedData;
  'topic.left': TopicLeftData;
  'topic.rejoined': TopicLeftData;
  'sending.limit_reached': SendingLimitReachedData;
  'webhook.test': WebhookTestData;
  'endpoint.disabled': EndpointDisabledData;
  'endpoint.failing': EndpointFailingData;
  'endpoint.recovered': EndpointRecoveredData;
  'delivery.exhausted': DeliveryExhaustedData;
}

/**
 * Event name in the dialect defrost → its data.
 *
 * @example
 * ```ts
 * import type { DefrostEvents } from '@outrider/sdk/webhooks';
 *
 * export const handle = (data: DefrostEvents['lead.discovered']): void => console.log(data);
 * ```
 */
export interface DefrostEvents {
  'lead.discovered': LeadDiscoveredData;
  'lead.verified': LeadVerifiedData;
  'campaign.completed': DefrostCampaignPausedData | CampaignData;
  'email.sent': EmailSentData;
  'email.delivered': EmailSentData;
  'send.bounced': EmailBouncedData;
  'email.opened': EmailOpenedData;
  'email.clicked': EmailOpenedData;
  'reply.received': ReplyReceivedData;
  'reply.classified': ReplyClassifiedData;
  'meeting.booked': MeetingData;
  'webhook.test': WebhookTestData;
}

/**
 * Event name in the dialect foxreach → its data.
 *
 * @example
 * ```ts
 * import type { FoxreachEvents } from '@outrider/sdk/webhooks';
 *
 * export const handle = (data: FoxreachEvents['lead.created']): void => console.log(data);
 * ```
 */
export interface FoxreachEvents {
  'lead.created': FoxreachLeadCreatedData;
  'lead.updated': FoxreachLeadUpdatedData;
  'campaign.started': FoxreachCampaignData;
  'campaign.paused': FoxreachCampaignData;
  'campaign.completed': FoxreachCampaignData;
  'email.sent': FoxreachEmailSentData;
  'email.failed': FoxreachEmailFailedData;
  'email.bounced': FoxreachEmailBouncedData;
  'email.opened': FoxreachEmailOpenedData;
  'reply.received': FoxreachReplyReceivedData;
  'reply.categorized': FoxreachReplyCategorizedData;
  'webhook.test': FoxreachWebhookTestData;
}

/**
 * Event name in the dialect mailpanda → its data.
 *
 * @example
 * ```ts
 * import type { MailpandaEvents } from '@outrider/sdk/webhooks';
 *
 * export const handle = (data: MailpandaEvents['email.bounce']): void => console.log(data);
 * ```
 */
export interface MailpandaEvents {
  'email.bounce': MailpandaEmailBounceData;
  'email.open': MailpandaEmailData;
  'email.click': MailpandaEmailData;
  'email.unsubscribe': MailpandaEmailUnsubscribeData;
  'webhook.test': WebhookTestData;
}

/**
 * Event name in the dialect warmysender → its data.
 *
 * @example
 * ```ts
 * import type { WarmysenderEvents } from '@outrider/sdk/webhooks';
 *
 * export const handle = (data: WarmysenderEvents['email.sent']): void => console.log(data);
 * ```
 */
export interface WarmysenderEvents {
  'email.sent': WarmysenderEmailSentData;
  'email.bounced': WarmysenderEmailBouncedData;
  'email.opened': WarmysenderEmailOpenedData;
  'email.clicked': WarmysenderEmailClickedData;
  'email.unsubscribed': WarmysenderEmailUnsubscribedData;
  'reply.received': WarmysenderReplyReceivedData;
  'mailbox.connected': WarmysenderMailboxData;
  'mailbox.disconnected': WarmysenderMailboxData;
  'warmup.health_changed': WarmysenderWarmupHealthChangedData;
  'warmup.milestone': WarmysenderWarmupMilestoneData;
  'prospect.suppressed': WarmysenderProspectSuppressedData;
  'limit.hit': WarmysenderLimitHitData;
  'webhook.test': WarmysenderWebhookTestData;
}

/**
 * Event name in the dialect driftwood → its data.
 *
 * @example
 * ```ts
 * import type { DriftwoodEvents } from '@outrider/sdk/webhooks';
 *
 * export const handle = (data: DriftwoodEvents['contact.created']): void => console.log(data);
 * ```
 */
export interface DriftwoodEvents {
  'contact.created': DriftwoodContactData;
  'contact.updated': DriftwoodContactData;
  'contact.deleted': DriftwoodContactData;
  'company.created': DriftwoodCompanyData;
  'company.updated': DriftwoodCompanyData;
  'company.deleted': DriftwoodCompanyData;
  'activity.created': DriftwoodActivityData;
  'activity.updated': DriftwoodActivityData;
  'activity.deleted': DriftwoodActivityData;
  'project.created': DriftwoodProjectData;
  'project.updated': DriftwoodProjectData;
  'project.deleted': DriftwoodProjectData;
  'webhook.test': WebhookTestData;
}

/**
 * The events of each dialect.
 *
 * @example
 * ```ts
 * import type { DialectEvents } from '@outrider/sdk/webhooks';
 *
 * type StandardEventName = keyof DialectEvents['standard'];
 * ```
 */
export interface DialectEvents {
  standard: StandardEvents;
  defrost: DefrostEvents;
  foxreach: FoxreachEvents;
  mailpanda: MailpandaEvents;
  warmysender: WarmysenderEvents;
  driftwood: DriftwoodEvents;
}
