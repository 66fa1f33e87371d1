import type { NewAlert } from '../../alerts/index.ts';
import type { DeletedWorkspace } from '../../auth/index.ts';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Logger } from '../../base/log.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import type { Emitter } from '../../events/index.ts';
import type { Deps, Module } from '../../ops/index.ts';
import type { Failure, Login } from '../transport/transport.ts';
import { credentialsOf } from './credentials.ts';
import type { Refresh } from './credentials.ts';
import type { RateLimiter } from '../../http/rate-limit.ts';
import type { LiveTest } from './live-test.ts';
import { createOperations } from './mailboxes.ts';
import type { Operations } from './mailboxes.ts';
import { removeOfWorkspace } from './of-workspace.ts';
import { byIds, connectedSpans, countsByStatus, saveSavesSent } from './queries.ts';
import type { MailboxRow, MailboxState } from './queries.ts';
import { createReports } from './reports.ts';
import type { FailureReport, MailboxListener } from './reports.ts';
import { mailboxRoutes } from './routes.ts';
import type { Standing } from './schemas.ts';
import type { Protocol } from './state.ts';

export type { Refresh, Refreshed, Tokens } from './credentials.ts';
export type { CheckResult, LiveTest } from './live-test.ts';
export type { AuthorizedMailbox, MailboxChange, NewMailbox, Tenant as MailboxTenant } from './mailboxes.ts';
export type { MailboxRow, MailboxState, Provider, Reach, WorkHours } from './queries.ts';
export type { FailureReport, MailboxListener } from './reports.ts';
export { givenServer } from './schemas.ts';
export { columnsOf, defaultColumns, isCapturing, newSettings, startsBeforeEnd, workHoursFields } from './settings.ts';
export type { NewSettings } from './settings.ts';
export { noStanding } from './schemas.ts';
export type { Standing } from './schemas.ts';
export { readableAt, sendableAt } from './state.ts';
export type { Protocol, Status as MailboxStatus } from './state.ts';

export interface MailboxesOptions extends Deps, Emitter {
  readonly log: Logger;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly alert: (tx: Transaction, alert: NewAlert) => Promise<void>;
  /** Called when the breaker of a mail server opens for the first time in an outage. */
  readonly onHostOpened: (host: string, organizationId: OrganizationId) => void;
  readonly refresh: Refresh;
  readonly liveTest: LiveTest;
  readonly rateLimiter: Pick<RateLimiter, 'take'>;
  /** See `Mailboxes.sentToday`. */
  readonly sentToday: (rows: readonly MailboxRow[]) => Promise<ReadonlyMap<MailboxId, number>>;
  /** See `Mailboxes.standingOf`. */
  readonly standingOf: (rows: readonly MailboxRow[]) => Promise<ReadonlyMap<MailboxId, Standing>>;
}

/** The mailboxes of organizations: their settings, credentials and states. */
export interface Mailboxes extends Operations, Required<Pick<Module, 'routes' | 'unfinished'>> {
  /** Registers who works with mailboxes. Call it while composing. */
  listen(listener: MailboxListener): void;
  /**
   * Mailboxes of any organization, deleted ones too, in no order. `sendableAt` and `readableAt` say when each may log in.
   * @example
   * const rows = await mailboxes.settingsOf(tx, ids);
   */
  settingsOf(on: Queryable, ids: readonly MailboxId[]): Promise<MailboxState[]>;
  /** How to log in to each mailbox that has credentials, or why that is not possible, to be reported like a failed login. */
  credentialsOf(protocol: Protocol, ids: readonly MailboxId[]): Promise<ReadonlyMap<MailboxId, Login | Failure>>;
  /** Reports that logins succeeded. Cheap for mailboxes that were connected before. */
  reportConnected(protocol: Protocol, ids: readonly MailboxId[]): Promise<void>;
  /** Reports logins that failed, and failures of a session that the mailbox or its server caused. */
  reportFailures(reports: readonly FailureReport[]): Promise<void>;
  /** Messages that count against the daily limit since midnight in the mailbox's time zone; a mailbox with none is missing. */
  sentToday(rows: readonly MailboxRow[]): Promise<ReadonlyMap<MailboxId, number>>;
  /** Deletes the mailboxes of a workspace that is being deleted. */
  removeOfWorkspace(tx: Transaction, workspace: DeletedWorkspace): Promise<void>;
  /** Warm-up and health. */
  standingOf(rows: readonly MailboxRow[]): Promise<ReadonlyMap<MailboxId, Standing>>;
  /** For how long each mailbox could log in within a span. One that never could is missing. */
  connectedOf(
    on: Queryable,
    spans: readonly { readonly id: MailboxId; readonly from: Date; readonly to: Date }[],
  ): Promise<ReadonlyMap<MailboxId, { readonly connectedMs: number; readonly ofMs: number }>>;
  /** Stores whether the provider files sent messages by itself. */
  learnSavesSent(on: Queryable, id: MailboxId, saves: boolean): Promise<void>;
}

/**
 * Composes the slice.
 * @example
 * const mailboxes = createMailboxes({ ...deps, emit, emitAll, log, random, alert, onHostOpened, refresh, liveTest });
 * mailboxes.listen({ changed: (tx, rows) => pacer.arm(tx, rows) });
 */
export function createMailboxes(options: MailboxesOptions): Mailboxes {
  const listeners: MailboxListener[] = [];
  const reports = createReports({ ...options, listeners });
  const operations = createOperations({ ...options, reports });
  const { db, sentToday, standingOf } = options;

  return {
    ...operations,
    removeOfWorkspace: removeOfWorkspace({ ...options, reports }),
    routes: mailboxRoutes({ mailboxes: operations, sentToday, standingOf }),
    unfinished: {
      metric: 'outrider_mailboxes',
      help: 'Mailboxes by status.',
      count: () => countsByStatus(db),
    },
    sentToday,
    standingOf,
    connectedOf: async (on, spans) =>
      new Map(
        (await connectedSpans(on, spans)).map((row) => [
          row.mailbox_id,
          { connectedMs: row.connected_ms, ofMs: row.of_ms },
        ]),
      ),
    listen: (listener) => void listeners.push(listener),
    settingsOf: byIds,
    credentialsOf: (protocol, ids) => credentialsOf({ ...options, reports }, protocol, ids),
    reportConnected: reports.reportConnected,
    reportFailures: reports.reportFailures,
    learnSavesSent: async (on, id, saves) => void (await saveSavesSent(on, id, saves)),
  };
}
