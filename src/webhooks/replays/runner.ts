import type { Clock } from '../../base/clock.ts';
import type { Bus } from '../../db/bus.ts';
import { chunkIn, createJobRunner } from '../../db/jobs.ts';
import type { JobRunner } from '../../db/jobs.ts';
import type { Database, Transaction } from '../../db/pool.ts';
import type { Endpoint } from '../../delivery/endpoint.ts';
import type { Engine } from '../../delivery/engine.ts';
import type { DeliveryId, Ids } from '../../base/ids.ts';
import { passing, payloadsMax } from './filtered.ts';
import { advance, enqueue, finish, nextDue, pendingUpTo, postpone, requeue, resume, scan, takeDue } from './queries.ts';
import { chunkOf, pauseAfter, scanMax, selects } from './replay.ts';
import type { Candidate, Replay } from './replay.ts';

/** While an endpoint has this many pending deliveries, a job adds none. */
const queueMax = 10_000;
/** Wait before such an endpoint's queue is counted again. */
const queuePauseMs = 5_000;
/** Wait before a disabled endpoint is checked again; the notice that it was enabled ends the wait early. */
const endpointPauseMs = 60_000;
/** Wait after an error that is not the database's, so that other jobs run. */
const faultPauseMs = 60_000;
export interface RunnerOptions {
  readonly db: Database;
  readonly bus: Bus;
  readonly engine: Pick<Engine, 'due' | 'subscriptions'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly onError: (error: unknown) => void;
}

/**
 * Processes running jobs one chunk at a time, the one due the longest first. A chunk sets its job's next due time by the rate, so jobs
 * take turns and any number of processes can share them.
 */
export function createRunner({ db, bus, engine, clock, ids, onError }: RunnerOptions): JobRunner {
  const { subscriptions } = engine;
  let running = false;

  /** Replays one chunk; or ends or postpones the job, depending on its endpoint. */
  async function work(tx: Transaction, job: Replay): Promise<void> {
    await subscriptions.refresh();
    await subscriptions.load([job.endpoint_id]);
    const endpoint = subscriptions.get(job.endpoint_id);
    if (endpoint === undefined) await finish(tx, job.id, 'cancelled', clock.now());
    else if (!endpoint.isActive) await postpone(tx, job.id, 'endpoint', clock.now() + endpointPauseMs);
    else if ((await pendingUpTo(tx, endpoint.id, queueMax)) >= queueMax)
      await postpone(tx, job.id, 'queue', clock.now() + queuePauseMs);
    else await replayChunk(tx, job, endpoint);
  }

  /** Queues a chunk's deliveries and writes the job's progress in one transaction. */
  async function replayChunk(tx: Transaction, job: Replay, endpoint: Endpoint): Promise<void> {
    const candidates = await scan(tx, job, clock.now());
    const { chosen, scanned } = await choose(tx, job, endpoint, candidates);
    const position = candidates[scanned - 1]?.id ?? job.position;
    const replayed = chosen.length === 0 ? 0 : await queue(tx, job, position, chosen);
    if (replayed > 0) await engine.due(tx, [endpoint.id]);
    await advance(tx, job.id, position, scanned, replayed, clock.now() + pauseAfter(replayed, job.rate_per_second));
    if (scanned === candidates.length && candidates.length < scanMax)
      await finish(tx, job.id, 'completed', clock.now());
  }

  function queue(tx: Transaction, job: Replay, last: string, chosen: readonly Candidate[]): Promise<number> {
    const now = clock.now();
    if (job.status === 'failed') {
      const deliveries = chosen.map((candidate) => candidate.id);
      return requeue(tx, job.endpoint_id, job.position, last, deliveries, now);
    }
    const events = chosen.map((candidate) => candidate.event_id);
    const deliveries = events.map(() => ids.next<DeliveryId>());
    return enqueue(tx, job.organization_id, job.endpoint_id, events, deliveries, now);
  }

  /** The candidates to replay, at most one chunk, and how many were scanned for them. */
  async function choose(
    tx: Transaction,
    job: Replay,
    endpoint: Endpoint,
    candidates: readonly Candidate[],
  ): Promise<{ chosen: Candidate[]; scanned: number }> {
    const room = chunkOf(job.rate_per_second);
    const chosen: Candidate[] = [];
    let scanned = 0;
    while (scanned < candidates.length && chosen.length < room) {
      const slice = candidates.slice(scanned, scanned + payloadsMax);
      const selected = slice.filter((candidate) => selects(job, endpoint, candidate));
      const kept = await passing(tx, job, endpoint, selected);
      for (const candidate of slice) {
        if (chosen.length === room) break;
        scanned += 1;
        if (kept.has(candidate)) chosen.push(candidate);
      }
    }
    return { chosen, scanned };
  }

  const jobs = createJobRunner({
    bus,
    clock,
    chunk: chunkIn({
      db,
      takeDue,
      work,
      postpone: ({ id }) => postpone(db, id, null, clock.now() + faultPauseMs),
      onError,
    }),
    nextDue: (nowMs) => nextDue(db, nowMs),
    onError,
  });
  subscriptions.onChange((changed) => {
    const active = changed.filter((id) => subscriptions.get(id)?.isActive === true);
    if (!running || active.length === 0) return;
    void resume(db, active, clock.now()).then((resumed) => (resumed > 0 ? jobs.wake() : undefined), onError);
  });

  return {
    wake: jobs.wake,
    async run(signal) {
      running = true;
      await jobs.run(signal);
      running = false;
    },
  };
}
