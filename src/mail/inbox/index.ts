import type { OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Module } from '../../ops/index.ts';
import type { ReceivedReply } from '../receiving/index.ts';
import { reclassify } from './classify.ts';
import { lockReply } from './queries.ts';
import { received } from './receive.ts';
import { createRecords } from './records.ts';
import type { Records, RecordsOptions } from './records.ts';
import { replyRoutes } from './routes.ts';
import type { Classification, StoredReply } from './reply.ts';

export { repliesFollower } from './merging.ts';
export { openDetails } from './details.ts';
export { lastReplyField } from './segment-field.ts';
export { eraseReplies, repliesOfPerson } from './erasure.ts';
export type { ReplyCount, ReplyFilter, ReplySlice } from './queries.ts';
export type { ReplyEffects } from './receive.ts';
export type { OpenedReply, Records as ReplyRecords, ReplyPage, ReplyPatch, ThreadEntry, ThreadOf } from './records.ts';
export type { Classification, ClassSource, Details, StoredReply } from './reply.ts';

export interface InboxOptions extends RecordsOptions {
  /** Called with the replies of a batch that were just stored, in its transaction, once everything else is written. */
  readonly onStored?: ((tx: Transaction, replies: readonly StoredReply[]) => Promise<unknown>) | undefined;
}

/** Stored replies. */
export interface Inbox {
  readonly module: Module;
  /** For callers of the API. */
  readonly records: Records;
  /**
   * Takes the replies of a batch; see `receive.ts`.
   * @param alongside what else the batch does to leads, once the replies took effect: before counts are locked
   */
  received(tx: Transaction, replies: readonly ReceivedReply[], alongside?: () => Promise<unknown>): Promise<void>;
  /**
   * Stores what the assistant decided about a reply, unless a person or it itself decided before. Call it before anything else is locked.
   * @returns whether the class changed
   */
  assisted(
    tx: Transaction,
    organization: OrganizationId,
    id: string,
    decided: Omit<Classification, 'source'>,
  ): Promise<boolean>;
}

/**
 * Composes the slice.
 * @example
 * const inbox = createInbox({ ...deps, nowOf, leads, messages: sending.messages, effects, onClassified: metrics.replyClassified });
 * const receiving = createReceiving({ ...options, onReplies: (tx, replies) => inbox.received(tx, replies) });
 */
export function createInbox(options: InboxOptions): Inbox {
  const records = createRecords(options);
  return {
    module: { routes: replyRoutes(records) },
    records,
    async received(tx, replies, alongside) {
      const stored = await received(options, tx, replies, alongside);
      if (stored.length > 0) await options.onStored?.(tx, stored);
    },
    async assisted(tx, organizationId, id, decided) {
      const reply = await lockReply(tx, { organizationId, workspaceId: undefined }, id);
      if (reply === undefined || (reply.source !== 'rules' && reply.source !== 'model')) return false;
      const after = await reclassify(options, tx, reply, { ...decided, source: 'assistant' }, { keyId: null });
      return after !== undefined && after.classification !== reply.classification;
    },
  };
}
