/** Erasure of a person from imports and their rejected rows. */
import { chunkRowsMax, erased, nothingLeft } from '../../db/erasure.ts';
import type { ErasureStage } from '../../db/erasure.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import { firstId } from '../../base/ids.ts';
import type { OrganizationId } from '../../base/ids.ts';

/** Redacts a chunk of finished imports; unfinished ones still need their columns. @returns the last import read, and how many changed. */
const redactImports = async (
  tx: Transaction,
  organization: OrganizationId,
  after: string,
  expression: string,
): Promise<{ last: string | null; changed: number }> =>
  (
    await tx.query(sql<{ last: string | null; changed: number }>`
      WITH next AS (
        SELECT id, columns::text ~* ${expression} OR mapping::text ~* ${expression} AS in_columns FROM imports
        WHERE organization_id = ${organization} AND id > ${after} AND finished_at IS NOT NULL ORDER BY id LIMIT ${chunkRowsMax / 5}
      ), changed AS (
        UPDATE imports i SET
          file_name = CASE WHEN file_name ~* ${expression} THEN ${erased} ELSE file_name END,
          lawful_basis_source = CASE WHEN lawful_basis_source ~* ${expression} THEN ${erased} ELSE lawful_basis_source END,
          mapping = CASE WHEN in_columns THEN '{}' ELSE mapping END,
          columns = CASE WHEN in_columns THEN (SELECT jsonb_agg(jsonb_build_array(${erased}::text, c.pair -> 1) ORDER BY c.place) FROM jsonb_array_elements(i.columns) WITH ORDINALITY AS c (pair, place))
            ELSE columns END
        FROM next n WHERE i.id = n.id AND (in_columns OR file_name ~* ${expression} OR lawful_basis_source ~* ${expression}) RETURNING i.id
      ) SELECT (SELECT id FROM next ORDER BY id DESC LIMIT 1) AS last, (SELECT count(*) FROM changed) AS changed`)
  )[0] ?? { last: null, changed: 0 };

/** Redacts file names, lawful basis sources and columns. In a file without a header the column names are the first person's row. */
export const eraseImports: ErasureStage = async (tx, { organizationId, position, redactor: { expression } }) => {
  if (expression === null) return nothingLeft;
  const { last, changed } = await redactImports(tx, organizationId, position || firstId, expression);
  return { position: last ?? undefined, changed };
};

interface StoredError {
  import_id: string;
  line: number;
  email: string | null;
  reason: string;
  /** JSON of the values that were left out of the row. */
  blanked: string | null;
}

const errorsAfter = (
  on: Queryable,
  organization: OrganizationId,
  after: { readonly import: string; readonly line: number },
): Promise<StoredError[]> =>
  on.query(sql<StoredError>`
    SELECT e.import_id, e.line, e.email, e.reason, e.blanked::text AS blanked FROM imports i CROSS JOIN LATERAL (
      SELECT * FROM import_errors WHERE import_id = i.id AND (i.id > ${after.import} OR line > ${after.line}) ORDER BY line LIMIT ${chunkRowsMax}
    ) e WHERE i.organization_id = ${organization} AND i.id >= ${after.import} ORDER BY i.id, e.line LIMIT ${chunkRowsMax}`);

const redactErrors = (tx: Transaction, rows: readonly StoredError[]): Promise<number> =>
  tx.execute(sql`
    UPDATE import_errors e SET email = ${erased}, reason = ${erased}, blanked = CASE WHEN blanked IS NOT NULL THEN '[]'::jsonb END
    FROM unnest(${plainArray(rows.map((row) => row.import_id))}::uuid[], ${plainArray(rows.map((row) => row.line))}::bigint[]) AS n (import_id, line)
    WHERE e.import_id = n.import_id AND e.line = n.line`);

/** Redacts rejected rows, one import after another; the position is `import/line`. */
export const eraseImportErrors: ErasureStage = async (tx, { organizationId, position, redactor }) => {
  const [current = firstId, line = '0'] = position === '' ? [] : position.split('/');
  const rows = await errorsAfter(tx, organizationId, { import: current, line: Number(line) });
  const found = rows.filter(({ email, reason, blanked }) =>
    [email, reason, blanked].some((text) => text !== null && redactor.speaksOf(text)),
  );
  if (found.length > 0) await redactErrors(tx, found);
  const last = rows.at(-1);
  return { position: last === undefined ? undefined : `${last.import_id}/${last.line}`, changed: found.length };
};

/** Whether an unfinished import created by `before` still stores part of a file. An import that waits for its file stores nothing. */
export const isImporting = async (on: Queryable, organization: OrganizationId, before: Date): Promise<boolean> =>
  (
    await on.query(
      sql<{
        busy: boolean;
      }>`SELECT EXISTS (
          SELECT FROM imports i WHERE i.organization_id = ${organization} AND i.finished_at IS NULL AND i.created_at <= ${before}
            AND EXISTS (SELECT FROM import_chunks c WHERE c.import_id = i.id)) AS busy`,
    )
  )[0]?.busy === true;
