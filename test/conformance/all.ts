import { defrost } from './defrost.ts';
import type { Dialect } from './dialect.ts';
import { driftwood } from './driftwood.ts';
import { foxreach } from './foxreach.ts';
import { mailpanda } from './mailpanda.ts';
import { standard } from './standard.ts';
import { warmysender } from './warmysender.ts';

/** One line per dialect, as in src/vendors/wires.ts. */
export const allDialects: readonly Dialect[] = [defrost, standard, foxreach, mailpanda, warmysender, driftwood];
