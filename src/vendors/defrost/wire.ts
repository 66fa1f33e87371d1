import type { Wire } from '../../delivery/wire.ts';
import { isCanonical, type CanonicalType } from '../../base/event-types.ts';
import { memberText, membersOf, objectText } from '../../base/json-text.ts';
import { defaults, envelope, hmacHex } from '../wire-parts.ts';

/** The canonical types that Defrost has, with its names. Its `campaign.completed` also reports a pause; `data.reason` tells them apart. */
const names: Partial<Record<CanonicalType, string>> = {
  'lead.discovered': 'lead.discovered',
  'lead.verified': 'lead.verified',
  'campaign.paused': 'campaign.completed',
  'campaign.completed': 'campaign.completed',
  'email.sent': 'email.sent',
  'email.delivered': 'email.delivered',
  'email.bounced': 'send.bounced',
  'email.opened': 'email.opened',
  'email.clicked': 'email.clicked',
  'reply.received': 'reply.received',
  'reply.classified': 'reply.classified',
  'meeting.booked': 'meeting.booked',
  'webhook.test': 'webhook.test',
};

/** By canonical type, the `data.reason` of its event. */
export const reasons: ReadonlyMap<string, string> = new Map([
  ['campaign.paused', 'paused'],
  ['campaign.completed', 'finished'],
]);

/** Why the product paused a campaign, as JSON texts: the vendor has one word for all of them. */
const pauseReasons: ReadonlySet<string> = new Set(
  ['bounce_guard', 'complaint_guard', 'domain_auth', 'no_mailbox', 'late_start', 'archived'].map((reason) =>
    JSON.stringify(reason),
  ),
);

/** The data with the vendor's reason, and ours beside it. */
const asPause = (data: string, why: string): string =>
  objectText([
    ...membersOf(data).map(({ name, nameText, value }) => ({
      nameText,
      value: name === 'reason' ? '"paused"' : value,
    })),
    { nameText: '"pause_reason"', value: why },
  ]);

const eventName = (type: string): string | undefined => (isCanonical(type) ? names[type] : type);

/** Appends the reason to the data's own bytes, unless the publisher gave one. */
function withReason(data: Buffer, reason: string): Buffer | string {
  const text = data.toString();
  const end = text.lastIndexOf('}');
  // The event was deleted, and its data with it.
  if (end === -1) return JSON.stringify({ reason });
  const given = memberText(text, 'reason');
  if (given !== undefined) return pauseReasons.has(given) ? asPause(text, given) : data;
  const isEmpty = text.slice(0, end).trim() === '{';
  return `${text.slice(0, end)}${isEmpty ? '' : ','}"reason":${JSON.stringify(reason)}${text.slice(end)}`;
}

export const defrost: Wire = {
  ...defaults,
  name: 'defrost',
  whenExhausted: 'disable',
  headerPrefixes: ['x-defrost-'],
  eventName,
  body(event) {
    const reason = reasons.get(event.type);
    const fields = {
      event: eventName(event.type) ?? event.type,
      occurred_at: new Date(event.occurredAtMs).toISOString(),
      organization_id: event.organizationId,
      ...(event.sandbox ? { sandbox: true } : {}),
    };
    return envelope(fields, reason === undefined ? event.data : withReason(event.data, reason));
  },
  headers({ loneSecret, event, body, deliveryId, timestampMs }) {
    return {
      // The vendor's sample compares the whole header with one signature. During a rotation, the other secret verifies the standard signature.
      'x-defrost-signature': `sha256=${hmacHex(loneSecret, body)}`,
      'x-defrost-event': eventName(event.type) ?? event.type,
      'x-defrost-delivery-id': deliveryId,
      'x-defrost-timestamp': String(Math.floor(timestampMs / 1_000)),
    };
  },
};
