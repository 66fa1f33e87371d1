import {
  addressOf,
  dedupeKeyOf,
  hasPassword,
  line,
  member,
  passwordMaterial,
  record,
  seenDetails,
  text,
  time,
  typeOf,
} from '../fields.ts';
import type { Fields } from '../fields.ts';
import type { Provider, ReportType } from '../provider.ts';

/** `RecordType`: https://postmarkapp.com/developer/webhooks/webhooks-overview */
const types: Readonly<Record<string, ReportType>> = {
  Delivery: 'email.delivered',
  Bounce: 'email.bounced',
  SpamComplaint: 'email.complained',
  Open: 'email.opened',
  Click: 'email.clicked',
};

/** `Type` of a bounce: https://postmarkapp.com/developer/api/bounce-api#bounce-types. Others say nothing of the delivery. */
const bounces: Readonly<Record<string, { readonly type: ReportType; readonly hard?: boolean }>> = {
  HardBounce: { type: 'email.bounced', hard: true },
  BadEmailAddress: { type: 'email.bounced', hard: true },
  SoftBounce: { type: 'email.bounced', hard: false },
  Blocked: { type: 'email.bounced', hard: false },
  VirusNotification: { type: 'email.bounced', hard: false },
  DMARCPolicy: { type: 'email.bounced', hard: false },
  Transient: { type: 'email.deferred', hard: false },
  DnsError: { type: 'email.deferred', hard: false },
  SpamNotification: { type: 'email.bounced', hard: false },
  SpamComplaint: { type: 'email.complained' },
  ManuallyDeactivated: { type: 'email.rejected' },
  Unconfirmed: { type: 'email.rejected' },
  SMTPApiError: { type: 'email.failed' },
  TemplateRenderingFailed: { type: 'email.failed' },
  Unsubscribe: { type: 'email.unsubscribed' },
  Subscribe: { type: 'email.subscribed' },
};

/** `SuppressionReason` of a changed subscription. */
const reasons: Readonly<Record<string, ReportType>> = {
  ManualSuppression: 'email.unsubscribed',
  HardBounce: 'email.bounced',
  SpamComplaint: 'email.complained',
};

/** Ids of bounces are longer than the numbers that JavaScript keeps exactly. */
const exactId = (raw: Buffer): string | undefined => /"ID"\s*:\s*"?(\d{1,20})\b/.exec(raw.toString())?.[1];

/** Postmark, which signs nothing: its URL has a name and a password, or a token. */
export const postmark: Provider = {
  name: 'postmark',
  material: passwordMaterial,
  recognise: (_headers, body) => typeof member(body, 'RecordType') === 'string',
  verify: hasPassword,

  read(body, raw) {
    const event = record(body);
    const { type, hard } = judged(event);
    const id = event['ID'] === undefined ? undefined : exactId(raw);
    const messageId = line(event['MessageID']);
    return [
      {
        type,
        emailId: messageId ?? '',
        // Of a message that Postmark got by SMTP; it replaces the Message-ID unless a header asks it not to.
        messageIds: messageId === undefined ? [] : [`<${messageId}@mtasv.net>`],
        eventId: id,
        recipient: addressOf(event['Email'] ?? event['Recipient']),
        occurredAtMs: time(event['DeliveredAt'] ?? event['BouncedAt'] ?? event['ReceivedAt'] ?? event['ChangedAt']),
        dedupeKey: id === undefined ? dedupeKeyOf(raw) : dedupeKeyOf('postmark', line(event['RecordType']), id),
        hard,
        answer: text(event['Details']) ?? text(event['Description']),
        details: seenDetails(type, {
          ip: member(event['Geo'], 'IP'),
          userAgent: event['UserAgent'],
          url: event['OriginalLink'],
        }),
      },
    ];
  },
};

function judged(event: Fields): { readonly type: ReportType; readonly hard?: boolean | undefined } {
  if (event['RecordType'] === 'SubscriptionChange') {
    if (event['SuppressSending'] !== true) return { type: 'email.subscribed' };
    const type = typeOf(reasons, event['SuppressionReason']);
    return type === 'email.unknown'
      ? { type: 'email.unsubscribed' }
      : { type, hard: type === 'email.bounced' ? true : undefined };
  }
  const type = typeOf(types, event['RecordType']);
  if (type !== 'email.bounced') return { type };
  const kind = line(event['Type']) ?? '';
  return Object.hasOwn(bounces, kind) ? (bounces[kind] ?? { type }) : { type: 'email.unknown' };
}
