import type { NewAlert } from '../../alerts/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Ids, MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Logger } from '../../base/log.ts';
import type { Database, Transaction } from '../../db/pool.ts';
import type { EmitAll } from '../../events/index.ts';
import { explain } from '../transport/remedies.ts';
import type { Failure, ServerSettings } from '../transport/transport.ts';
import { afterHostFailures } from './breaker.ts';
import {
  byIds,
  deleteHosts,
  ensureHosts,
  insertHistory,
  lockByIds,
  lockHosts,
  saveHosts,
  saveStatuses,
} from './queries.ts';
import type { HostRow, MailboxRow, MailboxState } from './queries.ts';
import { afterFailure, nextStatus, reportOf } from './state.ts';
import type { Protocol, Status, StatusEvent } from './state.ts';

/** A login that failed, or a session that ended because of the mailbox or its server. */
export interface FailureReport {
  readonly mailboxId: MailboxId;
  readonly protocol: Protocol;
  readonly failure: Failure;
}

/** Works with mailboxes, and learns of their changes in the transactions that make them. */
export interface MailboxListener {
  /** After a mailbox was created, or its settings, limits or status changed. */
  changed?(tx: Transaction, mailboxes: readonly MailboxState[]): Promise<unknown>;
  /** After mailboxes were deleted. Nothing more may be sent from them. */
  removed?(tx: Transaction, mailboxes: readonly MailboxState[]): Promise<unknown>;
  /** After `changed`, if `max_hourly_per_domain` was raised. */
  raised?(tx: Transaction, mailboxes: readonly MailboxState[]): Promise<unknown>;
}

export interface ReportsOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly emitAll: EmitAll;
  readonly log: Logger;
  readonly alert: (tx: Transaction, alert: NewAlert) => Promise<void>;
  /** Called when the breaker of a server opens for the first time in an outage. */
  readonly onHostOpened: (host: string, organizationId: OrganizationId) => void;
  readonly listeners: readonly MailboxListener[];
}

/** A mailbox before and after a change of its status. */
export interface Transition {
  readonly before: MailboxRow | undefined;
  readonly after: MailboxRow;
}

export type Reports = ReturnType<typeof createReports>;

/** Changes statuses: the only writer of `mailboxes.status`. Each change is a row of the history, and an event where it matters. */
export function createReports(options: ReportsOptions) {
  const { db, clock } = options;

  /** Writes locked rows with their history and events, and calls the listeners. */
  async function write(tx: Transaction, transitions: readonly Transition[]): Promise<void> {
    if (transitions.length === 0) return;
    await saveStatuses(
      tx,
      transitions.map(({ after }) => after),
    );
    await record(options, tx, transitions);
  }

  return {
    write,
    /** As `write`, for rows that are written already. */
    record: (tx: Transaction, transitions: readonly Transition[]): Promise<void> => record(options, tx, transitions),

    /**
     * Reports that logins succeeded. Cheap for mailboxes that were connected before.
     * @example
     * await mailboxes.reportConnected('smtp', [mailbox.id]);
     */
    async reportConnected(protocol: Protocol, ids: readonly MailboxId[]): Promise<void> {
      const news = (await byIds(db, ids)).filter((row) => isNews(row, protocol));
      if (news.length === 0) return;
      await db.transaction(async (tx) => {
        const now = new Date(clock.now());
        const rows = await lockByIds(
          tx,
          news.map(({ id }) => id),
        );
        await deleteHosts(tx, hostsOf(rows, protocol));
        await write(
          tx,
          rows.map((row) => ({ before: row, after: transition({ ...row, [field[protocol]]: null }, now) })),
        );
      });
    },

    /**
     * Reports logins that failed, and failures of a session that the mailbox or its server caused.
     * @example
     * await mailboxes.reportFailures([{ mailboxId: mailbox.id, protocol: 'smtp', failure }]);
     */
    reportFailures: (reports: readonly FailureReport[]): Promise<void> =>
      db.transaction(async (tx) => {
        const now = new Date(clock.now());
        const rows = new Map(
          (await lockByIds(tx, [...new Set(reports.map((each) => each.mailboxId))])).map((row) => [row.id, row]),
        );
        const failed = new Map<MailboxId, MailboxRow>();
        const hosts: HostFailure[] = [];
        for (const { mailboxId, protocol, failure } of reports) {
          const row = failed.get(mailboxId) ?? rows.get(mailboxId);
          if (row === undefined) continue;
          const before = row[field[protocol]];
          const after = afterFailure(
            before,
            failure,
            now.getTime(),
            reasonOf(row, protocol, failure),
            options.random(),
          );
          if (after === before) continue;
          failed.set(mailboxId, { ...row, [field[protocol]]: after });
          const server = row[protocol];
          if (failure.cause === 'host' && server !== null)
            hosts.push({ organizationId: row.organization_id, host: hostOf(server), reason: after.reason });
        }
        await countHosts(options, tx, hosts, now.getTime());
        await write(
          tx,
          [...failed.values()].map((row) => ({ before: rows.get(row.id), after: transition(row, now) })),
        );
      }),
  };
}

const field = { smtp: 'smtp_failing', imap: 'imap_failing' } as const satisfies Record<Protocol, keyof MailboxRow>;

/** Whether a success says something that is not known of the mailbox. */
function isNews(row: MailboxState, protocol: Protocol): boolean {
  const open = protocol === 'smtp' ? row.smtp_open_until : row.imap_open_until;
  return row.deleted_at === null && (row[field[protocol]] !== null || open !== null || row.status === 'connecting');
}

/** A mailbox with the status that its logins give it. */
export function transition(row: MailboxRow, now: Date, event: StatusEvent = reportOf(row).event): MailboxRow {
  const status = nextStatus(row.status, event);
  const { reason } = reportOf(row);
  const connectedAt = status === 'connected' ? (row.connected_at ?? now) : row.connected_at;
  return {
    ...row,
    status,
    status_reason: reason,
    connected_at: endings.has(status) ? null : connectedAt,
    ...(status === row.status ? {} : { status_changed_at: now, updated_at: now }),
  };
}

async function record(
  { ids, clock, emitAll, log, listeners }: ReportsOptions,
  tx: Transaction,
  transitions: readonly Transition[],
): Promise<void> {
  const at = new Date(clock.now());
  const changes = transitions.filter(({ before, after }) => before?.status !== after.status);
  if (changes.length > 0)
    await insertHistory(
      tx,
      changes.map(({ before, after }) => ({
        id: ids.next(),
        mailbox_id: after.id,
        organization_id: after.organization_id,
        from_status: before?.status ?? null,
        to_status: after.status,
        reason: after.status_reason,
        at,
      })),
    );
  for (const { before, after } of changes)
    tx.afterCommit(() =>
      log[after.status === 'auth_failed' ? 'warn' : 'info'](
        {
          organization_id: after.organization_id,
          mailbox_id: after.id,
          from: before?.status ?? null,
          to: after.status,
          reason: after.status_reason,
        },
        'mailbox.status',
      ),
    );
  await emitAll(
    tx,
    transitions.flatMap((each) => eventOf(each, at)),
  );
  const rows = await byIds(
    tx,
    transitions.map(({ after }) => after.id),
  );
  const [gone, changed] = [
    rows.filter((row) => row.deleted_at !== null),
    rows.filter((row) => row.deleted_at === null),
  ];
  const limits = new Map(transitions.map(({ before, after }) => [after.id, before?.max_hourly_per_domain]));
  const raised = changed.filter((row) => row.max_hourly_per_domain > (limits.get(row.id) ?? Infinity));
  for (const listener of listeners) {
    if (changed.length > 0) await listener.changed?.(tx, changed);
    if (gone.length > 0) await listener.removed?.(tx, gone);
    if (raised.length > 0) await listener.raised?.(tx, raised);
  }
}

/** `mailbox.connected` at its first login, and again after `mailbox.disconnected`, which a degraded or paused mailbox does not emit. */
function eventOf({ before, after }: Transition, at: Date): Parameters<EmitAll>[1] {
  const hasEnded = after.status !== before?.status && endings.has(after.status);
  const hasBegun = (before?.connected_at ?? null) === null && after.connected_at !== null;
  if (!hasEnded && !hasBegun) return [];
  return [
    {
      organizationId: after.organization_id,
      workspaceId: after.workspace_id ?? undefined,
      type: hasEnded ? 'mailbox.disconnected' : 'mailbox.connected',
      data: { mailbox_id: after.id, email: after.email, reason: hasEnded ? after.status_reason : null },
      occurredAtMs: at.getTime(),
    },
  ];
}

const endings: ReadonlySet<Status> = new Set(['auth_failed', 'disconnected']);

interface HostFailure {
  readonly organizationId: OrganizationId;
  readonly host: string;
  readonly reason: string;
}

/** Counts failures of servers; when the breaker of one opens, the organization gets one alert, however many mailboxes it has there. */
async function countHosts(
  { alert, onHostOpened }: ReportsOptions,
  tx: Transaction,
  failures: readonly HostFailure[],
  nowMs: number,
): Promise<void> {
  if (failures.length === 0) return;
  const byHost = Map.groupBy(failures, ({ organizationId, host }) => `${organizationId} ${host}`);
  const keys = [...byHost.values()].flatMap((same) => same.slice(0, 1));
  const hosts = keys.map(({ organizationId, host }) => ({ organization_id: organizationId, host }));
  await ensureHosts(tx, hosts);
  const rows: HostRow[] = [];
  for (const row of await lockHosts(tx, hosts)) {
    const same = byHost.get(`${row.organization_id} ${row.host}`) ?? [];
    const before = { failures: row.failures, openUntilMs: row.open_until?.getTime() ?? null };
    const { state, began } = afterHostFailures(before, same.length, nowMs);
    const openUntil = state.openUntilMs === null ? null : new Date(state.openUntilMs);
    rows.push({ ...row, failures: state.failures, open_until: openUntil });
    if (!began) continue;
    await alert(tx, { organizationId: row.organization_id, ...alertOf(row.host, same.at(-1)?.reason ?? '') });
    tx.afterCommit(() => onHostOpened(row.host, row.organization_id));
  }
  await saveHosts(tx, rows);
}

const alertOf = (host: string, reason: string): Omit<NewAlert, 'organizationId'> => ({
  subject: `Mail server does not answer: ${host}`,
  body: [
    `The mail server ${host} failed five times in a row, so the mailboxes on it pause for five minutes at a time.`,
    'Nothing is lost: their messages wait, and sending continues as soon as the server answers. You get no further alert for this outage.',
    '',
    `Last error: ${reason}`,
    '',
    'Mailboxes and their status: GET /v1/mailboxes',
  ].join('\n'),
});

/** What happened and what to do, in plain words. */
function reasonOf(row: MailboxRow, protocol: Protocol, { answer }: Failure): string {
  const server = row[protocol];
  // Only the kind of login matters.
  const login = row.token_expires_at === null ? { password: '' } : { accessToken: '' };
  const message = server === null ? answer.text : explain(answer, { protocol, server, login, from: row.email }).message;
  return `${protocol.toUpperCase()}: ${message}`;
}

const hostOf = ({ host, port }: ServerSettings): string => `${host}:${port}`;

const hostsOf = (rows: readonly MailboxRow[], protocol: Protocol): Pick<HostRow, 'organization_id' | 'host'>[] => {
  const hosts = new Map(
    rows.flatMap(({ organization_id: organization, [protocol]: server }) =>
      server === null
        ? []
        : [[`${organization} ${hostOf(server)}`, { organization_id: organization, host: hostOf(server) }]],
    ),
  );
  return [...hosts.values()];
};
