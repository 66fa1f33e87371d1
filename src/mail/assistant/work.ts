import { dayMs, dayOf, hourMs, minuteMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import type { Database } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import { openDetails } from '../inbox/index.ts';
import type { Inbox } from '../inbox/index.ts';
import { claimJob, deleteJob, releaseAssistant } from './queries.ts';
import type { AssistantRow, Job } from './queries.ts';
import type { Settings } from './settings.ts';

export interface WorkOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly inbox: Pick<Inbox, 'assisted' | 'records'>;
  readonly settings: Pick<Settings, 'find' | 'askOnce'>;
  readonly onError: (error: unknown) => void;
  /** Called when an assistant is free again. */
  readonly onFree: () => void;
}

/** Another process may ask the question of a process that died after this time, which is longer than two requests take. */
const leaseMs = minuteMs;
/** A question is deleted after this many claims: the process died, or the assistant was away, each time. */
const claimsMax = 10;
/** Assistants that one process asks at the same time. */
const atOnceMax = 8;
/** How long an assistant rests after the first failure; the time doubles with each further one. */
const restMs = minuteMs;
const restMaxMs = hourMs;

/** Asks several assistants at the same time, each one question at a time: one that is slow or away delays no other organization. */
export function createWork(options: WorkOptions) {
  const { db, clock, onError, onFree } = options;
  const running = new Set<Promise<void>>();

  async function answer(job: Job, until: Date, signal: AbortSignal): Promise<void> {
    const organization = job.organization_id;
    const row = await options.settings.find(organization);
    const outcome = row === undefined || job.attempts > claimsMax ? 'ended' : await asked(options, row, job, signal);
    if (outcome === 'ended') await deleteJob(db, job.reply_id);
    const failures = outcome === 'away' ? (row?.failures ?? 0) + 1 : 0;
    const now = clock.now();
    const freeMs = outcome === 'spent' ? Date.parse(dayOf(now)) + dayMs : now + restOf(failures);
    await releaseAssistant(db, organization, until, new Date(freeMs), failures);
  }

  return {
    /** Begins with one question, once fewer than `atOnceMax` are being answered. @returns false if none can be asked now */
    async begin(nowMs: number, signal: AbortSignal): Promise<boolean> {
      if (running.size >= atOnceMax) await Promise.race(running);
      const until = new Date(clock.now() + leaseMs);
      const job = await claimJob(db, new Date(nowMs), until);
      if (job === undefined) return false;
      const work: Promise<void> = answer(job, until, signal)
        .catch(onError)
        .finally(() => {
          running.delete(work);
          onFree();
        });
      running.add(work);
      return true;
    },
    /** Resolves when every question that was begun is finished. */
    async finished(): Promise<void> {
      await Promise.all(running);
    },
  };
}

/**
 * How long an assistant rests after failures in a row, in milliseconds.
 * @example
 * restOf(3) // four minutes
 */
const restOf = (failures: number): number => (failures === 0 ? 0 : Math.min(restMs * 2 ** (failures - 1), restMaxMs));

/**
 * `stored`: the answer is stored, and the job deleted; `ended`: there will be no answer; `spent`: the budget of the day is used up; `away`:
 * the assistant cannot be asked; `stopped`: this process shuts down, and another one asks again.
 */
type Outcome = 'stored' | 'ended' | 'spent' | 'away' | 'stopped';

async function asked(
  { db, vault, inbox, settings }: WorkOptions,
  row: AssistantRow,
  { organization_id: organizationId, reply_id: id }: Job,
  signal: AbortSignal,
): Promise<Outcome> {
  const reply = (await inbox.records.ofMessages({ organizationId, workspaceId: undefined }, [id])).get(id);
  // A person decided in the meantime, or the reply was erased.
  if (reply?.classification !== 'unknown' || reply.details.length === 0) return 'ended';
  const { text } = await openDetails(vault, db, reply);
  if (text.trim() === '') return 'ended';
  const ask = (): ReturnType<Settings['askOnce']> => settings.askOnce(row, text, reply.received_at, signal);
  let answer = await ask();
  if (answer !== undefined && 'problem' in answer && answer.mayRetry && !signal.aborted) answer = await ask();
  if (answer === undefined) return 'spent';
  if (signal.aborted) return 'stopped';
  if (!('opinion' in answer)) return answer.isAway ? 'away' : 'ended';
  const { classification, confidence, returnDate } = answer.opinion;
  if (classification === 'unknown') return 'ended';
  await db.transaction(async (tx) => {
    await inbox.assisted(tx, organizationId, id, {
      classification,
      confidence,
      reasons: [`assistant: ${row.model}`],
      returnDate,
      referral: null,
    });
    await deleteJob(tx, id);
  });
  return 'stored';
}
