import type { WireEvent } from '../../delivery/wire.ts';
import { membersOf, objectText } from '../../base/json-text.ts';

/** How one type of event is shaped: canonical → vendor's names, and the field with the time of the event, which every event on the vendor's pages has. */
interface Shape {
  readonly names: ReadonlyMap<string, string>;
  readonly at?: string;
}

/** Written out, because deriving them from the canonical names costs 3 µs per delivery. */
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
  at === undefined
    ? { names: new Map(Object.entries(names)) }
    : { names: new Map(Object.entries({ ...names, occurred_at: at })), at };

const shapes: ReadonlyMap<string, Shape> = new Map(
  Object.entries({
    'email.sent': shape(email, 'sentAt'),
    'email.bounced': shape({ ...email, reason: 'bounceReason' }, 'bouncedAt'),
    'email.opened': shape(email, 'openedAt'),
    'email.clicked': shape(email, 'clickedAt'),
    'email.unsubscribed': shape(email, 'unsubscribedAt'),
    'reply.received': shape({ ...person, from: 'prospectEmail' }, 'receivedAt'),
    'suppression.created': shape(person, 'suppressedAt'),
    'sending.limit_reached': shape({ ...camelCase, limit: 'limitType', value: 'currentValue' }, 'hitAt'),
  }),
);
const others = shape(camelCase);

const camel = (name: string): string =>
  name.includes('_') ? name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) : name;

/** Converts a step, counted from 1, to an index, counted from 0. A value that is not a number stays as it is. */
function indexOf(step: string): string {
  if (/^-?\d+$/.test(step)) return String(BigInt(step) - 1n);
  return /^[-\d]/.test(step) ? String(Number(step) - 1) : step;
}

/**
 * WarmySender's `data` of an event. Fields are named as on the vendor's pages (warmysender.com/documentation/integration-webhooks):
 * camelCase, a contact is a prospect, each type names its time differently, and the step is an index. Fields that the pages do not list
 * are included, except the actor. Values keep their JSON text.
 */
export function warmysenderData({
  type,
  data,
  occurredAtMs,
}: Pick<WireEvent, 'type' | 'data' | 'occurredAtMs'>): string {
  const { names, at } = shapes.get(type) ?? others;
  const shaped: { nameText: string; value: string }[] = [];
  let hasTime = at === undefined;
  for (const { name, nameText, value } of membersOf(data.toString())) {
    if (name === 'actor') continue;
    const renamed = name === 'step' ? 'stepIndex' : (names.get(name) ?? camel(name));
    hasTime ||= renamed === at;
    shaped.push({
      nameText: renamed === name ? nameText : JSON.stringify(renamed),
      value: name === 'step' ? indexOf(value) : value,
    });
  }
  if (!hasTime) shaped.push({ nameText: `"${at}"`, value: `"${new Date(occurredAtMs).toISOString()}"` });
  return objectText(shaped);
}
