import { randomUUID } from 'node:crypto';
import { minuteMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { parseAddress } from '../../base/email-address.ts';
import type { Contacts } from '../../crm/contacts/index.ts';
import type { Bus } from '../../db/bus.ts';
import { createJobRunner } from '../../db/jobs.ts';
import { isDatabaseAway } from '../../db/pool.ts';
import type { Database, Transaction } from '../../db/pool.ts';
import { ownerOf } from '../../crm/records/index.ts';
import { statusAfter } from '../campaigns/index.ts';
import type { Campaigns } from '../campaigns/index.ts';
import { accept, sorted } from './accept.ts';
import type { AcceptOptions, Sorted } from './accept.ts';
import { endJob } from './end.ts';
import type { EndOptions } from './end.ts';
import { isRemote, sum } from './job.ts';
import type { Counts, DiscoveryJob, Problem, SourceSettings } from './job.ts';
import { advance, lockLeased, nextDue, release, take } from './queries.ts';
import { SourceError } from './source.ts';
import type { Page, Source } from './source.ts';

export interface RunnerOptions extends AcceptOptions, EndOptions {
  readonly db: Database;
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly contacts: AcceptOptions['contacts'] & Pick<Contacts, 'restorable'>;
  readonly campaigns: EndOptions['campaigns'] & Pick<Campaigns, 'rowsOf'>;
  /** The source of settings. @throws SourceError if it does not exist any more */
  readonly sourceOf: (job: DiscoveryJob, settings: SourceSettings) => Promise<Source>;
  /** Called with what a committed chunk counted. */
  readonly onFound: (source: string, counts: Partial<Counts>) => void;
  readonly onError: (error: unknown) => void;
}

/** A chunk ends before: own records are read in a moment, other servers may be slow. */
const leaseMs = { near: minuteMs, remote: 3 * minuteMs } as const;
/** Chunks that one process works on at the same time; each is of another organization. Own records never wait for other servers. */
const remoteSlots = 4;
/** After so many faults in a row a source is given up, and after so many internal errors the job. */
const faultsMax = 6;
const faultPauseMs = 5_000;
const faultPauseMaxMs = 10 * minuteMs;

/** Works through jobs a chunk at a time, organizations in turn. Any number of processes share them. */
export function createRunner(options: RunnerOptions) {
  const { db, clock, onError } = options;
  const runners = [false, ...Array.from({ length: remoteSlots }, () => true)].map((remote) =>
    createJobRunner({
      ...options,
      chunk: (nowMs, signal) => work(remote, nowMs, signal),
      nextDue: (nowMs) => nextDue(db, remote, nowMs),
    }),
  );
  const wake = (): void => {
    for (const runner of runners) runner.wake();
  };

  /** Searches without a transaction, because other servers may be slow, then stores what was found with the progress. */
  async function work(remote: boolean, nowMs: number, signal: AbortSignal): Promise<boolean> {
    const lease = randomUUID();
    const until = new Date(nowMs + (remote ? leaseMs.remote : leaseMs.near));
    const job = await take(db, remote, lease, new Date(nowMs), until);
    if (job === undefined) return false;
    try {
      await step(options, job, lease, signal);
    } catch (error) {
      if (signal.aborted) await release(db, job.id, lease, { dueAt: new Date(clock.now()) }).catch(onError);
      else if (!isDatabaseAway(error)) await putOff(job, lease, error).catch(onError);
      if (!signal.aborted && !(error instanceof SourceError)) throw error;
    } finally {
      // Another job of the organization may have waited for this one.
      wake();
    }
    return true;
  }

  /** Waits longer with each fault; a source that does not recover is given up, and the next one is searched. */
  async function putOff(job: DiscoveryJob, lease: string, error: unknown): Promise<void> {
    const isSource = error instanceof SourceError;
    const nowMs = clock.now();
    const waiting = isSource ? error.message : 'An internal error occurred.';
    if (isSource && error.waits) {
      await release(db, job.id, lease, { dueAt: new Date(nowMs + (error.retryMs ?? 0)), waiting });
      return;
    }
    const isFinal = job.faults + 1 >= faultsMax || (isSource && error.retryMs === null);
    if (!isFinal) {
      const backoff = Math.min(faultPauseMaxMs, faultPauseMs * 2 ** job.faults) * (0.5 + options.random() / 2);
      const pause = Math.max(backoff, isSource ? (error.retryMs ?? 0) : 0);
      await release(db, job.id, lease, { dueAt: new Date(nowMs + pause), waiting, faults: 1 });
      return;
    }
    await db.transaction(async (tx) => {
      const locked = await lockLeased(tx, job.id, lease);
      if (locked === undefined) return;
      if (isSource) await nextSource(options, tx, locked, [error.message]);
      else
        await endJob(
          options,
          tx,
          job.id,
          'failed',
          new Date(nowMs),
          'An internal error occurred. What was found before stays; the job can be resumed.',
        );
    });
  }

  return {
    wake,
    run: async (signal: AbortSignal): Promise<void> => {
      await Promise.all(runners.map((runner) => runner.run(signal)));
    },
  };
}

/** Searches one page of the current source, and stores it. */
async function step(options: RunnerOptions, job: DiscoveryJob, lease: string, signal: AbortSignal): Promise<void> {
  const { db } = options;
  const settings = job.sources[job.source];
  if (settings === undefined) {
    await db.transaction(async (tx) => {
      if ((await lockLeased(tx, job.id, lease)) !== undefined) await end(options, tx, job);
    });
    return;
  }
  const source = await options.sourceOf(job, settings);
  const page = await source.search(db, job, job.cursor, signal);
  signal.throwIfAborted();
  const found = sorted(job, page.candidates);
  const keys = found.wanted.flatMap(({ candidate: { contactId, email } }) => {
    const address = contactId === null && email !== null ? parseAddress(email) : undefined;
    return address === undefined || 'problem' in address ? [] : [address.key];
  });
  const owner = ownerOf({ organizationId: job.organization_id }, job);
  const deleted = await options.contacts.restorable(owner, keys);
  await db.transaction((tx) => save(options, tx, job, lease, source, page, found, deleted));
}

async function save(
  options: RunnerOptions,
  tx: Transaction,
  leased: DiscoveryJob,
  lease: string,
  source: Source,
  page: Page,
  found: Sorted,
  deleted: ReadonlySet<string>,
): Promise<void> {
  const { campaigns, clock } = options;
  // It may have been cancelled, or taken by another process.
  const job = await lockLeased(tx, leased.id, lease);
  if (job === undefined) return;
  const realMs = clock.now();
  const [campaign] = job.campaign_id === null ? [] : await campaigns.rowsOf(tx, [job.campaign_id]);
  if (campaign !== undefined && 'refused' in statusAfter(campaign.status, 'add_leads')) {
    await endJob(options, tx, job.id, 'failed', new Date(realMs), `The campaign is ${campaign.status}.`);
    return;
  }
  const nowMs = await options.nowOf(tx, job.organization_id);
  const more = await accept(options, tx, job, source, found.wanted, deleted, { nowMs, realMs }, campaign);
  const counted = sum(sum(job.counts, found.counts), more);
  const counts = {
    ...counted,
    known: counted.known + (page.known ?? 0),
    searched: counted.searched + (page.known ?? 0),
  };
  tx.afterCommit(() => options.onFound(source.key.replace(/:.*/, ''), { ...found.counts, ...more }));
  const next = { ...job, counts };
  if (page.next === null) {
    await nextSource(options, tx, next, page.problems ?? []);
    return;
  }
  const problems = withProblems(next, page.problems ?? [], realMs);
  if (counts.accepted >= job.max_leads) await end(options, tx, { ...next, problems }, page.next);
  else
    await advance(
      tx,
      job.id,
      { source: job.source, cursor: page.next, counts, problems, isRemote: job.is_remote },
      new Date(realMs),
    );
}

const withProblems = (job: DiscoveryJob, messages: readonly string[], atMs: number): readonly Problem[] => [
  ...job.problems,
  ...messages.map((message) => ({ source: job.source, message, at: new Date(atMs).toISOString() })),
];

/** Continues with the next source, or ends the job after the last one. */
async function nextSource(
  options: RunnerOptions,
  tx: Transaction,
  job: DiscoveryJob,
  messages: readonly string[],
): Promise<void> {
  const nowMs = options.clock.now();
  const number = job.source + 1;
  const next = { ...job, source: number, problems: withProblems(job, messages, nowMs) };
  if (number >= job.sources.length || job.counts.accepted >= job.max_leads) {
    await end(options, tx, next, null);
    return;
  }
  await advance(tx, job.id, { ...next, cursor: null, isRemote: isRemote(job.sources[number]) }, new Date(nowMs));
}

/** A job that found nobody because every source failed has failed. */
async function end(
  options: RunnerOptions,
  tx: Transaction,
  job: DiscoveryJob,
  cursor: string | null = job.cursor,
): Promise<void> {
  const at = new Date(options.clock.now());
  await advance(tx, job.id, { ...job, cursor, isRemote: false }, at);
  const failed = job.counts.searched === 0 && job.problems.length > 0;
  await endJob(
    options,
    tx,
    job.id,
    failed ? 'failed' : 'completed',
    at,
    failed ? (job.problems.at(-1)?.message ?? null) : null,
  );
}
