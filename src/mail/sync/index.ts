import type { ImapFlow } from 'imapflow';
import type { Clock } from '../../base/clock.ts';
import type { Ids, MailboxId } from '../../base/ids.ts';
import { sleep } from '../../base/sleep.ts';
import { announce } from '../../db/bus.ts';
import type { Bus } from '../../db/bus.ts';
import type { Holder } from '../../db/holder.ts';
import type { Database } from '../../db/pool.ts';
import { isCapturing, readableAt } from '../mailboxes/index.ts';
import type { Mailboxes, MailboxListener, MailboxState } from '../mailboxes/index.ts';
import { createConnect } from './connections.ts';
import type { ConnectionsOptions } from './connections.ts';
import { createHolding } from './holding.ts';
import { saveSyncs } from './queries.ts';
import type { SyncRow } from './queries.ts';
import { readMailbox } from './reader.ts';
import type { ReaderOptions } from './reader.ts';
import { createSent } from './sent.ts';
import type { Filing, SentOptions, SentSearch } from './sent.ts';

export { rolesOf } from './folders.ts';
export type { Headers } from './interest.ts';
export type { Filing, SentSearch } from './sent.ts';
export type { ReadMailbox } from './scan.ts';

export interface SyncOptions
  extends
    Pick<ReaderOptions, 'known' | 'stored' | 'receive' | 'onRead' | 'onSkipped'>,
    Pick<ConnectionsOptions, 'transport'>,
    Pick<SentOptions, 'onRefused'> {
  readonly db: Database;
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly holder: Holder;
  /** Processes that read mailboxes, including this one. */
  readonly processes: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly mailboxes: Pick<Mailboxes, 'listen' | 'settingsOf' | 'credentialsOf' | 'reportConnected' | 'reportFailures'>;
  readonly onError: (error: unknown) => void;
}

export interface Sync {
  /** Reads mailboxes until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** Searches for a sent message by its Message-IDs: as it was built, and as the server replaced it. */
  findSent(mailboxId: string, messageIds: readonly string[]): Promise<SentSearch>;
  /**
   * Works in a mailbox over a connection that is closed afterwards: at most one in all processes, for at most a minute.
   * @returns undefined if it could not be done, which has been reported
   */
  visit<T>(mailboxId: string, work: (client: ImapFlow) => Promise<T>): Promise<T | undefined>;
  /** Files a copy of a sent message, marked as read, unless one is there. Not for self-tests and warm-up. */
  appendSent(mailboxId: string, messageId: string, raw: Buffer, date: Date): Promise<Filing>;
}

/** After a restart, mailboxes connect within this time rather than all at once. */
const startMs = 5_000;
/** At least this long between two connections of a mailbox. */
const pauseMs = 2_000;

/**
 * Reads mailboxes.
 * @example
 * const sync = createSync({ ...deps, holder, processes, random, mailboxes, transport, known, stored, receive, onRead, onSkipped, onRefused, onError });
 * await sync.run(signal);
 */
export function createSync(options: SyncOptions): Sync {
  const { clock, mailboxes, random } = options;
  const connect = createConnect(options);
  const holding = createHolding({ ...options, read });

  async function read({ mailbox_id: id }: SyncRow, signal: AbortSignal): Promise<number> {
    await sleep(clock, random() * startMs, signal);
    const connection = signal.aborted ? undefined : await connect(id, signal);
    if (connection === undefined) return clock.now() + pauseMs;
    const { client, mailbox } = connection;
    const end = await readMailbox(
      options,
      { id, organizationId: mailbox.organization_id, workspaceId: mailbox.workspace_id, address: mailbox.email_key },
      client,
      signal,
    );
    if (end.kind === 'failed')
      await mailboxes.reportFailures([{ mailboxId: mailbox.id, protocol: 'imap', failure: end.failure }]);
    return clock.now() + pauseMs;
  }

  mailboxes.listen(syncListener);
  const stopping = new AbortController();
  const { findSent, appendSent, visit } = createSent({
    ...options,
    stopped: stopping.signal,
    open: async (mailboxId, signal) => (await connect(mailboxId as MailboxId, signal))?.client,
  });
  return {
    run(signal) {
      if (signal.aborted) stopping.abort();
      else signal.addEventListener('abort', () => stopping.abort(), { once: true });
      return holding.run(signal);
    },
    findSent,
    appendSent,
    visit,
  };
}

/** Keeps `mailbox_sync` as the mailboxes are; the processes compare it with what they read. */
const syncListener: MailboxListener = {
  changed: async (tx, rows) => {
    if ((await saveSyncs(tx, rows.map(syncRowOf))) > 0) await announce(tx, { kind: 'due', endpoints: [] });
  },
  removed: async (tx, rows) => {
    const saved = await saveSyncs(
      tx,
      rows.map((row) => ({ ...syncRowOf(row), due_at: null })),
    );
    if (saved > 0) await announce(tx, { kind: 'due', endpoints: [] });
  },
};

function syncRowOf(mailbox: MailboxState): SyncRow {
  const { id, organization_id: organizationId, imap } = mailbox;
  const isRead = imap !== null && !isCapturing(mailbox);
  const dueMs = isRead ? readableAt(mailbox) : null;
  return {
    mailbox_id: id,
    organization_id: organizationId,
    server: imap === null ? null : JSON.stringify(imap),
    due_at: dueMs === null ? null : new Date(dueMs),
  };
}
