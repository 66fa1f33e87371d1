import type { WireEvent } from '../../delivery/wire.ts';

type Fields = Readonly<Record<string, unknown>>;

/** How an event's fields are called, and which of them says when it happened, as every event of the vendor's pages has one. */
interface Shape {
  readonly names: ReadonlyMap<string, string>;
  readonly at?: string;
}

/** Written out: making them of the canonical names costs 3 µs a delivery. */
const camelCase = {
  email_id: 'emailId',
  message_id: 'messageId',
  campaign_id: 'campaignId',
  lead_id: 'leadId',
  mailbox_id: 'mailboxId',
  reply_id: 'replyId',
  suppression_id: 'suppressionId',
  endpoint_id: 'endpointId',
  bounce_type: 'bounceType',
  body_preview: 'bodyPreview',
  user_agent: 'userAgent',
  previous_band: 'previousBand',
  resets_at: 'resetsAt',
  custom_fields: 'customFields',
};
const person = { ...camelCase, contact_id: 'prospectId' };
const email = { ...person, recipient: 'prospectEmail' };

const shape = (names: Readonly<Record<string, string>>, at?: string): Shape =>
  at === undefined ? { names: new Map(Object.entries(names)) } : { names: new Map(Object.entries({ ...names, occurred_at: at })), at };

const shapes: Readonly<Record<string, Shape>> = {
  'email.sent': shape(email, 'sentAt'),
  'email.bounced': shape({ ...email, reason: 'bounceReason' }, 'bouncedAt'),
  'email.opened': shape(email, 'openedAt'),
  'email.clicked': shape(email, 'clickedAt'),
  'email.unsubscribed': shape(email, 'unsubscribedAt'),
  'reply.received': shape({ ...person, from: 'prospectEmail' }, 'receivedAt'),
  'suppression.created': shape(person, 'suppressedAt'),
  'sending.limit_reached': shape({ ...camelCase, limit: 'limitType', value: 'currentValue' }, 'hitAt'),
};
const others = shape(camelCase);

const camel = (name: string): string => (name.includes('_') ? name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) : name);

/**
 * WarmySender's `data` of an event, its fields called as on the vendor's pages (warmysender.com/documentation/integration-webhooks):
 * camelCase, a prospect for a contact, a time of its own name, and the step by its index, from 0. What the pages do not list is there too,
 * but not who did it.
 */
export function warmysenderData({ type, data, occurredAtMs }: Pick<WireEvent, 'type' | 'data' | 'occurredAtMs'>): Fields {
  const given = JSON.parse(data.toString()) as Fields;
  const { names, at } = shapes[type] ?? others;
  const shaped: Record<string, unknown> = {};
  for (const field of Object.keys(given)) {
    if (field === 'actor') continue;
    const value = given[field];
    if (field === 'step') shaped['stepIndex'] = typeof value === 'number' ? value - 1 : value;
    else shaped[names.get(field) ?? camel(field)] = value;
  }
  if (at !== undefined && shaped[at] === undefined) shaped[at] = new Date(occurredAtMs).toISOString();
  return shaped;
}
