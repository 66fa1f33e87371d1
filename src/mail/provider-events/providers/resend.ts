import { invalid } from '../../../base/errors.ts';
import { isStandardSigned, signingSecret } from '../../../delivery/sign.ts';
import {
  addressOf,
  assertNone,
  dedupeKeyOf,
  line,
  list,
  member,
  messageIdFields,
  messageIdsOf,
  record,
  seenDetails,
  text,
  time,
  typeOf,
} from '../fields.ts';
import type { Fields } from '../fields.ts';
import { isFresh } from '../provider.ts';
import type { Details, Provider, ReportType } from '../provider.ts';

/** https://resend.com/docs/dashboard/webhooks/event-types */
const types: Readonly<Record<string, ReportType>> = {
  'email.scheduled': 'email.queued',
  'email.sent': 'email.sent',
  'email.delivered': 'email.delivered',
  'email.delivery_delayed': 'email.deferred',
  'email.bounced': 'email.bounced',
  'email.complained': 'email.complained',
  'email.opened': 'email.opened',
  'email.clicked': 'email.clicked',
  'email.failed': 'email.failed',
  'email.suppressed': 'email.rejected',
};

/** Resend, whose webhooks Svix sends: signed as Standard Webhooks are, under its own header names. */
export const resend: Provider = {
  name: 'resend',

  material({ secret, ...others }) {
    assertNone(others);
    if (secret === undefined) throw invalid({ secret: 'is required: the signing secret that Resend shows' });
    if (!secret.startsWith('whsec_') || signingSecret(secret).key === null)
      throw invalid({ secret: 'must be the signing secret that Resend shows: whsec_ and base64' });
    return { material: { secret }, shown: null };
  },

  recognise: (headers) => ['svix-id', 'svix-timestamp', 'svix-signature'].every((name) => Object.hasOwn(headers, name)),

  verify({ raw, headers, nowMs }, { secret = '' }) {
    const { 'svix-id': id, 'svix-timestamp': timestamp, 'svix-signature': signatures } = headers;
    if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') return false;
    return isFresh(timestamp, nowMs) && isStandardSigned({ id, timestamp, signatures, body: raw }, secret);
  },

  read(body, raw, headers) {
    const data = record(member(body, 'data'));
    const given = member(body, 'type');
    // A contact that opted out of an audience.
    const isOut = given === 'contact.updated' && data['unsubscribed'] === true;
    const type = isOut ? 'email.unsubscribed' : typeOf(types, given);
    const id = line(headers['svix-id']);
    const bounce = record(data['bounce']);
    const reason = text(member(data['failed'], 'reason')) ?? text(member(data['suppressed'], 'message'));
    return [
      {
        type,
        emailId: line(data['email_id']) ?? '',
        messageIds: messageIdsOf(data['message_id'], ...messageIdFields(data['headers'])),
        eventId: id,
        recipient: addressOf(list(data['to'])[0] ?? data['to'] ?? data['email']),
        occurredAtMs: time(member(body, 'created_at')),
        dedupeKey: id === undefined ? dedupeKeyOf(raw) : dedupeKeyOf('resend', id),
        hard: bounce['type'] === 'Permanent' ? true : bounce['type'] === 'Transient' ? false : undefined,
        answer: text(list(bounce['diagnosticCode'])[0]) ?? text(bounce['message']) ?? reason,
        details: detailsIn(type, data),
      },
    ];
  },
};

function detailsIn(type: ReportType, data: Fields): Details {
  const { ipAddress: ip, userAgent, link: url } = record(type === 'email.opened' ? data['open'] : data['click']);
  return seenDetails(type, { ip, userAgent, url });
}
