import { startImapScript } from './scripted-server.ts';
import type { ImapScript, Peer, ScriptedServer, Step } from './scripted-server.ts';

export interface ScriptedMessage {
  readonly uid: number;
  /** In latin1. */
  readonly raw: string;
}

/** A folder as the server shows it. */
export interface ScriptedFolder {
  /** As in LIST: `\HasNoChildren \Sent`. */
  readonly attributes?: string;
  readonly messages: ScriptedMessage[];
  /** Undefined: the server does not say it. */
  readonly uidValidity: number | undefined;
}

export interface ImapStore extends ScriptedServer {
  readonly folders: Map<string, ScriptedFolder>;
  /** Instead of the usual answer to the next commands that match, each once and in this order. */
  readonly answers: { readonly command: RegExp; readonly step: Step }[];
  /** Commands that match, so far. */
  count(command: RegExp): number;
}

export interface ImapStoreOptions extends Pick<ImapScript, 'capabilities'> {
  readonly folders?: Readonly<Record<string, Partial<ScriptedFolder>>>;
}

const received = '" 5-Jan-2026 09:00:00 +0000"';

/**
 * Starts an IMAP server with folders and messages, which has no extension but those that are given, and answers as a test says. It reads
 * what imapflow sends, and no more.
 */
export async function startImapStore({ capabilities = [], folders: given = {} }: ImapStoreOptions): Promise<ImapStore> {
  const folders = new Map<string, ScriptedFolder>();
  for (const [path, folder] of Object.entries({ INBOX: {}, ...given }))
    folders.set(path, { messages: [], uidValidity: 7, ...folder });
  const answers: ImapStore['answers'] = [];
  const selected = new WeakMap<Peer, ScriptedFolder>();
  const lines = (): string[] => server.lines;

  const act = async (peer: Peer, line: string): Promise<void> => {
    const [tag = '', ...words] = line.split(' ');
    const command = words.join(' ');
    const index = answers.findIndex((answer) => answer.command.test(command));
    const [answer] = index < 0 ? [] : answers.splice(index, 1);
    if (answer !== undefined) {
      if (typeof answer.step === 'string') peer.send(`${tag} ${answer.step}\r\n`);
      else await answer.step(peer, line);
      return;
    }
    const usual = await usually(peer, command);
    peer.send(usual === undefined ? `${tag} NO there is no such folder\r\n` : `${usual}${tag} OK done\r\n`);
  };

  /** The untagged answers to a command; undefined if it is refused. */
  async function usually(peer: Peer, command: string): Promise<string | undefined> {
    const name = command.slice(0, command.startsWith('UID ') ? command.indexOf(' ', 4) : command.indexOf(' '));
    if (command === 'LIST "" ""') return '* LIST (\\Noselect) "/" ""\r\n';
    if (name === 'LIST') return listed();
    if (name === 'UID FETCH') return fetched(selected.get(peer), command);
    if (name === 'UID SEARCH') return `* SEARCH ${found(selected.get(peer), command).join(' ')}\r\n`;
    const [, quoted, bare = ''] = /^\S+ (?:"([^"]*)"|(\S+))/.exec(command) ?? [];
    const path = quoted ?? bare;
    const folder = folders.get(path);
    if (name === 'APPEND') return append(peer, folder, command);
    if (folder === undefined) return undefined;
    const { messages, uidValidity } = folder;
    const next = (messages.at(-1)?.uid ?? 0) + 1;
    const validity = uidValidity === undefined ? '' : `UIDVALIDITY ${uidValidity}`;
    if (name === 'STATUS') return `* STATUS "${path}" (UIDNEXT ${next} ${validity})\r\n`;
    selected.set(peer, folder);
    const said = validity === '' ? '' : `* OK [${validity}] valid\r\n`;
    return `* FLAGS (\\Seen)\r\n* ${messages.length} EXISTS\r\n${said}* OK [UIDNEXT ${next}] next\r\n`;
  }

  const listed = (): string =>
    [...folders]
      .map(([path, { attributes = String.raw`\HasNoChildren` }]) => `* LIST (${attributes}) "/" "${path}"\r\n`)
      .join('');

  async function append(peer: Peer, folder: ScriptedFolder | undefined, command: string): Promise<string | undefined> {
    if (folder === undefined) return undefined;
    peer.send('+ go on\r\n');
    const bytes = Number(/\{(\d+)\}$/.exec(command)?.[1] ?? 0);
    let raw = '';
    while (raw.length < bytes) raw += `${await peer.line()}\r\n`;
    // The end of the command follows the literal, unless it ended within a line.
    if (raw.length === bytes) await peer.line();
    folder.messages.push({ uid: (folder.messages.at(-1)?.uid ?? 0) + 1, raw: raw.slice(0, bytes) });
    return '';
  }

  const steps = Object.fromEntries(
    ['LIST', 'SELECT', 'EXAMINE', 'STATUS', 'UID', 'APPEND', 'NOOP'].map((name) => [name, act]),
  );
  const server = await startImapScript({
    capabilities: ['AUTH=PLAIN', 'SASL-IR', ...capabilities],
    steps: { ...steps, NOOP: 'OK done' },
  });
  const count = (command: RegExp): number =>
    lines().filter((line) => command.test(line.slice(line.indexOf(' ') + 1))).length;
  return Object.assign(server, { folders, answers, count });
}

/** The UIDs that a set of a command names. */
function isNamed(set: string, uid: number): boolean {
  return set.split(',').some((range) => {
    const [from = '', to = from] = range.split(':');
    return uid >= Number(from) && (to === '*' || uid <= Number(to));
  });
}

function found(folder: ScriptedFolder | undefined, command: string): number[] {
  const set = /UID SEARCH UID (\S+)/.exec(command)?.[1];
  const id = /rfc822msgid:([^"\s]+)/.exec(command)?.[1] ?? /MESSAGE-ID "?<([^>]+)>/i.exec(command)?.[1];
  return (folder?.messages ?? [])
    .filter(({ uid, raw }) => (set === undefined || isNamed(set, uid)) && (id === undefined || raw.includes(`<${id}>`)))
    .map(({ uid }) => uid);
}

function fetched(folder: ScriptedFolder | undefined, command: string): string {
  const [, set = '', items = ''] = /^UID FETCH (\S+) (.*)$/.exec(command) ?? [];
  const isHeader = items.includes('HEADER.FIELDS');
  return (folder?.messages ?? [])
    .map(({ uid, raw }, index) => {
      if (!isNamed(set, uid)) return '';
      const text = isHeader ? raw.slice(0, raw.indexOf('\r\n\r\n') + 4) : raw;
      const section = isHeader ? (/HEADER\.FIELDS \([^)]*\)/.exec(items)?.[0] ?? '') : '';
      const origin = items.includes(']<0') ? '<0>' : '';
      return `* ${index + 1} FETCH (UID ${uid} RFC822.SIZE ${raw.length} INTERNALDATE ${received} BODY[${section}]${origin} {${text.length}}\r\n${text})\r\n`;
    })
    .join('');
}
