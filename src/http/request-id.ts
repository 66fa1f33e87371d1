import { randomBytes } from 'node:crypto';

/** Unique over processes by a random part, within one by counting: a request costs no random bytes. */
export function requestIds(): () => string {
  const process = randomBytes(9).toString('base64url').replaceAll('-', '.');
  let count = 0;
  return () => `${process}${(count++).toString(36).padStart(4, '0')}`;
}
