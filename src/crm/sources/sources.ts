import type { WorkspaceStage } from '../../auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import { countedIn, inOrder } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import { first, sqlState } from '../../db/pool.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import { ApiError, notFound } from '../../base/errors.ts';
import { totalFor } from '../../http/listing.ts';
import type { Paged } from '../../http/listing.ts';
import type { EmitAll } from '../../events/index.ts';
import type { Ids, WorkspaceId } from '../../base/ids.ts';
import { changeEvent, ownerId, ownerIn } from '../records/index.ts';
import type { Editor, Owner, Reach } from '../records/index.ts';

export interface Source {
  id: string;
  /** Null: of the organization. */
  workspace_id: string | null;
  name: string;
  created_at: Date;
}

/** The source as the API and events show it. */
export const sourceOnWire = ({ created_at: createdAt, ...source }: Source) => ({
  ...source,
  created_at: createdAt.toISOString(),
});

export interface SourcesOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly emitAll: EmitAll;
}

export type Sources = ReturnType<typeof createSources>;

/** Deletes up to `max` sources of a workspace. @returns them */
const deleteSourcesOf = (tx: Transaction, workspace: WorkspaceId, max: number): Promise<Source[]> =>
  tx.query(sql<Source>`
    DELETE FROM sources WHERE id IN (SELECT id FROM sources WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${max} FOR UPDATE)
    RETURNING id, workspace_id, name, created_at`);

const listSources = (
  db: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  slice: Slice,
): Promise<Source[]> =>
  db.query(
    inOrder(
      sql<Source>`
      SELECT id, workspace_id, name, created_at FROM sources
      WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})`,
      'sources',
      slice,
      'created_at',
    ),
  );

const countSources = async (
  db: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  slice: Slice,
): Promise<number> =>
  (
    await db.query(
      countedIn(
        sql<{ count: number }>`
            SELECT count(*) AS count FROM sources
            WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})`,
        'sources',
        slice,
        'created_at',
      ),
    )
  )[0]?.count ?? 0;

/** The sources that contacts come from. */
export function createSources({ db, clock, ids, emitAll }: SourcesOptions) {
  const emitChange = (
    tx: Transaction,
    editor: Editor,
    type: 'source.created' | 'source.deleted',
    sources: readonly Source[],
    at: Date,
  ) =>
    emitAll(
      tx,
      sources.map((source) => changeEvent(editor, type, sourceOnWire(source), at)),
    );

  /**
   * Returns the source with this name in the editor's workspace, and creates it if there is none.
   * @example
   * const { source } = await sources.ensure(tx, editor, 'Trade fair 2026');
   */
  async function ensure(tx: Transaction, editor: Editor, name: string): Promise<{ source: Source; made: boolean }> {
    const at = new Date(clock.now());
    const owner = ownerIn(editor);
    const [made] = await tx.query(sql<Source>`
      INSERT INTO sources (id, organization_id, workspace_id, name, created_by, created_at) VALUES (${ids.next<string>()}, ${owner.organizationId}, ${owner.workspaceId}::uuid, ${name}, ${editor.keyId ?? null}::uuid, ${at})
      ON CONFLICT (organization_id, name, coalesce(workspace_id, organization_id)) DO NOTHING RETURNING id, workspace_id, name, created_at`);
    if (made !== undefined) {
      await emitChange(tx, editor, 'source.created', [made], at);
      return { source: made, made: true };
    }
    const [found] = await tx.query(sql<Source>`
      SELECT id, workspace_id, name, created_at FROM sources
      WHERE organization_id = ${owner.organizationId} AND name = ${name} AND coalesce(workspace_id, organization_id) = ${ownerId(owner)}`);
    if (found === undefined) throw new ApiError('conflict', 'The source was just deleted. Try again.');
    return { source: found, made: false };
  }

  return {
    ensure,

    /** `ensure` for several names. @returns ids by name */
    async ensureAll(tx: Transaction, editor: Editor, given: readonly string[]): Promise<ReadonlyMap<string, string>> {
      // Sorted, so that concurrent transactions do not deadlock.
      const names = [...new Set(given)].sort();
      if (names.length === 0) return new Map();
      const at = new Date(clock.now());
      const owner = ownerIn(editor);
      const made = await tx.query(sql<Source>`
        INSERT INTO sources (id, organization_id, workspace_id, name, created_by, created_at)
        SELECT n.id, ${owner.organizationId}, ${owner.workspaceId}::uuid, n.name, ${editor.keyId ?? null}::uuid, ${at}
        FROM unnest(${names.map(() => ids.next<string>())}::uuid[], ${names}::text[]) AS n (id, name) ON CONFLICT (organization_id, name, coalesce(workspace_id, organization_id)) DO NOTHING
        RETURNING id, workspace_id, name, created_at`);
      await emitChange(tx, editor, 'source.created', made, at);
      const found = await tx.query(sql<Source>`
        SELECT id, workspace_id, name, created_at FROM sources WHERE organization_id = ${owner.organizationId} AND name = ANY(${names}::text[]) AND coalesce(workspace_id, organization_id) = ${ownerId(owner)}
        ORDER BY id FOR KEY SHARE`);
      if (found.length < names.length) throw new ApiError('conflict', 'A source was just deleted. Try again.');
      return new Map(found.map(({ id, name }) => [name, id]));
    },

    list: (reach: Reach, page: Paged): Promise<[Source[], number]> =>
      Promise.all([listSources(db, reach, page), totalFor(page, () => countSources(db, reach, page))]),

    /** @throws ApiError `not_found` */
    get: async (reach: Reach, id: string): Promise<Source> => (await sourceById(db, reach, id)) ?? missing(),

    /** @throws ApiError `conflict` when the name is taken. */
    async create(editor: Editor, name: string): Promise<Source> {
      const { source, made } = await db.transaction((tx) => ensure(tx, editor, name));
      if (!made) throw new ApiError('conflict', `The source ${name} already exists.`);
      return source;
    },

    /** Removes it from deleted contacts, too. @throws ApiError `not_found`; `conflict` while live contacts have it: each would change, with an event. */
    async remove(editor: Editor, id: string): Promise<void> {
      const { organizationId: organization } = editor;
      const removed = db.transaction(async (tx) => {
        if ((await sourceById(tx, editor, id)) === undefined) missing();
        const source = (await lockSource(tx, editor, id)) ?? missing();
        const [using] = await tx.query(
          sql<{
            live: boolean;
          }>`SELECT EXISTS (SELECT FROM contacts WHERE source_id = ${id} AND organization_id = ${organization} AND deleted_at IS NULL) AS live`,
        );
        if (using?.live === true) throw inUse(id);
        // In the order of their addresses, as upserts lock them.
        await tx.query(sql<{ count: number }>`
          SELECT count(*) AS count FROM (
            SELECT FROM contacts WHERE source_id = ${id} AND organization_id = ${organization} AND deleted_at IS NOT NULL ORDER BY email_key, id FOR UPDATE) AS locked`);
        await tx.execute(
          sql`UPDATE contacts SET source_id = NULL WHERE source_id = ${id} AND organization_id = ${organization} AND deleted_at IS NOT NULL`,
        );
        await tx.execute(
          sql`UPDATE imports SET source_id = NULL WHERE source_id = ${id} AND organization_id = ${organization}`,
        );
        await tx.execute(sql`DELETE FROM sources WHERE organization_id = ${organization} AND id = ${id}`);
        await emitChange(tx, editor, 'source.deleted', [source], new Date(clock.now()));
      });
      await removed.catch((error: unknown) => {
        // A contact was restored in the meantime.
        throw sqlState(error) === '23503' ? inUse(id) : error;
      });
    },

    /** Deletes the sources of a workspace that is being deleted, after its contacts and imports. */
    removeOfWorkspace: (async (tx, { workspaceId, ...organization }, limit) => {
      const removed = await deleteSourcesOf(tx, workspaceId, limit);
      await emitChange(tx, organization, 'source.deleted', removed, new Date(clock.now()));
      return removed.length;
    }) satisfies WorkspaceStage,

    /** Names of the owner's sources with these ids, locked until the transaction ends. Other ids are skipped. */
    async known(
      on: Queryable,
      { organizationId: organization, workspaceId: workspace }: Owner,
      wanted: readonly string[],
    ): Promise<ReadonlyMap<string, string>> {
      const rows = await on.query(sql<{ id: string; name: string }>`
        SELECT id, name FROM sources
        WHERE organization_id = ${organization} AND workspace_id IS NOT DISTINCT FROM ${workspace}::uuid AND id = ANY(${[...new Set(wanted)].sort()}::uuid[])
        ORDER BY id FOR KEY SHARE`);
      return new Map(rows.map(({ id, name }) => [id, name]));
    },
  };
}

const inUse = (id: string): ApiError =>
  new ApiError(
    'conflict',
    `Contacts have this source (GET /v1/contacts?source_id=${id}). Give them another source, or none, first.`,
  );

function missing(): never {
  throw notFound('Source');
}

const sourceById = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  id: string,
): Promise<Source | undefined> =>
  first(
    on,
    sql<Source>`
      SELECT id, workspace_id, name, created_at FROM sources
      WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND id = ${id}`,
  );

/** Keeps others from deleting it until the transaction ends. In the order in which a running import locks them: the import, its source. */
export async function lockSource(
  tx: Transaction,
  { organizationId: organization }: Reach,
  id: string,
): Promise<Source | undefined> {
  await tx.execute(
    sql`SELECT FROM imports WHERE source_id = ${id} AND organization_id = ${organization} ORDER BY id FOR UPDATE`,
  );
  return first(
    tx,
    sql<Source>`
      SELECT id, workspace_id, name, created_at FROM sources WHERE organization_id = ${organization} AND id = ${id} FOR UPDATE`,
  );
}
