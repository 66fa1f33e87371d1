import { dayMs, hourMs } from '../../base/clock.ts';
import { localDayAt, openAt, workSchedule } from '../schedule/index.ts';
import type { Window } from '../schedule/index.ts';
import { draw } from './draw.ts';

/** A mailbox and its day. */
export interface Pace {
  readonly mailboxId: string;
  readonly timezone: string;
  readonly workHours: Window;
  /** Letters and answers that it may send on the local day. */
  readonly perDay: number;
  /** Of them sent today. */
  readonly today: number;
  /** When it began its last letter, in Unix milliseconds. */
  readonly lastMs: number | null;
}

/** Beside a live campaign a mailbox sends no more letters and answers than this a day. */
export const besideCampaign = 5;
/** A letter whose time passed longer ago is left out: nobody writes ten letters in the last hour of a day. */
const lateMs = hourMs;
const searchDays = 10;

/**
 * When a mailbox begins its next letter: the letters of a day are spread over its work hours, at times that differ each day.
 * @returns Unix milliseconds, not after now if one is due; null if its work hours never open
 */
export function nextLetterAt(nowMs: number, pace: Pace): number | null {
  const { mailboxId, timezone, workHours, perDay, today, lastMs } = pace;
  const hours = workSchedule(timezone, workHours);
  let day = localDayAt(timezone, nowMs);
  for (let searched = 0; searched < searchDays; searched += 1) {
    const places = searched === 0 && today >= perDay ? 0 : Math.max(1, perDay);
    const opening = openAt(hours, '', day.startMs);
    const opensMs = opening.open ? day.startMs : (opening.opensMs ?? Infinity);
    const until = openAt(hours, '', opensMs === Infinity ? day.startMs : opensMs);
    if (opensMs < day.endMs && until.open) {
      const length = Math.min(until.untilMs, day.endMs) - opensMs;
      for (let place = 0; place < places; place += 1) {
        const share = (place + 0.1 + 0.8 * draw(`${mailboxId} ${day.date} ${place}`)) / places;
        const atMs = Math.round(opensMs + share * length);
        if (atMs > nowMs - lateMs && (lastMs === null || atMs > lastMs)) return atMs;
      }
    }
    day = localDayAt(timezone, day.endMs);
  }
  return openAt(hours, '', nowMs + searchDays * dayMs).open ? nowMs + searchDays * dayMs : null;
}
