import { first } from '../db/pool.ts';
import type { Queryable } from '../db/pool.ts';
import { sql } from '../db/sql.ts';
import type { KeyId, OrganizationId } from '../base/ids.ts';

export interface AnsweredRequest {
  request: Buffer;
  key_id: KeyId;
  answer: Buffer | null;
}

export const answeredRequest = (
  on: Queryable,
  organization: OrganizationId,
  key: Buffer,
  after: Date,
): Promise<AnsweredRequest | undefined> =>
  first(
    on,
    sql<AnsweredRequest>`
    SELECT request, key_id, answer FROM answered_requests WHERE organization_id = ${organization} AND key = ${key} AND created_at > ${after}`,
  );

/** Takes a key; waits for a request in progress that has taken it. @returns false if that one, or one since `after`, was carried out */
export const takeKey = async (
  tx: Queryable,
  organization: OrganizationId,
  row: { readonly key: Buffer; readonly request: Buffer; readonly keyId: KeyId; readonly at: Date },
  after: Date,
): Promise<boolean> =>
  (await tx.execute(sql`
    INSERT INTO answered_requests AS known (organization_id, key, request, key_id, created_at)
    VALUES (${organization}, ${row.key}, ${row.request}, ${row.keyId}, ${row.at})
    ON CONFLICT (organization_id, key) DO UPDATE SET request = EXCLUDED.request, key_id = EXCLUDED.key_id, answer = NULL, created_at = EXCLUDED.created_at
    WHERE known.created_at <= ${after}`)) === 1;

export const storeAnswer = (
  tx: Queryable,
  organization: OrganizationId,
  key: Buffer,
  answer: Buffer,
): Promise<number> =>
  tx.execute(
    sql`UPDATE answered_requests SET answer = ${answer} WHERE organization_id = ${organization} AND key = ${key}`,
  );

/** Answers in the order of their keys, locked: another erasure may change them, too. */
export const answersAfter = (
  tx: Queryable,
  organization: OrganizationId,
  after: Buffer,
  limit: number,
): Promise<{ key: Buffer; answer: Buffer }[]> =>
  tx.query(sql<{ key: Buffer; answer: Buffer }>`
    SELECT key, answer FROM answered_requests WHERE organization_id = ${organization} AND key > ${after} AND answer IS NOT NULL
    ORDER BY key LIMIT ${limit} FOR UPDATE`);

/** @returns how many were deleted, at most `limit` */
export const deleteAnswers = (on: Queryable, until: Date, limit: number): Promise<number> =>
  on.execute(sql`
    DELETE FROM answered_requests WHERE (organization_id, key) IN (
      SELECT organization_id, key FROM answered_requests WHERE created_at <= ${until} ORDER BY created_at LIMIT ${limit})`);
