import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import { inOrder, unfinishedAt } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { columns, plainArray, sql } from '../../db/sql.ts';
import type { WorkHours } from '../mailboxes/index.ts';
import type { Placement } from './actions.ts';
import type { LanguageCode } from './bank/index.ts';
import type { Relation } from './pairs.ts';

// Letters -------------------------------------------------------------------------------------------

/** A letter or an answer. */
export interface Letter {
  readonly message_id: string;
  readonly mailbox_id: MailboxId;
  readonly organization_id: OrganizationId;
  readonly receiver_id: MailboxId;
  readonly receiver_organization_id: OrganizationId;
  readonly relation: Relation;
  readonly answers: string | null;
  readonly number: number;
  readonly language: LanguageCode;
  readonly header: string;
  readonly delivered_header: string | null;
  readonly provider: string;
  readonly begun_at: Date;
  readonly sent_at: Date | null;
  readonly failed: boolean;
  readonly placement: Placement | null;
}

export const letterColumns = columns(
  [
    'message_id',
    'mailbox_id',
    'organization_id',
    'receiver_id',
    'receiver_organization_id',
    'relation',
    'answers',
    'number',
    'language',
    'header',
    'delivered_header',
    'provider',
    'begun_at',
    'sent_at',
    'failed',
    'placement',
  ] as const satisfies readonly (keyof Letter)[],
  'l',
);

export type NewLetter = Omit<Letter, 'delivered_header' | 'sent_at' | 'failed' | 'placement'>;

export const insertLetters = (tx: Transaction, rows: readonly NewLetter[]): Promise<number> =>
  tx.execute(sql`
    INSERT INTO exchange_letters (message_id, mailbox_id, organization_id, receiver_id, receiver_organization_id, relation, answers, number, language, header, provider, begun_at)
    SELECT * FROM unnest(${plainArray(rows.map((row) => row.message_id))}::uuid[], ${plainArray(rows.map((row) => row.mailbox_id))}::uuid[],
      ${plainArray(rows.map((row) => row.organization_id))}::uuid[], ${plainArray(rows.map((row) => row.receiver_id))}::uuid[],
      ${plainArray(rows.map((row) => row.receiver_organization_id))}::uuid[], ${plainArray(rows.map(({ relation }) => relation))}::text[],
      ${plainArray(rows.map(({ answers }) => answers ?? 'NULL'))}::uuid[], ${plainArray(rows.map(({ number }) => number))}::bigint[],
      ${plainArray(rows.map(({ language }) => language))}::text[], ${rows.map(({ header }) => header)}::text[], ${rows.map(({ provider }) => provider)}::text[],
      ${rows.map((row) => row.begun_at)}::timestamptz[])`);

/** The letters that a mailbox received or is to receive, with one of these Message-IDs. */
export const lettersByHeader = (on: Queryable, receiver: string, headers: readonly string[]): Promise<Letter[]> =>
  on.query(sql<Letter>`
    SELECT ${letterColumns} FROM exchange_letters l WHERE l.receiver_id = ${receiver} AND l.header = ANY(${[...headers]}::text[])
    UNION
    SELECT ${letterColumns} FROM exchange_letters l WHERE l.receiver_id = ${receiver} AND l.delivered_header = ANY(${[...headers]}::text[])`);

/** Of these senders, as addresses are compared, those whose letters to a mailbox were not found yet. */
export const openSenders = async (
  on: Queryable,
  receiver: string,
  keys: readonly string[],
  since: Date,
): Promise<string[]> =>
  (
    await on.query(sql<{ email_key: string }>`
      SELECT DISTINCT b.email_key FROM exchange_letters l JOIN mailboxes b ON b.id = l.mailbox_id
      WHERE l.receiver_id = ${receiver} AND l.placement IS NULL AND l.begun_at >= ${since} AND b.email_key = ANY(${[...keys]}::text[])`)
  ).map((row) => row.email_key);

/** The letters of these senders to a mailbox that were not found yet, with their sealed contents. */
export const openLetters = (
  on: Queryable,
  receiver: string,
  keys: readonly string[],
  since: Date,
): Promise<(Letter & { email_key: string; content: Buffer })[]> =>
  on.query(sql<Letter & { email_key: string; content: Buffer }>`
    SELECT ${letterColumns}, b.email_key, m.content FROM exchange_letters l JOIN mailboxes b ON b.id = l.mailbox_id JOIN messages m ON m.id = l.message_id
    WHERE l.receiver_id = ${receiver} AND l.placement IS NULL AND l.begun_at >= ${since} AND b.email_key = ANY(${[...keys]}::text[])`);

/** Locks letters, in the order in which all lock them. */
export const lockLetters = (tx: Transaction, ids: readonly string[]): Promise<Letter[]> =>
  tx.query(sql<Letter>`
    SELECT ${letterColumns} FROM exchange_letters l WHERE l.message_id = ANY(${plainArray(ids)}::uuid[]) ORDER BY l.message_id FOR NO KEY UPDATE`);

export const lettersByIds = (on: Queryable, ids: readonly string[]): Promise<Letter[]> =>
  on.query(
    sql<Letter>`SELECT ${letterColumns} FROM exchange_letters l WHERE l.message_id = ANY(${plainArray(ids)}::uuid[])`,
  );

/** Where letters were found, and with which Message-ID. */
export const placeLetters = (
  tx: Transaction,
  rows: readonly {
    readonly id: string;
    readonly placement: Placement;
    readonly delivered: string | null;
    readonly at: Date;
  }[],
): Promise<number> =>
  tx.execute(sql`
    UPDATE exchange_letters l SET placement = n.placement, found_at = n.at, delivered_header = coalesce(n.delivered, l.delivered_header)
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${plainArray(rows.map(({ placement }) => placement))}::text[],
      ${rows.map(({ delivered }) => delivered)}::text[], ${rows.map(({ at }) => at)}::timestamptz[]) AS n (id, placement, delivered, at)
    WHERE l.message_id = n.id`);

/** Letters that a server has, and letters that will not arrive. */
export const settleLetters = (
  tx: Transaction,
  rows: readonly { readonly id: string; readonly sentAt: Date | null; readonly failed: boolean }[],
): Promise<Letter[]> =>
  tx.query(sql<Letter>`
    UPDATE exchange_letters l SET sent_at = coalesce(l.sent_at, n.sent_at), failed = n.failed
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ sentAt }) => sentAt)}::timestamptz[],
      ${plainArray(rows.map(({ failed }) => failed))}::boolean[]) AS n (id, sent_at, failed)
    WHERE l.message_id = n.id RETURNING ${letterColumns}`);

/** The receivers of letters, as far as it decides what is done with them. */
export const receiversOf = (
  on: Queryable,
  ids: readonly MailboxId[],
): Promise<
  {
    mailbox_id: MailboxId;
    timezone: string;
    work_hours: WorkHours;
    simulated: boolean;
    acts: boolean;
    reply_rate: number;
  }[]
> =>
  on.query(sql<{
    mailbox_id: MailboxId;
    timezone: string;
    work_hours: WorkHours;
    simulated: boolean;
    acts: boolean;
    reply_rate: number;
  }>`
    SELECT b.id AS mailbox_id, b.timezone, b.work_hours, (b.sandbox OR b.provider = 'capture') AS simulated,
      (b.role <> 'seed' AND b.deleted_at IS NULL AND w.enabled IS TRUE AND w.paused IS FALSE) AS acts, coalesce(w.reply_rate, 0) AS reply_rate
    FROM mailboxes b LEFT JOIN warmups w ON w.mailbox_id = b.id WHERE b.id = ANY(${plainArray(ids)}::uuid[])`);

/** Of letters, those whose mailbox takes part. */
export const activeLetters = async (on: Queryable, ids: readonly string[]): Promise<ReadonlySet<string>> =>
  new Set(
    (
      await on.query(sql<{ message_id: string }>`
        SELECT l.message_id FROM exchange_letters l JOIN warmups w ON w.mailbox_id = l.mailbox_id AND w.enabled AND NOT w.paused
        WHERE l.message_id = ANY(${plainArray(ids)}::uuid[])`)
    ).map((row) => row.message_id),
  );

/** Of mailboxes, those whose mail stays in the capture box. */
export const capturingOf = async (on: Queryable, ids: readonly MailboxId[]): Promise<ReadonlySet<MailboxId>> =>
  new Set(
    (
      await on.query(sql<{ id: MailboxId }>`
        SELECT id FROM mailboxes WHERE id = ANY(${plainArray(ids)}::uuid[]) AND (sandbox OR provider = 'capture')`)
    ).map(({ id }) => id),
  );

// Actions -------------------------------------------------------------------------------------------

export type TaskKind = 'deliver' | 'look' | 'move' | 'read' | 'flag' | 'reply' | 'file';

export interface NewTask {
  readonly letterId: string;
  readonly kind: TaskKind;
  readonly mailboxId: MailboxId;
  readonly organizationId: OrganizationId;
  readonly simulated: boolean;
  /** Real time. */
  readonly dueAt: Date;
}

/** Adds what is to be done, unless it is known. */
export const insertTasks = (tx: Transaction, rows: readonly NewTask[]): Promise<number> =>
  tx.execute(sql`
    INSERT INTO exchange_actions (letter_id, kind, mailbox_id, organization_id, simulated, due_at)
    SELECT * FROM unnest(${plainArray(rows.map(({ letterId }) => letterId))}::uuid[], ${plainArray(rows.map(({ kind }) => kind))}::text[],
      ${plainArray(rows.map(({ mailboxId }) => mailboxId))}::uuid[], ${plainArray(rows.map(({ organizationId }) => organizationId))}::uuid[],
      ${plainArray(rows.map(({ simulated }) => simulated))}::boolean[], ${rows.map(({ dueAt }) => dueAt)}::timestamptz[])
    ON CONFLICT DO NOTHING`);

export interface Task {
  readonly letter_id: string;
  readonly kind: TaskKind;
  readonly mailbox_id: MailboxId;
  readonly organization_id: OrganizationId;
  readonly tries: number;
}

/** Locks simulated tasks that are due: those that were due first. */
export const takeSimulated = (tx: Transaction, now: Date, limit: number): Promise<Task[]> =>
  tx.query(sql<Task>`
    SELECT letter_id, kind, mailbox_id, organization_id, tries FROM exchange_actions
    WHERE due_at <= ${now} AND simulated ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`);

/**
 * Takes what is due in the mailbox that has waited longest, until a time at which another process may take it: its server may be slow.
 */
export const leaseTasks = (db: Queryable, now: Date, until: Date, limit: number): Promise<Task[]> =>
  db.query(sql<Task>`
    UPDATE exchange_actions a SET due_at = ${until}, tries = a.tries + 1
    FROM (
      SELECT letter_id, kind FROM exchange_actions WHERE NOT simulated AND due_at <= ${now} AND mailbox_id = (
        SELECT mailbox_id FROM exchange_actions WHERE NOT simulated AND due_at <= ${now} ORDER BY due_at LIMIT 1)
      ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED) AS due
    WHERE a.letter_id = due.letter_id AND a.kind = due.kind
    RETURNING a.letter_id, a.kind, a.mailbox_id, a.organization_id, a.tries`);

export const nextDueAt = async (on: Queryable, organization: OrganizationId | null): Promise<Date | undefined> => {
  const [row] = await on.query(
    organization === null
      ? sql<{ due_at: Date }>`SELECT due_at FROM exchange_actions WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1`
      : sql<{
          due_at: Date;
        }>`SELECT due_at FROM exchange_actions WHERE organization_id = ${organization} AND due_at IS NOT NULL ORDER BY due_at LIMIT 1`,
  );
  return row?.due_at;
};

export interface TaskEnd {
  readonly letter_id: string;
  readonly kind: TaskKind;
  readonly outcome: string;
  readonly at: Date;
}

/** Records what was done. @returns those that were not recorded before */
export const endTasks = (tx: Queryable, rows: readonly TaskEnd[]): Promise<{ letter_id: string; kind: TaskKind }[]> =>
  tx.query(sql<{ letter_id: string; kind: TaskKind }>`
    UPDATE exchange_actions a SET due_at = NULL, done_at = n.at, outcome = n.outcome
    FROM unnest(${plainArray(rows.map((row) => row.letter_id))}::uuid[], ${plainArray(rows.map(({ kind }) => kind))}::text[],
      ${rows.map(({ outcome }) => outcome)}::text[], ${rows.map(({ at }) => at)}::timestamptz[]) AS n (letter_id, kind, outcome, at)
    WHERE a.letter_id = n.letter_id AND a.kind = n.kind AND a.done_at IS NULL RETURNING a.letter_id, a.kind`);

/** Puts tasks off. @param due null: the pacer decides about a reply */
export const postponeTasks = (
  tx: Queryable,
  rows: readonly Pick<Task, 'letter_id' | 'kind'>[],
  due: Date | null,
): Promise<number> =>
  tx.execute(sql`
    UPDATE exchange_actions a SET due_at = ${due}::timestamptz
    FROM unnest(${plainArray(rows.map((row) => row.letter_id))}::uuid[], ${plainArray(rows.map(({ kind }) => kind))}::text[]) AS n (letter_id, kind)
    WHERE a.letter_id = n.letter_id AND a.kind = n.kind AND a.done_at IS NULL`);

/** Ends what is to be done in mailboxes: nothing of a deleted one is touched. */
export const endTasksOf = (tx: Transaction, mailboxes: readonly MailboxId[], at: Date): Promise<number> =>
  tx.execute(sql`
    UPDATE exchange_actions SET due_at = NULL, done_at = ${at}, outcome = 'mailbox_deleted'
    WHERE mailbox_id = ANY(${plainArray(mailboxes)}::uuid[]) AND done_at IS NULL`);

/** Brings what is to be done in a sandbox forward. */
export const shiftTasks = (tx: Transaction, organization: OrganizationId, byMs: number): Promise<number> =>
  tx.execute(sql`
    UPDATE exchange_actions SET due_at = due_at - ${byMs}::bigint * interval '1 millisecond'
    WHERE organization_id = ${organization} AND due_at IS NOT NULL`);

/** Tasks that are not done, at most 100,000. */
export const countTasks = (db: Queryable): Promise<{ state: string; count: number }[]> =>
  db.query(sql<{ state: string; count: number }>`
    SELECT 'waiting' AS state, count(*) AS count FROM (SELECT FROM exchange_actions WHERE due_at IS NOT NULL LIMIT 100000) n`);

// Replies -------------------------------------------------------------------------------------------

/** A reply that is due: the letter that it answers, and both ends. */
export interface DueReply extends Letter {
  readonly found_at: Date;
  readonly sender_name: string | null;
  readonly receiver_name: string | null;
  readonly to_email: string;
  readonly to_key: string;
  readonly to_domain: string;
  /** Of the mailbox that gets the reply. */
  readonly mail_provider: string;
  readonly capturing: boolean;
}

/** The replies that mailboxes may send now, the oldest letters first. */
export const dueReplies = (on: Queryable, mailboxes: readonly MailboxId[], since: Date): Promise<DueReply[]> =>
  on.query(sql<DueReply>`
    SELECT ${letterColumns}, l.found_at, s.display_name AS sender_name, r.display_name AS receiver_name, s.email AS to_email, s.email_key AS to_key, s.domain AS to_domain,
      s.provider AS mail_provider, (s.sandbox OR s.provider = 'capture') AS capturing
    FROM exchange_actions a JOIN exchange_letters l ON l.message_id = a.letter_id JOIN mailboxes s ON s.id = l.mailbox_id JOIN mailboxes r ON r.id = l.receiver_id
    WHERE a.mailbox_id = ANY(${plainArray(mailboxes)}::uuid[]) AND a.kind = 'reply' AND a.due_at IS NULL AND a.done_at IS NULL AND l.found_at >= ${since} AND s.deleted_at IS NULL
    ORDER BY a.mailbox_id, l.found_at, l.message_id`);

/** Locks replies that are about to be sent, skipping those that another transaction has. */
export const lockReplies = (tx: Transaction, letters: readonly string[]): Promise<{ letter_id: string }[]> =>
  tx.query(sql<{ letter_id: string }>`
    SELECT letter_id FROM exchange_actions WHERE letter_id = ANY(${plainArray(letters)}::uuid[]) AND kind = 'reply' AND due_at IS NULL AND done_at IS NULL
    ORDER BY letter_id FOR UPDATE SKIP LOCKED`);

// The bytes of captured letters ---------------------------------------------------------------------

export const rawsOf = (
  on: Queryable,
  ids: readonly string[],
): Promise<
  { message_id: string; organization_id: OrganizationId; from_address: string; to_address: string; raw: Buffer }[]
> =>
  on.query(sql<{
    message_id: string;
    organization_id: OrganizationId;
    from_address: string;
    to_address: string;
    raw: Buffer;
  }>`
    SELECT r.message_id, r.organization_id, m.from_address, m.to_address, r.raw FROM message_raws r JOIN messages m ON m.id = r.message_id
    WHERE r.message_id = ANY(${plainArray(ids)}::uuid[])`);

// Figures and retention -----------------------------------------------------------------------------

/** What became of the letters that a mailbox began since a time, by the provider of their receivers. */
export interface PlacementRow {
  readonly provider: string;
  readonly seeds: boolean;
  readonly inbox: number;
  readonly spam: number;
  readonly other: number;
  readonly missing: number;
  readonly open: number;
}

export const placementsOf = (on: Queryable, mailbox: MailboxId, since: Date): Promise<PlacementRow[]> =>
  on.query(sql<PlacementRow>`
    SELECT provider, relation = 'seed' AS seeds, count(*) FILTER (WHERE placement = 'inbox') AS inbox, count(*) FILTER (WHERE placement = 'spam') AS spam,
      count(*) FILTER (WHERE placement = 'other') AS other, count(*) FILTER (WHERE placement = 'missing') AS missing, count(*) FILTER (WHERE placement IS NULL) AS open
    FROM exchange_letters WHERE mailbox_id = ${mailbox} AND begun_at >= ${since} AND NOT failed AND sent_at IS NOT NULL
    GROUP BY provider, relation = 'seed' ORDER BY provider, seeds DESC`);

/** What is done with a letter. */
export interface DoneRow {
  readonly letter_id: string;
  readonly kind: TaskKind;
  readonly due_at: Date | null;
  readonly done_at: Date | null;
  readonly outcome: string | null;
}

/** The letters with which something is done in a mailbox. They change until all of it is done. */
export const actedOn = (on: Queryable, mailbox: MailboxId, slice: Slice): Promise<{ id: string; updated_at: Date }[]> =>
  on.query(
    inOrder(
      sql<{ id: string; updated_at: Date }>`
      SELECT l.id, l.updated_at FROM (
        SELECT letter_id AS id, CASE WHEN bool_and(done_at IS NOT NULL) THEN max(done_at) ELSE ${unfinishedAt}::timestamptz END AS updated_at
        FROM exchange_actions WHERE mailbox_id = ${mailbox} AND kind NOT IN ('deliver', 'look') GROUP BY letter_id) AS l
      WHERE true`,
      'l',
      slice,
    ),
  );

export const actionsOfLetters = (on: Queryable, mailbox: MailboxId, letters: readonly string[]): Promise<DoneRow[]> =>
  on.query(sql<DoneRow>`
    SELECT letter_id, kind, due_at, done_at, outcome FROM exchange_actions WHERE mailbox_id = ${mailbox} AND letter_id = ANY(${plainArray(letters)}::uuid[])`);

/** Deletes letters that nobody answers any more, with what was done about them. @returns how many letters */
export const expireLetters = async (db: Queryable, before: Date, limit: number): Promise<number> => {
  const gone = await db.query(sql<{ message_id: string }>`
    DELETE FROM exchange_letters WHERE message_id IN (SELECT message_id FROM exchange_letters WHERE begun_at < ${before} ORDER BY begun_at LIMIT ${limit})
    RETURNING message_id`);
  if (gone.length > 0)
    await db.execute(
      sql`DELETE FROM exchange_actions WHERE letter_id = ANY(${plainArray(gone.map((row) => row.message_id))}::uuid[])`,
    );
  return gone.length;
};

export const expirePairs = (db: Queryable, before: Date, limit: number): Promise<number> =>
  db.execute(sql`
    DELETE FROM exchange_pairs WHERE (low_id, high_id) IN (SELECT low_id, high_id FROM exchange_pairs WHERE last_at < ${before} ORDER BY last_at LIMIT ${limit})`);
