import { dayMs, dayOf, minuteMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import type { Database } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import { openDetails } from '../inbox/index.ts';
import type { Inbox } from '../inbox/index.ts';
import type { Asked } from './ask.ts';
import { claimJob, deleteJob, postponeJobs } from './queries.ts';
import type { Job } from './queries.ts';
import type { Settings } from './settings.ts';

export interface WorkOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly inbox: Pick<Inbox, 'assisted' | 'records'>;
  readonly settings: Pick<Settings, 'find' | 'askOnce'>;
}

/** A process that dies leaves its job to others after this time; longer than two requests take. */
const leaseMs = minuteMs;
/** How often a job is claimed: more often only if processes die with it. */
const claimsMax = 5;
const triesMax = 2;

/** Asks about the reply of one job, and stores the answer. @returns false if none is due */
export async function workOne(options: WorkOptions, nowMs: number, signal: AbortSignal): Promise<boolean> {
  const { db } = options;
  const job = await claimJob(db, new Date(nowMs), new Date(nowMs + leaseMs));
  if (job === undefined) return false;
  const outcome = job.attempts > claimsMax ? 'ended' : await asked(options, job, signal);
  if (outcome === 'ended') await deleteJob(db, job.reply_id);
  else if (outcome === 'spent')
    await postponeJobs(db, job.organization_id, new Date(Date.parse(dayOf(options.clock.now())) + dayMs));
  return true;
}

/** `stored`: with its job; `ended`: there will be no answer; `spent`: the budget is. `stopped`: the process ends, another one asks again. */
type Outcome = 'stored' | 'ended' | 'spent' | 'stopped';

async function asked({ db, vault, inbox, settings }: WorkOptions, job: Job, signal: AbortSignal): Promise<Outcome> {
  const { organization_id: organizationId, reply_id: id } = job;
  const row = await settings.find(organizationId);
  const reply = (await inbox.records.ofMessages({ organizationId, workspaceId: undefined }, [id])).get(id);
  // What a person has decided since then stays, and of an erased reply there is nothing to ask about.
  if (row === undefined || reply?.classification !== 'unknown' || reply.details.length === 0) return 'ended';
  const { text } = await openDetails(vault, db, reply);
  if (text.trim() === '') return 'ended';
  let answer: Asked | undefined;
  for (let tries = 0; tries < triesMax; tries += 1) {
    answer = await settings.askOnce(row, text, reply.received_at, signal);
    if (answer === undefined) return 'spent';
    if (signal.aborted) return 'stopped';
    if ('opinion' in answer || !answer.mayRetry) break;
  }
  if (answer === undefined || !('opinion' in answer)) return 'ended';
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
