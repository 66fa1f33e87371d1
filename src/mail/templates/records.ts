import { workspaceFor } from '../../auth/index.ts';
import { totalFor } from '../../http/listing.ts';
import type { Paged } from '../../http/listing.ts';
import type { Clock } from '../../base/clock.ts';
import { notFound } from '../../base/errors.ts';
import type { Ids, KeyId, WorkspaceId } from '../../base/ids.ts';
import type { Database } from '../../db/pool.ts';
import { compile } from './compile.ts';
import { byId, counted, insert, listed, lockById, removeById, save } from './queries.ts';
import type { Reach, TemplateRow } from './queries.ts';

export interface TemplatesOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
}

export type TemplateFields = Pick<TemplateRow, 'name' | 'subject' | 'body' | 'category' | 'format'>;

/** The fields that a change names; `undefined` leaves one as it is. */
export type TemplateChange = { readonly [Field in keyof TemplateFields]?: TemplateFields[Field] | undefined };

export type Operations = ReturnType<typeof createOperations>;

/** Stores templates. One that does not parse is refused with its line and column. */
export function createOperations({ db, clock, ids }: TemplatesOptions) {
  return {
    /** @throws ApiError `validation_failed`; `forbidden` for a workspace other than the caller's */
    async create(
      caller: Reach & { readonly keyId?: KeyId },
      fields: TemplateFields,
      workspace?: WorkspaceId,
    ): Promise<TemplateRow> {
      compile(fields);
      const workspaceId = await workspaceFor(db, caller, workspace);
      const at = new Date(clock.now());
      const row: TemplateRow = {
        ...fields,
        id: ids.next(),
        organization_id: caller.organizationId,
        workspace_id: workspaceId,
        created_by: caller.keyId ?? null,
        created_at: at,
        updated_at: at,
      };
      await insert(db, row);
      return row;
    },

    /** A page of templates, newest first. */
    async list(reach: Reach, page: Paged): Promise<{ rows: TemplateRow[]; total: number }> {
      const [rows, total] = await Promise.all([
        listed(db, reach, page),
        totalFor(page, () => counted(db, reach, page)),
      ]);
      return { rows, total };
    },

    /** @throws ApiError `not_found` */
    get: async (reach: Reach, id: string): Promise<TemplateRow> => (await byId(db, reach, id)) ?? missing(),

    /** @throws ApiError `not_found`, `validation_failed` */
    update: (reach: Reach, id: string, change: TemplateChange): Promise<TemplateRow> =>
      db.transaction(async (tx) => {
        const before = (await lockById(tx, reach, id)) ?? missing();
        const after: TemplateRow = {
          ...before,
          name: change.name ?? before.name,
          subject: change.subject === undefined ? before.subject : change.subject,
          body: change.body ?? before.body,
          category: change.category ?? before.category,
          format: change.format ?? before.format,
          updated_at: new Date(clock.now()),
        };
        compile(after);
        await save(tx, after);
        return after;
      }),

    /** @throws ApiError `not_found` */
    async remove(reach: Reach, id: string): Promise<void> {
      if ((await removeById(db, reach, id)) === 0) missing();
    },
  };
}

function missing(): never {
  throw notFound('Template');
}
