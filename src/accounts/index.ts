import type { AccountOf } from '../auth/index.ts';
import type { Config } from '../base/config.ts';
import type { Address } from '../http/address.ts';
import type { RateLimiter } from '../http/rate-limit.ts';
import type { Route } from '../http/route.ts';
import type { Deps, Module } from '../ops/index.ts';
import { createPortal } from '../portal/index.ts';
import { auditing } from './audit.ts';
import type { EmitSetting } from './audit.ts';
import { expireMails } from './mail-queries.ts';
import { createMails } from './mails.ts';
import type { MailsOptions } from './mails.ts';
import { createMembers, invitationLetter } from './members.ts';
import type { EmitMember } from './members.ts';
import { memberRoutes } from './member-routes.ts';
import { expireChallenges } from './passkey-queries.ts';
import { passkeyRoutes } from './passkey-routes.ts';
import { createPasskeys } from './passkeys.ts';
import * as queries from './queries.ts';
import { expireResets } from './reset-queries.ts';
import { resetRoutes } from './reset-routes.ts';
import { createResets, resetLetter } from './resets.ts';
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
export { resetToken } from './resets.ts';
export { setupToken } from './setup.ts';

export interface Accounts extends Module {
  /** For the gate of the server. */
  readonly session: Sessions['authenticate'];
  /** Routes whose calls by people are events. */
  audited(routes: readonly Route[]): readonly Route[];
  /** For `GET /v1/me`. */
  readonly accountOf: AccountOf;
}

export interface AccountsOptions extends Deps, Pick<MailsOptions, 'send' | 'log'> {
  readonly rateLimiter: RateLimiter;
  readonly config: Pick<Config, 'publicUrl' | 'roles'>;
  readonly address: Address;
  readonly emit: EmitMember & EmitSetting;
  readonly metrics: { signedIn(result: SignInResult): void; readonly accountMailed: MailsOptions['onMail'] };
}

/** People: sign-in, sessions, roles, invitations. */
export function createAccounts({ config, address, metrics, ...options }: AccountsOptions): Accounts {
  const deps = { ...options, publicUrl: () => config.publicUrl ?? address.url };
  const { db } = deps;
  const sessions = createSessions(deps);
  const portal = createPortal(deps);
  const secondFactor = createSecondFactor(deps);
  const passkeys = createPasskeys(deps);
  const signIn = createSignIn({ ...deps, secondFactor, passkeys, onResult: metrics.signedIn });
  const mails = createMails({
    ...deps,
    letters: { reset: resetLetter(deps), invitation: invitationLetter(deps) },
    onMail: metrics.accountMailed,
  });
  const members = createMembers({ ...deps, mails });
  return {
    session: sessions.authenticate,
    audited: auditing(deps),
    async accountOf({ id, sessionId }) {
      const [person, organizations] = await Promise.all([queries.personById(db, id), queries.organizationsOf(db, id)]);
      return {
        person: person === undefined ? null : { id, email: person.email, name: person.name, session_id: sessionId },
        organizations: organizations.map((row) => ({ ...row, role: roleOf(row.role) })),
      };
    },
    routes: [
      ...sessionRoutes({ ...deps, signIn }),
      ...secondFactorRoutes(secondFactor, signIn, clientAt(deps.publicUrl)),
      ...passkeyRoutes({ passkeys, signIn, publicUrl: deps.publicUrl }),
      ...resetRoutes({ resets: createResets({ ...deps, signIn, mails }), publicUrl: deps.publicUrl }),
      ...memberRoutes(members),
      ...(portal.routes ?? []),
    ],
    // Processes with the role `api` know the public address, which links need.
    run: async (signal) => {
      await Promise.all([sessions.run(signal), config.roles.includes('api') ? mails.run(signal) : undefined]);
    },
    everyMinute: (nowMs) =>
      Promise.all([
        portal.everyMinute?.(nowMs),
        queries.expireSessions(db, new Date(nowMs)),
        expireChallenges(db, new Date(nowMs)),
        queries.expireInvitations(db, new Date(nowMs)),
        expireResets(db, new Date(nowMs)),
        queries.deleteInvitationsToDeletedWorkspaces(db),
        members.removeOfDeletedWorkspaces(),
        expireMails(db, new Date(nowMs)),
      ]),
  };
}
