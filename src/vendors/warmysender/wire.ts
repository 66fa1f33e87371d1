import type { Wire } from '../../delivery/wire.ts';
import { defaults, hmacHex } from '../wire-parts.ts';
import { eventNameOf, sameNames } from '../../delivery/event-names.ts';
import { warmysenderData } from './wire-data.ts';

const eventName = eventNameOf({
  ...sameNames('email.sent', 'email.bounced', 'email.opened', 'email.clicked', 'email.unsubscribed', 'reply.received'),
  ...sameNames(
    'mailbox.connected',
    'mailbox.disconnected',
    'warmup.health_changed',
    'warmup.milestone',
    'webhook.test',
  ),
  'suppression.created': 'prospect.suppressed',
  'sending.limit_reached': 'limit.hit',
});

/**
 * WarmySender: one signature of the body, and one of `t.body` that also proves the time of sending. The vendor's help
 * (warmysender.com/documentation/webhook-not-firing) gives ten retries from one minute to 72 hours and a timeout of 5 s; the steps between
 * are ours.
 */
export const warmysender: Wire = {
  ...defaults,
  name: 'warmysender',
  retryScheduleSeconds: [60, 180, 480, 1_200, 3_000, 7_200, 18_000, 43_200, 108_000, 259_200],
  timeoutMs: 5_000,
  headerPrefixes: ['x-warmy-', 'x-warmysender-'],
  eventName,
  body(event) {
    const type = JSON.stringify(eventName(event.type) ?? event.type);
    const timestamp = new Date(event.occurredAtMs).toISOString();
    return Buffer.from(
      `{"type":${type},"data":${warmysenderData(event)},"timestamp":"${timestamp}"${event.sandbox ? ',"sandbox":true' : ''}}`,
    );
  },
  headers({ secrets, loneSecret, body, event, timestampMs }) {
    const stamp = `${timestampMs}.`;
    // The vendor's sample reads only the first signature.
    const signing = [loneSecret, ...secrets.filter((secret) => secret !== loneSecret)];
    return {
      'x-warmysender-signature': hmacHex(loneSecret, body),
      'x-warmy-signature': `t=${timestampMs},${signing.map((secret) => `v1=${hmacHex(secret, stamp, body)}`).join(',')}`,
      'x-warmy-event-id': event.id,
      'x-warmy-event-type': eventName(event.type) ?? event.type,
      'x-warmy-timestamp': String(timestampMs),
    };
  },
};
