import type { OrganizationId, PersonId } from '../base/ids.ts';
import { first } from '../db/pool.ts';
import type { Queryable } from '../db/pool.ts';
import { columns, sql } from '../db/sql.ts';

export interface TotpRow {
  readonly person_id: PersonId;
  readonly organization_id: OrganizationId;
  /** Sealed. */
  readonly secret: Buffer;
  readonly created_at: Date;
  readonly confirmed_at: Date | null;
  readonly last_step: number;
}

export const totpColumns = columns([
  'person_id',
  'organization_id',
  'secret',
  'created_at',
  'confirmed_at',
  'last_step',
]);

export const totpOf = (db: Queryable, person: PersonId): Promise<TotpRow | undefined> =>
  first(db, sql<TotpRow>`SELECT ${totpColumns} FROM account_totp WHERE person_id = ${person}`);

/** Enrolls; an earlier enrollment that was not confirmed is replaced. @returns false if a confirmed one exists */
export const insertTotp = async (db: Queryable, row: TotpRow): Promise<boolean> =>
  (await db.execute(sql`
    INSERT INTO account_totp AS t (person_id, organization_id, secret, created_at, last_step)
    VALUES (${row.person_id}, ${row.organization_id}, ${row.secret}, ${row.created_at}, ${row.last_step})
    ON CONFLICT (person_id) DO UPDATE SET organization_id = EXCLUDED.organization_id, secret = EXCLUDED.secret,
      created_at = EXCLUDED.created_at, last_step = EXCLUDED.last_step WHERE t.confirmed_at IS NULL`)) === 1;

/** @returns false if another request confirmed it, or enrolled again */
export const confirmTotp = async (
  db: Queryable,
  { person_id, secret }: TotpRow,
  step: number,
  at: Date,
): Promise<boolean> =>
  (await db.execute(sql`
    UPDATE account_totp SET confirmed_at = ${at}, last_step = ${step}
    WHERE person_id = ${person_id} AND secret = ${secret} AND confirmed_at IS NULL`)) === 1;

/** Uses up the code of a step. @returns false if it, or a later one, was used */
export const takeStep = async (db: Queryable, person: PersonId, step: number): Promise<boolean> =>
  (await db.execute(
    sql`UPDATE account_totp SET last_step = ${step} WHERE person_id = ${person} AND last_step < ${step}`,
  )) === 1;

export const deleteTotp = (db: Queryable, person: PersonId): Promise<number> =>
  db.execute(sql`DELETE FROM account_totp WHERE person_id = ${person}`);

export const deleteRecoveryCodes = (db: Queryable, person: PersonId): Promise<number> =>
  db.execute(sql`DELETE FROM account_recovery_codes WHERE person_id = ${person}`);

export const insertRecoveryCodes = (db: Queryable, person: PersonId, hashes: readonly Buffer[]): Promise<number> =>
  db.execute(sql`
    INSERT INTO account_recovery_codes (person_id, code_hash)
    SELECT ${person}, u.code_hash FROM unnest(${[...hashes]}::bytea[]) AS u (code_hash)`);

/** Uses up a recovery code. @returns false if there is none */
export const takeRecoveryCode = async (db: Queryable, person: PersonId, hash: Buffer): Promise<boolean> =>
  (await db.execute(sql`DELETE FROM account_recovery_codes WHERE person_id = ${person} AND code_hash = ${hash}`)) === 1;

export const countRecoveryCodes = async (db: Queryable, person: PersonId): Promise<number> =>
  (
    await first(
      db,
      sql<{ count: number }>`SELECT count(*)::int AS count FROM account_recovery_codes WHERE person_id = ${person}`,
    )
  )?.count ?? 0;
