/** Leaving the topic of a message: what its links do if its campaign has one. */
import type { Topic, Topics } from '../../crm/topics/index.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import type { TrackedMessage } from './queries.ts';
import { countOptOut, undoMs } from './unsubscribe.ts';
import type { OptOut, UnsubscribingOptions } from './unsubscribe.ts';

/** Who left a topic. */
export interface TopicLeft extends OptOut {
  readonly topicId: string;
}

/** Ends leads in the campaigns of the topic. Called after the address left it, before other records are locked. @returns the leads that it ended */
export type OnLeftTopic = (tx: Transaction, left: TopicLeft) => Promise<readonly { readonly id: string }[]>;

export interface LeavingOptions extends Pick<UnsubscribingOptions, 'db' | 'clock' | 'suppressions'> {
  readonly topics: Pick<Topics, 'topicOf' | 'leave' | 'rejoin' | 'optOutOf'>;
  readonly onLeftTopic: OnLeftTopic;
}

/** What the page of a message shows of its topic. */
export interface TopicState {
  readonly topic: Topic;
  readonly left: boolean;
  /** It was left by this message's link a short time ago. */
  readonly undoable: boolean;
}

/** The topic of a message, while it exists. */
export const topicOf = async (
  { topics }: Pick<LeavingOptions, 'topics'>,
  on: Queryable,
  { organization_id: organizationId, topic_id: id }: Pick<TrackedMessage, 'organization_id' | 'topic_id'>,
): Promise<Topic | undefined> => (id === null ? undefined : topics.topicOf(on, organizationId, id));

/** The topic of a message, and whether its recipient left it. */
export async function topicStateOf(
  options: LeavingOptions,
  on: Queryable,
  message: TrackedMessage,
): Promise<TopicState | undefined> {
  const topic = await topicOf(options, on, message);
  if (topic === undefined) return undefined;
  const optOut = await options.topics.optOutOf(on, message.organization_id, topic.id, message.party_key);
  const undoable = optOut?.message_id === message.id && options.clock.now() - optOut.created_at.getTime() < undoMs;
  return { topic, left: optOut !== undefined, undoable };
}

/**
 * Lets the recipient of a message leave its topic, and ends their leads in its campaigns. Idempotent.
 * @param also other addresses of the recipient, which leave it, too
 * @example
 * await db.transaction((tx) => leaveTopic(options, tx, message, topic));
 */
export async function leaveTopic(
  { clock, suppressions, topics, onLeftTopic }: LeavingOptions,
  tx: Transaction,
  message: TrackedMessage,
  topic: Topic,
  also: readonly string[] = [],
): Promise<void> {
  // Erased: its opt-outs are kept by a hash.
  if (message.content.length === 0) return;
  const { organization_id: organizationId, party_key: emailKey } = message;
  const workspaceId = message.workspace_id ?? undefined;
  await suppressions.lock(tx, organizationId);
  const keys = [emailKey, ...also];
  const rows = keys.map((key) => ({ key, reason: 'unsubscribed', messageId: message.id }) as const);
  const [left] = await topics.leave(tx, { organizationId, workspaceId }, topic, rows);
  if (left?.created !== true) return;
  const atMs = clock.now() + message.clock_ahead_ms;
  const ended = await onLeftTopic(tx, {
    organizationId,
    workspaceId,
    messageId: message.id,
    emailKey,
    atMs,
    topicId: topic.id,
  });
  if (ended.some(({ id }) => id === message.lead_id)) await countOptOut(tx, message, 1);
}

/** Lets the recipient rejoin the topic that they left by this message's link. Leads that it ended stay ended. @returns false if it is too late */
export async function rejoinTopic(
  options: LeavingOptions,
  tx: Transaction,
  message: TrackedMessage,
  topic: Topic,
): Promise<boolean> {
  const { organization_id: organizationId } = message;
  await options.suppressions.lock(tx, organizationId);
  const state = await topicStateOf(options, tx, message);
  if (state?.undoable !== true) return false;
  const optOut = await options.topics.optOutOf(tx, organizationId, topic.id, message.party_key);
  if (optOut !== undefined) await options.topics.rejoin(tx, { organizationId }, topic, [optOut.id]);
  return true;
}
