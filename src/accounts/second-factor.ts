import { hash } from 'node:crypto';
import { ApiError, invalid } from '../base/errors.ts';
import type { OrganizationId, PersonId } from '../base/ids.ts';
import type { Database, Queryable } from '../db/pool.ts';
import type { Deps } from '../ops/index.ts';
import { accountEvents } from './account-events.ts';
import type { AccountEventsOptions } from './account-events.ts';
import * as queries from './second-factor-queries.ts';
import { base32, mintRecoveryCode, mintSecret, otpauthUri, plainRecoveryCode, stepWith } from './totp.ts';

const recoveryCodes = 10;
const context = 'one-time password';
const issuer = 'Outrider';

/** Codes have 79 random bits: a slow hash would not make guessing any harder. */
const hashCode = (code: string): Buffer => hash('sha256', plainRecoveryCode(code), 'buffer');

export type SecondFactor = ReturnType<typeof createSecondFactor>;

/** One-time passwords and recovery codes of people. Callers check the password and count attempts first. */
export function createSecondFactor({
  db,
  clock,
  vault,
  emit,
}: Pick<Deps, 'clock' | 'vault'> & AccountEventsOptions & { readonly db: Database }) {
  const events = accountEvents({ clock, emit });

  const secretOf = (on: Queryable, row: queries.TotpRow): Promise<Buffer> =>
    vault.open(on, row.organization_id, row.secret, context);

  async function renewCodes(tx: Queryable, person: PersonId): Promise<string[]> {
    const codes = Array.from({ length: recoveryCodes }, mintRecoveryCode);
    await queries.deleteRecoveryCodes(tx, person);
    await queries.insertRecoveryCodes(tx, person, codes.map(hashCode));
    return codes;
  }

  async function inUse(on: Queryable, person: PersonId): Promise<queries.TotpRow> {
    const row = await queries.totpOf(on, person);
    if (row?.confirmed_at == null) throw new ApiError('conflict', 'One-time passwords are not in use.');
    return row;
  }

  return {
    async state(person: PersonId): Promise<{ totp: boolean; recoveryCodesLeft: number }> {
      const [row, recoveryCodesLeft] = await Promise.all([
        queries.totpOf(db, person),
        queries.countRecoveryCodes(db, person),
      ]);
      return { totp: row?.confirmed_at != null, recoveryCodesLeft };
    },

    /** A new secret, which is in use once it is confirmed. @throws ApiError `conflict` if one is in use */
    async enroll(
      { id, email }: { readonly id: PersonId; readonly email: string },
      organization: OrganizationId,
    ): Promise<{ secret: string; uri: string }> {
      const secret = mintSecret();
      const row: queries.TotpRow = {
        person_id: id,
        organization_id: organization,
        secret: await vault.seal(db, organization, secret, context),
        created_at: new Date(clock.now()),
        confirmed_at: null,
        last_step: 0,
      };
      if (!(await queries.insertTotp(db, row)))
        throw new ApiError('conflict', 'One-time passwords are in use already. Turn them off to enroll again.');
      return { secret: base32(secret), uri: otpauthUri(secret, email, issuer) };
    },

    /** Puts the secret in use. @returns the recovery codes, available only here. @throws ApiError `conflict`, `validation_failed` */
    async confirm(person: PersonId, code: string): Promise<string[]> {
      const row = await queries.totpOf(db, person);
      if (row === undefined) throw new ApiError('conflict', 'Enroll first: POST /v1/me/totp.');
      if (row.confirmed_at !== null) throw new ApiError('conflict', 'One-time passwords are in use already.');
      const step = stepWith(await secretOf(db, row), code, clock.now(), row.last_step);
      if (step === undefined)
        throw invalid({ code: 'is not the current code of this secret; check the clock of the device' });
      return db.transaction(async (tx) => {
        if (!(await queries.confirmTotp(tx, row, step, new Date(clock.now()))))
          throw new ApiError('conflict', 'Another request changed the enrollment at the same time.');
        const codes = await renewCodes(tx, person);
        await events.changed(tx, person, { kind: 'second_factor', action: 'created' });
        return codes;
      });
    },

    /** Replaces the recovery codes. @throws ApiError `conflict` without a second factor */
    renew: (person: PersonId): Promise<string[]> =>
      db.transaction(async (tx) => {
        await inUse(tx, person);
        const codes = await renewCodes(tx, person);
        await events.changed(tx, person, { kind: 'recovery_codes', action: 'created' });
        return codes;
      }),

    /** @throws ApiError `conflict` without a second factor */
    disable: (person: PersonId): Promise<void> =>
      db.transaction(async (tx) => {
        await inUse(tx, person);
        await queries.deleteTotp(tx, person);
        await events.changed(tx, person, { kind: 'second_factor', action: 'deleted' });
      }),

    /**
     * Requires the second factor of a person who has one; a code is used up.
     * @param code a one-time password or a recovery code
     * @throws ApiError `second_factor_required`; `unauthorized` for a wrong code
     */
    async require(tx: Queryable, person: PersonId, code: string | undefined): Promise<void> {
      const row = await queries.totpOf(tx, person);
      if (row?.confirmed_at == null) return;
      if (code === undefined)
        throw new ApiError('second_factor_required', 'This account needs a one-time password, or a recovery code.');
      const step = stepWith(await secretOf(tx, row), code.replaceAll(/\s/g, ''), clock.now(), row.last_step);
      const accepted =
        step === undefined
          ? await queries.takeRecoveryCode(tx, person, hashCode(code))
          : await queries.takeStep(tx, person, step);
      if (!accepted) throw new ApiError('unauthorized', 'The code is wrong, or was used already.');
    },
  };
}
