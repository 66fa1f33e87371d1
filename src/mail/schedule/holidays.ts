import { createRequire } from 'node:module';
import type Holidays from 'date-holidays';
import { dayMs, dayOf } from '../../base/clock.ts';

/** Public holidays, from the package `date-holidays`. Its data takes 150 ms to load and 40 MB, so it is loaded at the first use. */

let loaded: typeof Holidays | undefined;
const load = (): typeof Holidays => {
  loaded ??= createRequire(import.meta.url)('date-holidays') as typeof Holidays;
  return loaded;
};

/** Splits `DE-BY` into country and region. */
function holidaysOf(place: string): Holidays {
  const [country = '', region = ''] = place.split('-');
  const Class = load();
  return region === '' ? new Class(country) : new Class(country, region);
}

/**
 * What is wrong with a place whose holidays are to be left out, such as `NO` or `DE-BY`. A region of a country whose holidays are the same
 * everywhere is allowed.
 * @returns undefined if nothing is wrong
 */
export function holidayProblem(place: string): string | undefined {
  const [country = '', region] = place.split('-');
  const data = new (load())();
  if (!/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(place) || !Object.hasOwn(data.getCountries(), country))
    return 'must be a country such as NO, or a country and a region such as DE-BY, whose holidays are known';
  const regions = Object.keys((data.getStates(country) as Record<string, string> | undefined) ?? {});
  return region === undefined || regions.length === 0 || regions.includes(region)
    ? undefined
    : `must name a region of ${country}: ${regions.join(', ')}`;
}

const known = new Map<string, ReadonlySet<string>>();
/** Of each place two or three years are used. */
const knownMax = 2_000;

/**
 * The days of a year on which a place has a public holiday, as `YYYY-MM-DD`: whole days only.
 * @returns undefined if the holidays of the country are not known
 */
export function holidaysIn(place: string, year: number): ReadonlySet<string> | undefined {
  const key = `${place} ${year}`;
  const cached = known.get(key);
  if (cached !== undefined) return cached.size === 0 ? undefined : cached;
  const found = new Set<string>();
  for (const { type, date, start, end } of holidaysOf(place).getHolidays(year)) {
    // Some begin at noon or in the evening; offices are open.
    if (type !== 'public' || date.slice(11, 19) !== '00:00:00') continue;
    // A day may have 23 hours. A half day at the end does not count.
    const count = Math.max(1, Math.floor((end.getTime() - start.getTime()) / dayMs + 0.1));
    const firstMs = Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
    for (let day = 0; day < count; day += 1) found.add(dayOf(firstMs + day * dayMs));
  }
  if (known.size >= knownMax) known.clear();
  known.set(key, found);
  return found.size === 0 ? undefined : found;
}
