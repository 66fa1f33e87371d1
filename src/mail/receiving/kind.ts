import type { DeliveryVerdict, ParsedMessage } from '../mime/index.ts';
import { parseAddress } from '../../base/email-address.ts';
import type { KnownMessage, Report } from '../sending/index.ts';

/** What a message says about a sent one. */
export interface Evidence {
  readonly own: KnownMessage;
  /** `copy`: a copy of it is in a mailbox. `reply`: somebody answered it. `complaint`: its recipient complained about it. */
  readonly by: 'copy' | 'reply' | 'complaint';
}

/** Its recipient marked a sent message as spam. */
export interface ComplaintAbout extends Evidence {
  readonly by: 'complaint';
  readonly feedbackType: string;
}

/** What a delivery report says of one sent message. */
export interface Verdict {
  readonly own: KnownMessage;
  readonly verdict: DeliveryVerdict;
  readonly status: string | null;
  readonly diagnostic: string | null;
}

/** What sending is told of a message; undefined for a delay, which changes nothing. */
export function reportOf(
  about: Evidence | Verdict,
  organizationId: Report['organizationId'],
  atMs: number,
): Report | undefined {
  const report = { organizationId, id: about.own.id, atMs };
  if ('by' in about) return { ...report, fact: 'found', source: sources[about.by] };
  const { verdict, status, diagnostic } = about;
  if (verdict === 'delayed') return undefined;
  if (verdict === 'delivered') return { ...report, fact: 'reported_delivered', source: 'delivery_report' };
  const bounce = {
    type: verdict === 'hard' ? verdict : ('soft' as const),
    reason: reasons[verdict],
    diagnostic: diagnostic ?? status,
  };
  return { ...report, fact: 'reported_bounced', source: 'delivery_report', bounce };
}

const sources = { copy: 'sent_folder', reply: 'reply', complaint: 'feedback_report' } as const;
const reasons = { hard: 'hard_bounce', soft: 'soft_bounce', block: 'block' } as const;

/** What a message is. The classification of replies starts from `message`. */
export type Kind =
  | { readonly kind: 'own'; readonly evidence: readonly Evidence[] }
  | { readonly kind: 'report'; readonly verdicts: readonly (Verdict | ComplaintAbout)[] }
  | { readonly kind: 'message'; readonly evidence: readonly Evidence[] };

/** Feedback types (RFC 5965 §7.3) by which a recipient complains. */
const complaintTypes: ReadonlySet<string> = new Set(['abuse', 'fraud']);

/** Of several recipients in a report, the first of these decides. */
const order: readonly DeliveryVerdict[] = ['hard', 'block', 'soft', 'delivered', 'delayed'];

/**
 * Decides what a message is.
 * @param address of the mailbox, as addresses are compared
 * @param own sent messages by Message-ID, those that their server replaced included
 */
export function kindOf(message: ParsedMessage, address: string, own: ReadonlyMap<string, KnownMessage>): Kind {
  const itself = message.messageId === undefined ? undefined : own.get(message.messageId);
  if (itself !== undefined || keyOf(message.from?.address) === address)
    return { kind: 'own', evidence: itself === undefined ? [] : [{ own: itself, by: 'copy' }] };
  if (message.report?.kind === 'delivery') {
    const { originalMessageId, recipients } = message.report;
    const reported = originalMessageId === undefined ? undefined : own.get(originalMessageId);
    // Backscatter: somebody else wrote in this mailbox's name.
    if (reported === undefined) return { kind: 'report', verdicts: [] };
    const verdict = verdictOf(reported, recipients);
    return { kind: 'report', verdicts: verdict === undefined ? [] : [{ own: reported, ...verdict }] };
  }
  if (message.report?.kind === 'feedback') {
    const { originalMessageId, feedbackType } = message.report;
    const reported = originalMessageId === undefined ? undefined : own.get(originalMessageId);
    // Others say that it is no spam, or something about the domain.
    if (reported !== undefined)
      return {
        kind: 'report',
        verdicts: complaintTypes.has(feedbackType) ? [{ own: reported, by: 'complaint', feedbackType }] : [],
      };
  }
  const answered = answersOf(message).flatMap((id) => own.get(id) ?? []);
  return { kind: 'message', evidence: [...new Set(answered)].map((each) => ({ own: each, by: 'reply' })) };
}

/**
 * Whether a machine wrote a message, by its headers: `Auto-Submitted` (RFC 3834 §5) other than `no`, an autoresponder's own headers, a report,
 * or an empty return path. Mail through a mailing list is not automatic: people answer through lists.
 */
export function isAutomatic({ headers, report }: Pick<ParsedMessage, 'headers' | 'report'>): boolean {
  const valueOf = (name: string): string | undefined => headers.get(name)?.[0]?.trim().toLowerCase();
  const submitted = valueOf('auto-submitted');
  return (
    report !== undefined ||
    (submitted !== undefined && !/^no\b/.test(submitted)) ||
    autoresponders.some((name) => headers.has(name)) ||
    /^auto[-_]?reply$/.test(valueOf('precedence') ?? '') ||
    valueOf('return-path') === '<>'
  );
}

const autoresponders = ['x-autoreply', 'x-autorespond', 'x-autoresponder', 'x-autoreply-from', 'x-auto-reply'];

/** Message-IDs that a message answers, the nearest first. */
export const answersOf = ({ inReplyTo, references }: Pick<ParsedMessage, 'inReplyTo' | 'references'>): string[] => [
  ...new Set([...(inReplyTo === undefined ? [] : [inReplyTo]), ...references.toReversed()]),
];

type Recipients = Extract<ParsedMessage['report'], { kind: 'delivery' }>['recipients'];

/** A message has one recipient; a list or a forwarder behind it may report others, and their failures do not make the address wrong. */
function verdictOf({ party_key: key }: KnownMessage, recipients: Recipients): Omit<Verdict, 'own'> | undefined {
  const isNamed = ({ address, finalRecipient }: Recipients[number]): boolean =>
    keyOf(address) === key || keyOf(finalRecipient) === key;
  const named = recipients.filter(isNamed);
  const relevant = named.length > 0 ? named : recipients;
  const [worst] = relevant.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  if (worst === undefined) return undefined;
  const { verdict, status = null, diagnostic = null } = worst;
  return { verdict: verdict === 'hard' && named.length === 0 ? 'soft' : verdict, status, diagnostic };
}

function keyOf(address: string | undefined): string | undefined {
  const parsed = address === undefined ? undefined : parseAddress(address);
  return parsed !== undefined && 'key' in parsed ? parsed.key : undefined;
}
