import { address, companyName, owner } from './field.ts';
import type { Fields } from './field.ts';

export const contactStatuses = ['active', 'bounced', 'unsubscribed', 'replied'] as const;
/** The addresses that a contact can have, with the primary one. */
export const emailsMax = 10;
/** GDPR article 6(1). */
export const lawfulBases = [
  'consent',
  'contract',
  'legal_obligation',
  'vital_interests',
  'public_task',
  'legitimate_interests',
] as const;

/** The fields of a contact; `headings` has the names in exports of HubSpot, Apollo, Google Contacts and LinkedIn. */
export const contactFields = {
  first_name: { type: 'text', max: 200, headings: ['givenname'], example: 'Ada' },
  last_name: { type: 'text', max: 200, headings: ['familyname', 'surname'], example: 'Lovelace' },
  email: {
    type: 'text',
    from: 'rule',
    headings: ['emailaddress', 'workemail', 'email1value'],
    description: 'The primary address, to which mail is sent.',
    example: 'ada@lovelace.example',
  },
  emails: {
    type: 'emails',
    from: 'lookup',
    description:
      'All addresses of the contact, the primary one first. Lookups, upserts and replies find it by any of them.',
    example: [
      { email: 'ada@lovelace.example', primary: true },
      { email: 'ada@home.example', primary: false },
    ],
  },
  phone: {
    type: 'text',
    max: 100,
    headings: [
      'phonenumber',
      'workdirectphone',
      'mobilephone',
      'mobilephonenumber',
      'phone1value',
      'corporatephone',
      'homephone',
      'otherphone',
    ],
    example: '+44 20 7946 0018',
  },
  company_id: { type: 'id', of: 'company', example: '0199c9f1-7b20-7d02-8f11-3c5a7e90b411' },
  company_name: {
    type: 'text',
    max: 300,
    headings: ['company', 'organizationname', 'organization1name', 'associatedcompany', 'companynameforemails'],
    description: companyName(', or without one the text that was given'),
    givenDescription:
      'Shown while the contact belongs to none of your companies. It never removes a contact from its company; `company_id: null` does.',
    example: 'Analytical Engines',
  },
  job_title: {
    type: 'text',
    max: 200,
    headings: ['title', 'position', 'organizationtitle', 'organization1title'],
    example: 'Head of Research',
  },
  linkedin_url: {
    type: 'url',
    headings: ['linkedin', 'personlinkedinurl', 'linkedinprofile', 'linkedinprofileurl'],
    example: 'https://www.linkedin.com/in/ada-lovelace',
  },
  website: { type: 'url', headings: ['websiteurl', 'website1value'], example: 'https://lovelace.example' },
  address: { ...address.address, headings: ['streetaddress', 'address1street'] },
  city: { ...address.city, headings: ['address1city'] },
  state: { ...address.state, headings: ['stateregion', 'address1region'] },
  zip_code: { ...address.zip_code, headings: ['zip', 'postalcode', 'address1postalcode'] },
  country: { ...address.country, headings: ['countryregion', 'address1country'] },
  timezone: { type: 'timezone', max: 64, headings: ['tz'], example: 'Europe/London' },
  notes: { type: 'text', max: 10_000, headings: [], example: null },
  tags: { type: 'tags', headings: [], example: ['vip'] },
  status: {
    type: 'choice',
    choices: contactStatuses,
    default: 'active',
    open: true,
    headings: [],
    description: 'The last recorded outcome of email to the contact. It does not suppress the address.',
    example: 'active',
  },
  owner: { ...owner, headings: ['contactowner', 'recordowner', 'owneremail'] },
  source_id: { type: 'id', of: 'source', example: null },
  source_name: { type: 'text', from: 'lookup', example: null },
  custom_fields: { type: 'custom', example: { loyalty_tier: 'gold' } },
  lawful_basis: {
    type: 'choice',
    choices: lawfulBases,
    open: true,
    from: 'rule',
    description: 'Why you may process the data (GDPR article 6).',
    example: 'legitimate_interests',
  },
  lawful_basis_at: {
    type: 'moment',
    from: 'rule',
    description: 'When the lawful basis began.',
    example: '2026-01-05T09:00:00.000Z',
  },
  lawful_basis_source: {
    type: 'text',
    max: 500,
    from: 'rule',
    description: 'How the lawful basis was obtained.',
    example: 'Trade fair',
  },
  verification_status: {
    type: 'text',
    from: 'product',
    description: 'The last verdict on the address.',
    example: null,
  },
  verified_at: { type: 'moment', from: 'product', example: null },
} as const satisfies Fields;
