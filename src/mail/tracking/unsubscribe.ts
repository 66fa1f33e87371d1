import { minuteMs } from '../../base/clock.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Suppressions } from '../../crm/suppressions/index.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Emitter } from '../../events/index.ts';
import type { Deps } from '../../ops/index.ts';
import { count, dayOf } from '../analytics/index.ts';
import { emailEvent, openContent } from '../sending/index.ts';
import { lockUnsubscribe, markUndone, messagesBySendKeys, saveUnsubscribe } from './queries.ts';
import type { TrackedMessage, Unsubscribe } from './queries.ts';

/** `link`: the button of the page. `one_click`: RFC 8058. `mailto`: a message to the mailbox. */
export type Method = 'link' | 'one_click' | 'mailto';

/** Who opted out. */
export interface OptOut {
  readonly organizationId: OrganizationId;
  /** The message whose link was used. */
  readonly messageId: string;
  /** As addresses are compared. */
  readonly emailKey: string;
  /** Of the organization's clock. */
  readonly atMs: number;
}

/** Stops what is sent to the address. Called after the suppression, before other records are locked. */
export type OnUnsubscribed = (tx: Transaction, optOut: OptOut) => Promise<unknown>;

export interface UnsubscribingOptions extends Deps, Pick<Emitter, 'emitAll'> {
  readonly suppressions: Pick<Suppressions, 'lock' | 'suppress' | 'lift'>;
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
export const isUndoable = (row: Unsubscribe | undefined, nowMs: number): boolean =>
  isOut(row) && nowMs - row.at.getTime() < undoMs;

/**
 * Opts the recipient of a message out, everywhere in the organization. Idempotent.
 * @example
 * await db.transaction((tx) => unsubscribe(options, tx, message, 'one_click'));
 */
export async function unsubscribe(
  options: UnsubscribingOptions,
  tx: Transaction,
  message: TrackedMessage,
  method: Method,
): Promise<void> {
  const { organization_id: organizationId, party_key: emailKey, campaign_id: campaignId, step_id: stepId } = message;
  // Erased: its suppression is kept by a hash.
  if (message.content.length === 0) return;
  const { clock, suppressions, onUnsubscribed, vault, emitAll } = options;
  await suppressions.lock(tx, organizationId);
  const before = await lockUnsubscribe(tx, message.id);
  if (isOut(before)) return;
  const atMs = clock.now() + message.clock_ahead_ms;
  const [made] = await suppressions.suppress(tx, { organizationId }, [
    { kind: 'email', value: emailKey, reason: 'unsubscribed' },
  ]);
  await onUnsubscribed(tx, { organizationId, messageId: message.id, emailKey, atMs });
  await saveUnsubscribe(tx, organizationId, {
    message_id: message.id,
    method,
    suppression_id: made?.created === true ? made.suppression.id : null,
    at: new Date(clock.now()),
  });
  if (campaignId !== null && stepId !== null && before === undefined)
    await count(tx, [
      {
        campaignId,
        organizationId,
        stats: {
          day: dayOf((message.sent_at ?? message.created_at).getTime()),
          stepId,
          variant: message.variant,
          mailboxId: message.mailbox_id,
          provider: message.provider,
          unsubscribed: 1,
        },
      },
    ]);
  const { subject } = await openContent(vault, tx, message);
  await emitAll(tx, [emailEvent('email.unsubscribed', message, subject, atMs, { method })]);
}

/**
 * Lifts the suppression that the opt-out made, within ten minutes. Leads that it stopped stay stopped.
 * @returns false if it is too late, or there is nothing to undo
 */
export async function undo(
  { clock, suppressions }: UnsubscribingOptions,
  tx: Transaction,
  message: TrackedMessage,
): Promise<boolean> {
  await suppressions.lock(tx, message.organization_id);
  const row = await lockUnsubscribe(tx, message.id);
  if (!isOut(row) || !isUndoable(row, clock.now())) return false;
  if (row.suppression_id !== null)
    await suppressions.lift(tx, { organizationId: message.organization_id }, row.suppression_id);
  await markUndone(tx, message.id, new Date(clock.now()));
  return true;
}
