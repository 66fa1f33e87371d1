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

/** Knows who a key belongs to, from memory wherever that is safe. */
export interface Principals {
  /**
   * Answers at once on a hit; a promise only when the database must be asked.
   * @throws ApiError `unauthorized`, thrown or rejected alike.
   */
  authenticate(key: string): Principal | Promise<Principal>;
  /** Writes down every 30 s, and once more at the end, when keys were last used. */
  run(signal: AbortSignal): Promise<void>;
}

/** Keys remembered; a principal is about 500 bytes. */
const rememberedMax = 20_000;
/** Unknown keys are remembered apart, so that guessing cannot push out who is known. */
const unknownMax = 10_000;
const unknownMs = 5_000;
const flushMs = 30_000;

interface Waiting {
  readonly answer: Promise<Principal | undefined>;
  readonly resolve: (principal: Principal | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Remembered by the key itself: the digest, which is all that the database has, would cost 1.1 µs a request, a fifteenth of what a request
 * costs bare node:http. A look into this process's memory finds worse than keys; a Map's seeded hashes tell no timing.
 *
 * What is remembered is dropped whenever a key or a plan changed anywhere, and nothing is remembered while the bus is down, because then
 * nobody would tell. An answer that was on its way while something changed is used once and not remembered.
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
  const known = new RecentMap<string, Principal>(rememberedMax);
  /** Key → until when it counts as unknown. */
  const unknown = new RecentMap<string, number>(unknownMax);
  const used = new Map<KeyId, number>();
  let generation = 0;
  let waiting = new Map<string, Waiting>();
  let asking = false;

  bus.subscribe((notice) => {
    if (notice !== undefined && notice.kind !== 'keys') return;
    generation += 1;
    known.clear();
    unknown.clear();
  });

  /** One question at a time, for everyone who came since the last: whatever the load, this takes one connection. */
  async function ask(): Promise<void> {
    asking = true;
    while (waiting.size > 0) {
      const batch = [...waiting].map(([key, { resolve, reject }]) => ({ key, hash: hashKey(key), resolve, reject }));
      waiting = new Map();
      const asked = generation;
      try {
        const rows = await queries.principals(
          db,
          batch.map(({ hash }) => hash),
        );
        const found = new Map(rows.map((row) => [row.hash.toString('hex'), principalOf(row)]));
        const remember = bus.connected && asked === generation;
        for (const { key, hash, resolve } of batch) {
          const principal = found.get(hash.toString('hex'));
          if (remember && principal !== undefined) known.set(key, principal);
          if (remember && principal === undefined) unknown.set(key, clock.now() + unknownMs);
          resolve(principal);
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    asking = false;
  }

  function find(key: string): Promise<Principal | undefined> {
    const joined = waiting.get(key);
    if (joined !== undefined) return joined.answer;
    const { promise, resolve, reject } = Promise.withResolvers<Principal | undefined>();
    waiting.set(key, { answer: promise, resolve, reject });
    if (!asking) void ask();
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
      // The time of last use is a courtesy; it is written with the next batch, unless a later use has come since.
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
