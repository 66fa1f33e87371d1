import { dayMs, hourMs } from '../../base/clock.ts';
import type { Band, Standing, Totals } from '../health/index.ts';
import { localDayAt } from '../schedule/index.ts';
import { capOf, holdOf, reachesTarget } from './ramp.ts';
import type { Hold } from './ramp.ts';
import { since } from './warmup.ts';
import type { Milestone, Warmup } from './warmup.ts';

/** What is known when a mailbox is governed. */
export interface Known {
  /** Unix milliseconds of the organization's clock. */
  readonly nowMs: number;
  readonly timezone: string;
  readonly standing: Standing;
  /** The band before the measurement that governs it now. */
  readonly bandBefore: Band | null;
  readonly totals: Totals;
}

/** A milestone that was reached now, and the number that it is about; null: a score that is not known. */
export interface Reached {
  readonly milestone: Milestone;
  readonly value: number | null;
}

/** A day is not over before it has lasted so long: moving a mailbox to another time zone does not make days. */
const dayLeastMs = 20 * hourMs;
const days = [
  ['day_7', 7],
  ['day_14', 14],
  ['day_30', 30],
] as const;
const counts = [
  ['sent_100', 100],
  ['sent_500', 500],
] as const;

/**
 * Warm-up of an enabled mailbox at a moment: the day that is over is judged, and the cap of the day that is running is decided. Pure: the same
 * moment gives the same result again.
 * @returns the row, the milestones that were reached now, and when the day ends
 */
export function governed(
  row: Warmup,
  { nowMs, timezone, standing: { band, sinceMs, score }, bandBefore, totals }: Known,
): { readonly row: Warmup; readonly reached: readonly Reached[]; readonly endMs: number } {
  const { startMs, endMs, weekday } = localDayAt(timezone, nowMs);
  const startedAt = row.started_at ?? new Date(nowMs);
  const day = nextDay(row, startMs, band, totals);
  const ramp = { strategy: row.strategy, target: row.target, day: day.ramp_day };
  const cap = capOf(ramp, {
    nowMs,
    band,
    bandSinceMs: sinceMs,
    isWeekend: weekday > 5,
    isReleased: row.released_at !== null && row.released_at.getTime() >= sinceMs,
  });
  const { sent, inboxed } = since(totals, row.base);
  const ageDays = Math.floor((nowMs - startedAt.getTime()) / dayMs);
  const wasWorse = bandBefore !== null && bandBefore !== 'healthy';
  const all: Reached[] = [
    ...(inboxed > 0 ? [{ milestone: 'first_inbox' as const, value: inboxed }] : []),
    ...days.flatMap(([milestone, value]) => (ageDays >= value ? [{ milestone, value: ageDays }] : [])),
    ...counts.flatMap(([milestone, value]) => (sent >= value ? [{ milestone, value: sent }] : [])),
    ...(reachesTarget(ramp) ? [{ milestone: 'target_reached' as const, value: row.target }] : []),
    ...(score !== null && score >= 90 ? [{ milestone: 'health_90' as const, value: score }] : []),
    ...(band === 'healthy' && wasWorse ? [{ milestone: 'recovered' as const, value: score }] : []),
  ];
  const reached = all.filter(({ milestone }) => row.milestones[milestone] === undefined);
  const at = new Date(nowMs).toISOString();
  return {
    row: {
      ...row,
      ...day,
      started_at: startedAt,
      base: row.base ?? totals,
      cap: cap.messages,
      cap_reason: cap.reason,
      milestones: { ...row.milestones, ...Object.fromEntries(reached.map(({ milestone }) => [milestone, at])) },
    },
    reached,
    endMs,
  };
}

/** The day that is running, after the one before was judged if it is over. Several days without a judgement are one. */
function nextDay(
  row: Warmup,
  startMs: number,
  band: Band | null,
  totals: Totals,
): Pick<Warmup, 'ramp_day' | 'day_started_at' | 'day_base' | 'hold'> {
  const { ramp_day: day, day_started_at: started, day_base: base, hold } = row;
  if (started === null) return { ramp_day: day, day_started_at: new Date(startMs), day_base: totals, hold: null };
  if (startMs - started.getTime() < dayLeastMs) return { ramp_day: day, day_started_at: started, day_base: base, hold };
  const why: Hold | null = row.paused ? 'paused' : holdOf({ ...since(totals, base), band });
  return { ramp_day: day + (why === null ? 1 : 0), day_started_at: new Date(startMs), day_base: totals, hold: why };
}
