import { minuteMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { announce } from '../../db/bus.ts';
import type { Bus } from '../../db/bus.ts';
import { chunkIn, createJobRunner } from '../../db/jobs.ts';
import type { Database, Transaction } from '../../db/pool.ts';
import { countOf } from '../records/index.ts';
import type { Reach } from '../records/index.ts';
import { finishCounting, nextCounting, postponeCounting, requestCount, saveCounting, takeCounting } from './queries.ts';
import type { SegmentRow } from './queries.ts';
import { countAll, countChunk, countWithin, walkStart } from './select.ts';
import type { Selecting } from './selecting.ts';

export interface CountingOptions {
  readonly db: Database;
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** How many records a segment has. */
export interface SegmentCount {
  readonly count: number;
  /** False: estimated from the newest records. */
  readonly exact: boolean;
  /** When it was counted; null for an estimate. */
  readonly countedAt: Date | null;
}

/** A complete count is not repeated within this time. */
const recountMs = minuteMs;

/** Counts segments: within a request where that takes few rows, otherwise in the background. */
export function createCounting(
  { db, clock, ...options }: CountingOptions,
  { selectedOf }: Pick<Selecting, 'selectedOf'>,
) {
  async function countNext(tx: Transaction, row: SegmentRow): Promise<void> {
    const at = new Date(clock.now());
    const selected = await selectedOf(tx, row, { organizationId: row.organization_id });
    const { matched, next } = await countChunk(tx, selected, row.count_after ?? walkStart);
    const count = (row.count_after === null ? 0 : row.count_so_far) + matched;
    await (next === null ? finishCounting(tx, row.id, count, at) : saveCounting(tx, row.id, next, count, at));
  }

  const runner = createJobRunner({
    ...options,
    clock,
    chunk: chunkIn({
      db,
      takeDue: (tx, nowMs) => takeCounting(tx, new Date(nowMs)),
      work: countNext,
      postpone: ({ id }) => postponeCounting(db, id, new Date(clock.now() + minuteMs)),
      onError: options.onError,
    }),
    nextDue: (nowMs) => nextCounting(db, new Date(nowMs)),
  });

  return {
    run: runner.run,

    async countOf(reach: Reach, row: SegmentRow): Promise<SegmentCount> {
      const now = new Date(clock.now());
      const selected = await selectedOf(db, row, reach);
      const bounded = await countWithin(db, selected);
      if ('count' in bounded) return { count: bounded.count, exact: true, countedAt: now };
      if (row.counted_at === null || now.getTime() - row.counted_at.getTime() >= recountMs)
        await db.transaction(async (tx) => {
          if ((await requestCount(tx, row.id, now)) > 0) await announce(tx, { kind: 'due', endpoints: [] });
        });
      if (row.count !== null && row.counted_at !== null)
        return { count: row.count, exact: true, countedAt: row.counted_at };
      const all =
        row.workspace_id === null ? await countOf(db, row.organization_id, row.entity) : await countAll(db, selected);
      return { count: Math.round(bounded.share * all), exact: false, countedAt: null };
    },
  };
}
