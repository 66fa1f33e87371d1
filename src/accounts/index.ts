import type { AccountOf } from '../auth/index.ts';
import type { Config } from '../base/config.ts';
import type { Address } from '../http/address.ts';
import type { RateLimiter } from '../http/rate-limit.ts';
import type { Deps, Module } from '../ops/index.ts';
import { createPortal } from '../portal/index.ts';
import { createMembers } from './members.ts';
import type { EmitMember } from './members.ts';
import { memberRoutes } from './member-routes.ts';
import { expireChallenges } from './passkey-queries.ts';
import { passkeyRoutes } from './passkey-routes.ts';
import { createPasskeys } from './passkeys.ts';
import { expireInvitations, expireSessions, organizationsOf, personById } from './queries.ts';
import { roleOf } from './roles.ts';
import { createSecondFactor } from './second-factor.ts';
import { secondFactorRoutes } from './second-factor-routes.ts';
import { clientAt, sessionRoutes } from './session-routes.ts';
import { createSessions } from './sessions.ts';
import type { Sessions } from './sessions.ts';
import { createSignIn } from './sign-in.ts';
import type { SignInResult } from './sign-in.ts';

export { inviteOwner } from './members.ts';
export { isMember } from './queries.ts';
export { setupToken } from './setup.ts';

export interface Accounts extends Module {
  /** For the gate of the server. */
  readonly session: Sessions['authenticate'];
  /** For `GET /v1/me`. */
  readonly accountOf: AccountOf;
}

export interface AccountsOptions extends Deps {
  readonly rateLimiter: RateLimiter;
  readonly config: Pick<Config, 'publicUrl'>;
  readonly address: Address;
  readonly emit: EmitMember;
  readonly onSignIn: (result: SignInResult) => void;
}

/** People: sign-in, sessions, roles, invitations. */
export function createAccounts({ config, address, ...options }: AccountsOptions): Accounts {
  const deps = { ...options, publicUrl: () => config.publicUrl ?? address.url };
  const { db } = deps;
  const sessions = createSessions(deps);
  const portal = createPortal(deps);
  const secondFactor = createSecondFactor(deps);
  const passkeys = createPasskeys(deps);
  const signIn = createSignIn({ ...deps, secondFactor, passkeys, onResult: deps.onSignIn });
  return {
    session: sessions.authenticate,
    async accountOf({ id, sessionId }) {
      const [person, organizations] = await Promise.all([personById(db, id), organizationsOf(db, id)]);
      return {
        person: person === undefined ? null : { id, email: person.email, name: person.name, session_id: sessionId },
        organizations: organizations.map((row) => ({ ...row, role: roleOf(row.role) })),
      };
    },
    routes: [
      ...sessionRoutes({ ...deps, signIn }),
      ...secondFactorRoutes(secondFactor, signIn, clientAt(deps.publicUrl)),
      ...passkeyRoutes({ passkeys, signIn, publicUrl: deps.publicUrl }),
      ...memberRoutes(createMembers(deps)),
      ...(portal.routes ?? []),
    ],
    run: sessions.run,
    everyMinute: (nowMs) =>
      Promise.all([
        portal.everyMinute?.(nowMs),
        expireSessions(db, new Date(nowMs)),
        expireChallenges(db, new Date(nowMs)),
        expireInvitations(db, new Date(nowMs)),
      ]),
  };
}
