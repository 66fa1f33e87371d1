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

/**
 * Limits in the words of the vendor's pages, which have none for a whole organization. Theirs to a recipient domain is one of a day, ours of
 * an hour: `resetsAt` tells.
 */
const limitTypes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    mailbox_daily_limit: 'daily_mailbox',
    domain_hourly_limit: 'daily_domain',
    organization_limit: 'daily_organization',
    provider_limit: 'cooldown',
  }).map(([ours, theirs]) => [JSON.stringify(ours), JSON.stringify(theirs)]),
);

const camel = (name: string): string =>
  name.includes('_') ? name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) : name;

/** Converts a step, counted from 1, to an index, counted from 0. A value that is not a number stays as it is. */
function indexOf(step: string): string {
  if (/^-?\d+$/.test(step)) return String(BigInt(step) - 1n);
  return /^[-\d]/.test(step) ? String(Number(step) - 1) : step;
}

function valueOf(name: string, value: string, isLimit: boolean): string {
  if (name === 'step') return indexOf(value);
  return isLimit && name === 'limit' ? (limitTypes.get(value) ?? value) : value;
}

/**
 * WarmySender's `data` of an event. Fields are named as on the vendor's pages (warmysender.com/documentation/integration-webhooks):
 * camelCase, a contact is a prospect, each type names its time differently, and the step is an index. Fields that the pages do not list
 * are included, except the actor and the workspace. Values keep their JSON text.
 */
export function warmysenderData({
  type,
  data,
  occurredAtMs,
}: Pick<WireEvent, 'type' | 'data' | 'occurredAtMs'>): string {
  const { names, at } = shapes.get(type) ?? others;
  const shaped: { nameText: string; value: string }[] = [];
  const isLimit = type === 'sending.limit_reached';
  let hasTime = at === undefined;
  for (const { name, nameText, value } of membersOf(data.toString())) {
    if (name === 'actor' || name === 'workspace_id') continue;
    const renamed = name === 'step' ? 'stepIndex' : (names.get(name) ?? camel(name));
    hasTime ||= renamed === at;
    shaped.push({
      nameText: renamed === name ? nameText : JSON.stringify(renamed),
      value: valueOf(name, value, isLimit),
    });
    // The pages have both; a limit is reported when they are the same.
    if (isLimit && name === 'value') shaped.push({ nameText: '"limitValue"', value });
  }
  if (!hasTime) shaped.push({ nameText: `"${at}"`, value: `"${new Date(occurredAtMs).toISOString()}"` });
  return objectText(shaped);
}
