import type { IncomingMessage, ServerResponse } from 'node:http';

/** Response headers that a page may read, apart from the few that every page may. */
const exposed =
  'X-Request-Id, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After, ETag, Idempotency-Replayed, Location, Content-Disposition';
const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE';
/** The longest that browsers keep the answer to a preflight request (Chromium). */
const maxAgeSeconds = '7200';
const headerNames = /^[\w!#$%&'*+.^`|~-]{1,100}(?:\s*,\s*[\w!#$%&'*+.^`|~-]{1,100}){0,49}$/;

/**
 * Cross-origin resource sharing (Fetch standard, §3.2) for the pages of these origins. Credentials of the browser, such as cookies, are
 * never allowed: a page presents a key like any other caller.
 * @returns a function that sets the headers of a response, and returns true if it has answered a preflight request; undefined: there are no origins
 */
export function createCors(
  origins: readonly string[],
): ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined {
  if (origins.length === 0) return undefined;
  const allowed = new Set(origins);
  return ({ method, headers }, response) => {
    // Also without an origin: a cache must not answer a page with a response that was for another caller.
    response.setHeader('vary', 'Origin');
    const { origin } = headers;
    if (origin === undefined || !allowed.has(origin)) return false;
    response.setHeader('access-control-allow-origin', origin);
    if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) {
      response.setHeader('access-control-expose-headers', exposed);
      return false;
    }
    const wanted = headers['access-control-request-headers'];
    response.setHeader('access-control-allow-methods', methods);
    if (wanted !== undefined && headerNames.test(wanted)) response.setHeader('access-control-allow-headers', wanted);
    response.setHeader('access-control-max-age', maxAgeSeconds);
    response.writeHead(204).end();
    return true;
  };
}
