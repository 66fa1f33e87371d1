import type { Clock } from '../base/clock.ts';
import type { Bus } from '../db/bus.ts';
import type { Database, Transaction } from '../db/pool.ts';
import { isCanonical } from '../base/event-types.ts';
import { ApiError, invalid, notFound } from '../base/errors.ts';
import type { ErrorDetails } from '../base/errors.ts';
import { isStorable } from '../base/storable.ts';
import type { OrganizationId } from '../base/ids.ts';
import { repeatedMember } from '../base/json-text.ts';
import { builtInFaults, catalogue } from './catalogue.ts';
import type { JsonSchema } from './catalogue.ts';
import {
  countOwnTypes,
  deleteOwnType,
  insertOwnType,
  ownType,
  ownTypeNames,
  ownTypeForUpdate,
  schemasOf,
  updateOwnType,
} from './queries.ts';
import type { OwnTypeRow } from './queries.ts';
import { createSchemaChecker } from './schema-checker.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Checks the `data` of an organization's events: of built-in types against the catalogue, of own types against their schemas. */
export type Checks = (
  type: string,
  data: JsonObject,
  dataText: string,
  path: string,
) => ErrorDetails | undefined | Promise<ErrorDetails | undefined>;

export interface TypeChange {
  readonly description?: string | undefined;
  /** Null removes it. */
  readonly schema?: JsonSchema | null | undefined;
  readonly example?: JsonObject | null | undefined;
}

export interface EventTypes {
  /**
   * Returns the checks directly if this process has cached the organization's types, and a promise otherwise. A change made by another
   * process takes effect here when its notice arrives, some milliseconds later; a change made by this process, before it is answered.
   */
  checks(organizationId: OrganizationId): Checks | Promise<Checks>;
  /** @throws ApiError `conflict` if the name is taken, `validation_failed` for an invalid schema or an example that violates it. */
  create(organizationId: OrganizationId, name: string, type: TypeChange): Promise<OwnTypeRow>;
  /** @throws ApiError as `create`, and `not_found` */
  change(organizationId: OrganizationId, name: string, change: TypeChange): Promise<OwnTypeRow>;
  /** Events of the type can still be published, but are no longer checked. @throws ApiError `not_found` or `conflict` */
  remove(organizationId: OrganizationId, name: string): Promise<void>;
  /** The names of the types that the organization has registered. */
  ownNames(organizationId: OrganizationId): Promise<readonly string[]>;
  /** The `data` of a test event: the example of a built-in type, or of an own type that has one. */
  exampleOf(type: string, organizationId: OrganizationId): Promise<JsonObject | undefined>;
}

/** Per organization. */
const typesMax = 500;
/** Limit on the texts of all cached schemas, over all organizations. */
const heldBytesMax = 32 * 1024 * 1024;

interface Held {
  readonly checks: Checks;
  readonly bytes: number;
}

/** The checks of each organization's published events, compiled from its registered schemas, cached within `heldBytesMax`. */
function createChecksCache(publishDb: Database, bus: Bus, checker: ReturnType<typeof createSchemaChecker>) {
  const held = new Map<OrganizationId, Held>();
  const loading = new Map<OrganizationId, Promise<Checks>>();
  let heldBytes = 0;

  function forget(organizationId: OrganizationId): void {
    // Callers may still use a read in flight, which began before the change; its result is not cached.
    loading.delete(organizationId);
    heldBytes -= held.get(organizationId)?.bytes ?? 0;
    held.delete(organizationId);
  }

  function keep(organizationId: OrganizationId, types: Held): void {
    held.set(organizationId, types);
    heldBytes += types.bytes;
    for (const oldest of held.keys()) {
      if (heldBytes <= heldBytesMax || held.size === 1) return;
      forget(oldest);
    }
  }

  bus.subscribe((notice) => {
    if (notice === undefined)
      for (const organizationId of new Set([...held.keys(), ...loading.keys()])) forget(organizationId);
    else if (notice.kind === 'event_types') forget(notice.organizationId as OrganizationId);
  });

  async function read(organizationId: OrganizationId): Promise<Held> {
    const schemas = new Map((await schemasOf(publishDb, organizationId)).map((row) => [row.name, row.schema]));
    return {
      // Two bytes per UTF-16 code unit.
      bytes: [...schemas].reduce((sum, [name, schema]) => sum + 2 * (name.length + schema.length), 0),
      checks(type, data, dataText, path) {
        const schema = schemas.get(type);
        if (schema === undefined && !isCanonical(type)) return undefined;
        // The check must see what receivers read, whichever of two duplicate members their parser keeps. Serializing again is 5 × as fast
        // as searching, and an identical text contains no duplicate.
        const repeated = JSON.stringify(data) === dataText ? undefined : repeatedMember(dataText);
        if (repeated !== undefined)
          return {
            [`${path}.${repeated}`]:
              'is a duplicate member name; an event whose type has a schema must contain each name only once',
          };
        return schema === undefined
          ? builtInFaults(type, data, path)
          : checker.check(organizationId, schema, data, dataText, path);
      },
    };
  }

  function load(organizationId: OrganizationId): Promise<Checks> {
    const begun: Promise<Checks> = read(organizationId)
      .then((types) => {
        if (loading.get(organizationId) === begun) keep(organizationId, types);
        return types.checks;
      })
      .finally(() => {
        if (loading.get(organizationId) === begun) loading.delete(organizationId);
      });
    loading.set(organizationId, begun);
    return begun;
  }

  return (organizationId: OrganizationId): Checks | Promise<Checks> =>
    // While disconnected, this process receives no notices of changes.
    (bus.connected ? held.get(organizationId)?.checks : undefined) ??
    loading.get(organizationId) ??
    load(organizationId);
}

/**
 * The registry of event types, and the checks of published events.
 * @param options.apiDb for the registry. @param options.publishDb for the schemas that a publish waits for.
 * @example
 * await types.create(organizationId, 'invoice.paid', { schema: { type: 'object', required: ['amount'] } });
 * const check = await types.checks(organizationId);
 */
export function createEventTypes(options: {
  apiDb: Database;
  publishDb: Database;
  bus: Bus;
  clock: Clock;
}): EventTypes {
  const { apiDb: db, publishDb, bus, clock } = options;
  const checker = createSchemaChecker(clock);
  const checksOf = createChecksCache(publishDb, bus, checker);

  const write = <T>(organizationId: OrganizationId, work: (tx: Transaction) => Promise<T>): Promise<T> =>
    db.transaction(async (tx) => {
      const result = await work(tx);
      await bus.announce(tx, { kind: 'event_types', organizationId });
      return result;
    });

  /** @throws ApiError `validation_failed` */
  async function assertSound(organizationId: OrganizationId, { schema, example }: OwnTypeRow): Promise<void> {
    for (const [field, value] of Object.entries({ schema, example }))
      if (!isStorable(value)) throw invalid({ [field]: 'must not contain a lone surrogate' });
    const details = schema === null ? undefined : await checker.read(organizationId, schema, example);
    if (details !== undefined) throw invalid(details);
  }

  return {
    checks: checksOf,

    async create(organizationId, name, { description = '', schema = null, example = null }) {
      assertOwn(name);
      const now = new Date(clock.now());
      const type: OwnTypeRow = { name, description, schema, example, created_at: now, updated_at: now };
      await assertSound(organizationId, type);
      return write(organizationId, async (tx) => {
        if ((await countOwnTypes(tx, organizationId)) >= typesMax)
          throw new ApiError('conflict', `An organization can register at most ${typesMax} event types.`);
        if (!(await insertOwnType(tx, organizationId, type)))
          throw new ApiError(
            'conflict',
            `The event type ${name} already exists. Change it with PATCH /v1/event-types/${name}.`,
          );
        return type;
      });
    },

    async change(organizationId, name, change) {
      assertOwn(name);
      return write(organizationId, async (tx) => {
        const before = await ownTypeForUpdate(tx, organizationId, name);
        if (before === undefined) throw notFound('Event type');
        const type: OwnTypeRow = {
          ...before,
          description: change.description ?? before.description,
          schema: change.schema === undefined ? before.schema : change.schema,
          example: change.example === undefined ? before.example : change.example,
          updated_at: new Date(clock.now()),
        };
        if (change.schema !== undefined || change.example !== undefined) await assertSound(organizationId, type);
        await updateOwnType(tx, organizationId, type);
        return type;
      });
    },

    async remove(organizationId, name) {
      assertOwn(name);
      await write(organizationId, async (tx) => {
        if ((await deleteOwnType(tx, organizationId, name)) === 0) throw notFound('Event type');
      });
    },

    async ownNames(organizationId) {
      return (await ownTypeNames(db, organizationId)).map(({ name }) => name);
    },

    async exampleOf(type, organizationId) {
      return isCanonical(type)
        ? catalogue[type].example
        : ((await ownType(db, organizationId, type))?.example ?? undefined);
    },
  };
}

/** @throws ApiError `conflict` */
function assertOwn(name: string): void {
  if (isCanonical(name))
    throw new ApiError('conflict', `${name} is a built-in event type and cannot be replaced, changed or deleted.`);
}
