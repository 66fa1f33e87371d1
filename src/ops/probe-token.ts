import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiError } from '../base/errors.ts';
import type { Route } from '../http/route.ts';

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** These routes, for callers alone that present the token as `Authorization: Bearer`. */
export function withToken(token: string, routes: readonly Route[]): readonly Route[] {
  const wanted = sha256(`Bearer ${token}`);
  return routes.map((route) => ({
    ...route,
    handle(request, principal) {
      // Hashes are of one length, and tell nothing of where two texts differ.
      if (!timingSafeEqual(sha256(request.headers.authorization ?? ''), wanted))
        throw new ApiError(
          'unauthorized',
          'Send the OUTRIDER_METRICS_TOKEN of this installation as `Authorization: Bearer`.',
        );
      return route.handle(request, principal);
    },
  }));
}
