import type { NewAlert } from '../../alerts/index.ts';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import type { Emitter } from '../../events/index.ts';
import type { Deps } from '../../ops/index.ts';
import type { Failure, Login } from '../transport/transport.ts';
import { credentialsOf } from './credentials.ts';
import type { Refresh } from './credentials.ts';
import { notFound } from '../../base/errors.ts';
import { byId, byIds, saveSavesSent } from './queries.ts';
import type { MailboxRow, MailboxState, Reach } from './queries.ts';
import { createReports } from './reports.ts';
import type { FailureReport, MailboxListener } from './reports.ts';
import type { Protocol } from './state.ts';

export type { Refresh, Refreshed, Tokens } from './credentials.ts';
export type { MailboxRow, MailboxState, Provider, Reach, WorkHours } from './queries.ts';
export type { FailureReport, MailboxListener } from './reports.ts';
export { readableAt, sendableAt } from './state.ts';
export type { Protocol, Status as MailboxStatus } from './state.ts';

export interface MailboxesOptions extends Deps, Emitter {
  /** From 0 to 1. */
  readonly random: () => number;
  readonly alert: (tx: Transaction, alert: NewAlert) => Promise<void>;
  /** Called when the breaker of a mail server opens for the first time in an outage. */
  readonly onHostOpened: (host: string, organizationId: OrganizationId) => void;
  readonly refresh: Refresh;
}

/** The mailboxes of organizations: their settings, credentials and states. */
export interface Mailboxes {
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
  /** A mailbox that the caller sees. @throws ApiError `not_found` */
  get(on: Queryable, reach: Reach, id: MailboxId): Promise<MailboxRow>;
  /** Stores whether the provider files sent messages by itself. */
  learnSavesSent(on: Queryable, id: MailboxId, saves: boolean): Promise<void>;
}

/**
 * Composes the slice.
 * @example
 * const mailboxes = createMailboxes({ ...deps, emit, emitAll, random, alert, onHostOpened, refresh });
 * mailboxes.listen({ changed: (tx, rows) => pacer.arm(tx, rows) });
 */
export function createMailboxes(options: MailboxesOptions): Mailboxes {
  const listeners: MailboxListener[] = [];
  const reports = createReports({ ...options, listeners });
  return {
    listen: (listener) => void listeners.push(listener),
    settingsOf: byIds,
    credentialsOf: (protocol, ids) => credentialsOf({ ...options, reports }, protocol, ids),
    reportConnected: reports.reportConnected,
    reportFailures: reports.reportFailures,
    async get(on, reach, id) {
      const row = await byId(on, reach, id);
      if (row === undefined) throw notFound('Mailbox');
      return row;
    },
    learnSavesSent: async (on, id, saves) => void (await saveSavesSent(on, id, saves)),
  };
}
