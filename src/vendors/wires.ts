import type { Wire, Wires } from '../delivery/wire.ts';
import type { Route } from '../http/route.ts';
import { defrost } from './defrost/index.ts';
import { driftwood } from './driftwood/index.ts';
import { foxreach } from './foxreach/index.ts';
import { mailpanda } from './mailpanda/index.ts';
import { standard } from './standard/index.ts';
import type { Domain, Vendor } from './vendor.ts';
import { warmysender } from './warmysender/index.ts';

/**
 * Every vendor, one line each. Where two of them have a route of the same method and path, the first whose surface finds a key takes the
 * request.
 */
const table = { defrost, standard, foxreach, mailpanda, warmysender, driftwood } as const;

export type DialectName = keyof typeof table;

/** Everything about each vendor, by the name of its dialect. */
export const vendorsByName: Readonly<Record<DialectName, Vendor>> = table;

export const dialectNames = Object.keys(table) as [DialectName, ...DialectName[]];

/** Each dialect in which deliveries can be formatted. */
export const dialects = Object.fromEntries(dialectNames.map((name) => [name, table[name].wire])) as Readonly<
  Record<DialectName, Wire>
>;

/** `dialects` as `app.ts` passes it to everything below the vendors. */
export const wires: Wires = new Map<string, Wire>(Object.entries(dialects));

/** The vendors that have an API, and so an API document, of their own. */
export const vendors = dialectNames.filter((name) => vendorsByName[name].routes !== undefined);

/** Returns the routes of all vendors' APIs. */
export const dialectRoutes = (domain: Domain): readonly Route[] =>
  vendors.flatMap((name) => vendorsByName[name].routes?.(domain) ?? []);
