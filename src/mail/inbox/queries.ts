import { sincePart } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import type { MailboxId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { first } from '../../db/pool.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { assembled, columns, part, plainArray, sql } from '../../db/sql.ts';
import type { SearchPattern } from '../../crm/records/index.ts';
import type { OtherReply } from '../leads/index.ts';
import type { Reach } from '../mailboxes/index.ts';
import { effectiveConfidence } from '../receiving/index.ts';
import type { ReplyClass } from '../replies/index.ts';
import { positiveClasses } from './reply.ts';
import type { StoredReply } from './reply.ts';

const replyFields = [
  'id',
  'organization_id',
  'workspace_id',
  'mailbox_id',
  'campaign_id',
  'lead_id',
  'contact_id',
  'answered_id',
  'thread_id',
  'from_key',
  'classification',
  'confidence',
  'source',
  'match_by',
  'match_confidence',
  'return_date',
  'details',
  'is_read',
  'is_starred',
  'received_at',
  'updated_at',
] as const satisfies readonly (keyof StoredReply)[];
export const replyColumns = columns(replyFields, undefined, ['return_date']);

export type NewReply = Omit<StoredReply, 'is_read' | 'is_starred'> & {
  /** `referralKeys` of its referral. */
  readonly referral_key: Buffer;
};

export const insertReplies = (tx: Transaction, rows: readonly NewReply[]): Promise<number> => {
  const ids = (of: (row: NewReply) => string | null): string => plainArray(rows.map((row) => of(row) ?? 'NULL'));
  return tx.execute(sql`
    INSERT INTO replies (id, organization_id, workspace_id, mailbox_id, campaign_id, lead_id, contact_id, answered_id, thread_id, from_key, classification, confidence, source,
      match_by, match_confidence, return_date, details, referral_key, received_at, updated_at)
    SELECT * FROM unnest(${ids((row) => row.id)}::uuid[], ${ids((row) => row.organization_id)}::uuid[], ${ids((row) => row.workspace_id)}::uuid[],
      ${ids((row) => row.mailbox_id)}::uuid[], ${ids((row) => row.campaign_id)}::uuid[], ${ids((row) => row.lead_id)}::uuid[], ${ids((row) => row.contact_id)}::uuid[],
      ${ids((row) => row.answered_id)}::uuid[], ${ids((row) => row.thread_id)}::uuid[], ${rows.map((row) => row.from_key)}::text[],
      ${rows.map((row) => row.classification)}::text[], ${plainArray(rows.map((row) => row.confidence))}::real[], ${rows.map((row) => row.source)}::text[],
      ${rows.map((row) => row.match_by)}::text[], ${plainArray(rows.map((row) => row.match_confidence))}::real[], ${rows.map((row) => row.return_date)}::date[],
      ${rows.map((row) => row.details)}::bytea[], ${rows.map((row) => row.referral_key)}::bytea[], ${rows.map((row) => row.received_at)}::timestamptz[], ${rows.map((row) => row.updated_at)}::timestamptz[])`);
};

/** The first known messages of the threads of messages, by the ids of these. A thread is followed for 50 messages. */
export const rootsOf = (on: Queryable, messageIds: readonly string[]): Promise<{ id: string; root: string }[]> =>
  on.query(sql<{ id: string; root: string }>`
    WITH RECURSIVE up AS (
      SELECT id AS leaf, id, reply_to_id, 1 AS depth FROM messages WHERE id = ANY(${plainArray(messageIds)}::uuid[])
      UNION ALL SELECT up.leaf, m.id, m.reply_to_id, up.depth + 1 FROM up JOIN messages m ON m.id = up.reply_to_id WHERE up.depth < 50
    ) SELECT DISTINCT ON (leaf) leaf AS id, id AS root FROM up ORDER BY leaf, depth DESC`);

/** A reply that the caller reaches. */
export const replyById = (
  on: Queryable,
  { organizationId, workspaceId }: Reach,
  id: string,
): Promise<StoredReply | undefined> =>
  first(
    on,
    sql<StoredReply>`
    SELECT ${replyColumns} FROM replies
    WHERE id = ${id} AND organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})`,
  );

/** As `replyById`, locked. Call it before anything else is locked. */
export const lockReply = (
  tx: Transaction,
  { organizationId, workspaceId }: Reach,
  id: string,
): Promise<StoredReply | undefined> =>
  first(
    tx,
    sql<StoredReply>`
    SELECT ${replyColumns} FROM replies
    WHERE id = ${id} AND organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null}) FOR UPDATE`,
  );

/** Those of received messages that are replies and that the caller reaches. */
export const repliesByIds = (
  on: Queryable,
  { organizationId, workspaceId }: Reach,
  ids: readonly string[],
): Promise<StoredReply[]> =>
  on.query(sql<StoredReply>`
    SELECT ${replyColumns} FROM replies
    WHERE id = ANY(${plainArray(ids)}::uuid[]) AND organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})`);

const otherFields = [
  'id',
  'answered_id',
  'classification',
  'return_date',
  'received_at',
] as const satisfies readonly (keyof OtherReply)[];
export const otherColumns = columns(otherFields, undefined, ['return_date']);

/** The other replies of a lead whose match is certain enough, the oldest first. */
export const otherReplies = (on: Queryable, leadId: string, id: string): Promise<OtherReply[]> =>
  on.query(sql<OtherReply>`
    SELECT ${otherColumns} FROM replies
    WHERE lead_id = ${leadId} AND id <> ${id} AND match_confidence >= ${effectiveConfidence}::real ORDER BY received_at, id`);

/** The latest other reply that asks for an opt-out, of the sender of a reply and of the recipient that it answers for. */
export const otherOptOuts = (
  on: Queryable,
  organization: OrganizationId,
  id: string,
): Promise<{ key: string; id: string }[]> =>
  on.query(sql<{ key: string; id: string }>`
    SELECT DISTINCT ON (k.key) k.key, o.id
    FROM (SELECT from_key AS key FROM replies WHERE id = ${id}
        UNION SELECT m.party_key FROM replies r JOIN messages m ON m.id = r.answered_id WHERE r.id = ${id}) AS k
      CROSS JOIN LATERAL (
        SELECT r.id, r.received_at FROM replies r WHERE r.organization_id = ${organization} AND r.from_key = k.key AND r.classification = 'unsubscribe_request'
        UNION ALL SELECT r.id, r.received_at FROM messages a JOIN messages i ON i.reply_to_id = a.id JOIN replies r ON r.id = i.id
        WHERE a.organization_id = ${organization} AND a.party_key = k.key AND r.classification = 'unsubscribe_request' AND r.match_confidence >= ${effectiveConfidence}::real) AS o
    WHERE k.key <> '' AND o.id <> ${id} ORDER BY k.key, o.received_at DESC, o.id DESC`);

/** Writes what can change of a locked reply. */
export const updateReply = (tx: Transaction, row: StoredReply): Promise<number> =>
  tx.execute(sql`
    UPDATE replies SET classification = ${row.classification}, confidence = ${row.confidence}, source = ${row.source}, return_date = ${row.return_date}::date, details = ${row.details},
      is_read = ${row.is_read}, is_starred = ${row.is_starred}, updated_at = ${row.updated_at}
    WHERE id = ${row.id}`);

/** Which replies are listed. */
export interface ReplyFilter {
  readonly classifications?: readonly ReplyClass[] | undefined;
  readonly campaignId?: string | undefined;
  readonly leadId?: string | undefined;
  readonly contactId?: string | undefined;
  readonly mailboxId?: string | undefined;
  /** The sender, as addresses are compared. */
  readonly fromKey?: string | undefined;
  readonly isRead?: boolean | undefined;
  readonly isStarred?: boolean | undefined;
  /** Received at this time or later. */
  readonly since?: Date | undefined;
  /** Received before. */
  readonly until?: Date | undefined;
  /** From addresses that match, or of these contacts. A pattern that no index serves is left out. */
  readonly search?: { readonly pattern: SearchPattern | undefined; readonly contactIds: readonly string[] } | undefined;
}

/**
 * Part of a list; its creation is that a reply was received.
 * `after`: the last reply of the previous page, with the time that the list is in the order of.
 */
export type ReplySlice = Slice;

/** Null for each condition that a filter does not have. */
const valuesOf = ({ organizationId, workspaceId }: Reach, filter: ReplyFilter) => ({
  organization: organizationId,
  workspace: workspaceId ?? null,
  campaign: filter.campaignId ?? null,
  lead: filter.leadId ?? null,
  contact: filter.contactId ?? null,
  mailbox: filter.mailboxId ?? null,
  from: filter.fromKey ?? null,
  isRead: filter.isRead ?? null,
  isStarred: filter.isStarred ?? null,
  since: filter.since ?? null,
  until: filter.until ?? null,
  // The index of trigrams serves one pattern.
  word: filter.search?.pattern?.first ?? null,
  patterns: filter.search?.pattern?.all ?? null,
  people: filter.search === undefined ? null : plainArray(filter.search.contactIds),
});

/** Replies that the caller reaches. */
export const listReplies = (
  on: Queryable,
  reach: Reach,
  filter: ReplyFilter,
  { limit, offset = 0, after, sort = '-created_at', updatedSince }: ReplySlice,
): Promise<StoredReply[]> => {
  const f = valuesOf(reach, filter);
  const at = sort.endsWith('updated_at') ? part`updated_at` : part`received_at`;
  const [direction, beyond] = sort.startsWith('-') ? [part`DESC`, part`<`] : [part`ASC`, part`>`];
  const [single = null, ...more] = filter.classifications ?? [];
  return on.query(
    assembled<StoredReply>(
      more.length === 0
        ? part`
      SELECT ${replyColumns} FROM replies WHERE id IN (
        SELECT id FROM replies
        WHERE organization_id = ${f.organization} AND (${single}::text IS NULL OR classification = ${single}) AND (${f.workspace}::uuid IS NULL OR workspace_id = ${f.workspace})
          AND (${f.campaign}::uuid IS NULL OR campaign_id = ${f.campaign}) AND (${f.lead}::uuid IS NULL OR lead_id = ${f.lead}) AND (${f.contact}::uuid IS NULL OR contact_id = ${f.contact})
          AND (${f.mailbox}::uuid IS NULL OR mailbox_id = ${f.mailbox}) AND (${f.from}::text IS NULL OR from_key = ${f.from})
          AND (${f.isRead}::boolean IS NULL OR is_read = ${f.isRead}) AND (${f.isStarred}::boolean IS NULL OR is_starred = ${f.isStarred})
          AND (${f.since}::timestamptz IS NULL OR received_at >= ${f.since}) AND (${f.until}::timestamptz IS NULL OR received_at < ${f.until})${sincePart('replies', { updatedSince })}
          AND (${f.people}::uuid[] IS NULL OR (from_key LIKE ${f.word} AND from_key LIKE ALL(${f.patterns}::text[])) OR contact_id = ANY(${f.people}::uuid[]))
          AND (${after?.id ?? null}::uuid IS NULL OR (${at}, id) ${beyond} (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid))
        ORDER BY ${at} ${direction}, id ${direction} LIMIT ${limit} OFFSET ${offset}
      ) ORDER BY ${at} ${direction}, id ${direction}`
        : // Each class has its own part of the index.
          part`
      SELECT ${replyColumns} FROM replies WHERE id IN (
        SELECT r.id FROM unnest(${[...(filter.classifications ?? [])]}::text[]) AS c (name) CROSS JOIN LATERAL (
          SELECT id, ${at} AS at FROM replies
          WHERE organization_id = ${f.organization} AND classification = c.name AND (${f.workspace}::uuid IS NULL OR workspace_id = ${f.workspace})
            AND (${f.campaign}::uuid IS NULL OR campaign_id = ${f.campaign}) AND (${f.lead}::uuid IS NULL OR lead_id = ${f.lead}) AND (${f.contact}::uuid IS NULL OR contact_id = ${f.contact})
            AND (${f.mailbox}::uuid IS NULL OR mailbox_id = ${f.mailbox}) AND (${f.from}::text IS NULL OR from_key = ${f.from})
            AND (${f.isRead}::boolean IS NULL OR is_read = ${f.isRead}) AND (${f.isStarred}::boolean IS NULL OR is_starred = ${f.isStarred})
            AND (${f.since}::timestamptz IS NULL OR received_at >= ${f.since}) AND (${f.until}::timestamptz IS NULL OR received_at < ${f.until})${sincePart('replies', { updatedSince })}
            AND (${f.people}::uuid[] IS NULL OR (from_key LIKE ${f.word} AND from_key LIKE ALL(${f.patterns}::text[])) OR contact_id = ANY(${f.people}::uuid[]))
            AND (${after?.id ?? null}::uuid IS NULL OR (${at}, id) ${beyond} (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid))
          ORDER BY ${at} ${direction}, id ${direction} LIMIT ${limit + offset}
        ) AS r ORDER BY r.at ${direction}, r.id ${direction} LIMIT ${limit} OFFSET ${offset}
      ) ORDER BY ${at} ${direction}, id ${direction}`,
    ),
  );
};

/** How many replies a list has, up to `max`. */
export const countReplies = async (
  on: Queryable,
  reach: Reach,
  filter: ReplyFilter,
  { updatedSince }: Pick<ReplySlice, 'updatedSince'>,
  max: number,
): Promise<number> => {
  const f = valuesOf(reach, filter);
  const classes = filter.classifications === undefined ? null : [...filter.classifications];
  const row = await first(
    on,
    assembled<{ count: number }>(part`
      SELECT count(*) AS count FROM (
        SELECT FROM replies
        WHERE organization_id = ${f.organization} AND (${classes}::text[] IS NULL OR classification = ANY(${classes})) AND (${f.workspace}::uuid IS NULL OR workspace_id = ${f.workspace})
          AND (${f.campaign}::uuid IS NULL OR campaign_id = ${f.campaign}) AND (${f.lead}::uuid IS NULL OR lead_id = ${f.lead}) AND (${f.contact}::uuid IS NULL OR contact_id = ${f.contact})
          AND (${f.mailbox}::uuid IS NULL OR mailbox_id = ${f.mailbox}) AND (${f.from}::text IS NULL OR from_key = ${f.from})
          AND (${f.isRead}::boolean IS NULL OR is_read = ${f.isRead}) AND (${f.isStarred}::boolean IS NULL OR is_starred = ${f.isStarred})
          AND (${f.since}::timestamptz IS NULL OR received_at >= ${f.since}) AND (${f.until}::timestamptz IS NULL OR received_at < ${f.until})${sincePart('replies', { updatedSince })}
          AND (${f.people}::uuid[] IS NULL OR (from_key LIKE ${f.word} AND from_key LIKE ALL(${f.patterns}::text[])) OR contact_id = ANY(${f.people}::uuid[]))
        LIMIT ${max}) AS counted`),
  );
  return row?.count ?? 0;
};

/** How many replies of a class there are. */
export interface ReplyCount {
  readonly classification: ReplyClass;
  readonly total: number;
  readonly unread: number;
}

/** The counts that a caller reaches, by class. */
export const replyCounts = (on: Queryable, { organizationId, workspaceId }: Reach): Promise<ReplyCount[]> =>
  on.query(sql<ReplyCount>`
    SELECT classification, sum(total)::int8 AS total, sum(unread)::int8 AS unread FROM reply_counts
    WHERE organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null}) GROUP BY classification`);

export interface CountDelta extends ReplyCount {
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | null;
}

const noWorkspace = '00000000-0000-0000-0000-000000000000';

/** Adds to the counts; rows are locked in the order of their keys. Call it last in a transaction. */
export const addCounts = async (tx: Transaction, deltas: readonly CountDelta[]): Promise<void> => {
  const changed = deltas.filter(({ total, unread }) => total !== 0 || unread !== 0);
  if (changed.length === 0) return;
  await tx.execute(sql`
    INSERT INTO reply_counts AS c (organization_id, workspace_id, classification, total, unread)
    SELECT organization_id, workspace_id, classification, sum(total), sum(unread)
    FROM unnest(${plainArray(changed.map((row) => row.organizationId))}::uuid[], ${plainArray(changed.map((row) => row.workspaceId ?? noWorkspace))}::uuid[],
      ${changed.map((row) => row.classification)}::text[], ${plainArray(changed.map(({ total }) => total))}::int8[], ${plainArray(changed.map(({ unread }) => unread))}::int8[])
      AS n (organization_id, workspace_id, classification, total, unread)
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (organization_id, workspace_id, classification) DO UPDATE SET total = c.total + excluded.total, unread = c.unread + excluded.unread`);
};

/** A reply by which its lead counts, or is to count, as positive, with the message that it answers. */
export interface PositiveReply {
  readonly id: string;
  readonly lead_id: string;
  readonly counted: boolean;
  /** It is the first positive one. */
  readonly wanted: boolean;
  readonly step_id: string | null;
  readonly variant: string | null;
  readonly mailbox_id: MailboxId;
  readonly sent_at: Date | null;
}

/** Of each lead, the first positive reply and the one that counts now. The caller has locked the leads. */
export const positiveReplies = (on: Queryable, leadIds: readonly string[]): Promise<PositiveReply[]> =>
  on.query(sql<PositiveReply>`
    SELECT r.id, r.lead_id, r.counted, r.id IS NOT DISTINCT FROM p.id AS wanted, m.step_id, m.variant, m.mailbox_id, m.sent_at
    FROM unnest(${plainArray(leadIds)}::uuid[]) AS l (id)
      LEFT JOIN LATERAL (SELECT id FROM replies
        WHERE lead_id = l.id AND classification = ANY(${[...positiveClasses]}::text[]) AND match_confidence >= ${effectiveConfidence}::real ORDER BY received_at, id LIMIT 1) AS p ON true
      JOIN replies r ON r.lead_id = l.id AND (r.counted OR r.id = p.id) JOIN messages m ON m.id = r.answered_id`);

/** Marks which replies count. */
export const setCounted = (
  tx: Transaction,
  rows: readonly { readonly id: string; readonly counted: boolean }[],
): Promise<number> =>
  tx.execute(sql`
    UPDATE replies r SET counted = n.counted FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${plainArray(rows.map(({ counted }) => counted))}::boolean[]) AS n (id, counted)
    WHERE r.id = n.id`);
