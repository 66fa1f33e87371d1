import type { Wire } from '../../delivery/wire.ts';
import { membersOf, objectText } from '../../base/json-text.ts';
import { defaults, hmacHex, namedEnvelope } from '../wire-parts.ts';
import { eventNameOf } from '../../delivery/event-names.ts';

const eventName = eventNameOf({
  'email.opened': 'email.open',
  'email.clicked': 'email.click',
  'email.bounced': 'email.bounce',
  'email.unsubscribed': 'email.unsubscribe',
  'webhook.test': 'webhook.test',
});

/** The members of MailPanda's data. The first three are always present, the others only when they have a value. */
const fields = [
  'email_id',
  'recipient',
  'campaign_id',
  'url',
  'bounce_type',
  'reason',
  'ip',
  'user_agent',
  'machine',
] as const;
const always = 3;

function dataOf(type: string, data: Buffer): Buffer | string {
  if (type === 'webhook.test') return data;
  const given = new Map(membersOf(data.toString()).map(({ name, value }) => [name, value]));
  const shaped = fields.map((name) => ({ nameText: `"${name}"`, value: given.get(name) ?? 'null' }));
  return objectText(shaped.filter(({ value }, place) => place < always || value !== 'null'));
}

/** MailPanda: events named like `email.open`, and a bare hexadecimal HMAC of the body. */
export const mailpanda: Wire = {
  ...defaults,
  name: 'mailpanda',
  // The vendor accepts any secret of the caller's.
  ownSecret: 'any',
  headerPrefixes: ['x-webhook-'],
  eventName,
  body: (event) => namedEnvelope(eventName(event.type) ?? event.type, event, dataOf(event.type, event.data)),
  headers: ({ loneSecret, body }) => ({ 'x-webhook-signature': hmacHex(loneSecret, body) }),
};
