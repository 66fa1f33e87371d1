import type { Queryable } from '../../db/pool.ts';
import type { Endpoint } from '../../delivery/endpoint.ts';
import { passing, payloadsMax } from './filtered.ts';
import { countCandidates, scan } from './queries.ts';
import { scanMax, selects } from './replay.ts';
import type { Candidate, Range } from './replay.ts';

/** Maximum number of deliveries, or of events, that a preview counts. */
export const countMax = 100_000;

export interface Preview {
  /** How many deliveries the replay would queue. */
  readonly deliveries: number;
  /** False: the range has more than was counted. */
  readonly is_complete: boolean;
}

/**
 * Counts what a replay of the range would queue, without queuing it. Of an endpoint with a filter, `all` reads each event: at most
 * `scanMax` of them.
 */
export async function preview(
  db: Queryable,
  range: Range,
  endpoint: Endpoint,
  nowMs: number,
  max = countMax,
): Promise<Preview> {
  if (range.status === 'all' && endpoint.filter !== undefined) {
    const candidates = await scan(db, range, nowMs);
    const selected = candidates.filter((candidate) => selects(range, endpoint, candidate));
    return {
      deliveries: await countPassing(db, range, endpoint, selected),
      is_complete: candidates.length < scanMax,
    };
  }
  const groups = await countCandidates(db, range, nowMs, max);
  const scanned = groups.reduce((sum, { total }) => sum + total, 0);
  const selected = groups.filter((group) => selects(range, endpoint, group));
  return {
    deliveries: selected.reduce((sum, { replayable }) => sum + replayable, 0),
    is_complete: scanned < max,
  };
}

async function countPassing(
  db: Queryable,
  range: Range,
  endpoint: Endpoint,
  candidates: readonly Candidate[],
): Promise<number> {
  let passed = 0;
  for (let from = 0; from < candidates.length; from += payloadsMax)
    passed += (await passing(db, range, endpoint, candidates.slice(from, from + payloadsMax))).size;
  return passed;
}
