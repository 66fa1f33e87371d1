import { getDomain } from 'tldts';
import { dayMs } from '../../base/clock.ts';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import { draw } from './draw.ts';

/** A mailbox that may take part. */
export interface Member {
  readonly mailboxId: MailboxId;
  readonly organizationId: OrganizationId;
  readonly domain: string;
  /** Its mail stays in the capture box: it exchanges with others of its kind only. */
  readonly isCapturing: boolean;
  /** It receives only, and nothing is done with what it receives: it measures. */
  readonly isSeed: boolean;
  /** What its owner allows. */
  readonly allowsSameOrganization: boolean;
  readonly allowsOtherOrganizations: boolean;
}

/**
 * Why two mailboxes may exchange mail. Between mailboxes of one organization, it is worth little: providers see that one owner writes to
 * himself.
 */
export type Relation = 'other_organization' | 'same_organization' | 'seed';

/** Two mailboxes exchange one letter in this time, in either direction; the answer to it is not counted. */
export const pairGapMs = 7 * dayMs;

/**
 * Whether a mailbox may write to another one, and as what; undefined: it may not. The domains differ always. An address is shown to another
 * organization only if both owners allow it.
 * @example
 * relationOf(ada, grace) // 'other_organization'
 */
export function relationOf(sender: Member, receiver: Member): Relation | undefined {
  if (sender.isSeed || sender.mailboxId === receiver.mailboxId) return undefined;
  if (sender.isCapturing !== receiver.isCapturing) return undefined;
  if (registrable(sender.domain) === registrable(receiver.domain)) return undefined;
  const isSame = sender.organizationId === receiver.organizationId;
  if (receiver.isSeed) return isSame ? 'seed' : undefined;
  if (isSame) {
    // A test, in which nothing is worth anything.
    const isAllowed = sender.isCapturing || (sender.allowsSameOrganization && receiver.allowsSameOrganization);
    return isAllowed ? 'same_organization' : undefined;
  }
  // Sandboxes have clocks of their own.
  if (sender.isCapturing) return undefined;
  return sender.allowsOtherOrganizations && receiver.allowsOtherOrganizations ? 'other_organization' : undefined;
}

const registrable = (domain: string): string => getDomain(domain, { allowPrivateDomains: true }) ?? domain;

/** A possible partner, and when the pair exchanged its last letter, in Unix milliseconds. */
export interface Possible<M extends Member = Member> {
  readonly member: M;
  readonly lastMs: number | null;
}

export type Choice<M extends Member = Member> =
  | { readonly receiver: M; readonly relation: Relation; readonly partners: number }
  /** Nobody may be written to now; `untilMs`: when somebody may, null: there is nobody. */
  | { readonly receiver: undefined; readonly untilMs: number | null };

/** Every third letter measures, if there are seeds: what they receive is never answered. */
const isMeasuring = (number: number): boolean => number % 3 === 2;

/**
 * The mailbox that a sender writes to next. Those of other organizations come before those of its own, and those it has not written to for
 * longest before others.
 * @param number letters that the sender has begun
 */
export function choose<M extends Member>(
  nowMs: number,
  sender: Member,
  number: number,
  others: readonly Possible<M>[],
): Choice<M> {
  const possible = others.flatMap(({ member, lastMs }) => {
    const relation = relationOf(sender, member);
    return relation === undefined
      ? []
      : [{ receiver: member, relation, freeMs: lastMs === null ? 0 : lastMs + pairGapMs }];
  });
  if (possible.length === 0) return { receiver: undefined, untilMs: null };
  const order: readonly Relation[] = isMeasuring(number)
    ? ['seed', 'other_organization', 'same_organization']
    : ['other_organization', 'same_organization', 'seed'];
  const [first] = possible
    .filter(({ freeMs }) => freeMs <= nowMs)
    .map((one) => ({
      ...one,
      place: order.indexOf(one.relation),
      chance: draw(`${sender.mailboxId} ${one.receiver.mailboxId} ${number}`),
    }))
    .sort((a, b) => a.place - b.place || a.freeMs - b.freeMs || a.chance - b.chance);
  if (first !== undefined) return { receiver: first.receiver, relation: first.relation, partners: possible.length };
  return { receiver: undefined, untilMs: Math.min(...possible.map(({ freeMs }) => freeMs)) };
}
