import type { Clock } from '../base/clock.ts';
import type { Bus } from '../db/bus.ts';
import type { Queryable } from '../db/pool.ts';
import { ApiError } from '../base/errors.ts';
import type { Principal } from '../http/route.ts';
import type { KeyId } from '../base/ids.ts';
import { sleep } from '../base/sleep.ts';
import { hashKey, isKey } from './keys.ts';
import * as queries from './queries.ts';
import { RecentMap } from './recent-map.ts';

/** Authenticates keys, from memory where that is safe. */
export interface Principals {
  /**
   * Returns the principal directly on a cache hit, and a promise only if the database must be queried.
   * @throws ApiError `unauthorized`, either thrown or as a rejection.
   */
  authenticate(key: string): Principal | Promise<Principal>;
  /** Writes the times of last use every 30 s, and once more at the end. */
  run(signal: AbortSignal): Promise<void>;
}

/** Cached keys; a principal takes about 500 bytes. */
const knownMax = 20_000;
/** Unknown keys are cached separately, so that guessing cannot evict known ones. */
const unknownMax = 10_000;
const unknownMs = 5_000;
const flushMs = 30_000;

interface Waiting {
  readonly answer: Promise<Principal | undefined>;
  readonly resolve: (principal: Principal | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The cache is keyed by the key itself, not by its digest (which is all the database stores): hashing would cost 1.1 µs per request, a
 * fifteenth of the cost of a request in bare node:http. An attacker who can read this process's memory finds worse than keys, and a Map's
 * seeded hashes leak no timing.
 *
 * The cache is cleared whenever a key or a plan changes anywhere, and is not used while the bus is down, because notices of changes would
 * not arrive. The answer of a query during which something changed is used once and not cached.
 * @example
 * const principals = createPrincipals({ db, clock, bus });
 * const principal = await principals.authenticate('otr_live_…');
 */
export function createPrincipals({
  db,
  clock,
  bus,
}: {
  db: Queryable;
  clock: Pick<Clock, 'now' | 'setTimer' | 'clearTimer'>;
  bus: Pick<Bus, 'connected' | 'subscribe'>;
}): Principals {
  const known = new RecentMap<string, Principal>(knownMax);
  /** Key → Unix milliseconds until which it counts as unknown. */
  const unknown = new RecentMap<string, number>(unknownMax);
  const used = new Map<KeyId, number>();
  let generation = 0;
  let waiting = new Map<string, Waiting>();
  let querying = false;

  bus.subscribe((notice) => {
    if (notice !== undefined && notice.kind !== 'keys') return;
    generation += 1;
    known.clear();
    unknown.clear();
  });

  /** One query at a time, for all keys that arrived during the previous one: at any load this takes one connection. */
  async function queryWaiting(): Promise<void> {
    querying = true;
    while (waiting.size > 0) {
      const batch = [...waiting].map(([key, { resolve, reject }]) => ({ key, hash: hashKey(key), resolve, reject }));
      waiting = new Map();
      const before = generation;
      try {
        const rows = await queries.principals(
          db,
          batch.map(({ hash }) => hash),
        );
        const found = new Map(rows.map((row) => [row.hash.toString('hex'), principalOf(row)]));
        const cacheable = bus.connected && before === generation;
        for (const { key, hash, resolve } of batch) {
          const principal = found.get(hash.toString('hex'));
          if (cacheable && principal !== undefined) known.set(key, principal);
          if (cacheable && principal === undefined) unknown.set(key, clock.now() + unknownMs);
          resolve(principal);
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    querying = false;
  }

  function find(key: string): Promise<Principal | undefined> {
    const joined = waiting.get(key);
    if (joined !== undefined) return joined.answer;
    const { promise, resolve, reject } = Promise.withResolvers<Principal | undefined>();
    waiting.set(key, { answer: promise, resolve, reject });
    if (!querying) void queryWaiting();
    return promise;
  }

  function admit(principal: Principal | undefined): Principal {
    if (principal === undefined) throw new ApiError('unauthorized', 'The API key is unknown or revoked.');
    const now = clock.now();
    if (principal.keyExpiresAt !== undefined && principal.keyExpiresAt <= now)
      throw new ApiError('unauthorized', 'The API key has expired.');
    used.set(principal.keyId, now);
    return principal;
  }

  async function flush(): Promise<void> {
    if (used.size === 0) return;
    const batch = [...used];
    used.clear();
    try {
      await queries.markUsed(
        db,
        batch.map(([id]) => id),
        batch.map(([, at]) => at),
      );
    } catch {
      // The time of last use is not critical: write it with the next batch, unless the key was used again.
      for (const [id, at] of batch) if (!used.has(id)) used.set(id, at);
    }
  }

  return {
    authenticate(key) {
      if (bus.connected) {
        const principal = known.get(key);
        if (principal !== undefined) return admit(principal);
        if ((unknown.get(key) ?? 0) > clock.now()) return admit(undefined);
      }
      if (!isKey(key)) return admit(undefined);
      return find(key).then(admit);
    },
    async run(signal) {
      while (!signal.aborted) {
        await sleep(clock, flushMs, signal);
        await flush();
      }
    },
  };
}

const principalOf = (row: queries.PrincipalRow): Principal => ({
  organizationId: row.organization_id,
  organizationSlug: row.slug,
  plan: row.plan,
  sandbox: row.sandbox,
  workspaceId: row.workspace_id ?? undefined,
  keyId: row.id,
  scopes: row.scopes,
  keyExpiresAt: row.expires_at?.getTime(),
});
