import { inOrder } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import type { MailboxId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { first } from '../../db/pool.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { columns, part, plainArray, sql } from '../../db/sql.ts';
import type { HitKind, Verdict } from './verdict.ts';

// Organizations --------------------------------------------------------------------------------------

interface Tagged {
  readonly id: OrganizationId;
  readonly tag: string;
}

/** Organizations with an id from `after` on. */
export const tagsAfter = (on: Queryable, after: string): Promise<Tagged[]> =>
  on.query(sql<Tagged>`SELECT id, tag FROM organizations WHERE id >= ${after} ORDER BY id`);

export const tagById = (on: Queryable, id: OrganizationId): Promise<Tagged[]> =>
  on.query(sql<Tagged>`SELECT id, tag FROM organizations WHERE id = ${id}`);

// Links ----------------------------------------------------------------------------------------------

export interface NewLinks {
  readonly messageId: string;
  readonly organizationId: OrganizationId;
  /** In the order of their numbers, from 1. */
  readonly urls: readonly string[];
}

export const insertLinks = (tx: Transaction, links: readonly NewLinks[]): Promise<number> => {
  const rows = links.flatMap(({ messageId, organizationId, urls }) =>
    urls.map((url, index) => ({ messageId, organizationId, number: index + 1, url })),
  );
  return tx.execute(sql`
    INSERT INTO message_links (message_id, number, organization_id, url)
    SELECT n.message_id, n.number, n.organization_id, n.url
    FROM unnest(${plainArray(rows.map(({ messageId }) => messageId))}::uuid[], ${plainArray(rows.map(({ number }) => number))}::smallint[],
      ${plainArray(rows.map(({ organizationId }) => organizationId))}::uuid[], ${rows.map(({ url }) => url)}::text[]) AS n (message_id, number, organization_id, url)
    ON CONFLICT DO NOTHING`);
};

/** Where a link leads to. Messages keep their links after an erasure. */
export const linkUrl = async (
  on: Queryable,
  organization: OrganizationId,
  sendKey: string,
  number: number,
): Promise<string | undefined> =>
  (
    await first(
      on,
      sql<{ url: string }>`
        SELECT l.url FROM messages m JOIN message_links l ON l.message_id = m.id AND l.number = ${number}
        WHERE m.send_key = ${sendKey} AND m.organization_id = ${organization}`,
    )
  )?.url;

export const linkUrls = (
  on: Queryable,
  messages: readonly string[],
): Promise<{ message_id: string; number: number; url: string }[]> =>
  on.query(
    sql<{
      message_id: string;
      number: number;
      url: string;
    }>`SELECT message_id, number, url FROM message_links WHERE message_id = ANY(${plainArray(messages)}::uuid[])`,
  );

// Hits -----------------------------------------------------------------------------------------------

/** A sent message, as tracking needs it. */
export interface TrackedMessage {
  readonly id: string;
  readonly send_key: string;
  readonly organization_id: OrganizationId;
  readonly workspace_id: WorkspaceId | null;
  readonly mailbox_id: MailboxId;
  readonly campaign_id: string | null;
  /** What its links leave, if the topic still exists; null: everything. */
  readonly topic_id: string | null;
  readonly lead_id: string | null;
  readonly contact_id: string | null;
  readonly step: number | null;
  readonly step_id: string | null;
  readonly variant: string | null;
  readonly message_id: string;
  readonly from_address: string;
  readonly to_address: string;
  /** The recipient, as addresses are compared. */
  readonly party_key: string;
  readonly status: string;
  /** Empty after an erasure. */
  readonly content: Buffer;
  readonly sent_at: Date | null;
  readonly created_at: Date;
  /** Of the recipient; null: not known. */
  readonly provider: string | null;
  /** How far the clock of a sandbox is ahead. */
  readonly clock_ahead_ms: number;
}

export const trackedColumns = columns(
  [
    'id',
    'send_key',
    'organization_id',
    'workspace_id',
    'mailbox_id',
    'campaign_id',
    'topic_id',
    'lead_id',
    'contact_id',
    'step',
    'step_id',
    'variant',
    'message_id',
    'from_address',
    'to_address',
    'party_key',
    'status',
    'content',
    'sent_at',
    'created_at',
  ],
  'm',
);

export const messagesBySendKeys = (
  on: Queryable,
  organizations: readonly OrganizationId[],
  sendKeys: readonly string[],
): Promise<TrackedMessage[]> =>
  on.query(sql<TrackedMessage>`
    SELECT ${trackedColumns}, l.provider, o.clock_ahead_ms
    FROM messages m JOIN organizations o ON o.id = m.organization_id LEFT JOIN campaign_leads l ON l.id = m.lead_id
    WHERE m.send_key = ANY(${plainArray(sendKeys)}::uuid[]) AND m.organization_id = ANY(${plainArray(organizations)}::uuid[])`);

/** A sent message. */
export const messageById = (
  on: Queryable,
  organization: OrganizationId,
  id: string,
): Promise<TrackedMessage | undefined> =>
  first(
    on,
    sql<TrackedMessage>`
      SELECT ${trackedColumns}, l.provider, o.clock_ahead_ms
      FROM messages m JOIN organizations o ON o.id = m.organization_id LEFT JOIN campaign_leads l ON l.id = m.lead_id
      WHERE m.id = ${id} AND m.organization_id = ${organization} AND m.direction = 'outbound'`,
  );

/**
 * Records the first time that a person opened or clicked messages.
 * @param rows by ascending id: all lock messages in this order
 * @returns the ids of those that had not been opened or clicked before
 */
export async function markSeen(
  tx: Transaction,
  kind: HitKind,
  rows: readonly { readonly id: string; readonly at: Date }[],
): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const ids = plainArray(rows.map(({ id }) => id));
  const times = rows.map(({ at }) => at);
  const marked = await tx.query(
    kind === 'open'
      ? sql<{ id: string }>`
          UPDATE messages m SET opened_at = n.at FROM unnest(${ids}::uuid[], ${times}::timestamptz[]) AS n (id, at)
          WHERE m.id = n.id AND m.opened_at IS NULL RETURNING m.id`
      : sql<{ id: string }>`
          UPDATE messages m SET clicked_at = n.at FROM unnest(${ids}::uuid[], ${times}::timestamptz[]) AS n (id, at)
          WHERE m.id = n.id AND m.clicked_at IS NULL RETURNING m.id`,
  );
  return new Set(marked.map(({ id }) => id));
}

export interface NewHit {
  readonly id: string;
  readonly organizationId: OrganizationId;
  readonly messageId: string;
  readonly kind: HitKind;
  readonly number: number;
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  readonly address: string;
  readonly userAgent: string;
  readonly at: Date;
}

export const insertHits = (tx: Transaction, rows: readonly NewHit[]): Promise<number> =>
  tx.execute(sql`
    INSERT INTO tracking_hits (id, organization_id, message_id, kind, number, verdict, reasons, address, user_agent, at)
    SELECT n.id, n.organization_id, n.message_id, n.kind, nullif(n.number, 0), n.verdict, string_to_array(n.reasons, ' '), n.address, n.user_agent, n.at
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${plainArray(rows.map((row) => row.organizationId))}::uuid[], ${plainArray(rows.map(({ messageId }) => messageId))}::uuid[],
      ${plainArray(rows.map(({ kind }) => kind))}::text[], ${plainArray(rows.map(({ number }) => number))}::smallint[], ${plainArray(rows.map(({ verdict }) => verdict))}::text[],
      ${rows.map(({ reasons }) => reasons.join(' '))}::text[], ${rows.map(({ address }) => address)}::text[], ${rows.map(({ userAgent }) => userAgent)}::text[],
      ${rows.map(({ at }) => at)}::timestamptz[]) AS n (id, organization_id, message_id, kind, number, verdict, reasons, address, user_agent, at)`);

/** Clicks on messages, by hits with ids from one on. */
export const clicksSince = (
  on: Queryable,
  messages: readonly string[],
  from: string,
): Promise<{ id: string; message_id: string; number: number }[]> =>
  on.query(sql<{ id: string; message_id: string; number: number }>`
    SELECT id, message_id, number FROM tracking_hits WHERE message_id = ANY(${plainArray(messages)}::uuid[]) AND id >= ${from} AND kind = 'click'`);

/** What addresses fetched of campaigns, by hits with ids from one on. Reads all of these hits. */
export const hitsSince = (
  on: Queryable,
  addresses: readonly string[],
  from: string,
): Promise<{ id: string; message_id: string; address: string; campaign_id: string }[]> =>
  on.query(sql<{ id: string; message_id: string; address: string; campaign_id: string }>`
    SELECT h.id, h.message_id, h.address, m.campaign_id FROM tracking_hits h JOIN messages m ON m.id = h.message_id
    WHERE h.id >= ${from} AND h.address = ANY(${[...addresses]}::text[]) AND m.campaign_id IS NOT NULL`);

/** Deletes the oldest hits with ids before one. @returns how many */
export const expireHits = (on: Queryable, before: string, limit: number): Promise<number> =>
  on.execute(
    sql`DELETE FROM tracking_hits WHERE id IN (SELECT id FROM tracking_hits WHERE id < ${before} ORDER BY id LIMIT ${limit})`,
  );

// Unsubscribing --------------------------------------------------------------------------------------

export interface Unsubscribe {
  readonly message_id: string;
  readonly method: string;
  /** The suppression that it made; null: the address was suppressed before. */
  readonly suppression_id: string | null;
  /** Whether it was counted for the step of its message; null: counted, as all were before this column. */
  readonly counted: boolean | null;
  readonly at: Date;
  readonly undone_at: Date | null;
}

export const unsubscribeOf = (on: Queryable, messageId: string): Promise<Unsubscribe | undefined> =>
  first(
    on,
    sql<Unsubscribe>`SELECT message_id, method, suppression_id, counted, at, undone_at FROM unsubscribes WHERE message_id = ${messageId}`,
  );

/** Locks it until the transaction ends. */
export const lockUnsubscribe = (tx: Transaction, messageId: string): Promise<Unsubscribe | undefined> =>
  first(
    tx,
    sql<Unsubscribe>`SELECT message_id, method, suppression_id, counted, at, undone_at FROM unsubscribes WHERE message_id = ${messageId} FOR UPDATE`,
  );

export const saveUnsubscribe = (
  tx: Transaction,
  organization: OrganizationId,
  row: Omit<Unsubscribe, 'undone_at'>,
): Promise<number> =>
  tx.execute(sql`
    INSERT INTO unsubscribes AS u (message_id, organization_id, method, suppression_id, counted, at)
    VALUES (${row.message_id}, ${organization}, ${row.method}, ${row.suppression_id}, ${row.counted}, ${row.at})
    ON CONFLICT (message_id) DO UPDATE SET method = excluded.method, suppression_id = excluded.suppression_id, counted = coalesce(u.counted, true) OR excluded.counted,
      at = excluded.at, undone_at = NULL`);

export const markUndone = (tx: Transaction, messageId: string, at: Date): Promise<number> =>
  tx.execute(sql`UPDATE unsubscribes SET undone_at = ${at} WHERE message_id = ${messageId}`);

export const deleteUnsubscribe = (tx: Transaction, messageId: string): Promise<number> =>
  tx.execute(sql`DELETE FROM unsubscribes WHERE message_id = ${messageId}`);

// Hosts ----------------------------------------------------------------------------------------------

export interface HostRow {
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly workspace_id: WorkspaceId | null;
  readonly host: string;
  /** When it was last seen to lead here. */
  readonly verified_at: Date | null;
  readonly checked_at: Date | null;
  /** What was wrong at the last check. */
  readonly problem: string | null;
  readonly created_at: Date;
}

export const hostColumns = columns([
  'id',
  'organization_id',
  'workspace_id',
  'host',
  'verified_at',
  'checked_at',
  'problem',
  'created_at',
]);

/** The hosts that a caller sees: those of an organization, or of one of its workspaces. */
export interface Reach {
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | undefined;
}

export type UsableHost = Pick<HostRow, 'organization_id' | 'workspace_id' | 'host'>;

/** Hosts of organizations that were seen to lead here since a time, the oldest first. */
export const usableHosts = (
  on: Queryable,
  organizations: readonly OrganizationId[],
  since: Date,
): Promise<UsableHost[]> =>
  on.query(sql<UsableHost>`
    SELECT organization_id, workspace_id, host FROM tracking_hosts
    WHERE organization_id = ANY(${plainArray(organizations)}::uuid[]) AND verified_at >= ${since} ORDER BY id`);

export const listHosts = (on: Queryable, { organizationId, workspaceId }: Reach, slice: Slice): Promise<HostRow[]> =>
  on.query(
    inOrder(
      sql<HostRow>`
    SELECT ${hostColumns} FROM tracking_hosts
    WHERE organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})`,
      'tracking_hosts',
      slice,
      part`coalesce(tracking_hosts.checked_at, tracking_hosts.created_at)`,
    ),
  );

export const hostById = (
  on: Queryable,
  { organizationId, workspaceId }: Reach,
  id: string,
): Promise<HostRow | undefined> =>
  first(
    on,
    sql<HostRow>`
      SELECT ${hostColumns} FROM tracking_hosts
      WHERE id = ${id} AND organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})`,
  );

export const countHosts = async (on: Queryable, organization: OrganizationId): Promise<number> =>
  (
    await first(
      on,
      sql<{ count: number }>`SELECT count(*) AS count FROM tracking_hosts WHERE organization_id = ${organization}`,
    )
  )?.count ?? 0;

/** @returns 0 if the organization has the host */
export const insertHost = (
  on: Queryable,
  row: Omit<HostRow, 'verified_at' | 'checked_at' | 'problem'>,
): Promise<number> =>
  on.execute(sql`
    INSERT INTO tracking_hosts (id, organization_id, workspace_id, host, created_at)
    VALUES (${row.id}, ${row.organization_id}, ${row.workspace_id}, ${row.host}, ${row.created_at}) ON CONFLICT (organization_id, host) DO NOTHING`);

/** The host as another organization has verified it. */
export const holderOf = (on: Queryable, organization: OrganizationId, host: string): Promise<HostRow | undefined> =>
  first(
    on,
    sql<HostRow>`
      SELECT ${hostColumns} FROM tracking_hosts
      WHERE host = ${host} AND verified_at IS NOT NULL AND organization_id <> ${organization}`,
  );

export const loseHost = (tx: Transaction, id: string, problem: string, at: Date): Promise<number> =>
  tx.execute(
    sql`UPDATE tracking_hosts SET verified_at = NULL, problem = ${problem}, checked_at = ${at} WHERE id = ${id}`,
  );

/** Locks a host until the transaction ends. @returns undefined: it was deleted */
export const lockHost = (tx: Transaction, id: string): Promise<Pick<HostRow, 'verified_at'> | undefined> =>
  first(tx, sql<Pick<HostRow, 'verified_at'>>`SELECT verified_at FROM tracking_hosts WHERE id = ${id} FOR UPDATE`);

/** Stores the outcome of a check. @throws SQLSTATE 23505 if another organization has verified the host */
export const saveHostCheck = (
  tx: Transaction,
  id: string,
  { verified_at: verified, checked_at: checked, problem }: Pick<HostRow, 'verified_at' | 'checked_at' | 'problem'>,
): Promise<number> =>
  tx.execute(
    sql`UPDATE tracking_hosts SET verified_at = ${verified}, checked_at = ${checked}, problem = ${problem} WHERE id = ${id}`,
  );

export const removeHost = (on: Queryable, organization: OrganizationId, id: string): Promise<number> =>
  on.execute(sql`DELETE FROM tracking_hosts WHERE id = ${id} AND organization_id = ${organization}`);

/**
 * Claims verified hosts whose last check is older than `before`, or than `failedBefore` if it failed, so that no other process checks
 * them.
 */
export const takeHostsDue = (
  on: Queryable,
  { now, before, failedBefore }: Readonly<Record<'now' | 'before' | 'failedBefore', Date>>,
  limit: number,
): Promise<HostRow[]> =>
  on.query(sql<HostRow>`
    UPDATE tracking_hosts SET checked_at = ${now} WHERE id IN (
      SELECT id FROM tracking_hosts
      WHERE verified_at IS NOT NULL AND checked_at < CASE WHEN problem IS NULL THEN ${before}::timestamptz ELSE ${failedBefore}::timestamptz END
      ORDER BY checked_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING ${hostColumns}`);
