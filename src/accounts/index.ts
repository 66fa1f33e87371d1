import type { AccountOf } from '../auth/index.ts';
import type { RateLimiter } from '../http/rate-limit.ts';
import type { Deps, Module } from '../ops/index.ts';
import { createMembers } from './members.ts';
import { memberRoutes } from './member-routes.ts';
import { expireInvitations, expireSessions, organizationsOf, personById } from './queries.ts';
import { roleOf } from './roles.ts';
import { sessionRoutes } from './session-routes.ts';
import { createSessions } from './sessions.ts';
import type { Sessions } from './sessions.ts';
import { createSignIn } from './sign-in.ts';

export { inviteOwner } from './members.ts';
export { isMember } from './queries.ts';

export interface Accounts extends Module {
  /** For the gate of the server. */
  readonly session: Sessions['authenticate'];
  /** For `GET /v1/me`. */
  readonly accountOf: AccountOf;
}

/** People: sign-in, sessions, roles, invitations. @param publicUrl where browsers reach the server */
export function createAccounts(
  deps: Deps & { readonly rateLimiter: RateLimiter; readonly publicUrl: () => string },
): Accounts {
  const { db } = deps;
  const sessions = createSessions(deps);
  return {
    session: sessions.authenticate,
    async accountOf({ id, sessionId }) {
      const [person, organizations] = await Promise.all([personById(db, id), organizationsOf(db, id)]);
      return {
        person: person === undefined ? null : { id, email: person.email, name: person.name, session_id: sessionId },
        organizations: organizations.map((row) => ({ ...row, role: roleOf(row.role) })),
      };
    },
    routes: [...sessionRoutes({ ...deps, signIn: createSignIn(deps) }), ...memberRoutes(createMembers(deps))],
    run: sessions.run,
    everyMinute: (nowMs) => Promise.all([expireSessions(db, new Date(nowMs)), expireInvitations(db, new Date(nowMs))]),
  };
}
