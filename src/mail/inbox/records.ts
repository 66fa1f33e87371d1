import { notFound } from '../../base/errors.ts';
import { countedMax, totalOf, uncounted } from '../../crm/records/index.ts';
import type { Total } from '../../crm/records/index.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import type { Principal } from '../../http/route.ts';
import type { Leads } from '../leads/index.ts';
import type { Reach } from '../mailboxes/index.ts';
import type { ReplyClass } from '../replies/index.ts';
import type { Messages, OpenedMessage } from '../sending/index.ts';
import { reclassify } from './classify.ts';
import type { ClassifyOptions } from './classify.ts';
import { openDetails } from './details.ts';
import {
  addCounts,
  countReplies,
  listReplies,
  lockReply,
  repliesByIds,
  replyById,
  replyCounts,
  updateReply,
} from './queries.ts';
import type { ReplyCount, ReplyFilter, ReplySlice } from './queries.ts';
import type { Details, StoredReply } from './reply.ts';

export interface RecordsOptions extends ClassifyOptions {
  readonly db: Database;
  readonly leads: Pick<Leads, 'lock' | 'records'>;
  readonly messages: Pick<Messages, 'byIds' | 'thread'>;
}

/** A reply with what it says. */
export interface OpenedReply {
  readonly reply: StoredReply;
  readonly details: Details;
  readonly message: OpenedMessage;
}

export interface ReplyPage extends Total {
  readonly rows: readonly OpenedReply[];
}

/** What a person changes of a reply. */
export interface ReplyPatch {
  readonly classification?: ReplyClass | undefined;
  readonly isRead?: boolean | undefined;
  readonly isStarred?: boolean | undefined;
}

/** Whose thread: a lead's, or that of a reply. */
export type ThreadOf = { readonly leadId: string } | { readonly replyId: string };

/** A message of a thread; `reply`: what is known of it as a reply. */
export interface ThreadEntry {
  readonly message: OpenedMessage;
  readonly reply: StoredReply | undefined;
  /** What its sender wrote; of a reply without quotation and signature. */
  readonly text: string;
}

const threadMax = 200;

export type Records = ReturnType<typeof createRecords>;

/** Replies for callers of the API. */
export function createRecords(options: RecordsOptions) {
  const { db, vault, messages } = options;

  const one = async (on: Queryable, reach: Reach, id: string): Promise<StoredReply> => {
    const row = await replyById(on, reach, id);
    if (row === undefined) throw notFound('Reply');
    return row;
  };

  async function opened(on: Queryable, rows: readonly StoredReply[]): Promise<OpenedReply[]> {
    const [first] = rows;
    if (first === undefined) return [];
    const found = await messages.byIds(
      on,
      first.organization_id,
      rows.map(({ id }) => id),
    );
    return (
      await Promise.all(
        rows.map(async (reply) => {
          const message = found.get(reply.id);
          return message === undefined ? [] : [{ reply, message, details: await openDetails(vault, on, reply) }];
        }),
      )
    ).flat();
  }

  const change = (principal: Principal, id: string, patch: ReplyPatch): Promise<StoredReply> =>
    db.transaction(async (tx) => {
      const row = await lockReply(tx, principal, id);
      if (row === undefined) throw notFound('Reply');
      // Marks come last: they lock counts.
      return mark(options, tx, (await judged(principal, tx, row, patch)) ?? row, patch);
    });

  const judged = async (
    { keyId }: Principal,
    tx: Transaction,
    row: StoredReply,
    { classification }: ReplyPatch,
  ): Promise<StoredReply | undefined> =>
    classification === undefined
      ? undefined
      : reclassify(
          options,
          tx,
          row,
          {
            classification,
            confidence: 1,
            source: 'person',
            reasons: ['person: set by hand'],
            returnDate: classification === row.classification ? row.return_date : null,
            referral: null,
          },
          { keyId },
        );

  return {
    /** A page, with the number of all if `counts`. */
    page: async (reach: Reach, filter: ReplyFilter, slice: ReplySlice, counts = true): Promise<ReplyPage> => {
      if (filter.classifications?.length === 0) return { rows: [], total: 0, capped: false };
      const [rows, total] = await Promise.all([
        listReplies(db, reach, filter, slice),
        counts ? totalIn(db, reach, filter, slice) : uncounted,
      ]);
      return { rows: await opened(db, rows), ...total };
    },

    /** @throws ApiError `not_found` */
    get: async (reach: Reach, id: string): Promise<OpenedReply> => {
      const [found] = await opened(db, [await one(db, reach, id)]);
      if (found === undefined) throw notFound('Reply');
      return found;
    },

    /**
     * Changes marks, and what a reply means, by hand: its effects follow, and `reply.classified` is emitted with the previous class.
     * @throws ApiError `not_found`
     */
    update: async (principal: Principal, id: string, patch: ReplyPatch): Promise<OpenedReply> => {
      const [found] = await opened(db, [await change(principal, id, patch)]);
      if (found === undefined) throw notFound('Reply');
      return found;
    },

    /** Those of received messages that are replies, by their ids. */
    ofMessages: async (reach: Reach, ids: readonly string[]): Promise<ReadonlyMap<string, StoredReply>> =>
      new Map(ids.length === 0 ? [] : (await repliesByIds(db, reach, ids)).map((row) => [row.id, row])),

    /** How many replies of each class the caller reaches. */
    counts: (reach: Reach): Promise<ReplyCount[]> => replyCounts(db, reach),

    /**
     * A thread, the oldest message first: all messages with a lead, or without one, those that answer each other. Of long ones, the newest 200.
     * @throws ApiError `not_found`
     * @example
     * const thread = await inbox.records.conversationOf(principal, { replyId });
     */
    conversationOf: async (reach: Reach, of: ThreadOf): Promise<ThreadEntry[]> => {
      const found = 'leadId' in of ? undefined : await one(db, reach, of.replyId);
      const leadId = 'leadId' in of ? (await options.leads.records.lead(reach, of.leadId)).id : found?.lead_id;
      const thread = await messages.thread(
        reach,
        typeof leadId === 'string' ? { leadId } : { rootId: found?.thread_id ?? '' },
        threadMax,
      );
      const received = thread.filter(({ direction }) => direction === 'inbound').map(({ id }) => id);
      const rows = new Map((await repliesByIds(db, reach, received)).map((row) => [row.id, row]));
      return Promise.all(
        thread.map(async (message) => {
          const reply = rows.get(message.id);
          const text = reply === undefined ? message.said.text : (await openDetails(vault, db, reply)).text;
          return { message, reply, text };
        }),
      );
    },
  };
}

/** Writes whether a locked reply is read and starred. */
async function mark(
  { nowOf }: RecordsOptions,
  tx: Transaction,
  row: StoredReply,
  { isRead = row.is_read, isStarred = row.is_starred }: ReplyPatch,
): Promise<StoredReply> {
  if (isRead === row.is_read && isStarred === row.is_starred) return row;
  const { organization_id: organizationId, workspace_id: workspaceId, classification } = row;
  const after = {
    ...row,
    is_read: isRead,
    is_starred: isStarred,
    updated_at: new Date(await nowOf(tx, organizationId)),
  };
  await updateReply(tx, after);
  const unread = Number(row.is_read) - Number(isRead);
  await addCounts(tx, [{ organizationId, workspaceId, classification, total: 0, unread }]);
  return after;
}

const counted: ReadonlySet<string> = new Set(['classifications', 'isRead'] satisfies (keyof ReplyFilter)[]);

/** From the counts if these have it, otherwise counted to the limit. */
async function totalIn(on: Queryable, reach: Reach, filter: ReplyFilter, slice: ReplySlice): Promise<Total> {
  const isCounted = Object.entries(filter).every(([name, value]) => value === undefined || counted.has(name));
  if (!isCounted || slice.updatedSince !== undefined)
    return totalOf(await countReplies(on, reach, filter, slice, countedMax + 1));
  const { classifications, isRead } = filter;
  const rows = (await replyCounts(on, reach)).filter(
    ({ classification }) => classifications === undefined || classifications.includes(classification),
  );
  const total = rows.reduce(
    (sum, { total: all, unread }) => sum + (isRead === undefined ? all : isRead ? all - unread : unread),
    0,
  );
  return { total, capped: false };
}
