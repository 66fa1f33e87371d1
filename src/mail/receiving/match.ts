import { companyKeyOf } from '../../base/company-domain.ts';
import type { KnownMessage } from '../sending/index.ts';

/**
 * What names the message that a reply answers. The recipient of a message is the contact with its address, also when
 * the contact writes from another of its addresses. `reference`: its Message-ID, and the recipient answers. `from_other_person`: the same, and
 * somebody of the recipient's company answers. `stranger`: the same, and somebody else answers, such as one to whom it was forwarded.
 * `unsubscribe_token`: the token of its opt-out. `subject`: the sender is its recipient, and its subject is the only one between the two.
 * `sender`: the sender is its recipient. `domain`: its recipient is of the sender's company.
 */
export const matchedBy = [
  'reference',
  'from_other_person',
  'stranger',
  'unsubscribe_token',
  'subject',
  'sender',
  'domain',
] as const;
export type MatchedBy = (typeof matchedBy)[number];

const confidences: Readonly<Record<MatchedBy, number>> = {
  reference: 1,
  from_other_person: 0.9,
  stranger: 0.6,
  unsubscribe_token: 1,
  subject: 0.8,
  sender: 0.6,
  domain: 0.3,
};

const byRecipient: ReadonlySet<MatchedBy> = new Set(['reference', 'subject', 'sender']);

/** Whether the recipient of a message answered it, from any of their addresses. */
export const isByRecipient = (by: MatchedBy, from: string, answered: Pick<KnownMessage, 'party_key'>): boolean =>
  from === answered.party_key || byRecipient.has(by);

/** A reply that is less certain is shown, and changes nothing. */
export const effectiveConfidence = 0.6;

/** Which message a reply answers. */
export interface Match {
  readonly by: MatchedBy;
  /** 0 to 1. */
  readonly confidence: number;
  readonly answered: KnownMessage;
}

/** A message that the mailbox sent, with its subject. */
export interface Written {
  readonly message: KnownMessage;
  readonly subject: string;
}

/** What is known of a message that may be a reply. Only messages of the mailbox's workspace. */
export interface MatchFacts {
  /** The messages of ours that it names, the nearest first. */
  readonly named: readonly KnownMessage[];
  /** The message whose opt-out it carries. */
  readonly optedOut: KnownMessage | undefined;
  /** What the mailbox lately sent to its sender, the newest first. */
  readonly written: readonly Written[];
  /** What the mailbox last sent to somebody of its sender's company. */
  readonly colleague: KnownMessage | undefined;
}

/**
 * Finds the message that a received one answers, by the most certain sign.
 * @param from the sender, as addresses are compared; empty if there is none. `addresses`: all that the sender is known to have; by default, only that
 * @returns undefined if it is no reply
 * @example
 * matchOf({ from: 'grace@hopper.example', subject: 'AW: Hello' }, facts) // { by: 'reference', confidence: 1, answered }
 */
export function matchOf(
  {
    from,
    addresses = [from],
    subject,
  }: { readonly from: string; readonly addresses?: readonly string[]; readonly subject: string },
  { named, optedOut, written, colleague }: MatchFacts,
): Match | undefined {
  const match = (by: MatchedBy, answered: KnownMessage): Match => ({ by, confidence: confidences[by], answered });
  const own = named.find((message) => addresses.includes(message.party_key));
  const [nearest] = named;
  if (own !== undefined) return match('reference', own);
  if (nearest !== undefined)
    return match(isOfCompany(from, nearest.party_key) ? 'from_other_person' : 'stranger', nearest);
  if (optedOut !== undefined) return match('unsubscribe_token', optedOut);
  const topic = topicOf(subject);
  const [latest] = written;
  const same = topic === '' ? undefined : written.find((each) => topicOf(each.subject) === topic);
  if (same !== undefined) {
    const isOnly = written.every((each) => threadOf(each) === threadOf(same));
    return match(isOnly ? 'subject' : 'sender', same.message);
  }
  if (latest !== undefined) return match('sender', latest.message);
  return colleague === undefined ? undefined : match('domain', colleague);
}

/** A lead is one thread, even if a later step has another subject. */
const threadOf = ({ message, subject }: Written): string => message.lead_id ?? topicOf(subject);

/** Whether two addresses are of one company; not if anybody can have an address there. */
function isOfCompany(a: string, b: string): boolean {
  const company = companyKeyOf(null, domainOf(a));
  return company !== null && company === companyKeyOf(null, domainOf(b));
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

/** What programs put before a subject when they answer or forward, in the languages of their users; also marks such as [EXTERNAL]. */
const prefixes =
  /^\s*(?:(?:re|r|aw|antw|antwort|sv|vs|vá|odp|ynt|rif|ref|res|resp|enc|rv|tr|fw|fwd|wg|vl|vb|vid|bls|ré|σχετ|απ|отв|пересл|ответ|回复|回覆|答复|答覆|转发|轉寄|返信|転送|답장|전달)\.?\s*(?:\[\d+\]|\(\d+\))?\s*[:：]|\[(?:ext|extern|external|externe|externo|esterno)[^\]]{0,20}\])\s*/iu;
const prefixesMax = 20;

/**
 * What a subject is about: without the prefixes of answers, in one case.
 * @example
 * topicOf('AW: Re: Spring  launch') // 'spring launch'
 */
export function topicOf(subject: string): string {
  let rest = subject;
  for (let count = 0; count < prefixesMax && prefixes.test(rest); count += 1) rest = rest.replace(prefixes, '');
  return rest.trim().replaceAll(/\s+/g, ' ').toLowerCase();
}
