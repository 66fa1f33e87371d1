import type { Campaign, CampaignStatus, Guarded, PauseReason } from './campaign.ts';

/** A campaign pauses at this share of bounces, once it has sent so many messages. */
export const bounceGuard = { rate: 0.05, from: 50 } as const;
/** As `bounceGuard`, for complaints: Gmail asks senders to stay below 0.1 %. */
export const complaintGuard = { rate: 0.001, from: 100 } as const;

/** The figures of a campaign that decide about its status. */
export interface Watched extends Guarded {
  /** Leads that are not in a final status. */
  readonly open: number;
}

export type Verdict =
  | { readonly action: 'complete' | 'reopen' }
  | { readonly action: 'pause'; readonly reason: PauseReason; readonly detail: string };

const percent = (part: number, of: number): string => `${((part / of) * 100).toFixed(2).replace(/\.?0+$/, '')} %`;

/**
 * What follows from a campaign's figures: it is completed when no lead is open, continued when one is again, and paused at a share of bounces
 * or complaints. The guards count from the last time that a person let it go on.
 * @param isAdding leads are still added in the background
 * @returns undefined: nothing changes
 */
export function verdictOn(
  { status, guards_from: from }: Pick<Campaign, 'guards_from'> & { readonly status: CampaignStatus },
  totals: Watched,
  isAdding: boolean,
): Verdict | undefined {
  if (status === 'completed') return totals.open > 0 ? { action: 'reopen' } : undefined;
  if (status !== 'active') return undefined;
  const sent = totals.sent - from.sent;
  const bounced = totals.bounced - from.bounced;
  const complained = totals.complained - from.complained;
  if (totals.open === 0) return isAdding ? undefined : { action: 'complete' };
  if (sent >= bounceGuard.from && bounced >= sent * bounceGuard.rate)
    return {
      action: 'pause',
      reason: 'bounce_guard',
      detail: `${bounced} of ${sent} messages bounced (${percent(bounced, sent)}); a campaign pauses at 5 %. Verify the addresses of the leads, then resume it.`,
    };
  if (sent >= complaintGuard.from && complained > 0 && complained >= sent * complaintGuard.rate)
    return {
      action: 'pause',
      reason: 'complaint_guard',
      detail: `${complained} of ${sent} messages were reported as spam (${percent(complained, sent)}); a campaign pauses at 0.1 %. Check whom it is sent to and what it says, then resume it.`,
    };
  return undefined;
}
