import { announce } from '../../db/bus.ts';
import type { Transaction } from '../../db/pool.ts';
import { counters, noCounts } from './counters.ts';
import type { Counter, DayDelta, DayRow } from './counters.ts';
import { addDays, makeDue } from './queries.ts';

/** Counts that change what is known of the health of a mailbox at once; the others count with the next measurement. */
const urgent = ['bounced', 'complained', 'inboxed', 'spam'] as const satisfies readonly Counter[];

const pending = new WeakMap<Transaction, DayDelta[]>();

/**
 * Adds to the counts of mailboxes: the only writer of `mailbox_days`. Written in one statement before the commit, so it can be called
 * anywhere in a transaction.
 * @example
 * count(tx, [{ mailboxId, organizationId, day: dayOf(sentAtMs), spam: 1 }]);
 */
export function count(tx: Transaction, deltas: readonly DayDelta[]): void {
  if (deltas.length === 0) return;
  const known = pending.get(tx);
  if (known !== undefined) return void known.push(...deltas);
  const own = [...deltas];
  pending.set(tx, own);
  tx.beforeCommit(() => write(tx, own));
}

async function write(tx: Transaction, deltas: readonly DayDelta[]): Promise<void> {
  const rows = merge(deltas);
  const due = rows.filter((row) => urgent.some((counter) => row[counter] !== 0)).map(({ mailboxId }) => mailboxId);
  // Its measurement waits for this commit, or this for the measurement: so none reads the counts before them and ends after them.
  if (due.length > 0) {
    await makeDue(tx, [...new Set(due)]);
    await announce(tx, { kind: 'due', endpoints: [] });
  }
  await addDays(tx, rows);
}

/** One row for each mailbox and day. */
function merge(deltas: readonly DayDelta[]): DayRow[] {
  const rows = new Map<string, DayRow>();
  for (const delta of deltas) {
    const { mailboxId, organizationId, day } = delta;
    const key = `${mailboxId} ${day}`;
    const row = rows.get(key) ?? { mailboxId, organizationId, day, ...noCounts };
    for (const counter of counters) row[counter] += delta[counter] ?? 0;
    rows.set(key, row);
  }
  return [...rows.values()];
}
