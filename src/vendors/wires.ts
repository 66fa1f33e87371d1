import type { Wire, Wires } from '../delivery/wire.ts';
import { defrost } from './defrost/wire.ts';
import { driftwood } from './driftwood/wire.ts';
import { foxreach } from './foxreach/wire.ts';
import { mailpanda } from './mailpanda/wire.ts';
import { standard } from './standard/wire.ts';
import { warmysender } from './warmysender/wire.ts';

/** Every dialect deliveries can be spoken in: one folder and one line each. */
export const dialects = { defrost, standard, foxreach, mailpanda, warmysender, driftwood } as const satisfies Record<
  string,
  Wire
>;

export type DialectName = keyof typeof dialects;

/** Vendors with an API of their own, each with its document. Defrost's API is the native one. */
export const vendors = ['foxreach', 'mailpanda', 'warmysender', 'driftwood'] as const satisfies readonly DialectName[];

export type Vendor = (typeof vendors)[number];

export const dialectNames = Object.keys(dialects) as [DialectName, ...DialectName[]];

/** The table that `app.ts` passes to everything below the vendors. */
export const wires: Wires = new Map<string, Wire>(Object.entries(dialects));
