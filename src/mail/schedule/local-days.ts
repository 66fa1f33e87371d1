import { DateTime, IANAZone } from 'luxon';
import { dayMs, minuteMs } from '../../base/clock.ts';

/** A span of time: Unix milliseconds, without its end. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** A day in a time zone: 23 or 25 hours where the clocks change. */
export interface LocalDay extends Span {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** 1 is Monday. */
  readonly weekday: number;
  /** Its parts with one offset to UTC each: two on a day on which the clocks change. */
  readonly parts: readonly (Span & { readonly offsetMs: number })[];
}

/** A zone that this machine does not have counts as UTC: nothing is sent at no time at all. */
export function zoneOf(name: string): IANAZone {
  const zone = IANAZone.create(name);
  return zone.isValid ? zone : IANAZone.create('Etc/UTC');
}

const cache = new Map<string, readonly LocalDay[]>();
const cacheMax = 20_000;

/**
 * The days of a zone that overlap a day of UTC, in order: two, or three next to a short day. Cached.
 * @param utcDay days since 1970
 */
export function localDays(zoneName: string, utcDay: number): readonly LocalDay[] {
  const key = `${utcDay} ${zoneName}`;
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  const zone = zoneOf(zoneName);
  const days: LocalDay[] = [];
  let start = DateTime.fromMillis(utcDay * dayMs, { zone }).startOf('day');
  while (start.toMillis() < (utcDay + 1) * dayMs) {
    const end = start.plus({ days: 1 }).startOf('day');
    const span = { startMs: start.toMillis(), endMs: end.toMillis() };
    days.push({ ...span, date: start.toISODate() ?? '', weekday: start.weekday, parts: partsOf(zone, span) });
    start = end;
  }
  if (cache.size >= cacheMax) cache.clear();
  cache.set(key, days);
  return days;
}

function partsOf(zone: IANAZone, { startMs, endMs }: Span): LocalDay['parts'] {
  const offset = (ms: number): number => zone.offset(ms) * minuteMs;
  const [first, last] = [offset(startMs), offset(endMs - 1)];
  if (first === last) return [{ startMs, endMs, offsetMs: first }];
  let [before, after] = [startMs, endMs - 1];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offset(middle) === first) before = middle;
    else after = middle;
  }
  return [
    { startMs, endMs: after, offsetMs: first },
    { startMs: after, endMs, offsetMs: last },
  ];
}

/** The day of a zone that contains a moment. */
export function localDayAt(zone: string, atMs: number): LocalDay {
  const days = localDays(zone, Math.floor(atMs / dayMs));
  const day = days.find(({ endMs }) => atMs < endMs) ?? days.at(-1);
  if (day === undefined) throw new RangeError(`${atMs} is not a time`);
  return day;
}

/**
 * The date in a zone, as `YYYY-MM-DD`: what a daily limit counts by.
 * @example
 * localDate('Europe/Oslo', Date.UTC(2026, 0, 1, 23, 30)); // '2026-01-02'
 */
export const localDate = (zone: string, atMs: number): string => localDayAt(zone, atMs).date;
