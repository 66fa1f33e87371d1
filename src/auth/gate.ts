import { ApiError } from '../base/errors.ts';
import { scopesOf } from '../http/route.ts';
import type { Gate } from '../http/authentication.ts';
import { assertApi, requestsPerMinute } from './plans.ts';
import type { Principals } from './principals.ts';
import { assertScopes } from './scopes.ts';

/** Authentication, quota and authorization for the HTTP server. */
export function createGate(principals: Principals, session?: NonNullable<Gate['session']>): Gate {
  return {
    ...(session === undefined ? {} : { session }),
    authenticate: (key) => principals.authenticate(key),
    limitOf: (principal) => requestsPerMinute(principal.plan),
    authorize(principal, route) {
      // The plan decides about programs.
      if (!('person' in principal)) assertApi(principal.plan);
      assertScopes(principal, scopesOf(route));
      if (principal.workspaceId === undefined || route.boundKeys === 'own') return;
      const isPerson = 'person' in principal;
      if (isPerson && route.boundKeys === 'people') return;
      throw new ApiError(
        'forbidden',
        isPerson
          ? 'These records belong to the whole organization, but you are limited to a workspace.'
          : 'These records belong to the whole organization, but the key is bound to a workspace. Use a key without a workspace.',
      );
    },
  };
}
