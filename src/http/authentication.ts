import type { IncomingHttpHeaders } from 'node:http';
import type { Principal, Route, Unproved } from './route.ts';

/** What the HTTP edge asks about a caller, in this order. */
export interface Gate {
  /** @throws ApiError `unauthorized`, thrown or rejected alike. */
  authenticate(key: string): Principal | Promise<Principal>;
  /** Requests a minute of the caller's organization; Infinity: no ceiling. */
  limitOf(principal: Principal | Unproved): number;
  /** @throws ApiError `plan` when it has no API; `forbidden`, naming the scopes that the key lacks, or when the route refuses keys that are bound to a workspace. */
  authorize(principal: Principal | Unproved, route: Pick<Route, 'scope' | 'boundKeys'>): void;
}

/** Reads the key from a request's headers; each dialect has its way. */
export type PresentedKey = (headers: IncomingHttpHeaders) => string | undefined;

/** `Authorization: Bearer otr_…` (RFC 6750 §2.1; the scheme's case does not matter, RFC 9110 §11.1). */
export const bearerKey: PresentedKey = ({ authorization }) => {
  if (authorization === undefined) return undefined;
  if (authorization.startsWith('Bearer otr_')) return authorization.slice(7);
  return /^bearer +(\S+) *$/i.exec(authorization)?.[1];
};

/** A header that holds the key alone, such as `x-api-key`. */
export const headerKey =
  (name: Lowercase<string>): PresentedKey =>
  (headers) => {
    const value = headers[name];
    return typeof value === 'string' ? value.trim() : undefined;
  };
