import { foxreachId } from './wire-ids.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Outrider's contact is FoxReach's lead, and events speak of leads by that record. */
const leadId = (data: Fields): unknown => foxreachId('cld', data['contact_id'] ?? data['lead_id']);
const campaignId = (data: Fields): unknown => foxreachId('cmp', data['campaign_id']);

/** `own` are fields of this event alone; undefined ones are not written. One literal: a spread costs 1 µs more. */
const sent = (data: Fields, own: { readonly error?: unknown; readonly bounceType?: unknown } = {}): Fields => ({
  emailLogId: data['email_id'],
  campaignId: campaignId(data),
  leadId: leadId(data),
  toEmail: data['recipient'],
  fromEmail: data['from'],
  subject: data['subject'],
  sequenceStep: data['step'],
  error: own.error,
  bounceType: own.bounceType,
});

const campaign = (data: Fields): Fields => ({ campaignId: campaignId(data), name: data['name'], status: data['status'] });

/** A contact's fields that a lead has → what FoxReach calls them. */
export const leadFields: Readonly<Record<string, string>> = {
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

function lead(data: Fields, fields: readonly string[]): Fields {
  const shaped: Record<string, unknown> = { leadId: foxreachId('cld', data['id']), email: data['email'] === null ? '' : data['email'] };
  for (const field of fields) if (field !== 'email' && data[field] !== undefined) shaped[leadFields[field] ?? field] = data[field];
  return shaped;
}

const allLeadFields = Object.keys(leadFields);
/** A publisher that does not say what changed is taken to send nothing else. */
const changedFields = ({ changed }: Fields): readonly string[] =>
  Array.isArray(changed) ? changed.filter((field): field is string => typeof field === 'string' && Object.hasOwn(leadFields, field)) : allLeadFields;

/** By canonical type; fields a publisher left out stay out. */
const shapes: Readonly<Record<string, (data: Fields) => Fields>> = {
  'email.sent': (data) => sent(data),
  'email.failed': (data) => sent(data, { error: data['error'] }),
  'email.bounced': (data) => sent(data, { bounceType: data['bounce_type'] }),
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
  'contact.created': (data) => lead(data, allLeadFields),
  'contact.updated': (data) => lead(data, changedFields(data)),
  'webhook.test': (data) => ({ webhookId: foxreachId('cwh', data['endpoint_id']), message: data['message'] }),
};

/** FoxReach's `data` of an event: its own fields, in camelCase. Types that it has no name for are never sent, and stay as they are. */
export const foxreachData = (type: string, data: Fields): Fields => shapes[type]?.(data) ?? data;
