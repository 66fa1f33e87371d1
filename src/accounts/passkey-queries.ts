import type { PersonId } from '../base/ids.ts';
import { first } from '../db/pool.ts';
import type { Queryable } from '../db/pool.ts';
import { columns, sql } from '../db/sql.ts';

export interface PasskeyRow {
  readonly id: string;
  readonly person_id: PersonId;
  readonly credential_id: Buffer;
  /** COSE. */
  readonly public_key: Buffer;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly name: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly last_used_at: Date | null;
}

export const passkeyColumns = columns([
  'id',
  'person_id',
  'credential_id',
  'public_key',
  'counter',
  'transports',
  'name',
  'created_at',
  'updated_at',
  'last_used_at',
]);

export const passkeysOf = (db: Queryable, person: PersonId): Promise<PasskeyRow[]> =>
  db.query(sql<PasskeyRow>`SELECT ${passkeyColumns} FROM account_passkeys WHERE person_id = ${person} ORDER BY id`);

export const passkeyByCredential = (db: Queryable, credential: Buffer): Promise<PasskeyRow | undefined> =>
  first(db, sql<PasskeyRow>`SELECT ${passkeyColumns} FROM account_passkeys WHERE credential_id = ${credential}`);

/** Keeps the number of the person's passkeys until the transaction ends. */
export const lockPasskeysOf = (tx: Queryable, person: PersonId): Promise<number> =>
  tx.execute(sql`SELECT FROM account_persons WHERE id = ${person} FOR NO KEY UPDATE`);

/** @returns false if the credential is known, of whatever person */
export const insertPasskey = async (db: Queryable, row: PasskeyRow): Promise<boolean> =>
  (await db.execute(sql`
    INSERT INTO account_passkeys (id, person_id, credential_id, public_key, counter, transports, name, created_at, updated_at)
    VALUES (${row.id}, ${row.person_id}, ${row.credential_id}, ${row.public_key}, ${row.counter}, ${[...row.transports]}, ${row.name}, ${row.created_at}, ${row.updated_at})
    ON CONFLICT (credential_id) DO NOTHING`)) === 1;

/** Records a sign-in. @returns false if the passkey was removed, or another request used it with this count or a higher one */
export const usePasskey = async (db: Queryable, id: string, counter: number, at: Date): Promise<boolean> =>
  (await db.execute(sql`
    UPDATE account_passkeys SET counter = ${counter}, last_used_at = ${at}
    WHERE id = ${id} AND (counter < ${counter} OR (counter = 0 AND ${counter}::bigint = 0))`)) === 1;

export const renamePasskey = (
  db: Queryable,
  person: PersonId,
  id: string,
  { name, at }: { readonly name: string; readonly at: Date },
): Promise<PasskeyRow | undefined> =>
  first(
    db,
    sql<PasskeyRow>`
      UPDATE account_passkeys SET name = ${name}, updated_at = ${at} WHERE person_id = ${person} AND id = ${id}
      RETURNING ${passkeyColumns}`,
  );

export const deletePasskey = (db: Queryable, person: PersonId, id: string): Promise<PasskeyRow | undefined> =>
  first(
    db,
    sql<PasskeyRow>`DELETE FROM account_passkeys WHERE person_id = ${person} AND id = ${id} RETURNING ${passkeyColumns}`,
  );

/** @param person who adds a passkey; null: for signing in */
export const insertChallenge = (
  db: Queryable,
  challenge: string,
  person: PersonId | null,
  expiresAt: Date,
): Promise<number> =>
  db.execute(
    sql`INSERT INTO account_challenges (challenge, person_id, expires_at) VALUES (${challenge}, ${person}, ${expiresAt})`,
  );

/** Uses up a challenge of this purpose. @returns false if there is none */
export const takeChallenge = async (
  db: Queryable,
  challenge: string,
  person: PersonId | null,
  now: Date,
): Promise<boolean> =>
  (await db.execute(sql`
    DELETE FROM account_challenges
    WHERE challenge = ${challenge} AND person_id IS NOT DISTINCT FROM ${person}::uuid AND expires_at > ${now}`)) === 1;

export const expireChallenges = (db: Queryable, now: Date): Promise<number> =>
  db.execute(sql`DELETE FROM account_challenges WHERE expires_at <= ${now}`);
