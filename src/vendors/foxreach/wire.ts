import { randomBytes } from 'node:crypto';
import type { Wire } from '../../delivery/wire.ts';
import { namedEnvelope } from '../envelope.ts';
import { hmacHex } from '../hmac.ts';
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

/** FoxReach: camelCase data, a bare hexadecimal signature, an answer within 5 s, three retries; an endpoint that fails is unhealthy, never disabled. */
export const foxreach: Wire = {
  name: 'foxreach',
  retryScheduleSeconds: [60, 300, 1_800],
  timeoutMs: 5_000,
  whenExhausted: 'nothing',
  ownSecret: 'strong',
  headerPrefixes: ['x-webhook-'],
  eventName,
  body: (event) =>
    namedEnvelope(eventName(event.type) ?? event.type, event, foxreachData(event.type, event.data.toString())),
  headers: ({ loneSecret, body }) => ({ 'x-webhook-signature': hmacHex(loneSecret, body) }),
  newSecret: () => randomBytes(32).toString('hex'),
};
