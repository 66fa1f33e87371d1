import { hourMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import type { Database } from '../../db/pool.ts';
import { percentile } from '../../delivery/histogram.ts';
import type { EndpointId } from '../../base/ids.ts';
import { health, hours, waiting } from './queries.ts';
import type { HealthRow, HourRow } from './queries.ts';

/** Statistics over the attempts of a period. */
export interface Figures {
  readonly attempts: number;
  readonly succeeded: number;
  /** 0 to 1; null without attempts. */
  readonly successRate: number | null;
  /** Milliseconds, at most a quarter too high; null without attempts. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

export interface Statistics {
  /** Hours with attempts, oldest first. */
  readonly hours: readonly (Figures & { readonly hour: Date; readonly lastError: string | null })[];
  readonly total: Figures;
  readonly waiting: { readonly pending: number; readonly held: number };
  readonly health: HealthRow;
}

/** Queued deliveries are counted up to this number: 100,000 take about 80 ms. */
export const waitingCountedMax = 100_000;

const noHealth: HealthRow = {
  consecutive_failures: 0,
  last_delivered_at: null,
  last_failed_at: null,
  last_error: null,
};

/** Statistics of the last `hourCount` hours, including the current one. */
export async function statisticsOf(
  db: Database,
  clock: Clock,
  endpoint: EndpointId,
  hourCount: number,
): Promise<Statistics> {
  const from = new Date((Math.floor(clock.now() / hourMs) - hourCount + 1) * hourMs);
  const [rows, inQueue, state] = await Promise.all([
    hours(db, endpoint, from),
    waiting(db, endpoint, waitingCountedMax),
    health(db, endpoint),
  ]);
  return {
    hours: rows.map((row) => ({ hour: row.hour, lastError: row.last_error, ...figuresOf(row) })),
    total: figuresOf(sum(rows)),
    waiting: inQueue,
    health: state ?? noHealth,
  };
}

type Counts = Pick<HourRow, 'attempts' | 'succeeded' | 'latency'>;

function sum(rows: readonly Counts[]): Counts {
  return {
    attempts: rows.reduce((total, row) => total + row.attempts, 0),
    succeeded: rows.reduce((total, row) => total + row.succeeded, 0),
    latency: rows.reduce<number[]>((total, row) => row.latency.map((count, index) => count + (total[index] ?? 0)), []),
  };
}

function figuresOf({ attempts, succeeded, latency }: Counts): Figures {
  const percent = (share: number): number | null => percentile(latency, share) ?? null;
  return {
    attempts,
    succeeded,
    successRate: attempts === 0 ? null : Math.round((succeeded / attempts) * 10_000) / 10_000,
    p50Ms: percent(0.5),
    p95Ms: percent(0.95),
    p99Ms: percent(0.99),
  };
}
