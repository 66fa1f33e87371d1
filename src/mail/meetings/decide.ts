import type { Booking } from '../provider-events/index.ts';

export type MeetingStatus = 'booked' | 'cancelled';

/** What is known of a meeting before a report. */
export interface Known {
  readonly status: MeetingStatus;
  readonly starts_at: Date;
  /** The time of the last report. */
  readonly reported_at: Date;
}

/**
 * What a report changes. `recorded`: a meeting that was cancelled before anything else was known of it is stored, so that an older report
 * does not book it. `updated`: the time is the same; its place may have changed, which emits nothing.
 */
export type Change = 'booked' | 'rescheduled' | 'cancelled' | 'recorded' | 'updated';

/**
 * Decides what a report changes.
 * @param known undefined: nothing is known of its ids
 * @returns undefined if it repeats another report, or is older than the last one
 */
export function changeOf(
  known: Known | undefined,
  { fact, startsAtMs }: Pick<Booking, 'fact' | 'startsAtMs'>,
  reportedAtMs: number,
): Change | undefined {
  if (known === undefined) return fact === 'booked' ? 'booked' : 'recorded';
  const isNewer = reportedAtMs > known.reported_at.getTime();
  if (reportedAtMs < known.reported_at.getTime()) return undefined;
  if (fact === 'cancelled') return known.status === 'booked' ? 'cancelled' : undefined;
  if (known.status === 'cancelled') return isNewer ? 'booked' : undefined;
  if (known.starts_at.getTime() !== startsAtMs) return 'rescheduled';
  return isNewer ? 'updated' : undefined;
}
