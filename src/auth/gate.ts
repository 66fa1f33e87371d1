import { ApiError } from '../errors.ts';
import type { Principal, Scope } from '../http/route.ts';
import { assertApi, requestsPerMinute } from './plans.ts';
import type { Principals } from './principals.ts';
import { grants } from './scopes.ts';

/** What the HTTP edge asks about a caller, in this order. */
export interface Gate {
  /** @throws ApiError `unauthorized`, thrown or rejected alike. */
  authenticate(key: string): Principal | Promise<Principal>;
  /** Requests a minute of the caller's organization; Infinity: no ceiling. */
  limitOf(principal: Principal): number;
  /** @throws ApiError `plan` when it has no API; `forbidden` when the key lacks the scope. */
  authorize(principal: Principal, scope: Scope | 'any'): void;
}

export function createGate(principals: Principals): Gate {
  return {
    authenticate: (key) => principals.authenticate(key),
    limitOf: (principal) => requestsPerMinute(principal.plan),
    authorize(principal, scope) {
      assertApi(principal.plan);
      if (scope === 'any' || grants(principal.scopes, scope)) return;
      throw new ApiError('forbidden', `This needs the scope ${scope}; the key has ${principal.scopes.join(', ')}.`);
    },
  };
}
