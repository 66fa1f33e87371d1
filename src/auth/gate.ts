import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from '../errors.ts';
import type { Principal, Scope } from '../http/route.ts';
import { bearerKey } from './keys.ts';
import type { PresentedKey } from './keys.ts';
import { assertApi, requestsPerMinute } from './plans.ts';
import type { Principals } from './principals.ts';
import { grants } from './scopes.ts';

/** What the HTTP edge asks about a caller, in this order. */
export interface Gate {
  /** @throws ApiError `unauthorized`, thrown or rejected alike. */
  authenticate(headers: IncomingHttpHeaders): Principal | Promise<Principal>;
  /** Requests a minute of the caller's organization; Infinity: no ceiling. */
  limitOf(principal: Principal): number;
  /** @throws ApiError `forbidden` when the plan has no API or the key lacks the scope. */
  authorize(principal: Principal, scope: Scope | 'any'): void;
}

export function createGate(principals: Principals, presentedKey: PresentedKey = bearerKey): Gate {
  return {
    authenticate: (headers) => principals.authenticate(presentedKey(headers)),
    limitOf: (principal) => requestsPerMinute(principal.plan),
    authorize(principal, scope) {
      assertApi(principal.plan);
      if (scope === 'any' || grants(principal.scopes, scope)) return;
      throw new ApiError('forbidden', `This needs the scope ${scope}; the key has ${principal.scopes.join(', ')}.`);
    },
  };
}
