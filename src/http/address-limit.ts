import ipaddr from 'ipaddr.js';
import type { Clock } from '../base/clock.ts';
import type { Decision } from './rate-limit.ts';

const windowMs = 60_000;
const addressesMax = 50_000;
/** Addresses past `addressesMax` share one count, which bounds memory under any flood. */
const everyoneElse = '*';

/** Limits unauthenticated requests a minute by IP address; in memory, for this process only. */
export interface AddressLimit {
  take(address: string): Decision;
}

export function createAddressLimit(clock: Pick<Clock, 'now'>, limit = 600): AddressLimit {
  let windowStart = 0;
  const taken = new Map<string, number>();
  return {
    take(address) {
      const now = clock.now();
      const start = now - (now % windowMs);
      if (start !== windowStart) {
        windowStart = start;
        taken.clear();
      }
      const named = networkOf(address);
      const network = taken.size < addressesMax || taken.has(named) ? named : everyoneElse;
      const count = (taken.get(network) ?? 0) + 1;
      if (count <= limit) taken.set(network, count);
      return {
        allowed: count <= limit,
        limit,
        remaining: Math.max(0, limit - count),
        resetAt: (start + windowMs) / 1_000,
        windowMs,
      };
    },
  };
}

/** A client commonly has a whole IPv6 /64 network, which counts as one address. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString();
}
