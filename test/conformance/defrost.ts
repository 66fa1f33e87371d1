import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Dialect } from './dialect.ts';
import { nativeApi } from './native.ts';
import { hmac, hours, minutes, seconds } from './requests.ts';

const events = {
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
} as const;

const name = (type: string): string => (events as Record<string, string>)[type] ?? type;

/** What pauses a campaign, if no person does: the vendor has one word for it. */
const guards: readonly unknown[] = ['bounce_guard', 'complaint_guard', 'domain_auth', 'no_mailbox', 'late_start'];
/** A paused and a finished campaign are the same event with different reasons. A reason of the publisher's is kept. */
const reasons: Readonly<Record<string, object>> = {
  'campaign.paused': { reason: 'paused' },
  'campaign.completed': { reason: 'finished' },
};

export const defrost: Dialect = {
  name: 'defrost',
  api: {
    ...nativeApi('defrost'),
    badEvents: [...nativeApi('defrost').badEvents, 'contact.created', 'warmup.milestone', 'endpoint.disabled'],
  },
  events,
  ownTypes: true,
  body: ({ type, at, organizationId, data }) =>
    JSON.stringify({
      event: name(type),
      occurred_at: at,
      organization_id: organizationId,
      data: guards.includes(data['reason'])
        ? { ...data, reason: 'paused', pause_reason: data['reason'] }
        : 'reason' in data
          ? data
          : { ...data, ...reasons[type] },
    }),
  headers: ({ secret, body, event, deliveryId, timestampMs }) => ({
    'x-defrost-signature': `sha256=${hmac(secret, body)}`,
    'x-defrost-event': name(event.type),
    'x-defrost-delivery-id': deliveryId,
    'x-defrost-timestamp': seconds(timestampMs),
  }),
  accepts(secret, headers, body) {
    const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
    const given = Buffer.from(headers['x-defrost-signature'] ?? '');
    return given.length === expected.length && timingSafeEqual(given, expected);
  },
  ownSecret: 'correct-horse-battery-staple',
  scheduleSeconds: [minutes(1), minutes(5), minutes(30), hours(2), hours(12)],
  timeoutMs: 15_000,
  disables: { alone: true, recovered: true },
};
