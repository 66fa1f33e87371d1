import { firstId } from '../../base/ids.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { chunkRowsMax, erased } from '../../db/erasure.ts';
import type { ErasureStage } from '../../db/erasure.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';

interface Chunk {
  readonly last: string | null;
  readonly changed: number;
}

/** Empties the hits of messages to erased people. The stage of messages comes first. */
const blank = async (tx: Transaction, organization: OrganizationId, after: string, before: string): Promise<Chunk> => {
  const [row] = await tx.query(sql<Chunk>`
    WITH chunk AS (
      SELECT id FROM messages WHERE organization_id = ${organization} AND party_key = ${erased} AND id > ${after} AND id < ${before} ORDER BY id LIMIT ${chunkRowsMax}
    ), blanked AS (
      UPDATE tracking_hits h SET address = NULL, user_agent = NULL FROM chunk c WHERE h.message_id = c.id AND (h.address IS NOT NULL OR h.user_agent IS NOT NULL) RETURNING h.id
    )
    SELECT (SELECT id FROM chunk ORDER BY id DESC LIMIT 1) AS last, (SELECT count(*) FROM blanked) AS changed`);
  return row ?? { last: null, changed: 0 };
};

/** Removes addresses and user agents from the hits of erased people. That something was opened or clicked stays in the figures. */
export const eraseHits: ErasureStage = async (tx, { organizationId, position, endId }) => {
  const { last, changed } = await blank(tx, organizationId, position || firstId, endId);
  return { position: last ?? undefined, changed };
};

/** A hit of an export. */
export interface PersonHit {
  readonly id: string;
  readonly message_id: string;
  readonly kind: 'open' | 'click';
  readonly verdict: 'human' | 'machine' | 'proxy';
  readonly address: string | null;
  readonly user_agent: string | null;
  readonly at: Date;
}

/** Hits of the messages to a person, the newest first. @param key the address as addresses are compared; null: none */
export const hitsOfPerson = (
  on: Queryable,
  organization: OrganizationId,
  keys: readonly string[],
  contact: string,
  limit: number,
): Promise<PersonHit[]> =>
  on.query(sql<PersonHit>`
    SELECT h.id, h.message_id, h.kind, h.verdict, h.address, h.user_agent, h.at FROM tracking_hits h WHERE h.message_id IN (
      SELECT id FROM messages WHERE organization_id = ${organization} AND party_key = ANY(${[...keys]}::text[])
      UNION SELECT id FROM messages WHERE organization_id = ${organization} AND contact_id = ${contact}
    ) ORDER BY h.id DESC LIMIT ${limit}`);
