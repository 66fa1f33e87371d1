import { createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { invalid } from '../../../base/errors.ts';
import {
  addressOf,
  assertNone,
  dedupeKeyOf,
  line,
  list,
  messageIdsOf,
  partOf,
  record,
  seenDetails,
  text,
  typeOf,
  unixTime,
} from '../fields.ts';
import { isFresh } from '../provider.ts';
import type { Provider, ProviderEvent, ReportType } from '../provider.ts';

/** https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event */
const types: Readonly<Record<string, ReportType>> = {
  processed: 'email.queued',
  delivered: 'email.delivered',
  deferred: 'email.deferred',
  bounce: 'email.bounced',
  dropped: 'email.rejected',
  open: 'email.opened',
  click: 'email.clicked',
  spamreport: 'email.complained',
  unsubscribe: 'email.unsubscribed',
  group_unsubscribe: 'email.unsubscribed',
  group_resubscribe: 'email.subscribed',
};

const signatureHeader = 'x-twilio-email-event-webhook-signature';
const timestampHeader = 'x-twilio-email-event-webhook-timestamp';
/** Classes of bounces that say nothing about the address. */
const notOfAddress = /reputation|content|frequency|technical/i;

/** A key as SendGrid shows it, or as PEM; undefined if it is not on P-256. */
function keyOf(given: string): KeyObject | undefined {
  const base64 = given.replaceAll(/-----[A-Z ]+-----|\s/g, '');
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** SendGrid's Event Webhook: an array of events. */
export const sendgrid: Provider = {
  name: 'sendgrid',

  material({ public_key: given, ...others }) {
    assertNone(others);
    if (given === undefined) throw invalid({ public_key: 'is required: the verification key that SendGrid shows' });
    const key = keyOf(given);
    if (key === undefined)
      throw invalid({ public_key: 'must be the verification key that SendGrid shows: base64 of an EC key on P-256' });
    return {
      material: { public_key: key.export({ format: 'der', type: 'spki' }).toString('base64') },
      shown: null,
    };
  },

  recognise: (headers) => Object.hasOwn(headers, signatureHeader) && Object.hasOwn(headers, timestampHeader),

  verify({ raw, headers, nowMs }, { public_key: given = '' }) {
    const { [signatureHeader]: signature, [timestampHeader]: timestamp } = headers;
    if (typeof signature !== 'string' || typeof timestamp !== 'string' || !isFresh(timestamp, nowMs)) return false;
    const key = keyOf(given);
    const signed = Buffer.concat([Buffer.from(timestamp), raw]);
    return key !== undefined && verify('sha256', signed, key, Buffer.from(signature, 'base64'));
  },

  read: (body) => (Array.isArray(body) ? list(body) : [body]).map(eventOf),
};

function eventOf(item: unknown): ProviderEvent {
  const event = record(item);
  const type = typeOf(types, event['event']);
  const id = line(event['sg_event_id']);
  const part = partOf(item);
  return {
    type,
    emailId: line(event['sg_message_id']) ?? line(event['smtp-id']) ?? '',
    messageIds: messageIdsOf(event['smtp-id']),
    eventId: id,
    recipient: addressOf(event['email']),
    occurredAtMs: unixTime(event['timestamp']),
    dedupeKey: id === undefined ? dedupeKeyOf(part) : dedupeKeyOf('sendgrid', id),
    hard:
      type === 'email.bounced'
        ? event['type'] !== 'blocked' && !notOfAddress.test(text(event['bounce_classification']) ?? '')
        : undefined,
    answer: text(event['reason']) ?? text(event['response']),
    status: line(event['status']),
    details: seenDetails(type, {
      ip: event['ip'],
      userAgent: event['useragent'],
      url: event['url'],
      isMachine: event['sg_machine_open'] === true,
    }),
    part,
  };
}
