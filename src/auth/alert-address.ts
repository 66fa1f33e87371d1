import { hourMs } from '../base/clock.ts';
import { parseAddress } from '../base/email-address.ts';
import type { RateLimiter } from '../http/rate-limit.ts';

/** Domains that exist only inside a network or nowhere (RFC 6761, 6762 appendix G, 7686, 8375): mail to them never leaves the operator's network. */
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

/** Why alerts cannot be mailed to an address; undefined if they can. */
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

/** Counts a change of an organization's alert address. @returns the seconds to wait after five changes in an hour; undefined: the change is allowed. */
export async function alertAddressWait(
  limiter: Pick<RateLimiter, 'take'>,
  organization: string,
  nowMs: number,
): Promise<number | undefined> {
  const { allowed, resetAt } = await limiter.take(`alert-address ${organization}`, changesMax, hourMs);
  return allowed ? undefined : Math.max(1, Math.ceil(resetAt - nowMs / 1_000));
}
