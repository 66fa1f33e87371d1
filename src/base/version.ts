import { readFileSync } from 'node:fs';

/** Reads the version from package.json, which is beside both `src` and `dist`. */
export function version(): string {
  return (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string })
    .version;
}
