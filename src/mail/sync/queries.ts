import type { OrganizationId } from '../../base/ids.ts';
import { first } from '../../db/pool.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import type { FolderRole } from './folders.ts';

// Who reads a mailbox -------------------------------------------------------------------------------

export interface SyncRow {
  readonly mailbox_id: string;
  readonly organization_id: OrganizationId;
  /** JSON of the IMAP server's settings: a reader that connected with others starts again. */
  readonly server: string | null;
  /** When it may be connected to; null: it is not read. */
  readonly due_at: Date | null;
}

/** Records where mailboxes are read, and from when on. `holder` stays: the process that has it compares. */
export const saveSyncs = (tx: Transaction, rows: readonly SyncRow[]): Promise<number> =>
  tx.execute(sql`
    INSERT INTO mailbox_sync (mailbox_id, organization_id, server, due_at)
    SELECT * FROM unnest(${plainArray(rows.map((row) => row.mailbox_id))}::uuid[], ${plainArray(rows.map((row) => row.organization_id))}::uuid[],
      ${rows.map(({ server }) => server)}::text[], ${rows.map((row) => row.due_at)}::timestamptz[])
    ON CONFLICT (mailbox_id) DO UPDATE SET server = EXCLUDED.server, due_at = EXCLUDED.due_at
    WHERE mailbox_sync.server IS DISTINCT FROM EXCLUDED.server OR mailbox_sync.due_at IS DISTINCT FROM EXCLUDED.due_at`);

/** The mailboxes that a process holds. */
export const held = (db: Queryable, holder: string): Promise<SyncRow[]> =>
  db.query(sql<SyncRow>`SELECT mailbox_id, organization_id, server, due_at FROM mailbox_sync WHERE holder = ${holder}`);

/** How many mailboxes are read, by all processes together. */
export const countRead = async (db: Queryable, now: Date): Promise<number> =>
  (
    await first(
      db,
      sql<{ count: number }>`SELECT count(*) AS count FROM mailbox_sync WHERE due_at <= ${now} OR holder IS NOT NULL`,
    )
  )?.count ?? 0;

/** Takes mailboxes that are due and that nobody holds, those first that have been due longest. */
export const claim = (db: Queryable, holder: string, now: Date, limit: number): Promise<SyncRow[]> =>
  db.query(sql<SyncRow>`
    UPDATE mailbox_sync s SET holder = ${holder}
    WHERE s.mailbox_id IN (
      SELECT mailbox_id FROM mailbox_sync WHERE due_at <= ${now} AND holder IS NULL ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING s.mailbox_id, s.organization_id, s.server, s.due_at`);

/** When the next mailbox that nobody holds falls due. */
export const nextDue = async (db: Queryable, now: Date): Promise<Date | undefined> =>
  (
    await first(
      db,
      sql<{
        due_at: Date;
      }>`SELECT due_at FROM mailbox_sync WHERE due_at > ${now} AND holder IS NULL ORDER BY due_at LIMIT 1`,
    )
  )?.due_at;

/** Gives a mailbox back. @param dueAt if later than the time at which it is due anyway, it is due then */
export const release = (db: Queryable, mailbox: string, holder: string, dueAt: Date): Promise<number> =>
  db.execute(sql`
    UPDATE mailbox_sync SET holder = NULL, due_at = greatest(due_at, CASE WHEN due_at IS NULL THEN NULL ELSE ${dueAt}::timestamptz END)
    WHERE mailbox_id = ${mailbox} AND holder = ${holder}`);

/** Gives back all that a dead process held. */
export const releaseAll = (tx: Queryable, dead: string): Promise<number> =>
  tx.execute(sql`UPDATE mailbox_sync SET holder = NULL WHERE holder = ${dead}`);

/** Takes the right to open one more connection to a mailbox, until a time. @returns false while another process has it */
export const leaseExtra = async (db: Queryable, mailbox: string, now: Date, until: Date): Promise<boolean> =>
  (await db.execute(sql`
    UPDATE mailbox_sync SET extra_until = ${until} WHERE mailbox_id = ${mailbox} AND (extra_until IS NULL OR extra_until <= ${now})`)) >
  0;

export const returnExtra = (db: Queryable, mailbox: string, until: Date): Promise<number> =>
  db.execute(sql`UPDATE mailbox_sync SET extra_until = NULL WHERE mailbox_id = ${mailbox} AND extra_until = ${until}`);

// Folders -------------------------------------------------------------------------------------------

export interface FolderRow {
  readonly id: string;
  readonly path: string;
  readonly role: string | null;
  /** Null until the folder has been read for the first time. */
  readonly uidvalidity: number | null;
  readonly last_uid: number | null;
  readonly last_internal_at: Date | null;
  readonly failures: number;
  readonly retry_at: Date | null;
}

/** Records the folders that have a role; folders that are not listed any more lose theirs. @returns those that have one */
export const saveFolders = (
  db: Queryable,
  mailbox: string,
  organization: OrganizationId,
  folders: readonly (FolderRole & { readonly id: string })[],
): Promise<FolderRow[]> =>
  db.query(sql<FolderRow>`
    WITH listed AS (
      SELECT * FROM unnest(${plainArray(folders.map(({ id }) => id))}::uuid[], ${folders.map(({ path }) => path)}::text[], ${folders.map(({ role }) => role)}::text[]) AS n (id, path, role)
    ), gone AS (
      UPDATE mailbox_folders f SET role = NULL WHERE f.mailbox_id = ${mailbox} AND f.role IS NOT NULL AND f.path NOT IN (SELECT path FROM listed)
    )
    INSERT INTO mailbox_folders (id, mailbox_id, organization_id, path, role)
    SELECT id, ${mailbox}, ${organization}, path, role FROM listed ORDER BY path
    ON CONFLICT (mailbox_id, path) DO UPDATE SET role = EXCLUDED.role
    RETURNING id, path, role, uidvalidity, last_uid, last_internal_at, failures, retry_at`);

/** How far a folder has been read. */
export interface ReadUpTo {
  readonly uidvalidity: number;
  readonly lastUid: number;
  /** When the server stored the newest message read. */
  readonly lastInternalAt: Date;
}

/** Moves a folder's position, never back within one UIDVALIDITY. */
export const savePosition = (
  tx: Queryable,
  folder: string,
  { uidvalidity, lastUid, lastInternalAt }: ReadUpTo,
): Promise<number> =>
  tx.execute(sql`
    UPDATE mailbox_folders SET last_uid = CASE WHEN uidvalidity = ${uidvalidity} THEN greatest(last_uid, ${lastUid}) ELSE ${lastUid} END,
      uidvalidity = ${uidvalidity}, last_internal_at = greatest(last_internal_at, ${lastInternalAt}), failures = 0, retry_at = NULL
    WHERE id = ${folder}`);

/** Records a refused SELECT. */
export const saveRefusal = (db: Queryable, folder: string, failures: number, retryAt: Date | null): Promise<number> =>
  db.execute(sql`UPDATE mailbox_folders SET failures = ${failures}, retry_at = ${retryAt} WHERE id = ${folder}`);
