import type { IncomingHttpHeaders } from 'node:http';
import { hash, randomBytes } from 'node:crypto';
import { ApiError } from '../base/errors.ts';

/** 256 random bits. */
export const mintToken = (): string => randomBytes(32).toString('base64url');
export const isToken = (text: string): boolean => /^[\w-]{43}$/.test(text);
export const hashToken = (token: string): Buffer => hash('sha256', token, 'buffer');

/**
 * The cookie of a session. Over HTTPS its name begins with `__Host-`: browsers then take it only from this host, over HTTPS, for all paths
 * (RFC 6265bis §4.1.3.2), so that a neighbouring subdomain cannot plant a session.
 */
const nameAt = (publicUrl: string): string =>
  publicUrl.startsWith('https:') ? '__Host-outrider_session' : 'outrider_session';

export function cookieFor(publicUrl: string, token: string, maxAgeSeconds: number): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${nameAt(publicUrl)}=${token}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`;
}

/** The token in a request's cookies; undefined: none. */
export function tokenIn({ cookie }: IncomingHttpHeaders, publicUrl: string): string | undefined {
  const begin = `${nameAt(publicUrl)}=`;
  const pair = cookie
    ?.split(';')
    .map((each) => each.trim())
    .find((each) => each.startsWith(begin));
  return pair?.slice(begin.length);
}

const reads: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const fromElsewhere = (): ApiError =>
  new ApiError('forbidden', 'A page of another origin cannot act for a person who is signed in here.');

/**
 * Refuses what a page of another origin lets the browser send. Browsers set both headers themselves (Fetch standard §3.1, Fetch Metadata).
 * @param cookie the request has one: it must then prove its origin
 * @throws ApiError `forbidden`
 */
export function assertSameOrigin(
  method: string,
  headers: IncomingHttpHeaders,
  publicUrl: string,
  { cookie }: { readonly cookie: boolean },
): void {
  if (reads.has(method)) return;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) {
    // `none`: typed by the person, which no change is.
    if (site !== 'same-origin') throw fromElsewhere();
    return;
  }
  if (headers.origin === undefined) {
    if (cookie)
      throw new ApiError('forbidden', `A change with a session needs the header Origin: ${new URL(publicUrl).origin}.`);
    return;
  }
  if (headers.origin !== new URL(publicUrl).origin) throw fromElsewhere();
}
