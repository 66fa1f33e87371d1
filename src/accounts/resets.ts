import type { Tenancy } from '../auth/index.ts';
import { hourMs } from '../base/clock.ts';
import type { Queryable } from '../db/pool.ts';
import type { Deps } from '../ops/index.ts';
import { accountEvents } from './account-events.ts';
import type { AccountEventsOptions } from './account-events.ts';
import { hashToken, isToken } from './cookie.ts';
import { linkToken } from './link-token.ts';
import type { MailRow } from './mail-queries.ts';
import type { Letter, Mails, MailsOptions } from './mails.ts';
import { hashPassword } from './password.ts';
import * as people from './queries.ts';
import * as queries from './reset-queries.ts';
import { deadLink } from './sign-in.ts';
import type { Client, SignedIn, SignIn } from './sign-in.ts';

const linkMs = hourMs;
/** Mails to one address. */
const perAddress = { max: 5, windowMs: hourMs };

/**
 * The token of a person's link. It replaces an earlier one.
 * @returns undefined if a later request replaced it, or it was used
 */
async function issue(
  { db, vault }: Pick<Deps, 'vault'> & { readonly db: Queryable },
  person: people.PersonRow,
  { id, expiresAt, now }: { readonly id: string; readonly expiresAt: Date; readonly now: Date },
): Promise<string | undefined> {
  const organization = await queries.homeOf(db, person.id);
  if (organization === undefined) return undefined;
  const token = await linkToken(vault, db, organization, id, 'password reset');
  const hash = hashToken(token);
  await queries.insertReset(db, { id, person_id: person.id, token_hash: hash, expires_at: expiresAt });
  return (await queries.personByReset(db, hash, now)) === undefined ? undefined : token;
}

/** The operator's link for a person. @returns its token; undefined: no person has this address */
export async function resetToken({ db, clock, ids, vault }: Tenancy, email: string): Promise<string | undefined> {
  const person = await people.personByEmail(db, email);
  const nowMs = clock.now();
  const link = { id: ids.next<string>(), expiresAt: new Date(nowMs + linkMs), now: new Date(nowMs) };
  return person && issue({ db, vault }, person, link);
}

/** The mail of a request; undefined: the address has no account, or the link has ended. */
export const resetLetter =
  ({ db, clock, vault, publicUrl }: Pick<Deps, 'db' | 'clock' | 'vault'> & Pick<MailsOptions, 'publicUrl'>) =>
  async ({ id, email, expires_at: expiresAt }: MailRow): Promise<Letter | undefined> => {
    const person = await people.personByEmail(db, email);
    const token = person && (await issue({ db, vault }, person, { id, expiresAt, now: new Date(clock.now()) }));
    if (person === undefined || token === undefined) return undefined;
    return {
      to: person.email,
      subject: 'Set a new password for Outrider',
      text: `Somebody asked to set a new password for your account ${person.email}. Open this link within an hour to set it. It works once:

${publicUrl()}/reset#token=${token}

If it was not you, ignore this mail: your password stays as it is.`,
    };
  };

export type Resets = ReturnType<typeof createResets>;

/** New passwords for people who forgot theirs. */
export function createResets({
  db,
  clock,
  ids,
  bus,
  signIn,
  mails,
  log,
  emit,
}: Pick<Deps, 'db' | 'clock' | 'ids' | 'bus'> &
  AccountEventsOptions &
  Pick<MailsOptions, 'log'> & {
    readonly signIn: Pick<SignIn, 'charge' | 'enter' | 'refused'>;
    readonly mails: Pick<Mails, 'write' | 'configured'>;
  }) {
  const events = accountEvents({ clock, emit });
  return {
    /**
     * Mails a link to the person, if the address has an account. The account is looked up when the mail is sent, so that the call does the same
     * in any case.
     * @returns whether this installation sends mail @throws ApiError `rate_limit`
     */
    async request(email: string, client: Client): Promise<boolean> {
      await signIn.charge(client, `reset ${email}`, perAddress);
      const expiresAt = new Date(clock.now() + linkMs);
      await db.transaction((tx) => mails.write(tx, { id: ids.next<string>(), kind: 'reset', email, expiresAt }));
      return mails.configured;
    },

    /**
     * Sets the password with a link, once; ends all sessions of the person, and begins one.
     * @throws ApiError `unauthorized`; `second_factor_required`, which leaves the link as it is; `rate_limit`
     */
    async accept(
      {
        token,
        password,
        code,
      }: { readonly token: string; readonly password: string; readonly code?: string | undefined },
      client: Client,
    ): Promise<SignedIn> {
      await signIn.charge(client, `reset with ${token}`);
      const hash = hashToken(token);
      const known = isToken(token) ? await queries.personByReset(db, hash, new Date(clock.now())) : undefined;
      if (known === undefined) throw signIn.refused(deadLink());
      // Many links must not give many guesses of the code.
      await signIn.charge(client, `reset of ${known}`);
      const hashed = await hashPassword(password);
      return db.transaction(async (tx) => {
        const now = new Date(clock.now());
        const person = await people.personById(tx, known);
        if (person === undefined || !(await queries.takeReset(tx, hash, now))) throw signIn.refused(deadLink());
        await people.setPassword(tx, known, hashed, now);
        await people.deleteSessionsOf(tx, known);
        await bus.announce(tx, { kind: 'keys' });
        await events.changed(tx, known, { kind: 'password', action: 'reset' });
        tx.afterCommit(() => log.info({ person_id: known }, 'password reset'));
        return signIn.enter(tx, person, code, client);
      });
    },
  };
}
