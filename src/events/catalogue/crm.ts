import { z } from 'zod';
import {
  builtIn,
  by,
  byExample,
  cents,
  count,
  customFields,
  day,
  example,
  id,
  moment,
  tags,
  text,
} from './built-in.ts';

/** What every record carries. */
const record = {
  account_id: id('organization'),
  created_by: id('user or key that created it').nullable(),
  created_at: moment,
  updated_at: moment,
};
const recordExample = {
  account_id: example.organization,
  created_by: example.user,
  created_at: example.at,
  updated_at: example.at,
};

/** Whether it is told of without what it said. */
const erased = {
  erased: z
    .boolean()
    .describe('The person whom it was about was erased: the record has its id and times, and no more.'),
};

const address = {
  address: text.nullable(),
  city: text.nullable(),
  state: text.nullable(),
  zip_code: text.nullable(),
  country: text.nullable(),
};
const addressExample = {
  address: '12 St James Square',
  city: 'London',
  state: null,
  zip_code: 'SW1Y 4JH',
  country: 'GB',
};

const changed = { changed: z.array(z.string()).describe('Names of the fields that changed.') };
const changedExample = (...fields: string[]) => ({ updated_at: example.later, changed: fields });

/** Looked up, and not kept with the record. */
const renamed = 'Renaming the company is told by its `company.updated` alone.';

// Contacts ------------------------------------------------------------------------------------------

const contact = z.object({
  id: id('contact'),
  first_name: text.nullable(),
  last_name: text.nullable(),
  email: text.nullable(),
  phone: text.nullable(),
  company_id: id('company').nullable(),
  company_name: text
    .nullable()
    .describe(`The name that the company of \`company_id\` had then; without one, text as it was given. ${renamed}`),
  job_title: text.nullable(),
  linkedin_url: text.nullable(),
  website: text.nullable(),
  ...address,
  notes: text.nullable(),
  tags,
  status: text.describe('Such as active, bounced, unsubscribed or replied.'),
  source_id: id('source').nullable(),
  source_name: text.nullable(),
  custom_fields: customFields,
  lawful_basis: text
    .nullable()
    .describe(
      'GDPR article 6: consent, contract, legal_obligation, vital_interests, public_task or legitimate_interests.',
    ),
  lawful_basis_at: moment.nullable(),
  lawful_basis_source: text.nullable().describe('How it was obtained.'),
  verification_status: text.nullable().describe('The last verdict on the address.'),
  verified_at: moment.nullable(),
  ...record,
});
const contactExample = {
  id: example.contact,
  first_name: 'Ada',
  last_name: 'Lovelace',
  email: example.recipient,
  phone: '+44 20 7946 0018',
  company_id: example.company,
  company_name: 'Analytical Engines',
  job_title: 'Head of Research',
  linkedin_url: 'https://www.linkedin.com/in/ada-lovelace',
  website: 'https://lovelace.example',
  ...addressExample,
  notes: null,
  tags: ['vip'],
  status: 'active',
  source_id: null,
  source_name: null,
  custom_fields: { timezone: 'Europe/London' },
  lawful_basis: 'legitimate_interests',
  lawful_basis_at: example.at,
  lawful_basis_source: 'Trade fair',
  verification_status: null,
  verified_at: null,
  ...recordExample,
};

// Companies -----------------------------------------------------------------------------------------

const company = z.object({
  id: id('company'),
  name: text,
  domain: text.nullable(),
  industry: text.nullable(),
  notes: text.nullable(),
  phone: text.nullable(),
  website: text.nullable(),
  linkedin_url: text.nullable(),
  ...address,
  employee_count: count.nullable(),
  annual_revenue: cents.nullable(),
  tags,
  custom_fields: customFields,
  ...record,
});
const companyExample = {
  id: example.company,
  name: 'Analytical Engines',
  domain: 'lovelace.example',
  industry: 'Computing',
  notes: null,
  phone: '+44 20 7946 0010',
  website: 'https://lovelace.example',
  linkedin_url: null,
  ...addressExample,
  employee_count: 42,
  annual_revenue: 750_000_000,
  tags: ['manufacturing'],
  custom_fields: {},
  ...recordExample,
};

// Activities ----------------------------------------------------------------------------------------

const activity = z.object({
  id: id('activity'),
  activity_type: z.enum(['call', 'email', 'meeting', 'note']),
  contact_id: id('contact').nullable(),
  company_id: id('company').nullable(),
  project_id: id('project').nullable(),
  occurred_at: moment,
  metadata: z
    .record(z.string(), z.unknown())
    .describe(
      'By type. call: direction, outcome, duration_seconds, notes; email: direction, subject, body, source; meeting: subject, location, duration_minutes, outcome, notes.',
    ),
  ...record,
});
const activityExample = {
  id: example.activity,
  activity_type: 'call' as const,
  contact_id: example.contact,
  company_id: example.company,
  project_id: null,
  occurred_at: example.at,
  metadata: {
    direction: 'outbound',
    outcome: 'connected',
    duration_seconds: 340,
    notes: 'Asked for a demo next week.',
  },
  ...recordExample,
};

// Projects ------------------------------------------------------------------------------------------

const project = z.object({
  id: id('project'),
  name: text,
  description: text.nullable(),
  stage: z.enum(['proposal', 'active', 'review', 'complete', 'archived']),
  company_id: id('company').nullable(),
  company_name: text.nullable().describe(`The name that the company of \`company_id\` had then. ${renamed}`),
  assigned_to: id('user').nullable(),
  assigned_name: text.nullable(),
  value: cents.nullable(),
  start_date: day.nullable(),
  end_date: day.nullable(),
  is_retainer: z.boolean(),
  renewal_date: day.nullable(),
  notes: text.nullable(),
  tags,
  custom_fields: customFields,
  ...record,
});
const projectExample = {
  id: example.project,
  name: 'Difference Engine rollout',
  description: 'Outbound for the spring launch',
  stage: 'active' as const,
  company_id: example.company,
  company_name: 'Analytical Engines',
  assigned_to: example.user,
  assigned_name: 'Grace Hopper',
  value: 2_400_000,
  start_date: '2026-01-05',
  end_date: '2026-06-30',
  is_retainer: false,
  renewal_date: null,
  notes: null,
  tags: [],
  custom_fields: {},
  ...recordExample,
};

const contactsChanged = {
  contacts_added: z.array(id('contact')).describe('Contacts that were put into the project.'),
  contacts_removed: z.array(id('contact')).describe('Contacts that were taken out of it.'),
};

// What records refer to ------------------------------------------------------------------------------

const source = z.object({ id: id('source'), name: text, created_at: moment, ...by });
const sourceExample = { id: example.source, name: 'Trade fair 2026', created_at: example.at, ...byExample };

const customField = z.object({
  id: id('custom field'),
  entity: z.enum(['contact', 'company', 'project']).describe('The kind of record that has it.'),
  key: text,
  label: text,
  type: z.enum(['text', 'number', 'boolean', 'date', 'url', 'select']),
  options: z.array(z.string()).nullable().describe('What a `select` can be.'),
  created_at: moment,
  ...by,
});
const customFieldExample = {
  id: example.customField,
  entity: 'contact' as const,
  key: 'timezone',
  label: 'Time zone',
  type: 'text' as const,
  options: null,
  created_at: example.at,
  ...byExample,
};

/** The fields that all records of a kind have, custom ones aside; `deleted_at` only the API shows. */
export const recordFields: Readonly<Record<'contact' | 'company' | 'project', readonly string[]>> = {
  contact: [...Object.keys(contact.shape), 'deleted_at'],
  company: Object.keys(company.shape),
  project: Object.keys(project.shape),
};

export const crm = {
  'contact.created': builtIn('A contact was created, or restored after it was deleted.', contact.extend(by), {
    ...contactExample,
    ...byExample,
  }),
  'contact.updated': builtIn('A contact was changed.', contact.extend({ ...changed, ...by }), {
    ...contactExample,
    ...changedExample('job_title', 'tags'),
    ...byExample,
  }),
  'contact.deleted': builtIn(
    'A contact was deleted; the record is as it was last.',
    contact.extend({ ...by, ...erased }),
    {
      ...contactExample,
      ...byExample,
      erased: false,
    },
  ),
  'company.created': builtIn('A company was created.', company.extend(by), { ...companyExample, ...byExample }),
  'company.updated': builtIn('A company was changed.', company.extend({ ...changed, ...by }), {
    ...companyExample,
    ...changedExample('employee_count'),
    ...byExample,
  }),
  'company.deleted': builtIn('A company was deleted; the record is as it was last.', company.extend(by), {
    ...companyExample,
    ...byExample,
  }),
  'activity.created': builtIn('A call, e-mail, meeting or note was recorded.', activity.extend(by), {
    ...activityExample,
    ...byExample,
  }),
  'activity.updated': builtIn('An activity was changed.', activity.extend({ ...changed, ...by }), {
    ...activityExample,
    ...changedExample('metadata'),
    ...byExample,
  }),
  'activity.deleted': builtIn(
    'An activity was deleted; the record is as it was last.',
    activity.extend({ ...by, ...erased }),
    {
      ...activityExample,
      ...byExample,
      erased: false,
    },
  ),
  'project.created': builtIn('A project was created.', project.extend(by), { ...projectExample, ...byExample }),
  'project.updated': builtIn(
    'A project was changed, or who takes part in it.',
    project.extend({ ...changed, ...contactsChanged, ...by }),
    {
      ...projectExample,
      ...changedExample('contacts'),
      contacts_added: [example.contact],
      contacts_removed: [],
      ...byExample,
    },
  ),
  'project.deleted': builtIn('A project was deleted; the record is as it was last.', project.extend(by), {
    ...projectExample,
    ...byExample,
  }),
  'source.created': builtIn(
    'A source of contacts was made: by itself, by an import or with a lead that named it.',
    source,
    sourceExample,
  ),
  'source.deleted': builtIn('A source of contacts was deleted.', source, sourceExample),
  'custom_field.created': builtIn(
    'A custom field was defined: by itself, or with a lead that had it.',
    customField,
    customFieldExample,
  ),
  'custom_field.updated': builtIn('The label or the options of a custom field changed.', customField.extend(changed), {
    ...customFieldExample,
    changed: ['label'],
  }),
  'custom_field.deleted': builtIn(
    'The definition of a custom field was removed; values stay on the records.',
    customField,
    customFieldExample,
  ),
};
