import { invalid } from '../../../base/errors.ts';
import {
  addressOf,
  assertNone,
  dedupeKeyOf,
  isHmac,
  isRecord,
  line,
  member,
  messageIdsOf,
  record,
  seenDetails,
  text,
  typeOf,
  unixTime,
} from '../fields.ts';
import { isFresh } from '../provider.ts';
import type { Provider, ReportType } from '../provider.ts';

/** https://documentation.mailgun.com/docs/mailgun/user-manual/events/event-structure */
const types: Readonly<Record<string, ReportType>> = {
  accepted: 'email.queued',
  rejected: 'email.rejected',
  delivered: 'email.delivered',
  failed: 'email.bounced',
  opened: 'email.opened',
  clicked: 'email.clicked',
  unsubscribed: 'email.unsubscribed',
  complained: 'email.complained',
};

/** Mailgun. It signs a time and a token, and not the body. */
export const mailgun: Provider = {
  name: 'mailgun',

  material({ secret, ...others }) {
    assertNone(others);
    if (secret === undefined) throw invalid({ secret: "is required: Mailgun's HTTP webhook signing key" });
    return { material: { secret }, shown: null };
  },

  recognise: (_headers, body) => isRecord(member(body, 'signature')) && isRecord(member(body, 'event-data')),

  tokenOf: (body) => line(member(member(body, 'signature'), 'token')),

  verify({ body, nowMs }, { secret = '' }) {
    const { timestamp, token, signature } = record(member(body, 'signature'));
    if (typeof token !== 'string' || !/^[\w-]{16,100}$/.test(token)) return false;
    return isFresh(timestamp, nowMs) && isHmac(signature, Buffer.from(`${String(timestamp)}${token}`), secret);
  },

  read(body, raw) {
    const event = record(member(body, 'event-data'));
    const headers = record(member(event['message'], 'headers'));
    const status = record(event['delivery-status']);
    const client = record(event['client-info']);
    const id = line(event['id']);
    const failed = typeOf(types, event['event']);
    const isTemporary = failed === 'email.bounced' && event['severity'] === 'temporary';
    return [
      {
        type: isTemporary ? 'email.deferred' : failed,
        emailId: line(headers['message-id']) ?? '',
        messageIds: messageIdsOf(headers['message-id']),
        eventId: id,
        recipient: addressOf(event['recipient'] ?? headers['to']),
        occurredAtMs: unixTime(event['timestamp']),
        // Mailgun may repeat an event with another signature.
        dedupeKey: id === undefined ? dedupeKeyOf(raw) : dedupeKeyOf('mailgun', id),
        hard: isTemporary ? false : failed === 'email.bounced' ? isHard(line(event['reason'])) : undefined,
        answer: text(status['message']) ?? text(status['description']) ?? text(member(event['reject'], 'reason')),
        status: line(status['enhanced-code']) ?? line(status['code']),
        details: seenDetails(failed, {
          ip: event['ip'],
          userAgent: client['user-agent'],
          url: event['url'],
          isMachine: text(client['bot']) !== undefined,
        }),
      },
    ];
  },
};

/** `generic` and the rest: what the server answered decides. */
function isHard(reason: string | undefined): boolean | undefined {
  if (reason === 'bounce' || reason === 'suppress-bounce') return true;
  return reason === 'old' || reason === 'espblock' ? false : undefined;
}
