import type { IncomingHttpHeaders } from 'node:http';
import type { Caller, Principal, Route } from './route.ts';

/** Authentication and authorization of a caller, in the order of these members. */
export interface Gate {
  /** @throws ApiError `unauthorized`, synchronously or as a rejection. */
  authenticate(key: string): Principal | Promise<Principal>;
  /** Authenticates a person by a session's cookie; undefined: the request has none. Throws and rejects as `authenticate`, and `forbidden`. */
  session?(headers: IncomingHttpHeaders, method: string): Principal | Promise<Principal> | undefined;
  /** Requests a minute that the caller's plan allows its organization; Infinity: unlimited. */
  limitOf(caller: Caller): number;
  /**
   * @throws ApiError `plan` when the plan does not include the API; `forbidden` naming the missing scopes, or when the route refuses keys
   * bound to a workspace
   */
  authorize(caller: Caller, route: Pick<Route, 'scope' | 'boundKeys'>): void;
}

/** Reads the key from a request's headers, as each API expects it. */
export type PresentedKey = (headers: IncomingHttpHeaders) => string | undefined;

/** `Authorization: Bearer otr_…` (RFC 6750 §2.1; the scheme is case-insensitive, RFC 9110 §11.1). */
export const bearerKey: PresentedKey = ({ authorization }) => {
  if (authorization === undefined) return undefined;
  if (authorization.startsWith('Bearer otr_')) return authorization.slice(7);
  return /^bearer +(\S+) *$/i.exec(authorization)?.[1];
};

/** A header with only the key, such as `x-api-key`. */
export const headerKey =
  (name: Lowercase<string>): PresentedKey =>
  (headers) => {
    const value = headers[name];
    return typeof value === 'string' ? value.trim() : undefined;
  };
