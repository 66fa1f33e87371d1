import { readFileSync } from 'node:fs';

/** Of package.json, which lies beside `src` and beside `dist`. */
export function version(): string {
  return (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string })
    .version;
}
