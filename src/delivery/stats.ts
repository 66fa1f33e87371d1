import { hourMs, minuteMs } from '../base/clock.ts';
import type { Database, Transaction } from '../db/pool.ts';
import type { EndpointId } from '../base/ids.ts';
import { bucketCount, bucketOf } from './histogram.ts';
import { addStats, reportHealth, type HealthChange, type StatsRow } from './queue/health.ts';

type OpenRow = { -readonly [Key in keyof StatsRow]: StatsRow[Key] } & { latency: number[] };

/** Collects hourly statistics in memory. A crash loses those of the last seconds, never a delivery. */
export interface Stats {
  /** Counts one attempt. @param error null for a delivered one. */
  add(endpoint: EndpointId, atMs: number, durationMs: number, error: string | null): void;
  /** Writes what was collected. If that fails, it is kept for the next call. */
  flush(): Promise<void>;
}

/** @returns the reported changes; a failing endpoint that was not reported is checked again. */
export type HealthHandler = (tx: Transaction, changes: readonly HealthChange[]) => Promise<readonly HealthChange[]>;

/** Nothing delivered for a minute, and one report an hour. */
const silentMs = minuteMs;
const spacingMs = hourMs;

/** @param onHealth reports endpoints that started or stopped failing, in the transaction that records it */
export function createStats(db: Database, failures: number, onHealth: HealthHandler): Stats {
  let open = new Map<string, OpenRow>();

  function restore(key: string, before: OpenRow): void {
    const after = open.get(key);
    open.set(key, after === undefined ? before : sum(before, after));
  }

  return {
    add(endpointId, atMs, durationMs, error) {
      const hour = Math.floor(atMs / hourMs) * hourMs;
      const key = `${endpointId} ${hour}`;
      let row = open.get(key);
      if (row === undefined) {
        row = {
          endpointId,
          hourMs: hour,
          attempts: 0,
          succeeded: 0,
          latency: Array.from({ length: bucketCount }, () => 0),
          lastError: null,
          lastDeliveredAtMs: null,
          lastFailedAtMs: null,
          failuresInARow: 0,
        };
        open.set(key, row);
      }
      row.attempts += 1;
      const bucket = bucketOf(durationMs);
      row.latency[bucket] = (row.latency[bucket] ?? 0) + 1;
      if (error === null) {
        row.succeeded += 1;
        row.lastDeliveredAtMs = atMs;
        row.failuresInARow = 0;
      } else {
        row.lastFailedAtMs = atMs;
        row.lastError = error;
        row.failuresInARow += 1;
      }
    },
    async flush() {
      if (open.size === 0) return;
      const flushed = open;
      open = new Map();
      // All processes write in the same order, so two never wait for each other.
      const rows = [...flushed.values()].sort((a, b) => (a.endpointId < b.endpointId ? -1 : 1));
      try {
        await db.transaction(async (tx) => {
          const changes = await addStats(tx, rows, { failures, silentMs, spacingMs });
          if (changes.length === 0) return;
          const reported = await onHealth(tx, changes);
          await reportHealth(
            tx,
            changes.filter((each) => each.change === 'recovered' || reported.includes(each)),
          );
        });
      } catch (error) {
        for (const [key, row] of flushed) restore(key, row);
        throw error;
      }
    },
  };
}

const sum = (before: OpenRow, after: OpenRow): OpenRow => ({
  endpointId: after.endpointId,
  hourMs: after.hourMs,
  attempts: before.attempts + after.attempts,
  succeeded: before.succeeded + after.succeeded,
  latency: after.latency.map((count, bucket) => count + (before.latency[bucket] ?? 0)),
  lastError: after.lastError ?? before.lastError,
  lastDeliveredAtMs: after.lastDeliveredAtMs ?? before.lastDeliveredAtMs,
  lastFailedAtMs: after.lastFailedAtMs ?? before.lastFailedAtMs,
  failuresInARow:
    after.lastDeliveredAtMs === null ? before.failuresInARow + after.failuresInARow : after.failuresInARow,
});
