import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import { createJobRunner } from '../../db/jobs.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import type { Deps, Module } from '../../ops/index.ts';
import type { Mailboxes } from '../mailboxes/index.ts';
import type { Band } from './health.ts';
import { againMs, measureDue } from './measure.ts';
import type { HealthListener, MeasureOptions } from './measure.ts';
import { addHealth, healthOf, nextHealth, nextHealthOf, removeHealth, shiftHealth, totalsOf } from './queries.ts';
import { reportOf, statsOf } from './report.ts';
import type { ReportOptions } from './report.ts';
import { healthRoutes } from './routes.ts';
import type { Reports } from './routes.ts';

export { count } from './days.ts';
export type { Counter, DayDelta } from './counters.ts';
export { bands, health, newMailbox } from './health.ts';
export type { Band, DayCounts, Health, HealthInput, HealthState, Part, PartName } from './health.ts';
export type { HealthListener, Measurement } from './measure.ts';
export type { DayStats, HealthReport } from './report.ts';
export { daysQuery } from './routes.ts';
export type { Reports } from './routes.ts';

/** How a mailbox is. */
export interface Standing {
  readonly score: number | null;
  readonly band: Band | null;
  /** When the band began, in Unix milliseconds of the organization's clock. */
  readonly sinceMs: number;
}

/** Sums of all days of a mailbox. */
export interface Totals {
  readonly sent: number;
  readonly bounced: number;
  readonly deferred: number;
  readonly inboxed: number;
  readonly spam: number;
}

export interface MailboxHealth extends Reports {
  readonly module: Module;
  /** For the clock of a sandbox, which calls `sending`, as this slice must not. */
  readonly timed: {
    readonly nextMs: (on: Queryable, organization: OrganizationId) => Promise<number | null>;
    readonly shift: (tx: Transaction, organization: OrganizationId, byMs: number) => Promise<void>;
  };
  listen(listener: HealthListener): void;
  /** As measured last; a mailbox that was never measured is missing. */
  of(on: Queryable, mailboxes: readonly MailboxId[]): Promise<ReadonlyMap<MailboxId, Standing>>;
  /** What was counted so far. A mailbox of which nothing was counted is missing. */
  totalsOf(on: Queryable, mailboxes: readonly MailboxId[]): Promise<ReadonlyMap<MailboxId, Totals>>;
}

export interface HealthOptions
  extends
    Omit<Deps, 'onError'>,
    Omit<MeasureOptions, 'listeners' | 'mailboxes' | 'onError'>,
    Pick<ReportOptions, 'campaignDays'> {
  readonly mailboxes: Pick<Mailboxes, 'get' | 'listen' | 'settingsOf' | 'connectedOf'>;
  readonly onError: Deps['onError'];
}

/**
 * Composes the slice: what happened to the messages of mailboxes, and how they are.
 * @example
 * const health = createHealth({ ...deps, clocks, emitAll, mailboxes, domains, hold: sending.hold, campaignDays });
 */
export function createHealth(given: HealthOptions): MailboxHealth {
  const { db, bus, clock, mailboxes } = given;
  const listeners: HealthListener[] = [];
  const options = { ...given, listeners, onError: (error: unknown) => given.onError(error, 'health of mailboxes') };
  const runner = createJobRunner({
    bus,
    clock,
    chunk: (nowMs) => measureDue(options, nowMs),
    nextDue: async (nowMs) => (await nextHealth(db, new Date(nowMs)))?.getTime(),
    onError: options.onError,
  });
  mailboxes.listen({
    changed: (tx, rows) =>
      addHealth(
        tx,
        // A seed sends nothing.
        rows.flatMap((row) => (row.role === 'seed' ? [] : [{ ...row, since: row.created_at }])),
        new Date(clock.now() + againMs),
      ),
    removed: (tx, rows) =>
      removeHealth(
        tx,
        rows.map(({ id }) => id),
      ),
  });
  const reports: Reports = {
    health: (reach, id) => reportOf(options, reach, id),
    stats: (reach, id, days) => statsOf(options, reach, id, days),
  };
  return {
    ...reports,
    module: { role: 'mail', routes: healthRoutes(reports), run: runner.run },
    timed: {
      nextMs: async (on, organization) => (await nextHealthOf(on, organization))?.getTime() ?? null,
      shift: async (tx, organization, byMs) => void (await shiftHealth(tx, organization, byMs)),
    },
    listen: (listener) => void listeners.push(listener),
    of: async (on, ids) =>
      new Map(
        (ids.length === 0 ? [] : await healthOf(on, ids)).map(({ mailbox_id: id, score, band, since }) => [
          id,
          { score, band, sinceMs: since.getTime() },
        ]),
      ),
    totalsOf: async (on, ids) =>
      new Map((ids.length === 0 ? [] : await totalsOf(on, ids)).map(({ mailbox_id: id, ...totals }) => [id, totals])),
  };
}
