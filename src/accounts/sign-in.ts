import { hash } from 'node:crypto';
import { dayMs, minuteMs } from '../base/clock.ts';
import { ApiError, invalid } from '../base/errors.ts';
import { nextPersonId } from '../base/ids.ts';
import type { PersonId } from '../base/ids.ts';
import type { Bus } from '../db/bus.ts';
import type { Queryable, Transaction } from '../db/pool.ts';
import { networkOf } from '../http/address-limit.ts';
import type { RateLimiter } from '../http/rate-limit.ts';
import type { Deps } from '../ops/index.ts';
import { accountEvents } from './account-events.ts';
import type { AccountEvents, AccountEventsOptions } from './account-events.ts';
import { hashToken, isToken, mintToken } from './cookie.ts';
import { memberEvents } from './members.ts';
import { hashPassword, isPassword } from './password.ts';
import * as queries from './queries.ts';
import { endReset } from './reset-queries.ts';
import type { PersonRow, SessionRow } from './queries.ts';
import type { Passkeys } from './passkeys.ts';
import type { SecondFactor } from './second-factor.ts';
import type { Authentication } from './webauthn.ts';

export const sessionMs = 30 * dayMs;
/** More sessions of one person end the oldest. */
const sessionsMax = 50;
/** Attempts of one address (an IPv6 /64 counts as one) in a minute, and for one account in 15 minutes. */
const perAddress = 20;
const perAccount = { max: 10, windowMs: 15 * minuteMs };

/** Where a request comes from. */
export interface Client {
  readonly address: string;
  readonly userAgent: string | undefined;
  /** The token of the session that the browser has: it ends. */
  readonly token: string | undefined;
}

export interface SignedIn {
  readonly session: SessionRow;
  readonly person: Pick<PersonRow, 'id' | 'email' | 'name'>;
  /** Available only here. */
  readonly token: string;
}

export interface Accepting {
  readonly token: string;
  readonly email?: string | undefined;
  /** Of a new account. */
  readonly name: string;
  readonly password: string;
  /** Of a person whose account has a second factor. */
  readonly code?: string | undefined;
}

/** How an attempt to sign in ended, for the metrics. */
export type SignInResult = 'signed_in' | 'refused' | 'second_factor' | 'limited';
export const signInResults: readonly SignInResult[] = ['signed_in', 'refused', 'second_factor', 'limited'];

/** What signing in needs of the other parts. */
export interface SignInOptions extends Pick<Deps, 'db' | 'clock' | 'ids' | 'bus'> {
  readonly rateLimiter: Pick<RateLimiter, 'take'>;
  readonly secondFactor: Pick<SecondFactor, 'require'>;
  readonly passkeys: Pick<Passkeys, 'prove' | 'use'>;
  readonly emit: AccountEventsOptions['emit'];
  readonly onResult: (result: SignInResult) => void;
}

/** The same for an unknown account and a wrong password. */
const wrong = (): ApiError => new ApiError('unauthorized', 'The email or the password is wrong.');
/** The same for every reason. */
const wrongPasskey = (): ApiError =>
  new ApiError('unauthorized', 'The passkey is not accepted. Try again, or sign in with your password.');
/** The same for every reason. */
export const deadLink = (): ApiError =>
  new ApiError('unauthorized', 'The link is unknown, has expired, or was used already. Ask for another one.');

export type SignIn = ReturnType<typeof createSignIn>;

/**
 * Counts an attempt before anything is looked up, so that the answer is the same whether the account exists.
 * @param account undefined: the request names none
 */
const attempts =
  ({ clock, rateLimiter, onResult }: Pick<SignInOptions, 'clock' | 'rateLimiter' | 'onResult'>) =>
  async (
    client: Client,
    account?: string,
    { max, windowMs: perWindow }: { readonly max: number; readonly windowMs: number } = perAccount,
  ): Promise<void> => {
    const counts: [kind: string, subject: string, limit: number, windowMs: number][] = [
      ['address', networkOf(client.address), perAddress, minuteMs],
    ];
    if (account !== undefined)
      counts.push(['account', hash('sha256', account.toLowerCase(), 'base64url'), max, perWindow]);
    for (const [kind, subject, limit, windowMs] of counts) {
      const { allowed, resetAt } = await rateLimiter.take(`sign-in ${kind} ${subject}`, limit, windowMs);
      if (allowed) continue;
      onResult('limited');
      const retryAfterSeconds = Math.max(1, Math.ceil(resetAt - clock.now() / 1_000));
      throw new ApiError('rate_limit', `Too many attempts. Try again in ${retryAfterSeconds} s.`, {
        retryAfterSeconds,
      });
    }
  };

/** A new session with a token of its own, whatever the browser presented: an attacker cannot know it (session fixation). */
const beginning =
  ({ clock, ids, bus }: Pick<Deps, 'clock' | 'ids' | 'bus'>, events: Pick<AccountEvents, 'signedIn'>) =>
  async (tx: Transaction, person: SignedIn['person'], client: Client): Promise<SignedIn> => {
    const token = mintToken();
    const at = new Date(clock.now());
    const session: SessionRow = {
      id: ids.next<string>(),
      person_id: person.id,
      user_agent: client.userAgent?.slice(0, 300) ?? null,
      address: client.address,
      created_at: at,
      last_used_at: at,
      expires_at: new Date(at.getTime() + sessionMs),
    };
    let ended = 0;
    if (client.token !== undefined && isToken(client.token))
      ended = await queries.deleteSessionByToken(tx, hashToken(client.token));
    await queries.insertSession(tx, hashToken(token), session);
    ended += await queries.trimSessions(tx, person.id, sessionsMax);
    if (ended > 0) await bus.announce(tx, { kind: 'keys' });
    await events.signedIn(tx, person.id);
    return { session, person, token };
  };

/** Sets the password, and ends the other sessions of the person and a link that would set another password. */
async function setPassword(
  bus: Pick<Bus, 'announce'>,
  tx: Transaction,
  id: PersonId,
  hashed: string,
  { sessionId, at }: { readonly sessionId: string; readonly at: Date },
): Promise<void> {
  await queries.setPassword(tx, id, hashed, at);
  await endReset(tx, id, at);
  await queries.deleteOtherSessions(tx, id, sessionId);
  await bus.announce(tx, { kind: 'keys' });
}

/** Signs people in, with an account or with an invitation. */
export function createSignIn(options: SignInOptions) {
  const { db, clock, ids, bus, rateLimiter, secondFactor, passkeys, emit, onResult } = options;
  const report = memberEvents({ clock, emit });
  const events = accountEvents({ clock, emit });

  const charge = attempts({ clock, rateLimiter, onResult });

  const begin = beginning(options, events);

  /** The error, counted. */
  function refused(error: ApiError): ApiError {
    onResult('refused');
    return error;
  }

  async function withPassword(email: string, password: string): Promise<PersonRow> {
    const person = await queries.personByEmail(db, email);
    if (!(await isPassword(password, person?.password_hash)) || person === undefined) throw refused(wrong());
    return person;
  }

  /** Requires the second factor, if the person has one. */
  async function withCode(tx: Queryable, person: PersonId, code: string | undefined): Promise<void> {
    try {
      await secondFactor.require(tx, person, code);
    } catch (error) {
      if (error instanceof ApiError) onResult(error.error === 'second_factor_required' ? 'second_factor' : 'refused');
      throw error;
    }
  }

  /** Begins a session of a person who has proved everything but the second factor. */
  async function enter(
    tx: Transaction,
    person: SignedIn['person'],
    code: string | undefined,
    client: Client,
  ): Promise<SignedIn> {
    await withCode(tx, person.id, code);
    tx.afterCommit(() => onResult('signed_in'));
    return begin(tx, person, client);
  }

  async function checkPassword(id: PersonId, password: string, client: Client, field: string): Promise<PersonRow> {
    const person = await queries.personById(db, id);
    if (person === undefined) throw wrong();
    await charge(client, person.email);
    if (!(await isPassword(password, person.password_hash))) throw invalid({ [field]: 'is wrong' });
    return person;
  }

  return {
    charge,
    refused,
    enter,

    /** @throws ApiError `unauthorized`, `second_factor_required` once the password is right, `rate_limit` */
    async withPassword(email: string, password: string, code: string | undefined, client: Client): Promise<SignedIn> {
      await charge(client, email);
      const person = await withPassword(email, password);
      return db.transaction((tx) => enter(tx, person, code, client));
    },

    /**
     * A passkey stands for both factors: it proves a device, and the device has verified the person.
     * @throws ApiError `unauthorized`, `rate_limit`
     */
    async withPasskey(response: Authentication, client: Client): Promise<SignedIn> {
      await charge(client);
      const proof = await passkeys.prove(response);
      return db.transaction(async (tx) => {
        const used = proof !== undefined && (await passkeys.use(tx, proof));
        const person = used ? await queries.personById(tx, proof.passkey.person_id) : undefined;
        if (person === undefined) throw refused(wrongPasskey());
        tx.afterCommit(() => onResult('signed_in'));
        return begin(tx, person, client);
      });
    },

    /** The person who is signed in, if this is the password. @throws ApiError `validation_failed`, `rate_limit` */
    confirmPassword: (id: PersonId, password: string, client: Client): Promise<PersonRow> =>
      checkPassword(id, password, client, 'password'),

    /**
     * Accepts an invitation, once. A person without an account gets one with this password; one who has an account needs its password.
     * @throws ApiError `unauthorized`, `validation_failed`, `rate_limit`
     */
    async withInvitation({ token, email: given, name, password, code }: Accepting, client: Client): Promise<SignedIn> {
      await charge(client, `invitation ${token}`);
      const now = new Date(clock.now());
      const invitation = isToken(token) ? await queries.invitationByToken(db, hashToken(token), now) : undefined;
      if (invitation === undefined) throw deadLink();
      const email = invitation.email ?? given;
      if (email === undefined) throw invalid({ email: 'is required for this link' });
      if (invitation.email !== null && given !== undefined && given.toLowerCase() !== invitation.email.toLowerCase())
        throw invalid({ email: 'must be the address that was invited' });
      const known = await queries.personByEmail(db, email);
      // Many invitations must not give many attempts.
      await charge(client, email);
      const person: PersonRow =
        known === undefined
          ? {
              id: nextPersonId(ids),
              email,
              name,
              password_hash: await hashPassword(password),
              created_at: now,
            }
          : await withPassword(email, password);
      return db.transaction(async (tx) => {
        if (known !== undefined) await withCode(tx, known.id, code);
        if (!(await queries.takeInvitation(tx, invitation.id))) throw deadLink();
        if (known === undefined && !(await queries.insertPerson(tx, person)))
          throw new ApiError('conflict', 'Another request created this account at the same time. Try again.');
        const { organization_id: organization, role, workspace_id: workspace } = invitation;
        const member = ids.next<string>();
        await queries.insertMember(tx, { id: member, organization, person: person.id, role, workspace, at: now });
        if (invitation.email === null) await queries.endSetup(tx);
        await report(tx, 'member.joined', organization, {
          member_id: member,
          person_id: person.id,
          email,
          role,
          previous_role: null,
          workspace_id: workspace,
          actor: person.id,
        });
        tx.afterCommit(() => onResult('signed_in'));
        await bus.announce(tx, { kind: 'keys' });
        return begin(tx, person, client);
      });
    },

    /** Changes the password, and ends the other sessions and a link that would set another one. @throws ApiError `validation_failed` for a wrong current password, `rate_limit` */
    async changePassword(
      { id, sessionId }: { readonly id: PersonId; readonly sessionId: string },
      { current, next }: { readonly current: string; readonly next: string },
      client: Client,
    ): Promise<void> {
      await checkPassword(id, current, client, 'current_password');
      const hashed = await hashPassword(next);
      await db.transaction(async (tx) => {
        await setPassword(bus, tx, id, hashed, { sessionId, at: new Date(clock.now()) });
        await events.changed(tx, id, { kind: 'password', action: 'changed' });
      });
    },
  };
}
