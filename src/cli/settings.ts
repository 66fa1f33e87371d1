import { readConfig } from '../base/config.ts';
import type { Config } from '../base/config.ts';

/** How commands that call a running server find it. They are no settings of the server, whose table refuses what it does not know. */
export const clientVariables = { url: 'OUTRIDER_URL', key: 'OUTRIDER_KEY' } as const;

/** @throws OperatorError naming the first variable with a wrong value. */
export function readSettings(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const own: readonly string[] = Object.values(clientVariables);
  return readConfig(Object.fromEntries(Object.entries(environment).filter(([name]) => !own.includes(name))));
}
