import { countedIn, finishedPart, inOrder } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import { first } from '../../db/pool.ts';
import type { Queryable } from '../../db/pool.ts';
import { assembled, part, plainArray, sql } from '../../db/sql.ts';
import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Reach } from '../records/index.ts';
import type { Column } from './columns.ts';
import { windowBytes } from './csv.ts';
import { unfinishedMax } from './import.ts';
import type { Counts, Import, ImportError, ImportState } from './import.ts';

// Imports --------------------------------------------------------------------------------------------

/** @returns false if the organization already has `unfinishedMax` unfinished imports. */
export async function insert(db: Queryable, it: Import): Promise<boolean> {
  const written = await db.execute(sql`
    INSERT INTO imports (id, organization_id, workspace_id, file_name, mapping, lawful_basis, lawful_basis_source, restore_deleted, dry_run, source_id, source_name, tags, link_company_by, on_bad_value, date_order, decimal_separator, state, bytes,
      position, line, rows_read, created, updated, unchanged, restored, suppressed, rejected, blanked, faults, due_at, created_by, created_at)
    SELECT ${it.id}, ${it.organization_id}, ${it.workspace_id}::uuid, ${it.file_name}, ${JSON.stringify(it.mapping)}::jsonb, ${it.lawful_basis}, ${it.lawful_basis_source}, ${it.restore_deleted},
      ${it.dry_run}, ${it.source_id}::uuid, ${it.source_name}, ${it.tags}::text[], ${it.link_company_by}, ${it.on_bad_value}, ${it.date_order}, ${it.decimal_separator},
      ${it.state}, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, ${it.created_at}, ${it.created_by}::uuid, ${it.created_at}
    WHERE (SELECT count(*) FROM imports WHERE organization_id = ${it.organization_id} AND finished_at IS NULL) < ${unfinishedMax}`);
  return written === 1;
}

export const list = (
  db: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  state: ImportState | undefined,
  slice: Slice,
): Promise<Import[]> =>
  db.query(
    inOrder(
      sql<Import>`
      SELECT * FROM imports
      WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND (${state ?? null}::text IS NULL OR state = ${state ?? null})`,
      'imports',
      slice,
      finishedPart('imports'),
    ),
  );

export const count = async (
  db: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  state: ImportState | undefined,
  slice: Slice,
): Promise<number> =>
  (
    await db.query(
      countedIn(
        sql<{ total: number }>`
        SELECT count(*) AS total FROM imports
        WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND (${state ?? null}::text IS NULL OR state = ${state ?? null})`,
        'imports',
        slice,
        finishedPart('imports'),
      ),
    )
  )[0]?.total ?? 0;

export const byId = (
  db: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  id: string,
): Promise<Import | undefined> =>
  first(
    db,
    sql<Import>`
      SELECT * FROM imports WHERE organization_id = ${organization} AND id = ${id} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})`,
  );

/** Ends an unfinished import and deletes its file. @returns the import; undefined if it had already finished. */
export async function finish(
  tx: Queryable,
  id: string,
  state: 'completed' | 'failed' | 'cancelled',
  at: Date,
  error: string | null,
): Promise<Import | undefined> {
  const [ended] = await tx.query(sql<Import>`
    UPDATE imports SET state = ${state}, error = ${error}, finished_at = ${at} WHERE id = ${id} AND finished_at IS NULL RETURNING *`);
  if (ended !== undefined) await dropChunks(tx, id);
  return ended;
}

// Uploading ------------------------------------------------------------------------------------------

/** Replaces an earlier upload and deletes its pieces. @returns false if the import does not wait for a file. */
export async function beginUpload(
  tx: Queryable,
  organization: OrganizationId,
  id: string,
  upload: string,
): Promise<boolean> {
  const begun = await tx.execute(
    sql`UPDATE imports SET upload_id = ${upload} WHERE organization_id = ${organization} AND id = ${id} AND state = 'uploading'`,
  );
  if (begun === 1) await dropChunks(tx, id);
  return begun === 1;
}

/** @returns false if another upload replaced this one, or the import was cancelled. */
export const insertChunk = async (
  db: Queryable,
  id: string,
  upload: string,
  position: number,
  bytes: Buffer,
): Promise<boolean> =>
  (await db.execute(sql`
    INSERT INTO import_chunks (import_id, position, bytes)
    SELECT id, ${position}::bigint, ${bytes}::bytea FROM imports WHERE id = ${id} AND upload_id = ${upload} AND state = 'uploading' FOR SHARE`)) ===
  1;

export const dropChunks = (tx: Queryable, id: string): Promise<number> =>
  tx.execute(sql`DELETE FROM import_chunks WHERE import_id = ${id}`);

export interface Begin {
  readonly bytes: number;
  readonly delimiter: string;
  readonly columns: readonly Column[];
  readonly position: number;
  readonly line: number;
  readonly at: Date;
}

/** Starts the import. @returns undefined in the cases in which `insertChunk` returns false. */
export const begin = (
  tx: Queryable,
  id: string,
  upload: string,
  { bytes, delimiter, columns, position, line, at }: Begin,
): Promise<Import | undefined> =>
  first(
    tx,
    sql<Import>`
      UPDATE imports SET state = 'running', bytes = ${bytes}, delimiter = ${delimiter}, columns = ${JSON.stringify(columns)}::jsonb, position = ${position}, line = ${line}, due_at = ${at}
      WHERE id = ${id} AND upload_id = ${upload} AND state = 'uploading' RETURNING *`,
  );

/** Remembers which contacts an import created or changed. */
export const insertContacts = (tx: Queryable, id: string, contacts: readonly string[]): Promise<number> =>
  tx.execute(sql`
    INSERT INTO import_contacts (import_id, contact_id) SELECT ${id}::uuid, contact_id FROM unnest(${plainArray(contacts)}::uuid[]) AS n (contact_id) ON CONFLICT DO NOTHING`);

// Running --------------------------------------------------------------------------------------------

/** Locks the import that has been due longest, skipping those that another process has locked. */
export const takeDue = (tx: Queryable, nowMs: number): Promise<Import | undefined> =>
  first(
    tx,
    sql<Import>`SELECT * FROM imports WHERE state = 'running' AND due_at <= ${new Date(nowMs)} ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );

/** When the next import falls due, ignoring those already due: another process has locked them. */
export const nextDue = async (db: Queryable, nowMs: number): Promise<number | undefined> =>
  (
    await db.query(
      sql<{
        due_at: Date | null;
      }>`SELECT min(due_at) AS due_at FROM imports WHERE state = 'running' AND due_at > ${new Date(nowMs)}`,
    )
  )[0]?.due_at?.getTime();

/** Postpones an import after an internal error. @returns how many occurred in a row. */
export const postpone = async (db: Queryable, id: string, dueAt: Date): Promise<number> =>
  (
    await db.query(
      sql<{
        faults: number;
      }>`UPDATE imports SET faults = faults + 1, due_at = ${dueAt} WHERE id = ${id} AND state = 'running' RETURNING faults`,
    )
  )[0]?.faults ?? 0;

export const advance = (
  tx: Queryable,
  id: string,
  position: number,
  line: number,
  counts: Counts,
  dueAt: Date,
): Promise<number> =>
  tx.execute(sql`
    UPDATE imports SET position = ${position}, line = ${line}, rows_read = rows_read + ${counts.rows_read}, created = created + ${counts.created}, updated = updated + ${counts.updated},
      unchanged = unchanged + ${counts.unchanged}, restored = restored + ${counts.restored}, suppressed = suppressed + ${counts.suppressed}, rejected = rejected + ${counts.rejected},
      blanked = blanked + ${counts.blanked}, faults = 0, due_at = ${dueAt}
    WHERE id = ${id}`);

/** Reads `length` bytes of the file, at most `windowBytes`; fewer at its end. */
export async function read(tx: Queryable, id: string, position: number, length: number): Promise<Buffer> {
  // Every piece except the last is as long as the largest window, so a window overlaps at most two pieces.
  const rows = await tx.query(sql<{ bytes: Buffer }>`
    SELECT substring(bytes FROM greatest(0, ${position}::bigint - position)::int + 1 FOR least(${length}::bigint, ${position}::bigint + ${length}::bigint - position)::int) AS bytes
    FROM import_chunks
    WHERE import_id = ${id} AND position > ${position}::bigint - ${windowBytes}::bigint AND position < ${position}::bigint + ${length}::bigint ORDER BY position`);
  return Buffer.concat(rows.map(({ bytes }) => bytes));
}

// Errors ---------------------------------------------------------------------------------------------

export const insertErrors = (tx: Queryable, id: string, errors: readonly ImportError[]): Promise<number> =>
  tx.execute(sql`
    INSERT INTO import_errors (import_id, line, email, reason, blanked)
    SELECT ${id}, e.line, e.email, e.reason, e.blanked::jsonb
    FROM unnest(${plainArray(errors.map(({ line }) => line))}::bigint[], ${errors.map(({ email }) => email)}::text[], ${errors.map(({ reason }) => reason)}::text[],
      ${errors.map(({ blanked }) => (blanked === null ? null : JSON.stringify(blanked)))}::text[]) AS e (line, email, reason, blanked)
    ON CONFLICT DO NOTHING`);

/** Errors of an import, in the order of the file or the reverse, after a line in that order. */
export const errorsOf = (
  db: Queryable,
  id: string,
  { limit, sort, after }: Pick<Slice, 'limit' | 'sort'> & { readonly after?: string | undefined },
): Promise<ImportError[]> => {
  const [direction, beyond] = sort?.startsWith('-') === true ? [part`DESC`, part`<`] : [part`ASC`, part`>`];
  const rest = after === undefined ? part`` : part`AND line ${beyond} ${after}::bigint`;
  return db.query(
    assembled<ImportError>(part`
      SELECT line, email, reason, blanked FROM import_errors WHERE import_id = ${id} ${rest} ORDER BY line ${direction} LIMIT ${limit}`),
  );
};

/** The number of unfinished imports by state. */
export const unfinished = (db: Queryable): Promise<{ state: string; count: number }[]> =>
  db.query(sql<{ state: string; count: number }>`
    SELECT s.state, (SELECT count(*) FROM imports i WHERE i.finished_at IS NULL AND i.state = s.state) AS count FROM (VALUES ('uploading'), ('running')) s (state)`);

// Of a workspace -------------------------------------------------------------------------------------

/** Locks up to `max` imports of a workspace; waits for a chunk in progress. */
export const lockOfWorkspace = (tx: Queryable, workspace: WorkspaceId, max: number): Promise<Import[]> =>
  tx.query(sql<Import>`SELECT * FROM imports WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${max} FOR UPDATE`);

export const deleteImports = (tx: Queryable, ids: readonly string[]): Promise<number> =>
  tx.execute(sql`DELETE FROM imports WHERE id = ANY(${plainArray(ids)}::uuid[])`);

// Retention ------------------------------------------------------------------------------------------

/** Ids of imports still waiting for a file that were created before a time. */
export const abandoned = async (db: Queryable, before: Date): Promise<string[]> =>
  (
    await db.query(
      sql<{
        id: string;
      }>`SELECT id FROM imports WHERE finished_at IS NULL AND state = 'uploading' AND created_at < ${before} LIMIT 100`,
    )
  ).map(({ id }) => id);

export const deleteFinished = (db: Queryable, before: Date): Promise<number> =>
  db.execute(
    sql`DELETE FROM imports WHERE id IN (SELECT id FROM imports WHERE finished_at < ${before} ORDER BY finished_at LIMIT 100)`,
  );
