import { z } from 'zod';
import { cut } from '../../base/cut.ts';
import type { Clock } from '../../base/clock.ts';
import { sqlState } from '../../db/pool.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import { ApiError, invalid, notFound } from '../../base/errors.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import type { EmitAll } from '../../events/index.ts';
import type { Ids, OrganizationId } from '../../base/ids.ts';
import { changedFields, changeEvent } from '../records/index.ts';
import type { CustomValues, Editor } from '../records/index.ts';

export const customEntities = ['contact', 'company', 'project'] as const;
export type CustomEntity = (typeof customEntities)[number];
export const customTypes = ['text', 'number', 'boolean', 'date', 'url', 'select'] as const;

export interface CustomField {
  id: string;
  entity: CustomEntity;
  key: string;
  label: string;
  type: (typeof customTypes)[number];
  /** The values that a `select` allows. */
  options: string[] | null;
  created_at: Date;
  updated_at: Date;
}

/** As the API and events show it. */
export const fieldOnWire = ({ created_at: createdAt, updated_at: _, ...field }: CustomField) => ({
  ...field,
  created_at: createdAt.toISOString(),
});

export const customFieldsMax = 200;
const textMax = 10_000;

const list = (on: Queryable, organization: OrganizationId, entity: CustomEntity | undefined): Promise<CustomField[]> =>
  on.query(sql<CustomField>`
    SELECT id, entity, key, label, type, options, created_at, coalesce(updated_at, created_at) AS updated_at FROM custom_fields
    WHERE organization_id = ${organization} AND (${entity ?? null}::text IS NULL OR entity = ${entity ?? null}) ORDER BY entity, key`);

export interface CustomFieldsOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly emitAll: EmitAll;
}

export type CustomFields = ReturnType<typeof createCustomFields>;

/** The fields that an organization adds to its records. */
export function createCustomFields({ db, clock, ids, emitAll }: CustomFieldsOptions) {
  const emitChange = (
    tx: Transaction,
    editor: Editor,
    type: 'custom_field.created' | 'custom_field.updated' | 'custom_field.deleted',
    fields: readonly CustomField[],
    at: Date,
    changed?: string[],
  ) =>
    emitAll(
      tx,
      fields.map((field) => changeEvent(editor, type, fieldOnWire(field), at, changed && { changed })),
    );

  /** @returns a function that returns the problems of values, by field; undefined when there are none. */
  async function validator(
    on: Queryable,
    organization: OrganizationId,
    entity: CustomEntity,
  ): Promise<(values: CustomValues) => ErrorDetails | undefined> {
    const known = new Map((await list(on, organization, entity)).map((field) => [field.key, field]));
    return (values) => {
      const problems = Object.entries(values).flatMap(([key, value]) => {
        const problem = problemOf(known.get(key), value, entity);
        return problem === undefined ? [] : [[`custom_fields.${cut(key, 100)}`, problem] as const];
      });
      return problems.length === 0 ? undefined : Object.fromEntries(problems);
    };
  }

  /** The problems of values, by field; undefined when there are none. */
  async function faults(
    on: Queryable,
    organization: OrganizationId,
    entity: CustomEntity,
    values: CustomValues = {},
  ): Promise<ErrorDetails | undefined> {
    return Object.keys(values).length === 0 ? undefined : (await validator(on, organization, entity))(values);
  }

  return {
    /** @param on inside a transaction, the transaction: otherwise it would wait for a second connection. */
    list: (organization: OrganizationId, entity?: CustomEntity, on: Queryable = db) => list(on, organization, entity),

    /** @throws ApiError `not_found` */
    async get({ organizationId: organization }: Pick<Editor, 'organizationId'>, id: string): Promise<CustomField> {
      const [field] = await db.query(
        sql<CustomField>`SELECT id, entity, key, label, type, options, created_at, coalesce(updated_at, created_at) AS updated_at FROM custom_fields WHERE organization_id = ${organization} AND id = ${id}`,
      );
      if (field === undefined) throw notFound('Custom field');
      return field;
    },

    /**
     * @throws ApiError `conflict` when the key is taken, or the entity already has `customFieldsMax` custom fields
     * @example
     * await customFields.create(editor, { entity: 'contact', key: 'seats', label: 'Seats', type: 'number', options: null });
     */
    async create(editor: Editor, field: Omit<CustomField, 'id' | 'created_at' | 'updated_at'>): Promise<CustomField> {
      const { organizationId: organization } = editor;
      const at = new Date(clock.now());
      const row: CustomField = { ...field, id: ids.next(), created_at: at, updated_at: at };
      const created = db.transaction(async (tx) => {
        const inserted = await tx.execute(sql`
          INSERT INTO custom_fields (id, organization_id, entity, key, label, type, options, created_at)
          SELECT ${row.id}, ${organization}, ${row.entity}, ${row.key}, ${row.label}, ${row.type}, ${row.options}::text[], ${row.created_at}
          WHERE (SELECT count(*) FROM custom_fields WHERE organization_id = ${organization} AND entity = ${row.entity}) < ${customFieldsMax}`);
        if (inserted === 0)
          throw new ApiError('conflict', `A kind of record can have at most ${customFieldsMax} custom fields.`);
        await emitChange(tx, editor, 'custom_field.created', [row], row.created_at);
      });
      await created.catch((error: unknown) => {
        throw sqlState(error) === '23505'
          ? new ApiError('conflict', `The ${row.entity} field ${row.key} already exists.`)
          : error;
      });
      return row;
    },

    /** Values of a removed option stay on the records, but new values cannot use it. @throws ApiError `not_found`, `validation_failed` */
    update: (
      editor: Editor,
      id: string,
      { label, options }: { readonly label?: string | undefined; readonly options?: string[] | undefined },
    ): Promise<CustomField> =>
      db.transaction(async (tx) => {
        const { organizationId: organization } = editor;
        const [before] = await tx.query(sql<CustomField>`
          SELECT id, entity, key, label, type, options, created_at, coalesce(updated_at, created_at) AS updated_at FROM custom_fields WHERE organization_id = ${organization} AND id = ${id} FOR UPDATE`);
        if (before === undefined) throw notFound('Custom field');
        if (options !== undefined && before.type !== 'select')
          throw invalid({ options: 'are only allowed for the type select' });
        const at = new Date(clock.now());
        const after: CustomField = {
          ...before,
          label: label ?? before.label,
          options: options ?? before.options,
          updated_at: at,
        };
        const changed = changedFields(before, after, ['label', 'options']);
        if (changed.length === 0) return before;
        await tx.execute(sql`
          UPDATE custom_fields SET label = ${after.label}, options = ${after.options}::text[], updated_at = ${at} WHERE organization_id = ${organization} AND id = ${id}`);
        await emitChange(tx, editor, 'custom_field.updated', [after], at, changed);
        return after;
      }),

    /** The values stay on the records, and are valid again if the field is defined again. @throws ApiError `not_found` */
    remove: (editor: Editor, id: string): Promise<void> =>
      db.transaction(async (tx) => {
        const removed = await tx.query(sql<CustomField>`
          DELETE FROM custom_fields WHERE organization_id = ${editor.organizationId} AND id = ${id} RETURNING id, entity, key, label, type, options, created_at, coalesce(updated_at, created_at) AS updated_at`);
        if (removed.length === 0) throw notFound('Custom field');
        await emitChange(tx, editor, 'custom_field.deleted', removed, new Date(clock.now()));
      }),

    /** Defines missing keys as text, for APIs without definitions. @throws ApiError `validation_failed` over `customFieldsMax` */
    async ensureText(tx: Transaction, editor: Editor, entity: CustomEntity, keys: readonly string[]): Promise<void> {
      if (keys.length === 0) return;
      const { organizationId: organization } = editor;
      const at = new Date(clock.now());
      const made = await tx.query(sql<CustomField>`
        INSERT INTO custom_fields (id, organization_id, entity, key, label, type, created_at)
        SELECT k.id, ${organization}, ${entity}, k.key, k.key, 'text', ${at}
        FROM unnest(${keys.map(() => ids.next<string>())}::uuid[], ${[...keys].sort()}::text[]) AS k (id, key) ON CONFLICT DO NOTHING
        RETURNING id, entity, key, label, type, options, created_at, coalesce(updated_at, created_at) AS updated_at`);
      if (made.length > 0 && (await list(tx, organization, entity)).length > customFieldsMax) {
        throw invalid({ custom_fields: `would exceed ${customFieldsMax} custom fields` });
      }
      await emitChange(tx, editor, 'custom_field.created', made, at);
    },

    validator,

    faults,

    /** @throws ApiError `validation_failed` naming the invalid values */
    async assertValid(
      on: Queryable,
      organization: OrganizationId,
      entity: CustomEntity,
      values?: CustomValues,
    ): Promise<void> {
      const found = await faults(on, organization, entity, values);
      if (found !== undefined) throw invalid(found);
    },
  };
}

const date = z.iso.date();

function problemOf(field: CustomField | undefined, value: unknown, entity: CustomEntity): string | undefined {
  // Allowed for a field that is no longer defined, too: its values stay until they are cleared.
  if (value === null) return undefined;
  if (field === undefined) return `is not a custom field of a ${entity}; define it first: POST /v1/custom-fields`;
  switch (field.type) {
    case 'text':
      return typeof value === 'string' && value.length <= textMax && value.isWellFormed()
        ? undefined
        : `must be well-formed text of at most ${textMax} characters`;
    case 'number':
      return typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER
        ? undefined
        : `must be a number from ${Number.MIN_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}; for more digits, use a custom field of the type text`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'must be true or false';
    case 'date':
      return date.safeParse(value).success ? undefined : 'must be an existing date, formatted as YYYY-MM-DD';
    case 'url':
      return typeof value === 'string' &&
        value.length <= 2_048 &&
        value.isWellFormed() &&
        /^https?:$/.test(URL.parse(value)?.protocol ?? '')
        ? undefined
        : 'must be an http or https URL';
    case 'select':
      return typeof value === 'string' && field.options?.includes(value) === true
        ? undefined
        : `must be one of ${field.options?.join(', ')}`;
  }
}

/** Keeps others from changing it until the transaction ends. */
export const lockField = (
  tx: Transaction,
  { organizationId: organization }: Pick<Editor, 'organizationId'>,
  id: string,
): Promise<number> =>
  tx.execute(sql`SELECT FROM custom_fields WHERE organization_id = ${organization} AND id = ${id} FOR UPDATE`);
