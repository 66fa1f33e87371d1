import { membersOf, objectText } from '../../base/json-text.ts';
import { foxreachId } from './wire-ids.ts';
import type { IdPrefix } from './wire-ids.ts';

/** An event's members: name → JSON text of the value, so that numbers of any size stay exact. */
type Given = ReadonlyMap<string, string>;
/** FoxReach's fields: name → JSON text. Undefined fields are left out. */
type Fields = Readonly<Record<string, string | undefined>>;

const idText = (prefix: IdPrefix, value: string | undefined): string | undefined =>
  value?.startsWith('"') === true ? `"${String(foxreachId(prefix, value.slice(1, -1)))}"` : value;

const given = (value: string | undefined): string | undefined => (value === 'null' ? undefined : value);

/** A lead of FoxReach is a contact of Outrider, so events refer to leads by the contact's id. */
const leadId = (data: Given): string | undefined => idText('cld', given(data.get('contact_id')) ?? data.get('lead_id'));
const campaignId = (data: Given): string | undefined => idText('cmp', data.get('campaign_id'));

/** Fields of every email event. `own`: fields of one type. A single literal, because a spread costs 1 µs more. */
const sent = (
  data: Given,
  own: { readonly error?: string | undefined; readonly bounceType?: string | undefined } = {},
): Fields => ({
  emailLogId: data.get('email_id'),
  campaignId: campaignId(data),
  leadId: leadId(data),
  toEmail: data.get('recipient'),
  fromEmail: data.get('from'),
  subject: data.get('subject'),
  sequenceStep: data.get('step'),
  error: own.error,
  bounceType: own.bounceType,
});

const campaign = (data: Given): Fields => ({
  campaignId: campaignId(data),
  name: data.get('name'),
  status: data.get('status'),
});

/** A contact's fields → FoxReach's names of them. A lead has no others. */
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

function lead(data: Given, fields: readonly string[]): Fields {
  const shaped: Record<string, string | undefined> = {
    leadId: idText('cld', data.get('id')),
    email: data.get('email') === 'null' ? '""' : data.get('email'),
  };
  for (const field of fields) if (field !== 'email') shaped[leadFields[field] ?? field] = data.get(field);
  return shaped;
}

const allLeadFields = Object.keys(leadFields);
/** Without `changed`, the publisher's data is taken to contain only what changed. */
function changedFields(data: Given): readonly string[] {
  const changed: unknown = JSON.parse(data.get('changed') ?? 'null');
  return Array.isArray(changed)
    ? changed.filter((field): field is string => typeof field === 'string' && Object.hasOwn(leadFields, field))
    : allLeadFields;
}

/** By canonical type. Fields that the publisher left out are left out. */
const shapes: ReadonlyMap<string, (data: Given) => Fields> = new Map(
  Object.entries<(data: Given) => Fields>({
    'email.sent': (data) => sent(data),
    'email.failed': (data) => sent(data, { error: data.get('error') }),
    'email.bounced': (data) => sent(data, { bounceType: data.get('bounce_type') }),
    'email.opened': (data) => ({
      emailLogId: data.get('email_id'),
      campaignId: campaignId(data),
      leadId: leadId(data),
      toEmail: data.get('recipient'),
    }),
    'reply.received': (data) => ({
      replyId: idText('rpl', data.get('reply_id')),
      campaignId: campaignId(data),
      leadId: leadId(data),
      fromEmail: data.get('from'),
      subject: data.get('subject'),
      bodyPreview: data.get('body_preview'),
    }),
    'reply.classified': (data) => ({
      replyId: idText('rpl', data.get('reply_id')),
      category: data.get('classification'),
      previousCategory: data.get('previous_classification'),
    }),
    'campaign.started': campaign,
    'campaign.paused': campaign,
    'campaign.completed': campaign,
    'contact.created': (data) => lead(data, allLeadFields),
    'contact.updated': (data) => lead(data, changedFields(data)),
    'webhook.test': (data) => ({ webhookId: idText('cwh', data.get('endpoint_id')), message: data.get('message') }),
  }),
);

/** FoxReach's `data` of an event: its own fields, in camelCase. Returns `data` unchanged for types that FoxReach does not have; these are never sent. */
export function foxreachData(type: string, data: string): string {
  const shape = shapes.get(type);
  if (shape === undefined) return data;
  const fields = Object.entries(shape(new Map(membersOf(data).map(({ name, value }) => [name, value]))));
  return objectText(fields.flatMap(([name, value]) => (value === undefined ? [] : [{ nameText: `"${name}"`, value }])));
}
