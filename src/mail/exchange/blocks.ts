/** Why a mailbox begins no letter. */
export const blocks = [
  'warmup_off',
  'warmup_paused',
  'seed',
  'not_connected',
  'not_read',
  'health',
  'day_complete',
  'beside_campaign',
  'exchange_not_allowed',
  'no_partner',
  'partners_resting',
] as const;
export type Block = (typeof blocks)[number];

/** What is known of a mailbox and its partners. */
export interface Standing {
  readonly enabled: boolean;
  readonly paused: boolean;
  readonly isSeed: boolean;
  readonly status: string;
  /** Its messages are read: answers and placements can be seen. */
  readonly isRead: boolean;
  readonly isCapturing: boolean;
  readonly allowsAny: boolean;
  /** Messages of today that are allowed; null: not known yet. */
  readonly cap: number | null;
  /** Letters and answers of today. */
  readonly today: number;
  /** Messages of today, whatever they are for. */
  readonly sentToday: number;
  readonly inCampaign: boolean;
  readonly besideCampaign: number;
  /** Mailboxes that it may write to, seeds included, and how many of them not within seven days of their last letter. */
  readonly partners: number;
  readonly free: number;
  /** When the next of them is free, in Unix milliseconds. */
  readonly freeAtMs: number | null;
}

/** Why nothing is sent now, as a sentence; undefined: the next letter has its time. */
export function blockOf(standing: Standing): { readonly reason: Block; readonly detail: string } | undefined {
  const nothing = (reason: Block, because: string) => ({ reason, detail: `Nothing is sent, because ${because}.` });
  const { partners, free, freeAtMs, cap, today, sentToday, inCampaign, besideCampaign: most } = standing;
  if (standing.isSeed) return nothing('seed', 'a seed only receives');
  if (!standing.enabled) return nothing('warmup_off', 'warm-up is off');
  if (standing.paused) return nothing('warmup_paused', 'warm-up is paused');
  if (standing.status !== 'connected') return nothing('not_connected', `the mailbox is ${standing.status}`);
  if (!standing.isRead)
    return nothing('not_read', 'the mailbox has no IMAP server, so that what it receives is not seen');
  if (partners === 0) {
    if (!standing.isCapturing && !standing.allowsAny)
      return nothing(
        'exchange_not_allowed',
        'neither allow_same_organization nor allow_other_organizations is set, and there is no seed mailbox',
      );
    return nothing('no_partner', 'no other mailbox with another domain takes part whose owner allows it');
  }
  if (cap === 0) return nothing('health', 'the mailbox may send no message today');
  if (inCampaign && today >= most) return nothing('beside_campaign', `beside a live campaign ${most} a day are enough`);
  if (cap !== null && Math.max(today, sentToday) >= cap)
    return nothing('day_complete', `the cap of today (${cap}) is used up`);
  if (free === 0)
    return nothing(
      'partners_resting',
      `every partner exchanged a letter within seven days${freeAtMs === null ? '' : `; the next is free at ${new Date(freeAtMs).toISOString()}`}`,
    );
  return undefined;
}
