import { defrost } from './defrost.ts';
import type { Dialect } from './dialect.ts';
import { standard } from './standard.ts';

/** Each with a line, as in the registry of dialects. */
export const allDialects: readonly Dialect[] = [defrost, standard];
