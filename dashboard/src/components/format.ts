/** Numbers, durations and times as people read them here: see "Numbers and time" in the design. */

const million = 1_000_000;

/** `1,284`; from a million `1.05 M`. */
export const count = (value: number): string =>
  value >= million ? `${(value / million).toFixed(2)} M` : value.toLocaleString('en-US');

/** A count of things: `1 row`, `1,284 rows`. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** A share as `88.04 %`; undefined without a sample. */
export const percent = (part: number, whole: number, digits = 1): string | undefined =>
  whole === 0 ? undefined : `${trimmed((100 * part) / whole, digits)} %`;

const trimmed = (value: number, digits: number): string => value.toFixed(digits).replace(/\.0+$/, '');

/** `184 ms`, `15.0 s`, `4 min`, `3 h 10 min`, `2 d 4 h`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

const two = (value: number): string => String(value).padStart(2, '0');
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const weekMs = 7 * 86_400_000;

/** Local time: today `17:31:08`, this week `Mon 30 Nov, 09:14`, older or later `3 Mar 2026`. */
export function localTime(at: Date, now: Date = new Date()): string {
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (at.toDateString() === now.toDateString()) return `${clock}:${two(at.getSeconds())}`;
  const day = `${at.getDate()} ${months[at.getMonth()] ?? ''}`;
  if (Math.abs(at.getTime() - now.getTime()) < weekMs) return `${days[at.getDay()] ?? ''} ${day}, ${clock}`;
  return `${day} ${at.getFullYear()}`;
}

/** `in 42 s`, `4 min ago`; undefined beyond an hour, where the time itself says more. */
export function relative(at: Date, now: Date = new Date()): string | undefined {
  const ms = at.getTime() - now.getTime();
  if (Math.abs(ms) > 3_600_000) return undefined;
  const text = Math.abs(ms) < 60_000 ? `${Math.round(Math.abs(ms) / 1_000)} s` : duration(Math.abs(ms));
  return ms > 0 ? `in ${text}` : `${text} ago`;
}

/** Bytes as `512 B`, `1.4 KB`, `2.0 MB`. */
export const bytes = (value: number): string =>
  value < 1_000
    ? `${value} B`
    : value < million
      ? `${(value / 1_000).toFixed(1)} KB`
      : `${(value / million).toFixed(1)} MB`;

/** `message.sent` stays; `delivery_failed` becomes `Delivery failed`. */
export const sentence = (name: string): string =>
  name.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase());
