import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Returns unique ids: a random part per process and a counter, so that a request costs no random bytes. */
export function createRequestIds(): () => string {
  const process = randomBytes(9).toString('base64url').replaceAll('-', '.');
  let count = 0;
  return () => `${process}${(count++).toString(36).padStart(4, '0')}`;
}

/** The caller's `x-request-id` if it is safe in a header and a log line, else the next id. */
export function requestIdOf({ 'x-request-id': given }: IncomingHttpHeaders, next: () => string): string {
  return typeof given === 'string' && /^[\w.-]{1,128}$/.test(given) ? given : next();
}
