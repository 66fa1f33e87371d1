import { isDatabaseAway, type Database } from '../db/pool.ts';
import type { EndpointId } from '../base/ids.ts';
import { EndpointCache } from './endpoint-cache.ts';
import {
  changedAfter,
  currentEpoch,
  endpointsOf,
  keptEndpoint,
  openEndpoint,
  ownerKey,
  type EndpointOpener,
  type EndpointRow,
  type Owner,
} from './endpoint-rows.ts';
import type { Endpoint } from './endpoint.ts';

/**
 * The endpoints that this process uses, in memory, as of one subscription epoch. An owner's endpoints are loaded with its first event, so
 * memory depends on the workspaces in use, up to a limit, and a change of an endpoint reads only that endpoint.
 */
export interface Subscriptions {
  /** The epoch that this process knows. A publish under any other one writes nothing, and refreshes first. */
  readonly epoch: number;
  /** An endpoint in memory. Undefined also if it is not in memory; not, immediately after `load`. */
  get(id: EndpointId): Endpoint | undefined;
  /** Reads those of the endpoints that are not in memory; undefined if there are none. Afterwards `get` returns every one that exists. */
  load(ids: Iterable<EndpointId>): Promise<void> | undefined;
  /** Reads the endpoints that events of the owners may reach; undefined if all are in memory. */
  loadFor(owners: Iterable<Owner>): Promise<void> | undefined;
  /**
   * Endpoints subscribed to the type, of the owner's workspace and of its organization; including disabled ones, whose deliveries are held.
   * The caller applies their filters. Undefined if they are not in memory: call `loadFor`.
   */
  subscribers(owner: Owner, type: string): readonly Endpoint[] | undefined;
  /** The number of endpoints in memory that cannot be read. They are read again with each change of any endpoint. */
  readonly unreadable: number;
  /** Reads what changed since the known epoch. Concurrent calls share one read that begins after the call. */
  refresh(): Promise<void>;
  /** Called with the ids of endpoints that were changed or deleted, after each refresh. All of them are in memory then. */
  onChange(listener: (changed: readonly EndpointId[]) => void): void;
}

/** One read of the database, shared by all calls that arrived during the previous one. */
interface Round {
  readonly owners: Map<string, Owner>;
  readonly ids: Set<EndpointId>;
  refresh: boolean;
  readonly done: PromiseWithResolvers<void>;
}

/** 100,000 workspaces with one endpoint each stay in memory, with about 4 KB of it for each (bench scenario `workspaces`). */
const endpointsMax = 400_000;
/** Changed endpoints read at a time. After a long disconnection there may be many. */
const changesMax = 1_000;
const firstId = '00000000-0000-0000-0000-000000000000';

/** @param max how many endpoints and owners stay in memory */
export function createSubscriptions(db: Database, opener: EndpointOpener, max = endpointsMax): Subscriptions {
  const cache = new EndpointCache(max);
  const unreadable = new Set<EndpointId>();
  const listeners: ((changed: readonly EndpointId[]) => void)[] = [];
  let epoch = -1;
  let reading = false;
  let next: Round | undefined;

  /** A row that cannot be read must not prevent others from being read. */
  async function openOrKeep(row: EndpointRow): Promise<Endpoint | undefined> {
    const wasUnreadable = unreadable.delete(row.id);
    if (row.deleted) return undefined;
    try {
      return await openEndpoint(db, opener, row);
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      unreadable.add(row.id);
      if (!wasUnreadable) opener.onUnreadable(row.id, error);
      return keptEndpoint(row, opener.wires.get(row.dialect));
    }
  }

  async function readChanges(): Promise<void> {
    // The epoch first: all its endpoints are committed, so rows read afterwards are at least as new.
    const current = await currentEpoch(db);
    if (current === undefined || current === epoch) return;
    // At first nothing is in memory that could have changed.
    let after = epoch === -1 ? undefined : { epoch: epoch + 1, id: firstId };
    // Opening an endpoint moves it to the end of the set, so that each has its turn.
    await apply(unreadable.size === 0 ? [] : await endpointsOf(db, [], [...unreadable].slice(0, changesMax)));
    while (after !== undefined) {
      const rows: EndpointRow[] = await changedAfter(db, after, changesMax);
      await apply(rows);
      after = rows.length < changesMax ? undefined : rows.at(-1);
    }
    epoch = current;
  }

  async function apply(rows: readonly EndpointRow[]): Promise<void> {
    if (rows.length === 0) return;
    const opened = await Promise.all(rows.map(openOrKeep));
    for (const [index, row] of rows.entries()) cache.replace(ownerOf(row), row.id, opened[index]);
    const changed = rows.map(({ id }) => id);
    for (const listener of listeners) listener(changed);
  }

  async function readMissing(owners: readonly Owner[], ids: readonly EndpointId[]): Promise<void> {
    const missingOwners = owners.filter((owner) => !cache.hasGroup(owner));
    const missingIds = ids.filter((id) => cache.get(id) === undefined);
    if (missingOwners.length + missingIds.length === 0) return;
    const found = await endpointsOf(db, missingOwners, missingIds);
    const rows = [...new Map(found.map((row) => [row.id, row])).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    const opened = (await Promise.all(rows.map(openOrKeep))).filter((endpoint) => endpoint !== undefined);
    const groups = Map.groupBy(opened, ownerKey);
    for (const owner of missingOwners) cache.putGroup(owner, groups.get(ownerKey(owner)) ?? []);
    for (const endpoint of opened) cache.put(endpoint);
  }

  /** One round after the other: a row that a round read is never older than what is in memory. */
  async function read(): Promise<void> {
    reading = true;
    while (next !== undefined) {
      const round: Round = next;
      next = undefined;
      try {
        if (round.refresh) await readChanges();
        await readMissing([...round.owners.values()], [...round.ids]);
        round.done.resolve();
      } catch (error) {
        round.done.reject(error);
      }
    }
    reading = false;
  }

  function inNextRound(add: (round: Round) => void): Promise<void> {
    next ??= { owners: new Map(), ids: new Set(), refresh: false, done: Promise.withResolvers() };
    const { promise } = next.done;
    add(next);
    if (!reading) void read();
    return promise;
  }

  return {
    get epoch() {
      return epoch;
    },
    get: (id) => cache.get(id),
    get unreadable() {
      return unreadable.size;
    },
    subscribers(owner, type) {
      const shared = cache.subscribers(organizationOf(owner), type);
      if (owner.workspaceId === undefined) return shared;
      const own = cache.subscribers(owner, type);
      if (shared === undefined || own === undefined) return undefined;
      if (own.length === 0) return shared;
      return shared.length === 0 ? own : [...shared, ...own];
    },
    load(ids) {
      const missing = [...ids].filter((id) => cache.get(id) === undefined);
      if (missing.length === 0) return undefined;
      return inNextRound((round) => {
        for (const id of missing) round.ids.add(id);
      });
    },
    loadFor(owners) {
      const missing: Owner[] = [];
      for (const owner of owners) {
        const shared = organizationOf(owner);
        if (!cache.hasGroup(shared)) missing.push(shared);
        if (owner.workspaceId !== undefined && !cache.hasGroup(owner)) missing.push(owner);
      }
      if (missing.length === 0) return undefined;
      return inNextRound((round) => {
        for (const owner of missing) round.owners.set(ownerKey(owner), owner);
      });
    },
    refresh: () =>
      inNextRound((round) => {
        round.refresh = true;
      }),
    onChange: (listener) => listeners.push(listener),
  };
}

const ownerOf = (row: EndpointRow): Owner => ({
  organizationId: row.organization_id,
  workspaceId: row.workspace_id ?? undefined,
});

const organizationOf = ({ organizationId }: Owner): Owner => ({ organizationId, workspaceId: undefined });
