import type { ImapFlow } from 'imapflow';
import { minuteMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import type { Ids } from '../../base/ids.ts';
import { createWakeSignal } from '../../base/wake-signal.ts';
import type { Database } from '../../db/pool.ts';
import type { Failure } from '../transport/transport.ts';
import { afterRefusal, isRead, pollMs, rolesOf } from './folders.ts';
import type { ReadRole } from './folders.ts';
import { saveFolders, savePosition, saveRefusal } from './queries.ts';
import type { FolderRow } from './queries.ts';
import { scan } from './scan.ts';
import type { ReadMailbox, ScanOptions } from './scan.ts';

export interface ReaderOptions extends Pick<ScanOptions, 'known' | 'stored' | 'receive'> {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Called after a folder was read to its end. */
  readonly onRead: (mailbox: ReadMailbox, role: ReadRole) => Promise<unknown>;
  readonly onSkipped: (mailbox: ReadMailbox, folder: string, uid: number, reason: string) => void;
}

/** How a session ended. `ended`: the connection is gone after a good while, or the signal aborted. */
export type SessionEnd = { readonly kind: 'ended' } | { readonly kind: 'failed'; readonly failure: Failure };

/** Folders are listed again this often: a person may create, rename or delete one. */
const listMs = 60 * minuteMs;
/** A connection that closes sooner counts as a failed login: a server that throttles does so. */
const shortMs = 5 * minuteMs;
/** `* BYE` and `[ALERT]` texts of servers that count connections. */
const tooMany = /too many|simultaneous|concurrent|connection limit|exceeded/i;

interface Watched {
  row: FolderRow;
  readonly role: ReadRole;
  /** When it is looked at next, in Unix milliseconds. */
  nextMs: number;
}

/**
 * Reads one mailbox over a logged-in connection until it closes or the signal aborts: IDLE reports new mail of INBOX, and a poll that does
 * not trust it looks at every folder.
 * @throws an error of the database, or of this program
 */
export async function readMailbox(
  options: ReaderOptions,
  mailbox: ReadMailbox,
  client: ImapFlow,
  signal: AbortSignal,
): Promise<SessionEnd> {
  const { clock } = options;
  const startedMs = clock.now();
  const session = new Session(options, mailbox, client);
  const stop = (): void => client.close();
  // It may have aborted while the login was reported.
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  try {
    await session.run();
  } catch (error) {
    // What the server or the network does ends this session only.
    if (client.usable && !isServerError(error)) throw error;
    session.reason ??= error instanceof Error ? error.message : String(error);
  } finally {
    signal.removeEventListener('abort', stop);
    session.end();
  }
  if (signal.aborted || clock.now() - startedMs >= shortMs) return { kind: 'ended' };
  const text =
    [client.byeReason, session.reason].filter((each) => each !== undefined && each !== '').join(' ') ||
    'The connection was closed.';
  const cause = tooMany.test(text) ? 'rate' : 'host';
  return {
    kind: 'failed',
    failure: {
      cause,
      answer: { stage: 'folders', code: null, enhanced: null, error: 'CLOSED', text: text.slice(0, 1_000) },
    },
  };
}

/** NO or BAD to a command, or an answer that imapflow cannot read. */
export const isServerError = (error: unknown): boolean =>
  error instanceof Error && ('responseStatus' in error || 'code' in error || error.message.startsWith('The server '));

class Session {
  readonly #options: ReaderOptions;
  readonly #mailbox: ReadMailbox;
  readonly #client: ImapFlow;
  readonly #wake;
  #folders: Watched[] = [];
  #listMs = 0;
  /** Why it ended. */
  reason: string | undefined;

  constructor(options: ReaderOptions, mailbox: ReadMailbox, client: ImapFlow) {
    this.#options = options;
    this.#mailbox = mailbox;
    this.#client = client;
    this.#wake = createWakeSignal(options.clock);
    client.on('close', this.#wake.wake);
    client.on('error', this.#failed);
    client.on('exists', this.#arrived);
  }

  async run(): Promise<void> {
    const { clock } = this.#options;
    while (this.#client.usable) {
      if (clock.now() >= this.#listMs) await this.#list();
      for (const folder of this.#folders) if (folder.nextMs <= clock.now()) await this.#look(folder);
      if (!this.#client.usable) return;
      await this.#idle();
      const nextMs = Math.min(this.#listMs, ...this.#folders.map((folder) => folder.nextMs));
      await this.#wake.wait(nextMs - clock.now());
    }
  }

  end(): void {
    this.#client.off('close', this.#wake.wake).off('exists', this.#arrived);
    // The listener for errors stays: one may still arrive, and without a listener it would end the process.
    this.#client.close();
  }

  readonly #failed = (error: Error): void => {
    this.reason ??= error.message;
    this.#wake.wake();
  };

  readonly #arrived = ({ path }: { readonly path: string }): void => {
    const folder = this.#folders.find(({ row }) => row.path === path);
    if (folder === undefined) return;
    folder.nextMs = 0;
    this.#wake.wake();
  };

  async #list(): Promise<void> {
    const { db, clock, ids } = this.#options;
    const roles = rolesOf(await this.#client.list()).map((folder) => ({ ...folder, id: ids.next<string>() }));
    if (!roles.some(({ role }) => role === 'inbox'))
      roles.push({ path: 'INBOX', role: 'inbox', id: ids.next<string>() });
    const rows = await saveFolders(db, this.#mailbox.id, this.#mailbox.organizationId, roles);
    const known = new Map(this.#folders.map((folder) => [folder.row.id, folder]));
    this.#folders = rows.flatMap((row) => {
      const { role } = row;
      if (!isRead(role)) return [];
      return [known.get(row.id) ?? { row, role, nextMs: row.retry_at?.getTime() ?? 0 }];
    });
    this.#listMs = clock.now() + listMs;
  }

  async #look(folder: Watched): Promise<void> {
    const { clock, onRead } = this.#options;
    // Before the scan: what arrives during it brings the time forward again.
    folder.nextMs = clock.now() + pollMs[folder.role];
    try {
      if (await this.#hasChanged(folder)) {
        folder.row = await scan(this.#scanOptions(), folder.row, folder.role);
      }
      await onRead(this.#mailbox, folder.role);
    } catch (error) {
      // A folder that lists but cannot be selected; INBOX can always be selected.
      if (!this.#client.usable || !isServerError(error) || folder.role === 'inbox') throw error;
      await this.#refused(folder);
    }
  }

  async #refused(folder: Watched): Promise<void> {
    const { db, clock } = this.#options;
    const { failures, retryAt } = afterRefusal(folder.row.failures, clock.now());
    await saveRefusal(db, folder.row.id, failures, retryAt);
    folder.row = { ...folder.row, failures, retry_at: retryAt };
    folder.nextMs = retryAt?.getTime() ?? clock.now() + pollMs[folder.role];
  }

  /**
   * Asks with STATUS, which is cheap, except for INBOX: Dovecot answers STATUS of the selected folder from its old state, so that INBOX is
   * selected again by the scan.
   */
  async #hasChanged({ row, role }: Watched): Promise<boolean> {
    if (role === 'inbox' || row.last_uid === null) return true;
    const status = await this.#client.status(row.path, { uidNext: true, uidValidity: true });
    if (status === false) throw new Error('The server refused STATUS.');
    return (
      status.uidNext === undefined ||
      Number(status.uidValidity) !== row.uidvalidity ||
      status.uidNext - 1 > row.last_uid
    );
  }

  /** Waits for the server's reports about INBOX. The next command ends the wait. */
  async #idle(): Promise<void> {
    const inbox = this.#folders.find(({ role }) => role === 'inbox');
    if (inbox === undefined || !this.#client.capabilities.has('IDLE')) return;
    const { mailbox } = this.#client;
    if (mailbox === false || mailbox.path !== inbox.row.path) {
      await this.#client.mailboxOpen(inbox.row.path, { readOnly: true });
      // Between the scan and now another message may have arrived, which IDLE will not report.
      const next = this.#client.mailbox === false ? 0 : this.#client.mailbox.uidNext;
      if (next - 1 > (inbox.row.last_uid ?? 0)) return this.#arrived({ path: inbox.row.path });
    }
    // A server that refuses it is polled.
    void this.#client.idle().catch(() => {});
  }

  #scanOptions(): ScanOptions {
    const { db, clock, known, stored, receive, onSkipped } = this.#options;
    return {
      client: this.#client,
      clock,
      mailbox: this.#mailbox,
      known,
      stored,
      receive,
      savePosition: (tx, folder, position) => savePosition(tx ?? db, folder, position),
      onSkipped: (folder, uid, reason) => onSkipped(this.#mailbox, folder, uid, reason),
    };
  }
}
