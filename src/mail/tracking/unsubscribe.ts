import { dayOf, minuteMs } from '../../base/clock.ts';
import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Editor } from '../../crm/records/index.ts';
import type { Suppressions } from '../../crm/suppressions/index.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Emitter } from '../../events/index.ts';
import type { Deps } from '../../ops/index.ts';
import { count } from '../analytics/index.ts';
import { emailEvent, openContent } from '../sending/index.ts';
import {
  deleteUnsubscribe,
  lockUnsubscribe,
  markUndone,
  messageById,
  messagesBySendKeys,
  saveUnsubscribe,
} from './queries.ts';
import type { TrackedMessage, Unsubscribe } from './queries.ts';

/** `link`: the button of the page. `one_click`: RFC 8058. `mailto`: a message to the mailbox. `reply`: an answer asks for it. */
export type Method = 'link' | 'one_click' | 'mailto' | 'reply';

/** Who opted out. */
export interface OptOut {
  readonly organizationId: OrganizationId;
  /** The workspace of the message, the only one that the person left; undefined: the whole organization. */
  readonly workspaceId: WorkspaceId | undefined;
  /** The message whose link was used, or the answer that asks for it. */
  readonly messageId: string;
  /** As addresses are compared. */
  readonly emailKey: string;
  /** Of the organization's clock. */
  readonly atMs: number;
}

/** Stops what is sent to the address. Called after the suppression, before other records are locked. @returns the leads that it ended */
export type OnUnsubscribed = (tx: Transaction, optOut: OptOut) => Promise<readonly { readonly id: string }[]>;

export interface UnsubscribingOptions extends Deps, Pick<Emitter, 'emitAll'> {
  readonly suppressions: Pick<Suppressions, 'lock' | 'suppress' | 'suppressed' | 'takeBack' | 'liftCausedBy'>;
  readonly onUnsubscribed: OnUnsubscribed;
}

/** How long the page offers to undo it. */
export const undoMs = 10 * minuteMs;

/** The message that a token names; undefined if it was not sent, or if its recipient was erased. */
export async function messageOf(
  { db }: Pick<Deps, 'db'>,
  organization: OrganizationId,
  sendKey: string,
): Promise<TrackedMessage | undefined> {
  const [message] = await messagesBySendKeys(db, [organization], [sendKey]);
  return message;
}

/** Whether an opt-out is in force. */
export const isOut = (row: Unsubscribe | undefined): row is Unsubscribe => row?.undone_at === null;

/** Whether it can be undone by its page. */
export const isUndoable = (
  row: Unsubscribe | undefined,
  nowMs: number,
): row is Unsubscribe & { readonly suppression_id: string } =>
  isOut(row) && row.suppression_id !== null && nowMs - row.at.getTime() < undoMs;

/**
 * Opts the recipient of a message out: of the workspace of the message, or without one of the whole organization. Idempotent.
 * @example
 * await db.transaction((tx) => unsubscribe(options, tx, message, 'one_click'));
 */
export async function unsubscribe(
  options: UnsubscribingOptions,
  tx: Transaction,
  message: TrackedMessage,
  method: Method,
  answer?: Answer,
): Promise<void> {
  const { organization_id: organizationId, party_key: emailKey } = message;
  // Erased: its suppression is kept by a hash.
  if (message.content.length === 0) return;
  const { clock, suppressions, onUnsubscribed, vault, emitAll } = options;
  await suppressions.lock(tx, organizationId);
  const before = await lockUnsubscribe(tx, message.id);
  // An answer may repeat the opt-out after a person lifted the suppression; an earlier answer may have been misread.
  if (isOut(before) && answer === undefined && before.method !== 'reply') return;
  const atMs = clock.now() + message.clock_ahead_ms;
  const evidence = answer === undefined ? {} : { messageId: answer.id };
  const workspaceId = message.workspace_id ?? undefined;
  const [made] = await suppressions.suppress(
    tx,
    { organizationId, workspaceId },
    [...new Set([emailKey, ...(answer?.keys ?? [])])].map((value) => ({
      kind: 'email',
      value,
      reason: 'unsubscribed',
      ...evidence,
    })),
  );
  if (isOut(before) && made?.created !== true) {
    if (answer === undefined)
      await saveUnsubscribe(tx, organizationId, {
        message_id: message.id,
        method,
        suppression_id: null,
        counted: false,
        at: new Date(clock.now()),
      });
    return;
  }
  const ended = await onUnsubscribed(tx, {
    organizationId,
    workspaceId,
    messageId: answer?.id ?? message.id,
    emailKey,
    atMs,
  });
  // A lead counts once, for the message by which it ended.
  const counted = ended.some(({ id }) => id === message.lead_id);
  await saveUnsubscribe(tx, organizationId, {
    message_id: message.id,
    method,
    suppression_id: made?.created === true ? made.suppression.id : null,
    counted,
    at: new Date(clock.now()),
  });
  if (counted) await countOptOut(tx, message, 1);
  const { subject } = await openContent(vault, tx, message);
  await emitAll(tx, [emailEvent('email.unsubscribed', message, subject, atMs, { method })]);
}

/** Opts the recipient of a message out, and other addresses of theirs, from which the token of its opt-out came. Idempotent. */
export async function unsubscribeByToken(
  options: UnsubscribingOptions,
  tx: Transaction,
  message: TrackedMessage,
  also: readonly string[],
): Promise<void> {
  if (message.content.length === 0) return;
  await options.suppressions.suppress(
    tx,
    { organizationId: message.organization_id, workspaceId: message.workspace_id ?? undefined },
    also.map((value) => ({ kind: 'email', value, reason: 'unsubscribed', messageId: message.id })),
  );
  await unsubscribe(options, tx, message, 'mailto');
}

/** Adds to the opt-outs of the step that a message belongs to. */
export async function countOptOut(tx: Transaction, message: TrackedMessage, unsubscribed: 1 | -1): Promise<void> {
  const { organization_id: organizationId, campaign_id: campaignId, step_id: stepId, variant, provider } = message;
  if (campaignId === null || stepId === null) return;
  const day = dayOf((message.sent_at ?? message.created_at).getTime());
  const stats = { day, stepId, variant, mailboxId: message.mailbox_id, provider, unsubscribed };
  await count(tx, [{ campaignId, organizationId, stats }]);
}

/** A stored answer by which somebody opts out. */
export interface Answer {
  /** `messages.id`. */
  readonly id: string;
  /** `messages.id` of what it answers. */
  readonly answeredId: string;
  /** The addresses to suppress besides the recipient, such as its sender's, as addresses are compared. */
  readonly keys: readonly string[];
}

/** Opts out the recipient of the answered message and the sender of the answer. Idempotent. Lock the suppressions before messages. */
export async function unsubscribeByAnswer(
  options: UnsubscribingOptions,
  tx: Transaction,
  organization: OrganizationId,
  answer: Answer,
): Promise<void> {
  const message = await messageById(tx, organization, answer.answeredId);
  if (message !== undefined) await unsubscribe(options, tx, message, 'reply', answer);
}

/**
 * Undoes what an answer suppressed, because it does not ask for an opt-out. An address stays suppressed if anything else asks for one.
 * @param others other answers that ask for an opt-out, by address
 * @returns whether the recipient of the answered message is not suppressed by its address any more
 */
export async function withdrawAnswer(
  { suppressions }: UnsubscribingOptions,
  tx: Transaction,
  editor: Editor,
  { id, answeredId }: Pick<Answer, 'id' | 'answeredId'>,
  others: ReadonlyMap<string, string>,
): Promise<boolean> {
  const { organizationId } = editor;
  await suppressions.liftCausedBy(tx, editor, id, 'unsubscribed', others);
  const message = await messageById(tx, organizationId, answeredId);
  if (message === undefined) return false;
  if (await isSuppressed({ suppressions }, tx, message)) return false;
  const row = await lockUnsubscribe(tx, answeredId);
  if (isOut(row) && row.method === 'reply') {
    await deleteUnsubscribe(tx, answeredId);
    if (row.counted !== false) await countOptOut(tx, message, -1);
  }
  return true;
}

/**
 * Lifts the suppression that the opt-out made, within ten minutes, unless anything else has asked for it since. Leads that it stopped stay
 * stopped.
 * @returns false if it is too late, or if the address stays suppressed
 */
export async function undo(
  { clock, suppressions }: UnsubscribingOptions,
  tx: Transaction,
  message: TrackedMessage,
): Promise<boolean> {
  const { organization_id: organizationId } = message;
  await suppressions.lock(tx, organizationId);
  const row = await lockUnsubscribe(tx, message.id);
  if (!isUndoable(row, clock.now())) return false;
  await suppressions.takeBack(tx, { organizationId }, row.suppression_id);
  if (await isSuppressed({ suppressions }, tx, message)) return false;
  await markUndone(tx, message.id, new Date(clock.now()));
  return true;
}

/** Whether the recipient's address itself is suppressed for the sender's workspace, beside its domain. */
async function isSuppressed(
  { suppressions }: Pick<UnsubscribingOptions, 'suppressions'>,
  tx: Transaction,
  { organization_id: organizationId, workspace_id: workspaceId, party_key: key }: TrackedMessage,
): Promise<boolean> {
  const domain = key.slice(key.lastIndexOf('@') + 1);
  return (await suppressions.suppressed(tx, { organizationId, workspaceId }, [{ key, domain }])).get(key) === 'email';
}
