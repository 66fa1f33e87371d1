import { first } from '../db/pool.ts';
import type { Queryable } from '../db/pool.ts';
import { sql } from '../db/sql.ts';

export interface MailRow {
  readonly id: string;
  readonly kind: string;
  readonly email: string;
  readonly attempt_count: number;
  readonly expires_at: Date;
}

export const insertMail = (
  db: Queryable,
  row: Omit<MailRow, 'attempt_count'> & { readonly due_at: Date },
): Promise<number> =>
  db.execute(sql`
    INSERT INTO account_mails (id, kind, email, due_at, attempt_count, expires_at)
    VALUES (${row.id}, ${row.kind}, ${row.email}, ${row.due_at}, 0, ${row.expires_at})`);

/** Claims up to `limit` due mails under a lease. */
export const claimMails = (db: Queryable, limit: number, now: Date, leaseUntil: Date): Promise<MailRow[]> =>
  db.query(sql<MailRow>`
    UPDATE account_mails SET due_at = ${leaseUntil}, attempt_count = attempt_count + 1
    WHERE id IN (SELECT id FROM account_mails WHERE due_at <= ${now} ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING id, kind, email, attempt_count, expires_at`);

export const postponeMail = (db: Queryable, id: string, until: Date): Promise<number> =>
  db.execute(sql`UPDATE account_mails SET due_at = ${until} WHERE id = ${id}`);

export const deleteMail = (db: Queryable, id: string): Promise<number> =>
  db.execute(sql`DELETE FROM account_mails WHERE id = ${id}`);

export const nextMailDue = async (db: Queryable): Promise<Date | undefined> =>
  (await first(db, sql<{ due_at: Date }>`SELECT due_at FROM account_mails ORDER BY due_at LIMIT 1`))?.due_at;

export const expireMails = (db: Queryable, now: Date): Promise<number> =>
  db.execute(sql`DELETE FROM account_mails WHERE expires_at <= ${now}`);
