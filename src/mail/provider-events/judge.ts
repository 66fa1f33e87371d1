import { classify } from '../bounces/index.ts';
import type { Reason, Verdict } from '../bounces/index.ts';
import { verdictOf } from '../tracking/index.ts';
import type { Details, ProviderEvent } from './provider.ts';

/** A failure that a provider reports, as failures from every other door are described. */
export interface Failure {
  /** Only `hard` ends all mail to the address. */
  readonly type: 'hard' | 'soft' | 'block';
  /** `hard_bounce`, `soft_bounce` or `block`. */
  readonly reason: string;
  /** In the words of Sisimai. */
  readonly cause: Reason;
  readonly diagnostic: string | null;
}

const refusals: ReadonlySet<Verdict> = new Set(['block', 'auth', 'policy', 'limit']);
/** Causes that say little, so that the provider's word counts. `suppressed`: it knows of an earlier failure. */
const vague: ReadonlySet<Reason> = new Set(['onhold', 'undefined', 'userunknown', 'hostunknown', 'suppressed']);

/**
 * Judges a failure by what the server answered, with the classifier of SMTP answers and delivery reports. The provider's word decides where
 * the answer says nothing; a refusal of the sender or of the content is never hard, whatever the provider calls it.
 */
export function failureOf({ type, hard, answer = '', status }: ProviderEvent): Failure {
  const isFinal = type === 'email.bounced';
  const code = /^[45]\.\d{1,3}\.\d{1,3}$/.test(status ?? '') ? status : undefined;
  const reply = /^[45]\d\d$/.test(status ?? '') && !/\b[45]\d\d\b/.test(answer) ? `${status} ` : '';
  const { reason: cause, verdict } = classify({
    action: 'failed',
    status: code,
    text: `${reply}${answer}`,
    type: 'smtp',
    command: undefined,
    host: undefined,
    isCut: false,
  });
  const diagnostic = answer.trim() === '' ? (status ?? null) : answer.trim();
  const isHard =
    isFinal && (hard === undefined ? verdict === 'hard' : hard && (verdict === 'hard' || vague.has(cause)));
  if (isHard) return { type: 'hard', reason: 'hard_bounce', cause, diagnostic };
  return refusals.has(verdict) && isFinal
    ? { type: 'block', reason: 'block', cause, diagnostic }
    : { type: 'soft', reason: 'soft_bounce', cause, diagnostic };
}

/** Who opened or clicked: the provider's word that a machine did it, or what we make of the program and its address. */
export function seenBy({ type, details }: Pick<ProviderEvent, 'type' | 'details'>): Details {
  const { machine, user_agent: userAgent, ip } = details;
  if (machine === true) return { ...details, verdict: 'machine', reasons: ['provider'] };
  if (typeof userAgent !== 'string') return details;
  const { verdict, reasons } = verdictOf({
    kind: type === 'email.opened' ? 'open' : 'click',
    userAgent,
    ...(typeof ip === 'string' ? { address: ip } : {}),
  });
  return { ...details, verdict, reasons, machine: verdict !== 'human' };
}
