import { parseAddress } from '../base/email-address.ts';
import type { RateLimiter } from '../http/rate-limit.ts';

/** Names that exist only inside a network or nowhere (RFC 6761, 6762 with its appendix G, 7686, 8375): mail to them never leaves the operator's own. */
const privateDomains = [
  'localhost',
  'localdomain',
  'local',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'home.arpa',
  'invalid',
  'onion',
];

/** What is wrong with an address that alerts are to be mailed to; undefined: nothing. */
export function alertAddressProblem(text: string): string | undefined {
  if (/[\s<>()\p{Cc}]/u.test(text))
    return 'must be a bare email address such as ops@example.com, without spaces, line breaks or a name';
  const parsed = parseAddress(text);
  if ('problem' in parsed) return parsed.problem;
  return privateDomains.some((name) => parsed.domain.endsWith(`.${name}`))
    ? `must be an address on the public internet; ${parsed.domain} is a private name`
    : undefined;
}

const changesMax = 5;
const windowMs = 3_600_000;

/** Counts a new alert address of an organization. @returns the seconds to wait when there were five in this hour; undefined: it may be set. */
export async function alertAddressWait(
  limiter: Pick<RateLimiter, 'take'>,
  organization: string,
  nowMs: number,
): Promise<number | undefined> {
  const { allowed, resetAt } = await limiter.take(`alert-address ${organization}`, changesMax, windowMs);
  return allowed ? undefined : Math.max(1, Math.ceil(resetAt - nowMs / 1_000));
}
