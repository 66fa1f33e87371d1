import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiError } from '../base/errors.ts';
import type { Route } from '../http/route.ts';

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Restricts the routes to requests that present the token as `Authorization: Bearer`. */
export function withToken(token: string, routes: readonly Route[]): readonly Route[] {
  const expected = sha256(`Bearer ${token}`);
  return routes.map((route) => ({
    ...route,
    handle(request, principal) {
      // Hashes have one length and reveal nothing about where two texts differ.
      if (!timingSafeEqual(sha256(request.headers.authorization ?? ''), expected))
        throw new ApiError(
          'unauthorized',
          'Send the OUTRIDER_METRICS_TOKEN of this installation as `Authorization: Bearer`.',
        );
      return route.handle(request, principal);
    },
  }));
}
