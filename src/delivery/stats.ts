import type { Database } from '../db/pool.ts';
import type { EndpointId } from '../ids.ts';
import { bucketCount, bucketOf } from './histogram.ts';
import { addStats, type StatsRow } from './queries.ts';

const hourMs = 3_600_000;

type Open = { -readonly [Key in keyof StatsRow]: StatsRow[Key] } & { latency: number[] };

/** Gathers hourly statistics in memory; a crash loses those of the last seconds, never a delivery. */
export function createStats(db: Database): {
  record(endpoint: EndpointId, atMs: number, durationMs: number, error: string | null): void;
  flush(): Promise<void>;
} {
  let open = new Map<string, Open>();
  return {
    record(endpointId, atMs, durationMs, error) {
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
      const rows = [...open.values()];
      open = new Map();
      await addStats(db, rows);
    },
  };
}
