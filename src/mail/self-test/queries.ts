import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import { first } from '../../db/pool.ts';
import type { Queryable } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import type { Reading } from './reading.ts';

export interface SelfTestRow {
  readonly message_id: string;
  readonly organization_id: OrganizationId;
  readonly mailbox_id: MailboxId;
  readonly created_at: Date;
  readonly found_at: Date | null;
  readonly result: Reading | null;
  readonly filed: boolean | null;
  /** Of the message. */
  readonly status: string;
  readonly error: string | null;
}

export const insertTest = (
  db: Queryable,
  row: Pick<SelfTestRow, 'message_id' | 'organization_id' | 'mailbox_id' | 'created_at'> & { readonly token: string },
): Promise<number> =>
  db.execute(sql`
    INSERT INTO self_tests (message_id, organization_id, mailbox_id, token, created_at)
    VALUES (${row.message_id}, ${row.organization_id}, ${row.mailbox_id}, ${row.token}, ${row.created_at})`);

/** The last self-test of a mailbox. */
export const lastTest = (db: Queryable, mailbox: MailboxId): Promise<SelfTestRow | undefined> =>
  first(
    db,
    sql<SelfTestRow>`
    SELECT t.message_id, t.organization_id, t.mailbox_id, t.created_at, t.found_at, t.result, t.filed, m.status, m.error
    FROM self_tests t JOIN messages m ON m.id = t.message_id
    WHERE t.mailbox_id = ${mailbox} ORDER BY t.created_at DESC, t.message_id DESC LIMIT 1`,
  );

export interface PendingTest {
  readonly message_id: string;
  readonly token: string;
  readonly sent_message_id: string;
  /** Of From, in A-labels. */
  readonly domain: string;
}

/** The self-tests of a mailbox that were begun since a time and not found yet. */
export const pendingTests = (db: Queryable, mailbox: string, since: Date): Promise<PendingTest[]> =>
  db.query(sql<PendingTest>`
    SELECT t.message_id, t.token, m.message_id AS sent_message_id, b.domain
    FROM self_tests t JOIN messages m ON m.id = t.message_id JOIN mailboxes b ON b.id = t.mailbox_id
    WHERE t.mailbox_id = ${mailbox} AND t.created_at > ${since} AND t.found_at IS NULL`);

export const saveResult = (db: Queryable, id: string, at: Date, result: Reading): Promise<number> =>
  db.execute(
    sql`UPDATE self_tests SET found_at = ${at}, result = ${JSON.stringify(result)}::jsonb WHERE message_id = ${id} AND found_at IS NULL`,
  );

export const saveFiled = (db: Queryable, id: string): Promise<number> =>
  db.execute(sql`UPDATE self_tests SET filed = true WHERE message_id = ${id} AND filed IS NULL`);

/** Records of self-tests found before a time that no copy is in Sent. @returns how many */
export const saveNotFiled = (db: Queryable, mailbox: string, foundBefore: Date): Promise<number> =>
  db.execute(
    sql`UPDATE self_tests SET filed = false WHERE mailbox_id = ${mailbox} AND found_at <= ${foundBefore} AND filed IS NULL`,
  );
