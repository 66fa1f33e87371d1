/** Erasure of a person from the filters of segments. */
import { firstId, isUuid } from '../../base/ids.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { chunkRowsMax, erased } from '../../db/erasure.ts';
import type { ErasureStage } from '../../db/erasure.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';

interface Named {
  readonly id: string;
  readonly name: string;
  readonly filter: unknown;
}

const segmentsAfter = (on: Queryable, organization: OrganizationId, after: string, before: string): Promise<Named[]> =>
  on.query(sql<Named>`
    SELECT id, name, filter FROM segments
    WHERE organization_id = ${organization} AND id > ${after} AND id < ${before} ORDER BY id LIMIT ${chunkRowsMax} FOR UPDATE`);

const writeSegments = (tx: Transaction, rows: readonly Named[]): Promise<number> =>
  tx.execute(sql`
    UPDATE segments s SET name = n.name, filter = n.filter::jsonb
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ name }) => name)}::text[], ${rows.map(({ filter }) => JSON.stringify(filter))}::text[]) AS n (id, name, filter)
    WHERE s.id = n.id`);

/** Nobody has it, and filters can name it. */
const nobody = 'erased@erased.invalid';

/** Removes the person from names and filters: a filter then matches nobody in their place, and the rest of it as before. */
export const eraseSegments: ErasureStage = async (tx, { organizationId, position, endId, redactor }) => {
  const names = (text: string): boolean => redactor.speaksOf(text) || redactor.keySpeaksOf(text);
  const without = (value: unknown): unknown => {
    if (typeof value === 'string') return names(value) ? (isUuid(value) ? firstId : nobody) : value;
    if (Array.isArray(value)) return value.map(without);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, without(inner)]));
  };
  const rows = await segmentsAfter(tx, organizationId, position || firstId, endId);
  const found = rows
    .filter(({ name, filter }) => names(name) || redactor.recordSpeaksOf(JSON.stringify(filter)))
    .map(({ id, name, filter }) => ({ id, name: names(name) ? erased : name, filter: without(filter) }));
  return { position: rows.at(-1)?.id, changed: found.length === 0 ? 0 : await writeSegments(tx, found) };
};
