import { parseAddress } from '../../base/email-address.ts';
import { isFreeMail } from '../../base/company-domain.ts';
import type { Verdict } from '../leads/index.ts';
import { intendedDomain, isDisposable, isRole } from './address.ts';

/** What the DNS says of a domain. `fallback`: an address, but no mail exchanger (RFC 5321 §5.1). `unknown`: no name server answered. */
export type DomainKind = 'mail' | 'null_mx' | 'none' | 'fallback' | 'unknown';

/** What happened to the organization's own mail with an address, most recently. */
export type History = 'replied' | 'delivered' | 'bounced';

export interface Facts {
  readonly domain: DomainKind;
  readonly suppressed: boolean;
  readonly history: History | null;
  /** The domain accepted mail for an unknown recipient, reported it later, and never refused one at once. */
  readonly acceptsAll: boolean;
}

/** Stable codes. Those that only inform do not change the verdict. */
export const reasons = {
  invalid_syntax: 'undeliverable',
  suppressed: 'undeliverable',
  null_mx: 'undeliverable',
  no_domain: 'undeliverable',
  verifier_undeliverable: 'undeliverable',
  smtp_refused: 'undeliverable',
  verifier_unavailable: 'unknown',
  verifier_unknown: 'unknown',
  smtp_pending: 'unknown',
  smtp_unknown: 'unknown',
  replied_before: 'deliverable',
  delivered_before: 'deliverable',
  bounced_before: 'risky',
  disposable: 'risky',
  role: 'risky',
  no_mx: 'risky',
  catch_all: 'risky',
  possible_typo: 'risky',
  verifier_risky: 'risky',
  dns_unavailable: 'unknown',
  domain_accepts_mail: 'deliverable',
  verifier_deliverable: 'deliverable',
  smtp_accepted: 'deliverable',
  free_mail: null,
  internationalized: null,
} as const satisfies Readonly<Record<string, Verdict | null>>;
export type Reason = keyof typeof reasons;

export interface Judgement {
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  /** The address that was probably intended. */
  readonly suggestion: string | null;
  /** Whether another opinion could change the verdict. */
  readonly isOpen: boolean;
  /** Another verifier, or the recipient's server, gave no answer yet: milliseconds until it is asked again, and why. */
  readonly waits?: Waits;
}

export interface Waits {
  readonly waitMs: number;
  readonly problem: string;
}

/** What another verifier or the recipient's server says, or that it says nothing now. */
export type Opinion = { readonly verdict: Verdict } | Waits;

/** What decides, in this order: facts about the address itself, then the organization's own experience, then signs of risk. */
const decisive = [
  'invalid_syntax',
  'suppressed',
  'null_mx',
  'no_domain',
  'replied_before',
  'delivered_before',
] as const;

/**
 * The verdict on an address. Pure.
 * @example
 * verdictOf('info@acme.example', { domain: 'mail', suppressed: false, history: null, acceptsAll: false })
 * // { verdict: 'risky', reasons: ['role', 'domain_accepts_mail'], suggestion: null, isOpen: true }
 */
export function verdictOf(text: string, facts: Facts): Judgement {
  const address = parseAddress(text);
  if ('problem' in address)
    return { verdict: 'undeliverable', reasons: ['invalid_syntax'], suggestion: null, isOpen: false };
  const local = address.key.slice(0, address.key.lastIndexOf('@'));
  const intended = intendedDomain(address.domain);
  const applies: Readonly<Record<Reason, boolean>> = {
    invalid_syntax: false,
    suppressed: facts.suppressed,
    null_mx: facts.domain === 'null_mx',
    no_domain: facts.domain === 'none',
    verifier_undeliverable: false,
    smtp_refused: false,
    verifier_unavailable: false,
    verifier_unknown: false,
    smtp_pending: false,
    smtp_unknown: false,
    replied_before: facts.history === 'replied',
    delivered_before: facts.history === 'delivered',
    bounced_before: facts.history === 'bounced',
    disposable: isDisposable(address.domain),
    role: isRole(local),
    no_mx: facts.domain === 'fallback',
    catch_all: facts.acceptsAll,
    possible_typo: intended !== undefined,
    verifier_risky: false,
    dns_unavailable: facts.domain === 'unknown',
    domain_accepts_mail: facts.domain === 'mail',
    verifier_deliverable: false,
    smtp_accepted: false,
    free_mail: isFreeMail(address.domain),
    internationalized: address.domain.includes('xn--') || !/^[\x20-\x7e]*$/.test(local),
  };
  const found = (Object.keys(reasons) as Reason[]).filter((reason) => applies[reason]);
  const decides = decisive.find((reason) => applies[reason]) ?? found.find((reason) => reasons[reason] !== null);
  return {
    verdict: (decides === undefined ? null : reasons[decides]) ?? 'unknown',
    reasons: found,
    suggestion: intended === undefined ? null : `${address.email.slice(0, address.email.lastIndexOf('@'))}@${intended}`,
    isOpen: !decisive.some((reason) => reason === decides),
  };
}

/** What another verifier can know better: it may have asked the recipient's server. */
const answered: readonly Reason[] = [
  'bounced_before',
  'no_mx',
  'catch_all',
  'possible_typo',
  'dns_unavailable',
  'domain_accepts_mail',
];

/** Reasons for the opinions of others: a verifier, or the recipient's own server (`smtp`). */
const reasonsOf = {
  verifier: {
    deliverable: 'verifier_deliverable',
    risky: 'verifier_risky',
    undeliverable: 'verifier_undeliverable',
    unknown: 'verifier_unknown',
    waits: 'verifier_unavailable',
  },
  smtp: {
    deliverable: 'smtp_accepted',
    risky: 'catch_all',
    undeliverable: 'smtp_refused',
    unknown: 'smtp_unknown',
    waits: 'smtp_pending',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<Verdict | 'waits', Reason>>>>;

/**
 * Whether the recipient's server is asked: nothing is known but that the domain accepts mail. Signs of risk in the address do not matter: it
 * may not exist.
 */
export const isWorthProbing = ({ isOpen, reasons: found }: Judgement): boolean =>
  isOpen && found.includes('domain_accepts_mail') && !found.includes('bounced_before') && !found.includes('catch_all');

/**
 * The judgement after the opinion of another verifier, or of the recipient's server. What the address is for (a role, a throw-away) stays a risk. An address on which it says
 * nothing is unknown, whatever the DNS says.
 */
export function withOpinion(own: Judgement, given: Opinion, by: keyof typeof reasonsOf = 'verifier'): Judgement {
  if (!own.isOpen) return own;
  if ('waitMs' in given)
    return { ...own, verdict: 'unknown', reasons: [reasonsOf[by].waits, ...own.reasons], waits: given };
  const { verdict: opinion } = given;
  if (opinion === 'unknown')
    return own.verdict === 'deliverable'
      ? { ...own, verdict: 'unknown', reasons: [reasonsOf[by].unknown, ...own.reasons] }
      : own;
  const kept = opinion === 'deliverable' ? own.reasons.filter((reason) => !answered.includes(reason)) : own.reasons;
  const isRisky = kept.some((reason) => reasons[reason] === 'risky');
  return {
    ...own,
    verdict: opinion === 'deliverable' && isRisky ? 'risky' : opinion,
    reasons: [reasonsOf[by][opinion], ...kept],
    isOpen: false,
  };
}
