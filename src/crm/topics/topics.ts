import type { WorkspaceStage } from '../../auth/index.ts';
import { ApiError, invalid, notFound } from '../../base/errors.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Slice } from '../../db/in-order.ts';
import { sqlState } from '../../db/pool.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import { sliceOf } from '../../http/listing.ts';
import { changedFields, changeEvent, countedMax, ownerIn, totalOf, unknownTo } from '../records/index.ts';
import type { Editor, Owner, Reach, Total } from '../records/index.ts';
import { hashesOf, leave, leftOf, rejoin } from './opt-outs.ts';
import type { Leaving, Left, LeftListener, OptOutsOptions, TopicalAddress } from './opt-outs.ts';
import * as queries from './queries.ts';
import type { AddressTopic, OptOut, Topic } from './queries.ts';

export interface TopicsOptions extends OptOutsOptions {
  readonly db: Database;
}

export interface TopicFields {
  readonly name: string;
  readonly description: string | null;
}

export type TopicFunctions = ReturnType<typeof createTopicRecords> & ReturnType<typeof createOptOuts>;

/** Topics of an organization, or of one workspace. */
export const topicsMax = 200;

/** As the API and events show it. */
export const topicOnWire = ({ created_at: createdAt, updated_at: updatedAt, created_by: _, ...topic }: Topic) => ({
  ...topic,
  created_at: createdAt.toISOString(),
  updated_at: updatedAt.toISOString(),
});

const missing = (): never => {
  throw notFound('Topic');
};

const taken = (name: string): ApiError => new ApiError('conflict', `The topic ${name} already exists.`);

/** Topics, and what leaves them. */
export const createFunctions = (options: TopicsOptions): TopicFunctions => ({
  ...createTopicRecords(options),
  ...createOptOuts(options),
});

const getFrom =
  (db: Queryable) =>
  async (reach: Reach, id: string, on: Queryable = db): Promise<Topic> =>
    (await queries.topicById(on, reach, id)) ?? missing();

function createTopicRecords({ db, clock, ids, emitAll, suppressions }: TopicsOptions) {
  const get = getFrom(db);

  const emitTopics = (
    tx: Transaction,
    editor: Editor,
    type: 'topic.created' | 'topic.updated' | 'topic.deleted',
    topics: readonly Topic[],
    at: Date,
    changed?: string[],
  ) =>
    emitAll(
      tx,
      topics.map((topic) => changeEvent(editor, type, topicOnWire(topic), at, changed && { changed })),
    );

  return {
    /** @throws ApiError `not_found` */
    get,

    /** A topic of the organization, if it exists. */
    topicOf: (on: Queryable, organization: OrganizationId, id: string): Promise<Topic | undefined> =>
      queries.topicById(on, { organizationId: organization }, id),

    list: async (reach: Reach, slice: Slice): Promise<Total & { readonly rows: Topic[] }> => {
      const [rows, total] = await Promise.all([
        queries.listTopics(db, reach, slice),
        queries.countTopics(db, reach, slice),
      ]);
      return { rows, total, capped: false };
    },

    /**
     * @throws ApiError `conflict` when the name is taken, or the owner already has `topicsMax` topics
     * @example
     * const topic = await topics.create(editor, { name: 'Product news', description: null });
     */
    create: (editor: Editor, { name, description }: TopicFields): Promise<Topic> =>
      db.transaction(async (tx) => {
        const owner = ownerIn(editor);
        const at = new Date(clock.now());
        const row: Topic = {
          id: ids.next(),
          workspace_id: owner.workspaceId,
          name,
          description,
          created_by: editor.keyId ?? null,
          created_at: at,
          updated_at: at,
        };
        if ((await queries.countTopicsOf(tx, owner)) >= topicsMax)
          throw new ApiError(
            'conflict',
            `An organization, and each of its workspaces, can have at most ${topicsMax} topics.`,
          );
        if (!(await queries.insertTopic(tx, owner, row))) throw taken(name);
        await emitTopics(tx, editor, 'topic.created', [row], at);
        return row;
      }),

    /** @throws ApiError `not_found`; `conflict` when the name is taken */
    async update(
      editor: Editor,
      id: string,
      given: { readonly name?: string | undefined; readonly description?: string | null | undefined },
    ): Promise<Topic> {
      const updated = db.transaction(async (tx) => {
        await queries.lockTopic(tx, editor, id);
        const before = await get(editor, id, tx);
        const at = new Date(clock.now());
        const { name = before.name, description = before.description } = given;
        const after: Topic = { ...before, name, description, updated_at: at };
        const changed = changedFields(before, after, ['name', 'description']);
        if (changed.length === 0) return before;
        await queries.saveTopic(tx, after);
        await emitTopics(tx, editor, 'topic.updated', [after], at, changed);
        return after;
      });
      return updated.catch((error: unknown) => {
        throw sqlState(error) === '23505' ? taken(given.name ?? '') : error;
      });
    },

    /** Deletes a topic with its opt-outs. @throws ApiError `not_found`; `conflict` while a campaign that is not archived has it */
    remove: (editor: Editor, id: string): Promise<void> =>
      db.transaction(async (tx) => {
        await suppressions.lock(tx, editor.organizationId);
        await queries.lockTopic(tx, editor, id);
        const topic = await get(editor, id, tx);
        const [campaign] = await queries.campaignsOf(tx, id, 1);
        if (campaign !== undefined)
          throw new ApiError(
            'conflict',
            `The campaign ${campaign.id} has this topic. Give it another topic, or none, or archive it first.`,
          );
        await queries.deleteTopic(tx, id);
        await emitTopics(tx, editor, 'topic.deleted', [topic], new Date(clock.now()));
      }),

    /** Deletes the opt-outs and the topics of a workspace that is being deleted. */
    removeOfWorkspace: (async (tx, { workspaceId, ...organization }, limit) => {
      const optOuts = await queries.deleteOptOutsOf(tx, workspaceId, limit);
      if (optOuts > 0) return optOuts;
      const removed = await queries.deleteTopicsOf(tx, workspaceId, limit);
      await emitTopics(tx, organization, 'topic.deleted', removed, new Date(clock.now()));
      return removed.length;
    }) satisfies WorkspaceStage,

    /**
     * Keeps a topic of a campaign until the transaction ends.
     * @param owner of the campaign
     * @throws ApiError `validation_failed` for a topic out of reach, or of another workspace
     */
    async holdFor(tx: Transaction, reach: Reach, owner: Owner, id: string): Promise<void> {
      const topic = await queries.holdTopic(tx, reach, id);
      const { workspaceId: reached } = reach;
      if (topic === undefined || (reached !== undefined && topic.workspace_id !== reached))
        throw invalid({ topic_id: unknownTo({ ...owner, workspaceId: reached ?? null }) });
      if (topic.workspace_id !== null && topic.workspace_id !== owner.workspaceId)
        throw invalid({ topic_id: 'belongs to another workspace than the campaign' });
    },
  };
}

function createOptOuts(options: TopicsOptions) {
  const { db, suppressions } = options;
  const listeners: LeftListener[] = [];
  const leaving = { ...options, listeners };
  const get = getFrom(db);

  return {
    /** Registers a listener for addresses that leave. Call it while composing. */
    listen: (listener: LeftListener) => void listeners.push(listener),

    /** Which addresses left the topic of what is to be sent to them, also by another address of their contact. In the order of the addresses. */
    leftOf: (
      on: Queryable,
      organization: OrganizationId,
      addresses: readonly TopicalAddress[],
    ): Promise<readonly boolean[]> => leftOf(options, on, organization, addresses),

    /** Lets addresses leave a topic, in the caller's transaction. @returns a result per address, in their order */
    leave: (tx: Transaction, editor: Editor, topic: Topic, rows: readonly Leaving[]): Promise<readonly Left[]> =>
      leave(leaving, tx, editor, topic, rows),

    /** `leave` in a transaction of its own. @throws ApiError `not_found` */
    add: (editor: Editor, id: string, rows: readonly Leaving[]): Promise<readonly Left[]> =>
      db.transaction(async (tx) => {
        await suppressions.lock(tx, editor.organizationId);
        const topic = await get(editor, id, tx);
        return leave(leaving, tx, editor, topic, rows);
      }),

    /** Lets addresses rejoin a topic by the ids of their opt-outs, in the caller's transaction. @returns the opt-outs that were deleted */
    rejoin: (tx: Transaction, editor: Editor, topic: Topic, wanted: readonly string[]): Promise<readonly OptOut[]> =>
      rejoin(options, tx, editor, topic, wanted),

    /** @throws ApiError `not_found` */
    removeOptOut: (editor: Editor, id: string, optOutId: string): Promise<void> =>
      db.transaction(async (tx) => {
        await suppressions.lock(tx, editor.organizationId);
        const removed = await rejoin(options, tx, editor, await get(editor, id, tx), [optOutId]);
        if (removed.length === 0) throw notFound('Opt-out');
      }),

    /** Lets addresses rejoin. @returns those that had left @throws ApiError `not_found` */
    removeAddresses: (editor: Editor, id: string, keys: readonly string[]): Promise<ReadonlySet<string>> =>
      db.transaction(async (tx) => {
        const { organizationId: organization } = editor;
        await suppressions.lock(tx, organization);
        const topic = await get(editor, id, tx);
        const wanted = [...new Set(keys)];
        const hashes = await hashesOf(options, tx, organization, wanted);
        const found = await queries.optOutsByHashes(tx, organization, id, hashes);
        await rejoin(
          options,
          tx,
          editor,
          topic,
          found.map((row) => row.id),
        );
        const left = new Set(found.map(({ hash }) => hash.toString('hex')));
        return new Set(wanted.filter((_, index) => left.has(hashes[index]?.toString('hex') ?? '')));
      }),

    /** @throws ApiError `not_found` */
    optOut: async (reach: Reach, id: string, optOutId: string): Promise<OptOut> => {
      await get(reach, id);
      const row = await queries.optOutById(db, reach.organizationId, id, optOutId);
      if (row === undefined) throw notFound('Opt-out');
      return row;
    },

    /** The opt-out of an address, as addresses are compared. */
    optOutOf: async (on: Queryable, organization: OrganizationId, topic: string, key: string) => {
      const hashes = await hashesOf(options, on, organization, [key]);
      return (await queries.optOutsByHashes(on, organization, topic, hashes))[0];
    },

    /** A page of a topic's opt-outs. @param key only that of this address @throws ApiError `not_found` */
    optOuts: async (
      reach: Reach,
      id: string,
      key: string | null | undefined,
      slice: Slice,
    ): Promise<Total & { readonly rows: readonly OptOut[] }> => {
      await get(reach, id);
      const { organizationId: organization } = reach;
      if (key === null) return { rows: [], total: 0, capped: false };
      if (key !== undefined) {
        const found = await queries.optOutsByHashes(
          db,
          organization,
          id,
          await hashesOf(options, db, organization, [key]),
        );
        const all = sliceOf(found, { updatedSince: slice.updatedSince, limit: found.length });
        return { rows: sliceOf(found, slice), total: all.length, capped: false };
      }
      const [rows, count] = await Promise.all([
        queries.listOptOuts(db, organization, id, slice),
        queries.countOptOuts(db, organization, id, slice, countedMax + 1),
      ]);
      return { rows, ...totalOf(count) };
    },

    /** The topics that concern a contact, with what it left. @param keys its addresses, as addresses are compared */
    ofContact: async (reach: Reach, workspace: string | null, keys: readonly string[]): Promise<AddressTopic[]> =>
      queries.topicsOfAddresses(db, reach, workspace, await hashesOf(options, db, reach.organizationId, keys)),
  };
}
