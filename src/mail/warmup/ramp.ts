import { hourMs } from '../../base/clock.ts';
import type { Band } from '../health/index.ts';

/** How fast the daily volume of a mailbox grows: `start + perDay · day`, up to the target. */
export const strategies = {
  gentle: { start: 3, perDay: 0.5, target: 20 },
  normal: { start: 5, perDay: 1, target: 40 },
  fast: { start: 10, perDay: 2, target: 50 },
} as const;

export const strategyNames = ['gentle', 'normal', 'fast'] as const satisfies readonly (keyof typeof strategies)[];
export type Strategy = (typeof strategyNames)[number];

/** A mailbox that is warming up. */
export interface Ramp {
  readonly strategy: Strategy;
  /** Messages a day at the end, 1 to 100. */
  readonly target: number;
  /** Days that counted, 0 on the first. */
  readonly day: number;
}

/** What limits the volume beside the ramp. */
export interface Conditions {
  readonly nowMs: number;
  readonly band: Band | null;
  /** When the band began. */
  readonly bandSinceMs: number;
  /** Of the mailbox's time zone. */
  readonly isWeekend: boolean;
  /** A person resumed it in this band. */
  readonly isReleased: boolean;
}

export const capReasons = ['ramp', 'target', 'weekend', 'watch', 'quarantine', 'probation', 'blocked'] as const;
export type CapReason = (typeof capReasons)[number];

/** The most messages of campaigns and warm-up together on one local day, and what decides it. */
export interface Cap {
  readonly messages: number;
  readonly reason: CapReason;
}

const weekendShare = 0.3;
const watchShare = 0.5;
/** A mailbox in quarantine sends nothing for so long, then a few a day, by which it is judged again. */
const quarantineMs = 48 * hourMs;

const volumeOf = ({ strategy, target, day }: Ramp): number => {
  const { start, perDay } = strategies[strategy];
  return Math.min(target, Math.floor(start + perDay * day));
};

/** Whether the ramp has ended. */
export const reachesTarget = (ramp: Ramp): boolean => volumeOf(ramp) === ramp.target;

/**
 * How many messages of campaigns and warm-up a mailbox may send today. Never more than its target.
 *
 * In quarantine it sends nothing for 48 hours, then as many a day as at the start of the gentle ramp. A blocked mailbox sends nothing until
 * a person resumes it, then as many.
 * @example
 * capOf({ strategy: 'normal', target: 40, day: 6 }, { nowMs, band: 'healthy', bandSinceMs, isWeekend: false, isReleased: false }) // { messages: 11, reason: 'ramp' }
 */
export function capOf(
  { strategy, target, day }: Ramp,
  { nowMs, band, bandSinceMs, isWeekend, isReleased }: Conditions,
): Cap {
  if (band === 'blocked' && !isReleased) return { messages: 0, reason: 'blocked' };
  const ramp = volumeOf({ strategy, target, day });
  if (band === 'blocked' || band === 'quarantine') {
    if (band === 'quarantine' && nowMs - bandSinceMs < quarantineMs) return { messages: 0, reason: 'quarantine' };
    return { messages: Math.min(ramp, strategies.gentle.start), reason: 'probation' };
  }
  const share = (band === 'watch' ? watchShare : 1) * (isWeekend ? weekendShare : 1);
  const reason = band === 'watch' ? 'watch' : isWeekend ? 'weekend' : ramp === target ? 'target' : 'ramp';
  return { messages: share === 1 ? ramp : Math.max(1, Math.floor(ramp * share)), reason };
}

/** What happened on a local day that is over. */
export interface DayOutcome {
  readonly sent: number;
  /** Hard bounces and blocks that were reported on the day. */
  readonly bounced: number;
  /** Attempts that a server deferred. */
  readonly deferred: number;
  readonly inboxed: number;
  readonly spam: number;
  readonly band: Band | null;
}

export const holds = ['paused', 'nothing_sent', 'spam_placement', 'bounces', 'deferrals', 'health'] as const;
export type Hold = (typeof holds)[number];

/** Least messages for a verdict on one day: a single message decides nothing. */
const dayMin = { placed: 5, bounced: 3, deferred: 3 };

/**
 * Why a day does not count for the ramp; null: the next day may have a higher volume. A day on which nothing was sent warms nothing up.
 */
export function holdOf({ sent, bounced, deferred, inboxed, spam, band }: DayOutcome): Exclude<Hold, 'paused'> | null {
  if (band !== null && band !== 'healthy') return 'health';
  const placed = inboxed + spam;
  if (placed >= dayMin.placed && inboxed / placed < 0.8) return 'spam_placement';
  // All may have been refused.
  if (bounced >= dayMin.bounced && bounced / Math.max(sent, bounced) >= 0.05) return 'bounces';
  if (deferred >= dayMin.deferred && deferred / (sent + deferred) >= 0.2) return 'deferrals';
  return sent === 0 ? 'nothing_sent' : null;
}
