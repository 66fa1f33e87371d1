import type { KeyId, MailboxId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { countedIn, inOrder } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { first } from '../../db/pool.ts';
import { columns, plainArray, sql } from '../../db/sql.ts';
import type { ServerSettings } from '../transport/transport.ts';
import { statuses } from './state.ts';
import type { LoginState, Status } from './state.ts';

export const providers = ['smtp', 'google', 'microsoft', 'capture'] as const;
export type Provider = (typeof providers)[number];

/** What a mailbox is for: it sends, or it only receives and measures. */
export const roles = ['sender', 'seed'] as const;
export type Role = (typeof roles)[number];

/** Local hours, in the mailbox's time zone. */
export interface WorkHours {
  /** 1 is Monday. */
  readonly days: readonly number[];
  /** `HH:MM`; `end` up to `24:00`, and after `start`. */
  readonly start: string;
  readonly end: string;
}

/** A mailbox as it is stored, without its credentials. */
export interface MailboxRow extends Omit<LoginState, 'smtp_open_until' | 'imap_open_until'> {
  readonly id: MailboxId;
  readonly organization_id: OrganizationId;
  readonly workspace_id: WorkspaceId | null;
  readonly email: string;
  readonly email_key: string;
  readonly domain: string;
  readonly role: Role;
  readonly display_name: string | null;
  readonly provider: Provider;
  /** It sends into the capture box, whatever its provider. */
  readonly sandbox: boolean;
  readonly smtp: ServerSettings | null;
  readonly imap: ServerSettings | null;
  readonly token_expires_at: Date | null;
  readonly status_reason: string | null;
  readonly status_changed_at: Date;
  readonly daily_limit: number;
  readonly gap_min_seconds: number;
  readonly gap_max_seconds: number;
  readonly max_hourly_per_domain: number;
  readonly timezone: string;
  readonly work_hours: WorkHours;
  readonly signature: string | null;
  readonly reply_to: string | null;
  readonly tracking_domain: string | null;
  /** Whether the provider files sent messages by itself; null: not known. */
  readonly saves_sent: boolean | null;
  readonly created_by: KeyId | null;
  readonly connected_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly deleted_at: Date | null;
}

/** A mailbox, and until when its servers are left alone. */
export interface MailboxState extends MailboxRow, Omit<LoginState, 'role'> {}

/** The mailboxes a caller sees: those of an organization, or of one of its workspaces. */
export interface Reach {
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | undefined;
}

const own = [
  'id',
  'organization_id',
  'workspace_id',
  'email',
  'email_key',
  'domain',
  'role',
  'display_name',
  'provider',
  'sandbox',
  'smtp',
  'imap',
  'token_expires_at',
  'status',
  'status_reason',
  'status_changed_at',
  'smtp_failing',
  'imap_failing',
  'daily_limit',
  'gap_min_seconds',
  'gap_max_seconds',
  'max_hourly_per_domain',
  'timezone',
  'work_hours',
  'signature',
  'reply_to',
  'tracking_domain',
  'saves_sent',
  'created_by',
  'connected_at',
  'created_at',
  'updated_at',
  'deleted_at',
];
export const mailboxColumns = columns(own, 'm');

/** Mailboxes of any organization by id, deleted ones too, in no order. For the loops of mail. */
export const byIds = (on: Queryable, ids: readonly MailboxId[]): Promise<MailboxState[]> =>
  on.query(sql<MailboxState>`
    SELECT ${mailboxColumns}, s.open_until AS smtp_open_until, i.open_until AS imap_open_until
    FROM mailboxes m
    LEFT JOIN mailbox_hosts s ON s.organization_id = m.organization_id AND s.host = (m.smtp ->> 'host') || ':' || (m.smtp ->> 'port')
    LEFT JOIN mailbox_hosts i ON i.organization_id = m.organization_id AND i.host = (m.imap ->> 'host') || ':' || (m.imap ->> 'port')
    WHERE m.id = ANY(${plainArray(ids)}::uuid[])`);

/** Locks mailboxes until the transaction ends, in the order in which all lock them. Deleted ones are left out. */
export const lockByIds = (tx: Transaction, ids: readonly MailboxId[]): Promise<MailboxRow[]> =>
  tx.query(sql<MailboxRow>`
    SELECT ${mailboxColumns} FROM mailboxes m
    WHERE m.id = ANY(${plainArray(ids)}::uuid[]) AND m.deleted_at IS NULL ORDER BY m.id FOR UPDATE`);

/** A mailbox that the caller sees; undefined also if it was deleted. */
export const byId = (
  on: Queryable,
  { organizationId, workspaceId }: Reach,
  id: MailboxId,
): Promise<MailboxRow | undefined> =>
  first(
    on,
    sql<MailboxRow>`
    SELECT ${mailboxColumns} FROM mailboxes m
    WHERE m.id = ${id} AND m.organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR m.workspace_id = ${workspaceId ?? null}) AND m.deleted_at IS NULL`,
  );

/** A page of mailboxes, newest first. */
export const listed = (on: Queryable, { organizationId, workspaceId }: Reach, slice: Slice): Promise<MailboxRow[]> =>
  on.query(
    inOrder(
      sql<MailboxRow>`
    SELECT ${mailboxColumns} FROM mailboxes m
    WHERE m.organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR m.workspace_id = ${workspaceId ?? null}) AND m.deleted_at IS NULL`,
      'm',
      slice,
    ),
  );

/** Mailboxes created before that with the id `before`, newest first. @param email as addresses are compared */
export const listedBefore = (
  on: Queryable,
  { organizationId, workspaceId }: Reach,
  {
    before,
    email,
    only,
    except,
    limit,
  }: {
    readonly before: string;
    readonly email: string | undefined;
    readonly only?: readonly MailboxId[];
    readonly except?: readonly MailboxId[];
    readonly limit: number;
  },
): Promise<MailboxRow[]> =>
  on.query(sql<MailboxRow>`
    SELECT ${mailboxColumns} FROM mailboxes m
    WHERE m.organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR m.workspace_id = ${workspaceId ?? null}) AND m.deleted_at IS NULL
      AND m.id < ${before} AND (${email ?? null}::text IS NULL OR m.email_key = ${email ?? null})
      AND (${only ?? null}::uuid[] IS NULL OR m.id = ANY(${only ?? null}::uuid[])) AND m.id <> ALL(${except ?? []}::uuid[])
    ORDER BY m.id DESC LIMIT ${limit}`);

export const counted = async (on: Queryable, { organizationId, workspaceId }: Reach, slice: Slice): Promise<number> =>
  (
    await first(
      on,
      countedIn(
        sql<{ count: number }>`
    SELECT count(*) AS count FROM mailboxes
    WHERE organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null}) AND deleted_at IS NULL`,
        'mailboxes',
        slice,
      ),
    )
  )?.count ?? 0;

/** How many mailboxes a caller sees, and how many of them send. */
export const working = async (
  on: Queryable,
  { organizationId, workspaceId }: Reach,
): Promise<{ total: number; active: number }> =>
  (
    await on.query(sql<{ total: number; active: number }>`
      SELECT count(*) AS total, count(*) FILTER (WHERE status IN ('connecting', 'connected', 'degraded')) AS active FROM mailboxes
      WHERE organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null}) AND deleted_at IS NULL`)
  )[0] ?? { total: 0, active: 0 };

/** Up to `limit` mailboxes of a workspace. */
export const idsOfWorkspace = async (
  on: Queryable,
  organization: OrganizationId,
  workspace: WorkspaceId,
  limit: number,
): Promise<MailboxId[]> =>
  (
    await on.query(sql<{ id: MailboxId }>`
      SELECT id FROM mailboxes WHERE organization_id = ${organization} AND workspace_id = ${workspace} AND deleted_at IS NULL ORDER BY id LIMIT ${limit}`)
  ).map(({ id }) => id);

/** Whether the organization has a mailbox with this address. */
export const emailTaken = async (on: Queryable, organization: OrganizationId, key: string): Promise<boolean> =>
  (
    await first(
      on,
      sql<{ taken: boolean }>`
    SELECT EXISTS (SELECT FROM mailboxes WHERE organization_id = ${organization} AND email_key = ${key} AND deleted_at IS NULL) AS taken`,
    )
  )?.taken === true;

export const credentialsById = (
  on: Queryable,
  ids: readonly MailboxId[],
): Promise<{ id: MailboxId; organization_id: OrganizationId; credentials: Buffer }[]> =>
  on.query(sql<{ id: MailboxId; organization_id: OrganizationId; credentials: Buffer }>`
    SELECT id, organization_id, credentials FROM mailboxes
    WHERE id = ANY(${plainArray(ids)}::uuid[]) AND credentials IS NOT NULL`);

/** @returns false if the organization has a mailbox with this address */
export const insert = async (tx: Transaction, row: MailboxRow, credentials: Buffer | null): Promise<boolean> =>
  (await tx.execute(sql`
    INSERT INTO mailboxes (id, organization_id, workspace_id, email, email_key, domain, role, display_name, provider, sandbox, smtp, imap, credentials, token_expires_at,
      status, status_reason, status_changed_at, smtp_failing, imap_failing, daily_limit, gap_min_seconds, gap_max_seconds, max_hourly_per_domain, timezone, work_hours,
      signature, reply_to, tracking_domain, saves_sent, created_by, connected_at, created_at, updated_at)
    VALUES (${row.id}, ${row.organization_id}, ${row.workspace_id}, ${row.email}, ${row.email_key}, ${row.domain}, ${row.role}, ${row.display_name}, ${row.provider}, ${row.sandbox},
      ${jsonOf(row.smtp)}::jsonb, ${jsonOf(row.imap)}::jsonb, ${credentials}, ${row.token_expires_at}, ${row.status}, ${row.status_reason}, ${row.status_changed_at},
      ${jsonOf(row.smtp_failing)}::jsonb, ${jsonOf(row.imap_failing)}::jsonb, ${row.daily_limit}, ${row.gap_min_seconds}, ${row.gap_max_seconds}, ${row.max_hourly_per_domain},
      ${row.timezone}, ${jsonOf(row.work_hours)}::jsonb, ${row.signature}, ${row.reply_to}, ${row.tracking_domain}, ${row.saves_sent}, ${row.created_by}, ${row.connected_at},
      ${row.created_at}, ${row.updated_at})
    ON CONFLICT DO NOTHING`)) > 0;

/** Writes the columns of settings. */
export const saveSettings = (tx: Transaction, row: MailboxRow): Promise<number> =>
  tx.execute(sql`
    UPDATE mailboxes SET role = ${row.role}, display_name = ${row.display_name}, smtp = ${jsonOf(row.smtp)}::jsonb, imap = ${jsonOf(row.imap)}::jsonb, daily_limit = ${row.daily_limit},
      gap_min_seconds = ${row.gap_min_seconds}, gap_max_seconds = ${row.gap_max_seconds}, max_hourly_per_domain = ${row.max_hourly_per_domain}, timezone = ${row.timezone},
      work_hours = ${jsonOf(row.work_hours)}::jsonb, signature = ${row.signature}, reply_to = ${row.reply_to}, tracking_domain = ${row.tracking_domain},
      saves_sent = ${row.saves_sent}, updated_at = ${row.updated_at}
    WHERE id = ${row.id}`);

export const saveCredentials = (
  tx: Queryable,
  id: MailboxId,
  credentials: Buffer | null,
  expiresAt: Date | null,
): Promise<number> =>
  tx.execute(sql`UPDATE mailboxes SET credentials = ${credentials}, token_expires_at = ${expiresAt} WHERE id = ${id}`);

export const saveSavesSent = (on: Queryable, id: MailboxId, saves: boolean): Promise<number> =>
  on.execute(sql`UPDATE mailboxes SET saves_sent = ${saves} WHERE id = ${id} AND saves_sent IS DISTINCT FROM ${saves}`);

/** The row stays, without credentials, for its messages. */
export const markDeleted = (tx: Transaction, id: MailboxId, at: Date): Promise<number> =>
  tx.execute(sql`
    UPDATE mailboxes SET credentials = NULL, token_expires_at = NULL, smtp_failing = NULL, imap_failing = NULL, deleted_at = ${at}, updated_at = ${at} WHERE id = ${id}`);

/** Writes what logins and people change: status, and the protocols that fail. */
export const saveStatuses = (tx: Transaction, rows: readonly MailboxRow[]): Promise<number> =>
  tx.execute(sql`
    UPDATE mailboxes m SET status = n.status, status_reason = n.reason, status_changed_at = n.changed_at, smtp_failing = n.smtp, imap_failing = n.imap,
      connected_at = n.connected_at, updated_at = n.updated_at
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ status }) => status)}::text[], ${rows.map(({ status_reason: reason }) => reason)}::text[],
      ${rows.map(({ status_changed_at: at }) => at)}::timestamptz[], ${rows.map((row) => jsonOf(row.smtp_failing))}::jsonb[], ${rows.map((row) => jsonOf(row.imap_failing))}::jsonb[],
      ${rows.map(({ connected_at: at }) => at)}::timestamptz[], ${rows.map(({ updated_at: at }) => at)}::timestamptz[])
      AS n (id, status, reason, changed_at, smtp, imap, connected_at, updated_at)
    WHERE m.id = n.id`);

export interface HistoryRow {
  readonly id: string;
  readonly mailbox_id: MailboxId;
  readonly organization_id: OrganizationId;
  readonly from_status: Status | null;
  readonly to_status: Status;
  readonly reason: string | null;
  readonly at: Date;
}

export const insertHistory = (tx: Transaction, rows: readonly HistoryRow[]): Promise<number> =>
  tx.execute(sql`
    INSERT INTO mailbox_history (mailbox_id, id, organization_id, from_status, to_status, reason, at)
    SELECT * FROM unnest(${plainArray(rows.map((row) => row.mailbox_id))}::uuid[], ${plainArray(rows.map(({ id }) => id))}::uuid[],
      ${plainArray(rows.map((row) => row.organization_id))}::uuid[], ${rows.map((row) => row.from_status)}::text[], ${rows.map((row) => row.to_status)}::text[],
      ${rows.map(({ reason }) => reason)}::text[], ${rows.map(({ at }) => at)}::timestamptz[])`);

/** For how much of a span each mailbox was connected, or paused by a person, in milliseconds. The time before its first login does not count. */
export const connectedSpans = (
  on: Queryable,
  spans: readonly { readonly id: MailboxId; readonly from: Date; readonly to: Date }[],
): Promise<{ mailbox_id: MailboxId; connected_ms: number; of_ms: number }[]> =>
  on.query(sql<{ mailbox_id: MailboxId; connected_ms: number; of_ms: number }>`
    SELECT n.id AS mailbox_id, coalesce(sum(h.ms) FILTER (WHERE h.to_status IN ('connected', 'paused')), 0)::float8 AS connected_ms, coalesce(sum(h.ms), 0)::float8 AS of_ms
    FROM unnest(${plainArray(spans.map(({ id }) => id))}::uuid[], ${spans.map(({ from }) => from)}::timestamptz[], ${spans.map(({ to }) => to)}::timestamptz[]) AS n (id, since, until)
      CROSS JOIN LATERAL (
        SELECT s.to_status, greatest(0, extract(epoch FROM least(s.ended, n.until) - greatest(s.at, n.since)) * 1000) AS ms
        FROM (SELECT to_status, at, lead(at) OVER (ORDER BY id) AS ended FROM mailbox_history WHERE mailbox_id = n.id) AS s WHERE s.to_status NOT IN ('connecting', 'disconnected')
      ) AS h GROUP BY n.id`);

export interface HostRow {
  readonly organization_id: OrganizationId;
  /** `host:port`. */
  readonly host: string;
  readonly failures: number;
  readonly open_until: Date | null;
}

type HostKey = Pick<HostRow, 'organization_id' | 'host'>;

/** Creates the states of servers that have none, so that they can be locked. */
export const ensureHosts = (tx: Transaction, hosts: readonly HostKey[]): Promise<number> =>
  tx.execute(sql`
    INSERT INTO mailbox_hosts (organization_id, host, failures)
    SELECT n.organization_id, n.host, 0 FROM unnest(${plainArray(hosts.map((each) => each.organization_id))}::uuid[], ${hosts.map(({ host }) => host)}::text[]) AS n (organization_id, host)
    ORDER BY n.organization_id, n.host ON CONFLICT DO NOTHING`);

/** Locks the states of servers, in the order in which all lock them. Call it after locking mailboxes. */
export const lockHosts = (tx: Transaction, hosts: readonly HostKey[]): Promise<HostRow[]> =>
  tx.query(sql<HostRow>`
    SELECT h.organization_id, h.host, h.failures, h.open_until
    FROM mailbox_hosts h JOIN unnest(${plainArray(hosts.map((each) => each.organization_id))}::uuid[], ${hosts.map(({ host }) => host)}::text[]) AS n (organization_id, host)
      ON h.organization_id = n.organization_id AND h.host = n.host
    ORDER BY h.organization_id, h.host FOR UPDATE OF h`);

export const saveHosts = (tx: Transaction, rows: readonly HostRow[]): Promise<number> =>
  tx.execute(sql`
    UPDATE mailbox_hosts h SET failures = n.failures, open_until = n.open_until
    FROM unnest(${plainArray(rows.map((row) => row.organization_id))}::uuid[], ${rows.map(({ host }) => host)}::text[],
      ${plainArray(rows.map(({ failures }) => failures))}::int[], ${rows.map((row) => row.open_until)}::timestamptz[]) AS n (organization_id, host, failures, open_until)
    WHERE h.organization_id = n.organization_id AND h.host = n.host`);

export const deleteHosts = (tx: Transaction, hosts: readonly HostKey[]): Promise<number> =>
  tx.execute(sql`
    DELETE FROM mailbox_hosts h USING unnest(${plainArray(hosts.map((each) => each.organization_id))}::uuid[], ${hosts.map(({ host }) => host)}::text[]) AS n (organization_id, host)
    WHERE h.organization_id = n.organization_id AND h.host = n.host`);

const jsonOf = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));

/** How many mailboxes of all organizations have each status but `disconnected`, which only deleted ones have. */
export const countsByStatus = (on: Queryable): Promise<{ state: Status; count: number }[]> =>
  on.query(sql<{ state: Status; count: number }>`
    SELECT s.state, (SELECT count(*) FROM mailboxes m WHERE m.status = s.state AND m.deleted_at IS NULL) AS count
    FROM unnest(${statuses.filter((status) => status !== 'disconnected')}::text[]) AS s (state)`);
