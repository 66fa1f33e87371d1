import { editorOf } from './suppress.ts';
import type { OrganizationClocks } from '../../auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import { sleep } from '../../base/sleep.ts';
import type { Suppressions } from '../../crm/suppressions/index.ts';
import { isDatabaseAway } from '../../db/pool.ts';
import type { Database, Transaction } from '../../db/pool.ts';
import type { EmitAll } from '../../events/index.ts';
import { claim } from './claim.ts';
import type { Next, Times } from './begin.ts';
import type { ClaimOptions } from './claim.ts';
import { lockOrganizations, lockPaces } from './claim-queries.ts';
import { returnForgotten, settle } from './settle.ts';
import type { Finished } from './settle.ts';

/** What a mailbox brings to a turn. */
export interface Job {
  readonly mailboxId: MailboxId;
  readonly organizationId: OrganizationId;
  /** Its last attempt. */
  readonly finished?: Finished;
  /** Whether it sends its next message. */
  readonly claims: boolean;
}

export interface TurnsOptions extends Omit<ClaimOptions, 'suppressions'> {
  readonly db: Database;
  readonly clock: Clock;
  readonly clocks: OrganizationClocks;
  readonly holder: () => string;
  readonly suppressions: Pick<Suppressions, 'hold' | 'lock' | 'suppress' | 'suppressedOf'>;
  readonly emitAll: EmitAll;
  /** Called after the commit, for each outcome that was written. */
  readonly onSettled: (finished: Finished) => void;
  readonly onError: (error: unknown) => void;
  /** Aborts when this process gives up what it could not write. */
  readonly ended: AbortSignal;
}

export interface Turns {
  /** @returns what the mailbox does next; undefined if the process ended first */
  take(job: Job): Promise<Next | undefined>;
  /** Outcomes that are not written yet. */
  readonly unsettled: number;
}

/** Mailboxes in one transaction. */
const batchMax = 256;
const retryFirstMs = 100;
const retryMaxMs = 5_000;

interface Waiting {
  readonly job: Job;
  /** How often it was refused alone. */
  readonly refusals: number;
  readonly resolve: (next: Next | undefined) => void;
}

/**
 * Settles attempts and begins the next ones, for all mailboxes that are ready in one transaction: while one runs, the next batch gathers.
 * A batch is tried until it is stored; one that is refused is split, and a mailbox that is refused alone is tried again later, so that one
 * message stops no other. Its outcome is then stored without a claim: the message to be claimed may be the refused one.
 */
export function createTurns(options: TurnsOptions): Turns {
  const { db, clock, ended, onError, onSettled } = options;
  let queue: Waiting[] = [];
  let running = false;
  let unsettled = 0;

  /** @param isAgain whether an earlier transaction may have been stored after all */
  async function write(batch: readonly Waiting[], isAgain: boolean): Promise<void> {
    const jobs = batch.map(({ job }) => job);
    let waitMs = retryFirstMs;
    for (let tries = 0; !ended.aborted; tries += 1) {
      try {
        const holder = options.holder();
        const { next, settled } = await db.transaction((tx) => turn(options, tx, holder, jobs, isAgain || tries > 0));
        for (const one of settled) onSettled(one);
        done(batch, (job) => next.get(job.mailboxId) ?? { kind: 'lost' });
        return;
      } catch (error) {
        onError(error);
        const [one, ...others] = batch;
        if (!isDatabaseAway(error) && one !== undefined) {
          if (others.length === 0) return void later(one);
          const middle = batch.length >> 1;
          await write(batch.slice(0, middle), true);
          return write(batch.slice(middle), true);
        }
      }
      await sleep(clock, waitMs, ended);
      waitMs = Math.min(waitMs * 2, retryMaxMs);
    }
    done(batch, () => undefined);
  }

  /** Tries a mailbox again that was refused alone, while the others go on. */
  async function later({ job, resolve, refusals }: Waiting): Promise<void> {
    await sleep(clock, Math.min(retryFirstMs * 2 ** refusals, retryMaxMs), ended);
    const claims = job.claims && job.finished === undefined;
    push({ job: { ...job, claims }, resolve, refusals: refusals + 1 });
  }

  function push(one: Waiting): void {
    queue.push(one);
    // Mailboxes that become ready in the same turn of the event loop share a transaction.
    if (!running && queue.length === 1) setImmediate(() => void run());
  }

  function done(batch: readonly Waiting[], nextOf: (job: Job) => Next | undefined): void {
    for (const { job, resolve } of batch) {
      if (job.finished !== undefined) unsettled -= 1;
      resolve(nextOf(job));
    }
  }

  async function run(): Promise<void> {
    running = true;
    while (queue.length > 0) {
      // A bounce suppresses, which must be locked before any message, and waits for all claims of its organization: it is written alone.
      const bounce = queue.find(({ job }) => job.finished?.outcome.bounce === 'hard');
      const batch = bounce === undefined ? queue.slice(0, batchMax) : [bounce];
      queue = bounce === undefined ? queue.slice(batchMax) : queue.filter((one) => one !== bounce);
      // An earlier try of one that was refused may have been stored.
      await write(
        batch,
        batch.some(({ refusals }) => refusals > 0),
      );
    }
    running = false;
  }

  return {
    take: (job) =>
      new Promise((resolve) => {
        if (job.finished !== undefined) unsettled += 1;
        push({ job, resolve, refusals: 0 });
      }),
    get unsettled() {
      return unsettled;
    },
  };
}

/** One transaction. @param isAgain whether an earlier one may have been stored after all */
async function turn(
  options: TurnsOptions,
  tx: Transaction,
  holder: string,
  jobs: readonly Job[],
  isAgain: boolean,
): Promise<{ readonly next: ReadonlyMap<MailboxId, Next>; readonly settled: readonly Finished[] }> {
  const { suppressions } = options;
  const finished = jobs.flatMap((job) => job.finished ?? []);
  const hard = finished.filter(({ outcome }) => outcome.bounce === 'hard');
  // All locks come first, in one order for every process.
  const organizations = [...new Set(jobs.map(({ organizationId }) => organizationId))].toSorted();
  for (const organization of organizations)
    await (hard.length > 0 ? suppressions.lock : suppressions.hold)(tx, organization);
  if (Number.isFinite(options.organizationHourlyPerDomain)) await lockOrganizations(tx, organizations);
  const ids = jobs.map(({ mailboxId }) => mailboxId);
  const paces = await lockPaces(tx, holder, ids);
  const times = await timesOf(options, tx, organizations);
  const changes = isAgain ? await returnForgotten(tx, holder, finished, ids, times.nowOf) : [];
  const { events, settled, changes: outcomes } = await settle(options, tx, finished);
  for (const { flight } of hard)
    await suppressions.suppress(tx, editorOf(flight.message), [
      { kind: 'email', value: flight.message.party_key, reason: 'hard_bounce', messageId: flight.message.id },
    ]);
  const claiming = new Set(jobs.filter(({ claims }) => claims).map(({ mailboxId }) => mailboxId));
  // A rest that was stored a moment ago is part of what the claim reads.
  const fresh = settled.some(({ outcome }) => outcome.rest !== undefined) ? await lockPaces(tx, holder, ids) : paces;
  const { next, events: more } = await claim(
    options,
    tx,
    holder,
    fresh.filter((pace) => claiming.has(pace.mailbox_id)),
    times,
    [...changes, ...outcomes],
  );
  await options.emitAll(tx, [...events, ...more]);
  await options.clocks.progressed(tx, organizations);
  return { next, settled };
}

/** The clocks, read under the locks of the mailboxes: they do not move before the commit. */
async function timesOf(
  { clock, clocks }: TurnsOptions,
  tx: Transaction,
  organizations: readonly OrganizationId[],
): Promise<Times> {
  const ahead = await clocks.aheadOf(tx, organizations);
  const realMs = clock.now();
  return { realMs, nowOf: (organization) => realMs + (ahead.get(organization) ?? 0) };
}
