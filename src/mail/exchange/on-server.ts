import type { ImapFlow } from 'imapflow';
import { rolesOf } from '../sync/index.ts';
import type { Placement } from './actions.ts';
import type { TaskKind } from './queries.ts';

/** What is done with a letter on its receiver's server, in this order. */
export interface Work {
  readonly letterId: string;
  /** As it was found, with angle brackets. */
  readonly header: string;
  readonly kinds: readonly TaskKind[];
}

/** `done`: by this. `present`: it was so before. `gone`: its owner has moved or deleted it; it is left alone. */
export type Outcome = 'done' | 'present' | 'gone';

export interface Result {
  readonly letterId: string;
  readonly kind: TaskKind;
  readonly outcome: Outcome;
}

interface Folders {
  readonly inbox: string;
  readonly junk: string | undefined;
  /** Where letters are filed; undefined: a folder that is created. */
  readonly archive: string | undefined;
}

const archiveName = 'Archive';

async function foldersOf(client: ImapFlow): Promise<Folders> {
  const roles = new Map(rolesOf(await client.list()).map(({ role, path }) => [role, path]));
  return {
    inbox: roles.get('inbox') ?? 'INBOX',
    junk: roles.get('junk'),
    // Archiving in Gmail is leaving INBOX.
    archive: roles.get('archive') ?? roles.get('all'),
  };
}

/**
 * Does what is due with letters of one mailbox. Each step looks for the letter by its Message-ID, so that repeating it after a crash does
 * nothing twice; other messages are never touched.
 */
export async function act(client: ImapFlow, work: readonly Work[]): Promise<Result[]> {
  const folders = await foldersOf(client);
  const results: Result[] = [];
  for (const { letterId, header, kinds } of work)
    for (const kind of kinds) results.push({ letterId, kind, outcome: await step(client, folders, header, kind) });
  return results;
}

async function step(client: ImapFlow, folders: Folders, header: string, kind: TaskKind): Promise<Outcome> {
  const { inbox, junk } = folders;
  switch (kind) {
    case 'move': {
      const uid = junk === undefined ? undefined : await uidIn(client, junk, header);
      if (uid === undefined) return (await uidIn(client, inbox, header)) === undefined ? 'gone' : 'present';
      await client.messageMove(`${uid}`, inbox, { uid: true });
      return 'done';
    }
    case 'read':
    case 'flag': {
      const uid = await uidIn(client, inbox, header);
      if (uid === undefined) return 'gone';
      const flag = kind === 'read' ? '\\Seen' : '\\Flagged';
      const message = await client.fetchOne(`${uid}`, { flags: true }, { uid: true });
      if (message !== false && message.flags?.has(flag) === true) return 'present';
      await client.messageFlagsAdd(`${uid}`, [flag], { uid: true });
      return 'done';
    }
    case 'file': {
      const uid = await uidIn(client, inbox, header);
      if (uid === undefined) {
        const { archive } = folders;
        return archive !== undefined && (await uidIn(client, archive, header)) !== undefined ? 'present' : 'gone';
      }
      const archive = folders.archive ?? (await made(client));
      await client.mailboxOpen(inbox);
      await client.messageMove(`${uid}`, archive, { uid: true });
      return 'done';
    }
    case 'deliver':
    case 'look':
    case 'reply':
      return 'gone';
  }
}

/** Some servers keep all folders under INBOX; imapflow adds the prefix. */
const made = async (client: ImapFlow): Promise<string> => (await client.mailboxCreate(archiveName)).path;

/** Where letters are: in INBOX, in Junk, in another folder, or nowhere. */
export async function locate(client: ImapFlow, headers: readonly string[]): Promise<Map<string, Placement>> {
  const listed = await client.list();
  const roles = new Map(rolesOf(listed).map(({ role, path }) => [path, role]));
  const open = new Set(headers);
  const found = new Map<string, Placement>();
  const unselectable = (flags: ReadonlySet<string>): boolean =>
    [...flags].some((flag) => /^\\(?:noselect|nonexistent)$/i.test(flag));
  const rank = (path: string): number => {
    const role = roles.get(path);
    return role === 'inbox' ? 0 : role === 'junk' ? 1 : role === 'all' ? 3 : 2;
  };
  const paths = listed.flatMap(({ path, flags }) => (unselectable(flags) ? [] : [path]));
  for (const path of paths.toSorted((a, b) => rank(a) - rank(b))) {
    const role = roles.get(path);
    // What a mailbox sent to itself is in Sent, too.
    if (role === 'sent' || role === 'drafts') continue;
    for (const header of open) {
      if ((await uidIn(client, path, header)) === undefined) continue;
      found.set(header, role === 'inbox' ? 'inbox' : role === 'junk' ? 'spam' : 'other');
      open.delete(header);
    }
    if (open.size === 0) break;
  }
  return found;
}

/** The message with exactly this Message-ID: SEARCH finds parts of headers, too (RFC 9051 §6.4.4). */
async function uidIn(client: ImapFlow, path: string, header: string): Promise<number | undefined> {
  if (client.mailbox === false || client.mailbox.path !== path || client.mailbox.readOnly === true)
    await client.mailboxOpen(path);
  const found = await client.search({ header: { 'message-id': header } }, { uid: true });
  if (!Array.isArray(found)) throw new Error('The server refused SEARCH.');
  for (const uid of found) {
    const message = await client.fetchOne(`${uid}`, { envelope: true }, { uid: true });
    if (message !== false && message.envelope?.messageId?.trim() === header) return uid;
  }
  return undefined;
}
