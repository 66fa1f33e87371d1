import type { Ids, MailboxId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import { emailEvent, openContent } from './content.ts';
import { failWaitingMessages, insertHistory, waitingOf } from './settle-queries.ts';
import type { NewEvent } from './settle.ts';

export interface FailWaitingOptions {
  readonly ids: Ids;
  readonly vault: Vault;
}

/** In one transaction; the rest follows in the next ones. */
const chunk = 500;

/** Ends messages that wait, each with why. @returns the events to emit, and how many it ended */
export async function failWaiting(
  { ids, vault }: FailWaitingOptions,
  tx: Transaction,
  rows: readonly { readonly id: string; readonly error: string }[],
  nowMs: number,
): Promise<{ readonly events: NewEvent[]; readonly ended: number }> {
  const errors = new Map(rows.map(({ id, error }) => [id, error]));
  const ended = await failWaitingMessages(tx, rows);
  if (ended.length === 0) return { events: [], ended: 0 };
  await insertHistory(
    tx,
    ended.map((row) => ({
      messageId: row.id,
      id: ids.next(),
      organizationId: row.organization_id,
      kind: 'failed',
      detail: { reason: errors.get(row.id) ?? null },
    })),
    new Date(nowMs),
  );
  const events: NewEvent[] = [];
  for (const row of ended) {
    const { subject } = await openContent(vault, tx, row);
    events.push(emailEvent('email.failed', row, subject, nowMs, { error: errors.get(row.id) ?? null }));
  }
  return { events, ended: ended.length };
}

/** Ends the first waiting messages of a mailbox. `more`: others may wait. */
export async function failWaitingOf(
  options: FailWaitingOptions,
  tx: Transaction,
  mailbox: MailboxId,
  error: string,
  nowMs: number,
): Promise<{ readonly events: NewEvent[]; readonly more: boolean }> {
  const waiting = await waitingOf(tx, mailbox, chunk);
  const { events } = await failWaiting(
    options,
    tx,
    waiting.map(({ id }) => ({ id, error })),
    nowMs,
  );
  return { events, more: waiting.length === chunk };
}
