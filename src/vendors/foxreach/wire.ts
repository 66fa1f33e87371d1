import { randomBytes } from 'node:crypto';
import type { Wire } from '../../delivery/wire.ts';
import { defaults, hmacHex, namedEnvelope } from '../wire-parts.ts';
import { eventNameOf, sameNames } from '../../delivery/event-names.ts';
import { foxreachData } from './wire-data.ts';

const eventName = eventNameOf({
  ...sameNames(
    'email.sent',
    'email.failed',
    'email.bounced',
    'email.opened',
    'reply.received',
    'campaign.started',
    'campaign.paused',
    'campaign.completed',
  ),
  'reply.classified': 'reply.categorized',
  'contact.created': 'lead.created',
  'contact.updated': 'lead.updated',
  'webhook.test': 'webhook.test',
});

/** FoxReach: camelCase data, a bare hexadecimal HMAC of the body, a timeout of 5 s, three retries. A failing endpoint is unhealthy, never disabled. */
export const foxreach: Wire = {
  ...defaults,
  name: 'foxreach',
  retryScheduleSeconds: [60, 300, 1_800],
  timeoutMs: 5_000,
  whenExhausted: 'nothing',
  headerPrefixes: ['x-webhook-'],
  eventName,
  body: (event) =>
    namedEnvelope(eventName(event.type) ?? event.type, event, foxreachData(event.type, event.data.toString())),
  headers: ({ loneSecret, body }) => ({ 'x-webhook-signature': hmacHex(loneSecret, body) }),
  newSecret: () => randomBytes(32).toString('hex'),
};
