import {
  addressOf,
  dedupeKeyOf,
  hasPassword,
  line,
  member,
  messageIdsOf,
  partOf,
  passwordMaterial,
  record,
  seenDetails,
  text,
  typeOf,
  unixMilliseconds,
  unixTime,
} from '../fields.ts';
import type { Provider, ProviderEvent, ReportType } from '../provider.ts';

/** https://developers.brevo.com/docs/transactional-webhooks */
const types: Readonly<Record<string, ReportType>> = {
  request: 'email.queued',
  sent: 'email.queued',
  delivered: 'email.delivered',
  deferred: 'email.deferred',
  soft_bounce: 'email.bounced',
  hard_bounce: 'email.bounced',
  invalid_email: 'email.bounced',
  blocked: 'email.rejected',
  error: 'email.failed',
  spam: 'email.complained',
  complaint: 'email.complained',
  opened: 'email.opened',
  unique_opened: 'email.opened',
  proxy_open: 'email.opened',
  unique_proxy_open: 'email.opened',
  click: 'email.clicked',
  unsubscribe: 'email.unsubscribed',
  unsubscribed: 'email.unsubscribed',
  list_addition: 'email.subscribed',
};

/** Brevo, which signs nothing: its URL has a name and a password, or a token. */
export const brevo: Provider = {
  name: 'brevo',
  material: passwordMaterial,

  recognise(_headers, body) {
    const first = Array.isArray(body) ? (body as readonly unknown[])[0] : body;
    return typeof member(first, 'event') === 'string' && member(first, 'message-id') !== undefined;
  },

  verify: hasPassword,

  // Batches are an option of a webhook.
  read: (body, raw) =>
    Array.isArray(body)
      ? (body as readonly unknown[]).map((item) => {
          const part = partOf(item);
          return { ...eventOf(item, part), part };
        })
      : [eventOf(body, raw)],
};

function eventOf(item: unknown, bytes: Buffer): ProviderEvent {
  const event = record(item);
  const word = event['event'];
  const type = typeOf(types, word);
  return {
    type,
    emailId: line(event['message-id']) ?? '',
    messageIds: messageIdsOf(event['message-id']),
    recipient: addressOf(event['email']),
    // Milliseconds in UTC. The others are in the time zone of the account.
    occurredAtMs: unixMilliseconds(event['ts_epoch']) ?? unixTime(event['ts_event']) ?? unixTime(event['ts']),
    dedupeKey: dedupeKeyOf(bytes),
    hard: type === 'email.bounced' ? word !== 'soft_bounce' : undefined,
    answer: text(event['reason']),
    details: seenDetails(type, {
      ip: text(event['ip']) ?? event['sending_ip'],
      userAgent: event['user_agent'],
      url: event['link'],
      isMachine: word === 'proxy_open' || word === 'unique_proxy_open',
    }),
  };
}
