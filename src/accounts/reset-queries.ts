import type { OrganizationId, PersonId } from '../base/ids.ts';
import { first } from '../db/pool.ts';
import type { Queryable } from '../db/pool.ts';
import { sql } from '../db/sql.ts';

export interface ResetRow {
  readonly id: string;
  readonly person_id: PersonId;
  readonly token_hash: Buffer;
  readonly expires_at: Date;
}

/** A later request replaces the person's link; the same one leaves it, used or not. */
export const insertReset = (db: Queryable, row: ResetRow): Promise<number> =>
  db.execute(sql`
    INSERT INTO account_resets AS r (person_id, id, token_hash, expires_at)
    VALUES (${row.person_id}, ${row.id}, ${row.token_hash}, ${row.expires_at})
    ON CONFLICT (person_id) DO UPDATE SET id = EXCLUDED.id, token_hash = EXCLUDED.token_hash, expires_at = EXCLUDED.expires_at,
      used_at = NULL WHERE r.id < EXCLUDED.id`);

/** Whose link works. */
export const personByReset = async (db: Queryable, hash: Buffer, now: Date): Promise<PersonId | undefined> =>
  (
    await first(
      db,
      sql<{
        person_id: PersonId;
      }>`SELECT person_id FROM account_resets WHERE token_hash = ${hash} AND used_at IS NULL AND expires_at > ${now}`,
    )
  )?.person_id;

/** Uses up a link. @returns false if another request did, or replaced it. */
export const takeReset = async (db: Queryable, hash: Buffer, now: Date): Promise<boolean> =>
  (await db.execute(
    sql`UPDATE account_resets SET used_at = ${now} WHERE token_hash = ${hash} AND used_at IS NULL AND expires_at > ${now}`,
  )) === 1;

/** Ends the link of a person. */
export const endReset = (db: Queryable, person: PersonId, now: Date): Promise<number> =>
  db.execute(sql`UPDATE account_resets SET used_at = ${now} WHERE person_id = ${person} AND used_at IS NULL`);

export const expireResets = (db: Queryable, now: Date): Promise<number> =>
  db.execute(sql`DELETE FROM account_resets WHERE expires_at <= ${now}`);

/** That of the person's oldest membership. */
export const homeOf = async (db: Queryable, person: PersonId): Promise<OrganizationId | undefined> =>
  (
    await first(
      db,
      sql<{
        organization_id: OrganizationId;
      }>`SELECT organization_id FROM account_memberships WHERE person_id = ${person} ORDER BY id LIMIT 1`,
    )
  )?.organization_id;
