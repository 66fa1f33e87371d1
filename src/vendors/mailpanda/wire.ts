import type { Wire } from '../../delivery/wire.ts';
import { membersOf, objectText } from '../../base/json-text.ts';
import { namedEnvelope } from '../envelope.ts';
import { hmacHex, newStandardSecret } from '../hmac.ts';
import { eventNameOf } from '../../delivery/event-names.ts';

const eventName = eventNameOf({
  'email.opened': 'email.open',
  'email.clicked': 'email.click',
  'email.bounced': 'email.bounce',
  'email.unsubscribed': 'email.unsubscribe',
  'webhook.test': 'webhook.test',
});

/** What MailPanda's data has; the first three always, the others where they say something. */
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

/** MailPanda: `email.open` and its kin, and a bare hexadecimal signature over the body. */
export const mailpanda: Wire = {
  name: 'mailpanda',
  retryScheduleSeconds: [60, 300, 1_800, 7_200, 43_200],
  timeoutMs: 15_000,
  whenExhausted: 'disable_unless_recovered',
  // The vendor's page takes whatever secret the caller has.
  ownSecret: 'any',
  headerPrefixes: ['x-webhook-'],
  eventName,
  body: (event) => namedEnvelope(eventName(event.type) ?? event.type, event, dataOf(event.type, event.data)),
  headers: ({ loneSecret, body }) => ({ 'x-webhook-signature': hmacHex(loneSecret, body) }),
  newSecret: newStandardSecret,
};
