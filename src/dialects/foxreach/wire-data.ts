import { foxreachId } from './wire-ids.ts';

type Fields = Readonly<Record<string, unknown>>;

const camel = (name: string): string => name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Outrider's contact is FoxReach's lead, and events speak of leads by that record. */
const leadId = (data: Fields): unknown => foxreachId('cld', data['contact_id'] ?? data['lead_id']);
const campaignId = (data: Fields): unknown => foxreachId('cmp', data['campaign_id']);

const sent = (data: Fields): Fields => ({
  emailLogId: data['email_id'],
  campaignId: campaignId(data),
  leadId: leadId(data),
  toEmail: data['recipient'],
  fromEmail: data['from'],
  subject: data['subject'],
  sequenceStep: data['step'],
});

const campaign = (data: Fields): Fields => ({ campaignId: campaignId(data), name: data['name'], status: data['status'] });

/** A contact's fields that a lead has → what FoxReach calls them. */
const leadFields: Readonly<Record<string, string>> = {
  email: 'email',
  first_name: 'firstName',
  last_name: 'lastName',
  company_name: 'company',
  job_title: 'title',
  phone: 'phone',
  linkedin_url: 'linkedinUrl',
  website: 'website',
  tags: 'tags',
  custom_fields: 'customFields',
  notes: 'notes',
  source_name: 'source',
  status: 'status',
  created_at: 'createdAt',
  updated_at: 'updatedAt',
};

const lead = (data: Fields, fields: readonly string[]): Fields => ({
  leadId: foxreachId('cld', data['id']),
  email: data['email'],
  ...Object.fromEntries(
    fields.filter((field) => field !== 'email' && data[field] !== undefined).map((field): [string, unknown] => [leadFields[field] ?? field, data[field]]),
  ),
});

const changedFields = ({ changed }: Fields): string[] =>
  Array.isArray(changed) ? changed.filter((field): field is string => typeof field === 'string' && Object.hasOwn(leadFields, field)) : [];

/** By canonical type; fields a publisher left out stay out. */
const shapes: Readonly<Record<string, (data: Fields) => Fields>> = {
  'email.sent': sent,
  'email.failed': (data) => ({ ...sent(data), error: data['error'] }),
  'email.bounced': (data) => ({ ...sent(data), bounceType: data['bounce_type'] }),
  'email.opened': (data) => ({ emailLogId: data['email_id'], campaignId: campaignId(data), leadId: leadId(data), toEmail: data['recipient'] }),
  'reply.received': (data) => ({
    replyId: foxreachId('rpl', data['reply_id']),
    campaignId: campaignId(data),
    leadId: leadId(data),
    fromEmail: data['from'],
    subject: data['subject'],
    bodyPreview: data['body_preview'],
  }),
  'reply.classified': (data) => ({
    replyId: foxreachId('rpl', data['reply_id']),
    category: data['classification'],
    previousCategory: data['previous_classification'],
  }),
  'campaign.started': campaign,
  'campaign.paused': campaign,
  'campaign.completed': campaign,
  'contact.created': (data) => lead(data, Object.keys(leadFields)),
  'contact.updated': (data) => lead(data, changedFields(data)),
};

/** FoxReach's `data` of an event: its own fields, in camelCase. */
export const foxreachData = (type: string, data: Fields): Fields =>
  shapes[type]?.(data) ?? Object.fromEntries(Object.entries(data).map(([name, value]) => [camel(name), value]));
