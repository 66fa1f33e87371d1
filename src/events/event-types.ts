import type { Clock } from '../base/clock.ts';
import { announce } from '../db/bus.ts';
import type { Bus } from '../db/bus.ts';
import type { Database, Transaction } from '../db/pool.ts';
import { isCanonical } from '../base/event-types.ts';
import { ApiError, invalid, notFound } from '../base/errors.ts';
import type { ErrorDetails } from '../base/errors.ts';
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

/** Checks `data` of one organization's events: of built-in types against the catalogue, of its own types against their schemas. */
export type Checks = (
  type: string,
  data: JsonObject,
  dataText: string,
  path: string,
) => ErrorDetails | undefined | Promise<ErrorDetails | undefined>;

export interface TypeChange {
  readonly description?: string | undefined;
  /** Null takes it away. */
  readonly schema?: JsonSchema | null | undefined;
  readonly example?: JsonObject | null | undefined;
}

export interface EventTypes {
  /**
   * Answers at once when this process knows the organization's types: no round trip. What changed on another process is known here
   * when its notice arrives, some milliseconds after; what changed on this one, before it is answered.
   */
  checks(organizationId: OrganizationId): Checks | Promise<Checks>;
  /** @throws ApiError `conflict` for a name that is taken, `validation_failed` for a schema that is none or that the example breaks. */
  create(organizationId: OrganizationId, name: string, type: TypeChange): Promise<OwnTypeRow>;
  /** @throws ApiError as `create`, and `not_found` */
  change(organizationId: OrganizationId, name: string, change: TypeChange): Promise<OwnTypeRow>;
  /** Events of the type may still be published; they are not checked any more. @throws ApiError `not_found` or `conflict` */
  remove(organizationId: OrganizationId, name: string): Promise<void>;
  /** The names of those that the organization has registered. */
  ownNames(organizationId: OrganizationId): Promise<readonly string[]>;
  /** `data` for a test event: the example of a built-in type, or of an own one that has one. */
  exampleOf(type: string, organizationId: OrganizationId): Promise<JsonObject | undefined>;
}

/** Of one organization. */
const typesMax = 500;
/** What the texts of the schemas held in memory may come to, over all organizations. */
const heldBytesMax = 32 * 1024 * 1024;

interface Held {
  readonly checks: Checks;
  readonly bytes: number;
}

/** @param options.apiDb for the registry. @param options.publishDb for the schemas that a publish waits for. */
export function createEventTypes(options: {
  apiDb: Database;
  publishDb: Database;
  bus: Bus;
  clock: Clock;
}): EventTypes {
  const { apiDb: db, publishDb, bus, clock } = options;
  const checker = createSchemaChecker(clock);
  const held = new Map<OrganizationId, Held>();
  const loading = new Map<OrganizationId, Promise<Checks>>();
  let heldBytes = 0;

  function forget(organizationId: OrganizationId): void {
    // Whoever waits for a read under way began before the change; its answer is not kept.
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
      // UTF-16.
      bytes: [...schemas].reduce((sum, [name, schema]) => sum + 2 * (name.length + schema.length), 0),
      checks(type, data, dataText, path) {
        const schema = schemas.get(type);
        if (schema === undefined && !isCanonical(type)) return undefined;
        // What is checked must be what receivers read, whichever of two members of a name their parser keeps.
        // Writing it again is 5 × as fast as looking, and a text that is the same has no name twice.
        const repeated = JSON.stringify(data) === dataText ? undefined : repeatedMember(dataText);
        if (repeated !== undefined)
          return {
            [`${path}.${repeated}`]:
              'is a duplicate member name; an event whose type has a schema must have each name once',
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

  async function write<T>(organizationId: OrganizationId, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const written = await db.transaction(async (tx) => {
      const result = await work(tx);
      await announce(tx, { kind: 'event_types', organizationId });
      return result;
    });
    forget(organizationId);
    return written;
  }

  /** @throws ApiError `validation_failed` */
  async function assertSound(organizationId: OrganizationId, { schema, example }: OwnTypeRow): Promise<void> {
    for (const [field, value] of Object.entries({ schema, example }))
      if (!isStorable(value)) throw invalid({ [field]: 'must not contain half of a surrogate pair' });
    const details = schema === null ? undefined : await checker.read(organizationId, schema, example);
    if (details !== undefined) throw invalid(details);
  }

  return {
    checks: (organizationId) =>
      // Without its connection this process does not hear of changes.
      (bus.connected ? held.get(organizationId)?.checks : undefined) ??
      loading.get(organizationId) ??
      load(organizationId),

    async create(organizationId, name, { description = '', schema = null, example = null }) {
      assertOwn(name);
      const now = new Date(clock.now());
      const type: OwnTypeRow = { name, description, schema, example, created_at: now, updated_at: now };
      await assertSound(organizationId, type);
      return write(organizationId, async (tx) => {
        if ((await countOwnTypes(tx, organizationId)) >= typesMax)
          throw new ApiError('conflict', `An organization has at most ${typesMax} event types of its own.`);
        if (!(await insertOwnType(tx, organizationId, type)))
          throw new ApiError(
            'conflict',
            `The event type ${name} exists already. Change it with PATCH /v1/event-types/${name}.`,
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
    throw new ApiError('conflict', `${name} is a built-in event type: it cannot be replaced, changed or deleted.`);
}

/** PostgreSQL's jsonb is UTF-8: a lone surrogate cannot be written in it. */
function isStorable(value: unknown): boolean {
  let storable = true;
  JSON.stringify(value, (key, inner: unknown) => {
    if (!key.isWellFormed() || (typeof inner === 'string' && !inner.isWellFormed())) storable = false;
    return inner;
  });
  return storable;
}
