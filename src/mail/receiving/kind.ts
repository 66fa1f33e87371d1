import { addressKey, parseAddress } from '../../base/email-address.ts';
import type { Reason, Report as MailReport, ReportedRecipient, Verdict as BounceVerdict } from '../bounces/index.ts';
import type { ParsedMessage } from '../mime/index.ts';
import type { KnownMessage, Report } from '../sending/index.ts';

/** What a message says about a sent one. */
export interface Evidence {
  readonly own: KnownMessage;
  /** `copy`: a copy of it is in a mailbox. `reply`: somebody answered it. `complaint`: its recipient complained about it. `not_spam`: its recipient says that it is no spam. */
  readonly by: 'copy' | 'reply' | 'complaint' | 'not_spam';
}

/** Its recipient marked a sent message as spam. */
export interface ComplaintAbout extends Evidence {
  readonly by: 'complaint';
  readonly feedbackType: string;
}

/** What a delivery report says of one sent message. */
export interface Verdict {
  readonly own: KnownMessage;
  readonly verdict: NonNullable<BounceVerdict>;
  /** Sisimai's word. */
  readonly reason: Reason;
  readonly status: string | null;
  readonly diagnostic: string | null;
}

/** What is reported to sending about a message; undefined for a delay, which changes nothing. */
export function reportOf(
  about: Evidence | Verdict,
  organizationId: Report['organizationId'],
  atMs: number,
): Report | undefined {
  const report = { organizationId, id: about.own.id, atMs };
  if ('by' in about) return { ...report, fact: 'found', source: sources[about.by] };
  const { verdict, reason: cause, status, diagnostic } = about;
  if (verdict === 'delayed') return undefined;
  if (verdict === 'delivered') return { ...report, fact: 'reported_delivered', source: 'delivery_report' };
  const bounce = {
    type: verdict === 'hard' ? verdict : ('soft' as const),
    reason: verdict === 'hard' ? 'hard_bounce' : verdict === 'soft' ? 'soft_bounce' : 'block',
    cause,
    diagnostic: diagnostic ?? status,
  };
  return { ...report, fact: 'reported_bounced', source: 'delivery_report', bounce };
}

const sources = {
  copy: 'sent_folder',
  reply: 'reply',
  complaint: 'feedback_report',
  not_spam: 'feedback_report',
} as const;

/** What a message is. The classification of replies starts from `message`. */
export type Kind =
  | { readonly kind: 'own'; readonly evidence: readonly Evidence[] }
  /** Of the exchange of warm-up mail: never stored, and no reply. */
  | { readonly kind: 'exchange'; readonly evidence: readonly Evidence[] }
  | { readonly kind: 'report'; readonly verdicts: readonly (Verdict | Evidence | ComplaintAbout)[] }
  | { readonly kind: 'message'; readonly evidence: readonly Evidence[] };

/** Feedback types (RFC 5965 §7.3) by which a recipient complains. */
const complaintTypes: ReadonlySet<string> = new Set(['abuse', 'fraud']);
/** The one by which a recipient says that a message is no spam. */
const noSpam = 'not-spam';

/** Of several recipients in a report, the first of these decides. */
const order: readonly BounceVerdict[] = [
  'hard',
  'block',
  'auth',
  'policy',
  'limit',
  'soft',
  null,
  'delivered',
  'delayed',
];

/** The mailbox that a message was found in. Addresses are as they are compared. */
export interface Box {
  readonly id: string;
  readonly key: string;
  /** Of the other mailboxes of the organization, and whether they receive their messages here. */
  readonly others: ReadonlyMap<string, boolean>;
}

/**
 * Decides what a message is.
 * @param report what the message says as a report
 * @param own sent messages by Message-ID, those that their server replaced included
 */
export function kindOf(
  message: ParsedMessage,
  report: MailReport,
  mailbox: Box,
  own: ReadonlyMap<string, KnownMessage>,
): Kind {
  const itself = message.messageId === undefined ? undefined : own.get(message.messageId);
  const from = addressKey(message.from?.address);
  const answered = [...new Set(answersOf(message).flatMap((id) => own.get(id) ?? []))];
  // Another mailbox of the organization answers only what was sent to it.
  const isOurs =
    from === mailbox.key ||
    (from !== undefined && mailbox.others.has(from) && !answered.some((each) => each.party_key === from));
  if (itself !== undefined || isOurs)
    return { kind: 'own', evidence: itself === undefined ? [] : [{ own: itself, by: 'copy' }] };
  const named = report.originalMessageId === undefined ? undefined : own.get(report.originalMessageId);
  if (report.kind === 'bounce' || report.because === 'success_report') {
    // Backscatter: somebody else wrote in this mailbox's name. Reports go to the sender, so that one about a message of another mailbox of
    // the organization is a copy of what that mailbox received, or forged.
    if (named?.mailbox_id !== mailbox.id) return { kind: 'report', verdicts: [] };
    const verdict = verdictOf(named, report.recipients);
    return { kind: 'report', verdicts: verdict === undefined ? [] : [{ own: named, ...verdict }] };
  }
  const { feedbackType } = report;
  if (feedbackType !== undefined && named !== undefined) {
    if (feedbackType === noSpam) return { kind: 'report', verdicts: [{ own: named, by: 'not_spam' }] };
    // Others say something about the domain.
    return {
      kind: 'report',
      verdicts: complaintTypes.has(feedbackType) ? [{ own: named, by: 'complaint', feedbackType }] : [],
    };
  }
  const evidence = answered.map((each) => ({ own: each, by: 'reply' as const }));
  const isExchange = answered.length > 0 && answered.every(({ purpose }) => purpose === 'warmup');
  return { kind: isExchange ? 'exchange' : 'message', evidence };
}

/** What a warm-up message, or an answer to one, says of those that the organization sent. */
export const exchangeKind = (message: ParsedMessage, own: ReadonlyMap<string, KnownMessage>): Kind => {
  const itself = message.messageId === undefined ? undefined : own.get(message.messageId);
  const answered = answersOf(message).flatMap((id) => own.get(id) ?? []);
  return {
    kind: 'exchange',
    evidence: [
      ...(itself === undefined ? [] : [{ own: itself, by: 'copy' as const }]),
      ...[...new Set(answered)].map((each) => ({ own: each, by: 'reply' as const })),
    ],
  };
};

/** Fields in which servers name the address that a message was delivered to. */
const deliveredFields = ['delivered-to', 'x-delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to'];
const deliveredMax = 20;

/** The addresses that a message was delivered to, as addresses are compared: as they are, and without what follows a plus. */
export function deliveredTo({ headers }: Pick<ParsedMessage, 'headers'>): string[] {
  const named = deliveredFields.flatMap((name) => headers.get(name) ?? []).slice(0, deliveredMax);
  return [
    ...new Set(
      named.flatMap((each) => addressKey(each) ?? []).flatMap((key) => [key, key.replace(/\+[^@]*(?=@)/, '')]),
    ),
  ];
}

/**
 * Whether a message is a copy of what another mailbox of the organization received. An address that is of no mailbox is an alias of this
 * one.
 */
export const isOfOther = (delivered: readonly string[], mailbox: Box): boolean =>
  !delivered.includes(mailbox.key) && delivered.some((key) => mailbox.others.get(key) === true);

/** Message-IDs that a message answers, the nearest first. */
export const answersOf = ({ inReplyTo, references }: Pick<ParsedMessage, 'inReplyTo' | 'references'>): string[] => [
  ...new Set([...(inReplyTo === undefined ? [] : [inReplyTo]), ...references.toReversed()]),
];

/** A message has one recipient; a list or a forwarder behind it may report others, and their failures do not make the address wrong. */
function verdictOf(
  { party_key: key }: KnownMessage,
  recipients: readonly ReportedRecipient[],
): Omit<Verdict, 'own'> | undefined {
  const named = recipients.filter(({ address, others }) =>
    [address, ...others].some((each) => addressKey(each) === key),
  );
  const relevant = named.length > 0 ? named : recipients;
  const [worst] = relevant.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  if (worst === undefined) return undefined;
  const { verdict, reason, status, diagnostic } = worst;
  return {
    verdict: verdict === null || (verdict === 'hard' && named.length === 0) ? 'soft' : verdict,
    reason,
    status: status === '' ? null : status,
    diagnostic: diagnostic === '' ? null : diagnostic,
  };
}

/** The sender of a message. */
export interface MessageSender {
  readonly address: string;
  /** As addresses are compared; in lower case if mail cannot be sent to it, empty if there is none. */
  readonly key: string;
  readonly domain: string;
}

/** The sender, also if mail cannot be sent to it. */
export function senderOf({ from }: Pick<ParsedMessage, 'from'>): MessageSender {
  if (from === undefined) return { address: '', key: '', domain: '' };
  const parsed = parseAddress(from.address);
  if ('key' in parsed) return { address: parsed.email, key: parsed.key, domain: parsed.domain };
  const lower = from.address.toLowerCase();
  return { address: from.address, key: lower, domain: lower.slice(lower.lastIndexOf('@') + 1) };
}
