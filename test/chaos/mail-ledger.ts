import type { Database } from '../../src/db/pool.ts';
import { sql } from '../../src/db/sql.ts';
import type { ReceivedMessage } from '../harness/fault-smtp-faults.ts';

/** Statuses in which a message is not sent any more. `not_found` and `unknown` wait for a person. */
const ended = ['sent', 'delivered', 'bounced', 'failed', 'unknown', 'not_found'] as const;

export interface Account {
  readonly stored: number;
  readonly byStatus: ReadonlyMap<string, number>;
  readonly twice: number;
  /** Acknowledged by the API and not stored. */
  readonly missing: number;
  /** Neither sent nor ended: waiting, or given to a server without an outcome. */
  readonly open: number;
  readonly sentUnaccepted: number;
  readonly failedAccepted: number;
  readonly unknownAccepted: number;
  readonly unknownNotAccepted: number;
  /** Events `email.sent` beyond one for each message that was sent, or without one. */
  readonly eventsWrong: number;
  /** Reservations of messages that were certainly not sent. */
  readonly reservationsLeft: number;
}

/** Compares what the API acknowledged with the database and with what the servers accepted. */
export function createMailLedger(db: Database) {
  const outbound = () =>
    db.query(sql<{ id: string; to_address: string; status: string }>`
      SELECT id, to_address, status FROM messages WHERE direction = 'outbound' AND purpose = 'direct'`);
  return {
    /** Messages that are not at their end. */
    async open(): Promise<number> {
      return (await outbound()).filter(({ status }) => !ended.includes(status as (typeof ended)[number])).length;
    },
    /** @param acknowledged the recipients of messages that the API accepted; each has one message */
    async account(acknowledged: ReadonlySet<string>, received: readonly ReceivedMessage[]): Promise<Account> {
      const rows = await outbound();
      const accepted = new Map<string, number>();
      for (const { to, outcome } of received)
        if (outcome !== 'refused') for (const address of to) accepted.set(address, (accepted.get(address) ?? 0) + 1);
      const byStatus = new Map<string, number>();
      for (const { status } of rows) byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
      const stored = new Set(rows.map((row) => row.to_address));
      const count = (statuses: readonly string[], isAccepted: boolean): number =>
        rows.filter((row) => statuses.includes(row.status) && accepted.has(row.to_address) === isAccepted).length;
      const events = new Map(
        (
          await db.query(sql<{ id: string; count: number }>`
            SELECT convert_from(data, 'UTF8')::jsonb ->> 'email_id' AS id, count(*) AS count FROM events WHERE type = 'email.sent' GROUP BY 1`)
        ).map((row) => [row.id, row.count]),
      );
      const [reservations] = await db.query(sql<{ count: number }>`
        SELECT count(*) AS count FROM send_reservations r JOIN messages m ON m.id = r.message_id WHERE m.status IN ('failed', 'bounced', 'claimed', 'deferred')`);
      return {
        stored: rows.length,
        byStatus,
        twice: [...accepted.values()].reduce((sum, times) => sum + times - 1, 0),
        missing: [...acknowledged].filter((address) => !stored.has(address)).length + rows.length - stored.size,
        open: rows.filter(({ status }) => !ended.includes(status as (typeof ended)[number])).length,
        sentUnaccepted: count(['sent', 'delivered'], false),
        failedAccepted: count(['failed', 'bounced'], true),
        unknownAccepted: count(['unknown', 'not_found'], true),
        unknownNotAccepted: count(['unknown', 'not_found'], false),
        eventsWrong: rows.filter(
          (row) => (events.get(row.id) ?? 0) !== (['sent', 'delivered'].includes(row.status) ? 1 : 0),
        ).length,
        reservationsLeft: reservations?.count ?? 0,
      };
    },
  };
}
