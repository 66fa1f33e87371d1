import type { ImapFlow } from 'imapflow';
import { minuteMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { sleep } from '../../base/sleep.ts';
import type { Database } from '../../db/pool.ts';
import { rolesOf } from './folders.ts';
import type { FolderRole } from './folders.ts';
import { leaseExtra, returnExtra } from './queries.ts';
import { isServerError } from './reader.ts';

/** Whether a message is among those that were sent. `unavailable`: the mailbox could not be searched, or has no Sent folder. */
export type SentSearch = 'found' | 'absent' | 'unavailable';

/** `present`: the provider or another program had filed it. */
export type Filing = 'filed' | 'present' | 'unavailable';

export interface SentOptions {
  readonly db: Database;
  readonly clock: Clock;
  /** Opens a connection; undefined if that is not possible, which has been reported. */
  readonly open: (mailboxId: string, signal: AbortSignal) => Promise<ImapFlow | undefined>;
  /** Aborts when the process stops: what waits for its turn is given up. */
  readonly stopped: AbortSignal;
  /** Called when a server answers a command with NO or BAD: the Sent folder stays as it is. */
  readonly onRefused: (mailboxId: string, reason: string) => void;
  readonly onError: (error: unknown) => void;
}

/** A connection for one search or copy is given up after this time; the right to have it ends then, too. */
const workMs = minuteMs;
/** Between two tries to get the right, while another process has it. */
const waitMs = 2_000;

/**
 * Works in a mailbox over one connection more than the reader's: at most one in this process and, by a lease, at most one in all.
 */
export function createSent({ db, clock, open, stopped, onRefused, onError }: SentOptions) {
  const queues = new Map<string, Promise<unknown>>();

  /** Runs `work` once the connections before it are closed. @returns undefined if it could not be done */
  function withConnection<T>(mailboxId: string, work: (client: ImapFlow) => Promise<T>): Promise<T | undefined> {
    const turn = (queues.get(mailboxId) ?? Promise.resolve()).then(() => leased(mailboxId, work));
    queues.set(mailboxId, turn);
    void turn.finally(() => queues.get(mailboxId) === turn && queues.delete(mailboxId));
    return turn;
  }

  async function leased<T>(mailboxId: string, work: (client: ImapFlow) => Promise<T>): Promise<T | undefined> {
    const ending = new AbortController();
    const giveUpMs = clock.now() + workMs;
    const timer = clock.setTimer(() => ending.abort(), workMs);
    let until: Date | undefined;
    let client: ImapFlow | undefined;
    try {
      const wanted = new Date(giveUpMs);
      while (!(await leaseExtra(db, mailboxId, new Date(clock.now()), wanted))) {
        await sleep(clock, waitMs, AbortSignal.any([ending.signal, stopped]));
        if (ending.signal.aborted || stopped.aborted) return undefined;
      }
      until = wanted;
      client = await open(mailboxId, ending.signal);
      if (client === undefined) return undefined;
      client.on('error', () => {});
      const { close } = client;
      if (ending.signal.aborted) return undefined;
      ending.signal.addEventListener('abort', close.bind(client), { once: true });
      return await work(client);
    } catch (error) {
      // A server that drops the connection or refuses a command says nothing about the message.
      if (client === undefined || (client.usable && !isServerError(error))) onError(error);
      else if (client.usable) onRefused(mailboxId, error instanceof Error ? error.message : String(error));
      return undefined;
    } finally {
      clock.clearTimer(timer);
      client?.close();
      if (until !== undefined) await returnExtra(db, mailboxId, until).catch(onError);
    }
  }

  return {
    visit: withConnection,

    /**
     * Searches for a sent message by its Message-ID.
     * @param messageIds as it was built, and as the server replaced it
     * @example
     * const outcome = await sync.findSent(mailbox.id, ['<1@example.com>']);
     */
    findSent: async (mailboxId: string, messageIds: readonly string[]): Promise<SentSearch> =>
      (await withConnection(mailboxId, async (client) => {
        const folders = searched(client, rolesOf(await client.list()));
        if (folders.length === 0) return 'unavailable' as const;
        return (await isThere(client, folders, messageIds)) ? ('found' as const) : ('absent' as const);
      })) ?? 'unavailable',

    /**
     * Files a copy of a sent message, marked as read, unless one is there.
     * @param date when it was sent
     * @example
     * const filing = await sync.appendSent(mailbox.id, '<1@example.com>', raw, new Date(clock.now()));
     */
    appendSent: async (mailboxId: string, messageId: string, raw: Buffer, date: Date): Promise<Filing> =>
      (await withConnection(mailboxId, async (client) => {
        const folder = rolesOf(await client.list()).find(({ role }) => role === 'sent');
        if (folder === undefined) return 'unavailable' as const;
        if (await isThere(client, [folder], [messageId])) return 'present' as const;
        const appended = await client.append(folder.path, raw, ['\\Seen'], date);
        return appended === false ? ('unavailable' as const) : ('filed' as const);
      })) ?? 'unavailable',
  };
}

/** Gmail shows every message in All Mail, also if a filter or a person has moved it out of Sent. */
function searched(client: ImapFlow, roles: readonly FolderRole[]): FolderRole[] {
  const all = client.capabilities.has('X-GM-EXT-1') ? roles.find(({ role }) => role === 'all') : undefined;
  const folder = all ?? roles.find(({ role }) => role === 'sent');
  return folder === undefined ? [] : [folder];
}

async function isThere(
  client: ImapFlow,
  folders: readonly FolderRole[],
  messageIds: readonly string[],
): Promise<boolean> {
  const isGmail = client.capabilities.has('X-GM-EXT-1');
  for (const { path, role } of folders) {
    await client.mailboxOpen(path, { readOnly: true });
    for (const id of messageIds) {
      const query =
        isGmail && role === 'all'
          ? { gmraw: `rfc822msgid:${id.replace(/^<|>$/g, '')}` }
          : { header: { 'message-id': id } };
      const found = await client.search(query, { uid: true });
      if (!Array.isArray(found)) throw new Error('The server refused SEARCH.');
      if (found.length > 0) return true;
    }
  }
  return false;
}
