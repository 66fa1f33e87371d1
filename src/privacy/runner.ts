import { isImporting } from '../crm/imports/index.ts';
import type { Bus } from '../db/bus.ts';
import { chunkIn, createJobRunner } from '../db/jobs.ts';
import type { JobRunner } from '../db/jobs.ts';
import type { Database, Transaction } from '../db/pool.ts';
import { leaseMaxMs } from '../delivery/endpoint.ts';
import type { Vault } from '../encryption/vault.ts';
import type { Clock } from '../base/clock.ts';
import { idAt } from '../base/ids.ts';
import { sealedAs } from './erase.ts';
import type { Records } from './person.ts';
import { advance, complete, nextDue, postpone, takeDue } from './queries.ts';
import type { Erasure } from './queries.ts';
import { createRedactor } from './redact.ts';
import type { Needles } from './redact.ts';
import { firstStage, stageAfter, stageOf } from './stages.ts';

/** A job that fails for a reason other than the database waits this long. */
const faultPauseMs = 60_000;
/** Between checks whether an import that was in progress has finished. */
const importPauseMs = 30_000;
/** By then a transaction that was open when the person was erased has committed. */
const settleMs = 60_000;
/**
 * Between the two rounds. A delivery that was in memory during the first round may still be sent and answered; by the second round its lease
 * has ended and its answer is stored.
 */
export const roundPauseMs = 2 * leaseMaxMs;

export interface RunnerOptions extends Records {
  readonly db: Database;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly onError: (error: unknown) => void;
}

/** Works through running erasures in turn, one chunk at a time. Any number of processes share them. */
export function createRunner({ db, bus, clock, vault, onError, ...records }: RunnerOptions): JobRunner {
  /** Commits a chunk's rows together with the job's position. */
  async function workThrough(tx: Transaction, job: Erasure): Promise<void> {
    const { id, organization_id: organizationId, round, stage, needles_sealed: sealed } = job;
    const at = new Date(clock.now());
    if (sealed === null) throw new Error(`unreachable: the running erasure ${id} has no needles`);
    if (round === 2 && stage === firstStage && (await isImporting(tx, organizationId, job.created_at))) {
      await postpone(tx, id, new Date(at.getTime() + importPauseMs));
      return;
    }
    const needles = JSON.parse((await vault.open(tx, organizationId, sealed, sealedAs)).toString()) as Needles;
    const settledMs = job.created_at.getTime() + settleMs;
    const { position, changed } = await stageOf(stage)(
      tx,
      {
        organizationId,
        position: job.position,
        endId: idAt(settledMs),
        redactor: createRedactor(needles),
        needles,
        settledMs,
        at,
        vault,
      },
      records,
    );
    const counts = {
      events: 0,
      attempts: 0,
      others: 0,
      [stage === 'events' || stage === 'attempts' ? stage : 'others']: changed,
    };
    const following = position === undefined ? stageAfter(stage) : stage;
    if (following !== undefined) {
      await advance(tx, id, { ...counts, round, stage: following, position: position ?? '', due: at });
      return;
    }
    await advance(tx, id, {
      ...counts,
      round: 2,
      stage: firstStage,
      position: '',
      due: new Date(at.getTime() + roundPauseMs),
    });
    if (round === 2) await complete(tx, id, at);
  }

  return createJobRunner({
    bus,
    clock,
    chunk: chunkIn({
      db,
      takeDue,
      work: workThrough,
      postpone: ({ id }) => postpone(db, id, new Date(clock.now() + faultPauseMs)),
      onError,
    }),
    nextDue: (nowMs) => nextDue(db, nowMs),
    onError,
  });
}
