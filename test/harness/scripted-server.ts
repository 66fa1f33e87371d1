import { once } from 'node:events';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SecureContextOptions } from 'node:tls';
import { tcpReceiver } from './sockets.ts';
import type { Receiver } from './sockets.ts';

/** The other end of one connection, as a script sees it. */
export interface Peer {
  /** The next line without its end; undefined when the client has gone. */
  line(): Promise<string | undefined>;
  send(text: string): void;
  /** Upgrades the connection, as after STARTTLS. */
  startTls(): Promise<void>;
  /** Stops reading. */
  pause(): void;
  /** Ends the connection with FIN. */
  end(): void;
  /** Ends it with RST. */
  reset(): void;
}

export interface ScriptedServer extends Receiver {
  /** Every line that clients sent. */
  readonly lines: string[];
}

export interface ScriptedOptions {
  readonly tls?: SecureContextOptions;
  /** TLS from the start. */
  readonly implicit?: boolean;
}

/** Starts a server on 127.0.0.1 that follows a script with each connection. What it sends and receives is latin1. */
export function startScripted(
  script: (peer: Peer, index: number) => Promise<void>,
  { tls, implicit = false }: ScriptedOptions = {},
): Promise<ScriptedServer> {
  const lines: string[] = [];
  return tcpReceiver((raw, index) => {
    void follow(raw, index).catch(() => raw.destroy());
  }).then((receiver) => Object.assign(receiver, { lines }));

  async function follow(raw: Socket, index: number): Promise<void> {
    let socket: Socket = raw;
    let buffered = '';
    let isGone = false;
    let wake = (): void => {};
    const read = (from: Socket): void => {
      socket = from;
      from
        .setEncoding('latin1')
        .on('data', (chunk: string) => {
          buffered += chunk;
          wake();
        })
        .on('error', () => {})
        .on('close', () => {
          isGone = true;
          wake();
        });
    };
    const secure = async (): Promise<void> => {
      raw.removeAllListeners('data');
      const upgraded = new TLSSocket(raw, { isServer: true, ...tls });
      upgraded.on('error', () => raw.destroy());
      await once(upgraded, 'secure');
      read(upgraded);
    };
    if (implicit) await secure();
    else read(raw);
    await script(
      {
        async line() {
          while (!buffered.includes('\n') && !isGone)
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          const end = buffered.indexOf('\n');
          if (end === -1) return undefined;
          const line = buffered.slice(0, end).replace(/\r$/, '');
          buffered = buffered.slice(end + 1);
          lines.push(line);
          return line;
        },
        send: (text) => void socket.write(text, 'latin1'),
        startTls: secure,
        pause: () => void socket.pause(),
        end: () => void socket.end(),
        reset: () => raw.resetAndDestroy(),
      },
      index,
    );
  }
}

/** What a step does instead of its usual reply: sends a text (a reply without CRLF), or acts by itself. */
export type Step = string | ((peer: Peer, line: string) => unknown);

export interface SmtpScript extends ScriptedOptions {
  readonly greeting?: Step;
  /** Keywords of EHLO, after TLS; before it there is STARTTLS, too. */
  readonly extensions?: readonly string[];
  /** By the first word of a command, in capitals; `.` is the end of the message. */
  readonly steps?: Readonly<Record<string, Step>>;
}

export interface SmtpServer extends ScriptedServer {
  /** Complete messages, with dot stuffing, in the order of their ends. */
  readonly messages: string[];
}

/** Starts an SMTP server that accepts everything but what its script says. */
export async function startSmtpScript(script: SmtpScript = {}): Promise<SmtpServer> {
  const messages: string[] = [];
  const {
    greeting = '220 mail.test ESMTP',
    extensions = ['PIPELINING', 'AUTH PLAIN LOGIN XOAUTH2'],
    steps = {},
  } = script;
  const server = await startScripted(async (peer) => {
    let isSecure = script.implicit === true || script.tls === undefined;
    const act = async (step: Step, line: string): Promise<void> => {
      if (typeof step === 'string') peer.send(`${step}\r\n`);
      else await step(peer, line);
    };
    const usual: Readonly<Record<string, string>> = { DATA: '354 go on', AUTH: '235 2.7.0 ok', QUIT: '221 bye' };
    await act(greeting, '');
    for (let line = await peer.line(); line !== undefined; line = await peer.line()) {
      const verb = line.split(/[ :]/, 1)[0]?.toUpperCase() ?? '';
      const step = Object.hasOwn(steps, verb) ? steps[verb] : undefined;
      if (step !== undefined) {
        await act(step, line);
      } else if (verb === 'EHLO') {
        const offered = ['mail.test', ...(isSecure ? [] : ['STARTTLS']), ...extensions];
        peer.send(offered.map((text, index) => `250${index === offered.length - 1 ? ' ' : '-'}${text}\r\n`).join(''));
      } else if (verb === 'STARTTLS') {
        peer.send('220 go on\r\n');
        await peer.startTls();
        isSecure = true;
      } else if (verb === 'DATA') {
        peer.send(`${usual['DATA']}\r\n`);
        const message = await bodyOf(peer);
        if (message === undefined) return;
        messages.push(message);
        await act(steps['.'] ?? '250 2.0.0 queued', '.');
      } else {
        peer.send(`${usual[verb] ?? '250 2.0.0 ok'}\r\n`);
        if (verb === 'QUIT') peer.end();
      }
    }
  }, script);
  return Object.assign(server, { messages });
}

async function bodyOf(peer: Peer): Promise<string | undefined> {
  const lines: string[] = [];
  for (let line = await peer.line(); line !== '.'; line = await peer.line()) {
    if (line === undefined) return undefined;
    lines.push(line);
  }
  return lines.map((line) => `${line}\r\n`).join('');
}

export interface ImapScript extends ScriptedOptions {
  readonly greeting?: Step;
  /** After TLS; before it there are STARTTLS and LOGINDISABLED. */
  readonly capabilities?: readonly string[];
  /** Lines of LIST after "* LIST ". */
  readonly folders?: readonly string[];
  /** By the command, in capitals. A text is the tagged reply, without its tag. */
  readonly steps?: Readonly<Record<string, Step>>;
}

/** Starts an IMAP server that lets everybody in and lists folders. */
export function startImapScript(script: ImapScript = {}): Promise<ScriptedServer> {
  const {
    greeting = '* OK ready',
    capabilities = ['AUTH=PLAIN', 'AUTH=XOAUTH2', 'SASL-IR', 'SPECIAL-USE'],
    folders = [String.raw`(\HasNoChildren) "/" "INBOX"`],
    steps = {},
  } = script;
  return startScripted(async (peer) => {
    let isSecure = script.implicit === true || script.tls === undefined;
    if (typeof greeting === 'string') peer.send(`${greeting}\r\n`);
    else await greeting(peer, '');
    for (let line = await peer.line(); line !== undefined; line = await peer.line()) {
      const [tag = '', word = ''] = line.split(' ');
      const command = word.toUpperCase();
      const step = Object.hasOwn(steps, command) ? steps[command] : undefined;
      if (command === 'AUTHENTICATE' && line.split(' ').length === 3) {
        peer.send('+ \r\n');
        await peer.line();
      }
      if (typeof step === 'string') {
        peer.send(`${tag} ${step}\r\n`);
      } else if (step !== undefined) {
        await step(peer, line);
      } else if (command === 'CAPABILITY') {
        const offered = isSecure ? capabilities : ['STARTTLS', 'LOGINDISABLED'];
        peer.send(`* CAPABILITY IMAP4rev1 ${offered.join(' ')}\r\n${tag} OK done\r\n`);
      } else if (command === 'STARTTLS') {
        peer.send(`${tag} OK go on\r\n`);
        await peer.startTls();
        isSecure = true;
      } else if (command === 'LIST') {
        peer.send(`${folders.map((folder) => `* LIST ${folder}\r\n`).join('')}${tag} OK done\r\n`);
      } else if (command === 'LOGOUT') {
        peer.send(`* BYE bye\r\n${tag} OK done\r\n`);
        peer.end();
      } else if (['LOGIN', 'AUTHENTICATE', 'LSUB', 'NAMESPACE', 'NOOP', 'ID', 'ENABLE'].includes(command)) {
        peer.send(`${tag} OK done\r\n`);
      } else {
        peer.send(`${tag} BAD unknown command\r\n`);
      }
    }
  }, script);
}
