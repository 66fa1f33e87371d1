import { membersOf, objectText } from '../../base/json-text.ts';
import { categoryText } from './wire-categories.ts';
import { foxreachId } from './wire-ids.ts';
import type { IdPrefix } from './wire-ids.ts';

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

/** FoxReach's fields of an event, in order: name → member of the canonical data. */
type Names = Readonly<Record<string, string>>;

const campaign: Names = { campaignId: 'campaign_id', name: 'name', status: 'status' };
const email: Names = { emailLogId: 'email_id', campaignId: 'campaign_id', leadId: 'lead_id', toEmail: 'recipient' };
const sent: Names = { ...email, fromEmail: 'from', subject: 'subject', sequenceStep: 'step' };
const lead: Names = {
  leadId: 'id',
  ...Object.fromEntries(Object.entries(leadFields).map(([member, name]) => [name, member])),
};

type Shape = readonly (readonly [name: string, member: string])[];

/** By canonical type. */
const shapes: ReadonlyMap<string, Shape> = new Map(
  Object.entries<Names>({
    'email.sent': sent,
    'email.failed': { ...sent, error: 'error' },
    'email.bounced': { ...sent, bounceType: 'bounce_type' },
    'email.opened': email,
    'reply.received': {
      replyId: 'reply_id',
      campaignId: 'campaign_id',
      leadId: 'lead_id',
      fromEmail: 'from',
      subject: 'subject',
      bodyPreview: 'body_preview',
    },
    'reply.classified': {
      replyId: 'reply_id',
      category: 'classification',
      previousCategory: 'previous_classification',
    },
    'campaign.started': campaign,
    'campaign.paused': campaign,
    'campaign.completed': campaign,
    'contact.created': lead,
    'contact.updated': lead,
    'webhook.test': { webhookId: 'endpoint_id', message: 'message' },
  }).map(([type, names]) => [type, Object.entries(names)]),
);

/** Member → JSON text of its value, so that numbers of any size stay exact. */
type Members = ReadonlyMap<string, string>;

const idPrefixes: ReadonlyMap<string, IdPrefix> = new Map<string, IdPrefix>([
  ['campaignId', 'cmp'],
  ['leadId', 'cld'],
  ['replyId', 'rpl'],
  ['webhookId', 'cwh'],
]);

const notNull = (value: string | undefined): string | undefined => (value === 'null' ? undefined : value);

/** A lead of FoxReach is a contact of Outrider, so `lead_id` is used only in events without a contact. */
const memberOf = (members: Members, name: string): string | undefined =>
  (name === 'lead_id' ? notNull(members.get('contact_id')) : undefined) ?? members.get(name);

const leadNames = new Map(Object.entries(leadFields));

/** An updated lead has its id, its email and what changed, in the order of `changed`; everything if the publisher gave no such list. */
function updatedLead(members: Members, all: Shape): Shape {
  const changed: unknown = JSON.parse(members.get('changed') ?? 'null');
  if (!Array.isArray(changed)) return all;
  return [
    ...all.slice(0, 2),
    ...[...new Set(changed as readonly string[])].flatMap((member): Shape => {
      const name = leadNames.get(member);
      return name === undefined || name === 'email' ? [] : [[name, member]];
    }),
  ];
}

/**
 * FoxReach's `data` of an event: its own fields, in camelCase, without those that the publisher left out. Returns `data` unchanged for types
 * that FoxReach does not have; these are never sent.
 */
export function foxreachData(type: string, data: string): string {
  const shape = shapes.get(type);
  if (shape === undefined) return data;
  const members = new Map(membersOf(data).map(({ name, value }) => [name, value]));
  const fields: { nameText: string; value: string }[] = [];
  for (const [name, member] of type === 'contact.updated' ? updatedLead(members, shape) : shape) {
    const value = memberOf(members, member);
    if (value === undefined) continue;
    const prefix = idPrefixes.get(name);
    const isId = prefix !== undefined && value.startsWith('"');
    fields.push({
      nameText: `"${name}"`,
      value: isId ? `"${String(foxreachId(prefix, value.slice(1, -1)))}"` : (valuesOf.get(name)?.(value) ?? value),
    });
  }
  return objectText(fields);
}

/** The vendor has no archive. */
const statusOf = (value: string): string => (value === '"archived"' ? '"completed"' : value);

/** The vendor's clients require text as a lead's email. */
const textOf = (value: string): string => (value === 'null' ? '""' : value);

/** Fields whose values the vendor has in other words. */
const valuesOf: ReadonlyMap<string, (value: string) => string> = new Map([
  ['email', textOf],
  ['status', statusOf],
  ['category', categoryText],
  ['previousCategory', categoryText],
]);
