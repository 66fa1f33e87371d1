import { dayMs } from '../../base/clock.ts';
import type { Verdict } from './lead.ts';

/** Which addresses a campaign contacts. */
export type VerificationRule = 'deliverable' | 'risky' | 'off';

/** A verdict that is older is not relied on. */
export const verdictMs = 30 * dayMs;

/**
 * Whether a campaign contacts an address with this verdict; otherwise the reason code. Null: not verified yet.
 * @example
 * admissionOf('deliverable', 'risky') // 'verification_risky'
 */
export function admissionOf(
  rule: VerificationRule,
  verdict: Verdict | null,
): 'admitted' | 'verification_pending' | 'verification_failed' | 'verification_risky' {
  if (rule === 'off') return 'admitted';
  switch (verdict) {
    case null:
      return 'verification_pending';
    case 'deliverable':
      return 'admitted';
    case 'undeliverable':
      return 'verification_failed';
    case 'risky':
    case 'unknown':
      return rule === 'risky' ? 'admitted' : 'verification_risky';
  }
}

/** The verdict on a contact's address, if it is fresh. */
export function freshVerdict(
  {
    verification_status: verdict,
    verified_at: at,
  }: { readonly verification_status: string | null; readonly verified_at: Date | null },
  nowMs: number,
): Verdict | null {
  if (at === null || nowMs - at.getTime() > verdictMs) return null;
  return verdict === 'deliverable' || verdict === 'risky' || verdict === 'undeliverable' || verdict === 'unknown'
    ? verdict
    : null;
}
