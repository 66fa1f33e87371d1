import type { OrganizationClocks } from '../../auth/index.ts';
import type { Ids, MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { EmitAll } from '../../events/index.ts';
import { emailEvent, isSilent, openContent } from './content.ts';
import { failWaitingMessages, insertHistory, unknownAmong, waitingOf } from './settle-queries.ts';
import type { EndedRow } from './settle-queries.ts';
import type { NewEvent } from './settle.ts';
import { changeOf } from './sources.ts';
import type { Change } from './sources.ts';

export interface FailWaitingOptions {
  readonly ids: Ids;
  readonly vault: Vault;
}

/** In one transaction; the rest follows in the next ones. */
const chunk = 500;

const factOf = ({ status }: EndedRow): 'failed' | 'abandoned' => (status === 'unknown' ? 'abandoned' : 'failed');

/** Ends messages that wait, each with why: `failed`, or `unknown` if a person sent it again. @returns the events to emit, and what changed */
export async function failWaiting(
  { ids, vault }: FailWaitingOptions,
  tx: Transaction,
  rows: readonly { readonly id: string; readonly error: string }[],
  nowOf: (organization: OrganizationId) => number,
): Promise<{ readonly events: NewEvent[]; readonly changes: Change[] }> {
  const errors = new Map(rows.map(({ id, error }) => [id, error]));
  const ended = await failWaitingMessages(tx, rows);
  if (ended.length === 0) return { events: [], changes: [] };
  const reasonOf = ({ id }: { readonly id: string }): string | null => errors.get(id) ?? null;
  await insertHistory(
    tx,
    ended.map((row) => ({
      messageId: row.id,
      id: ids.next(),
      organizationId: row.organization_id,
      kind: factOf(row),
      detail: { reason: reasonOf(row) },
      at: new Date(nowOf(row.organization_id)),
    })),
  );
  const events: NewEvent[] = [];
  for (const row of ended) {
    if (row.status === 'unknown' || isSilent(row)) continue;
    const { subject } = await openContent(vault, tx, row);
    events.push(emailEvent('email.failed', row, subject, nowOf(row.organization_id), { error: reasonOf(row) }));
  }
  const changes = ended.map((row) =>
    changeOf(row, {
      fact: factOf(row),
      before: row.before,
      status: row.status,
      reason: reasonOf(row),
      error: null,
      atMs: nowOf(row.organization_id),
    }),
  );
  return { events, changes };
}

/** Ends the first waiting messages of a mailbox. `more`: others may wait. */
export async function failWaitingOf(
  options: FailWaitingOptions,
  tx: Transaction,
  mailbox: MailboxId,
  error: string,
  nowOf: (organization: OrganizationId) => number,
): Promise<{ readonly events: NewEvent[]; readonly changes: Change[]; readonly more: boolean }> {
  const waiting = await waitingOf(tx, mailbox, chunk);
  const ended = await failWaiting(
    options,
    tx,
    waiting.map(({ id }) => ({ id, error })),
    nowOf,
  );
  return { ...ended, more: waiting.length === chunk };
}

/** Emits `email.unknown` for those of these messages whose outcome is not known: nothing will look for it any more. */
export async function giveUpUnknown(
  {
    vault,
    clocks,
    emitAll,
  }: Pick<FailWaitingOptions, 'vault'> & {
    readonly clocks: Pick<OrganizationClocks, 'nowOf'>;
    readonly emitAll: EmitAll;
  },
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
): Promise<void> {
  const rows = (await unknownAmong(tx, ids)).filter((row) => !isSilent(row));
  if (rows.length === 0) return;
  const nowMs = await clocks.nowOf(tx, organization);
  const events: NewEvent[] = [];
  for (const row of rows) {
    const { subject } = await openContent(vault, tx, row);
    events.push(emailEvent('email.unknown', row, subject, nowMs, { error: row.error }));
  }
  await emitAll(tx, events);
}
