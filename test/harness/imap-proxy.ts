import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tcpReceiver } from './sockets.ts';

/** A proxy in front of an IMAP server without TLS, which fails as servers and networks do. */
export interface ImapProxy {
  readonly port: number;
  /** Connections opened so far, and open now. */
  readonly connections: number;
  readonly open: number;
  /** Commands of all connections so far, without tags and literals. */
  readonly commands: readonly string[];
  /** Destroys the open connections. */
  drop(): void;
  /** Delivers nothing from the server any more on the open connections. */
  silence(): void;
  /** Sends a line to the clients as from the server, then ends their connections. */
  bye(line: string): void;
  /** Answers new connections with this line and closes them; undefined: passes them on. */
  refuse(line: string | undefined): void;
  /** Changes the lines of the server that are not in literals. */
  rewrite(change: ((line: string) => string) | undefined): void;
  /** Runs before a command that matches is passed on, once. */
  before(command: RegExp, act: () => Promise<unknown>): void;
  /** Closes the connection in the middle of the next literal of at least so many bytes. */
  cutLiteral(bytes: number): void;
  close(): Promise<void>;
}

/** Passes a stream on line by line, and literals (RFC 9051 §4.3) as they are. */
function lineSplitter(
  onLine: (line: string) => Promise<void> | void,
  onLiteral: (bytes: Buffer, left: number) => void,
) {
  let pending = Buffer.alloc(0);
  let literal = 0;
  let work = Promise.resolve();
  const step = async (chunk: Buffer): Promise<void> => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length > 0) {
      if (literal > 0) {
        const part = pending.subarray(0, literal);
        pending = pending.subarray(part.length);
        literal -= part.length;
        onLiteral(part, literal);
        continue;
      }
      const end = pending.indexOf('\r\n');
      if (end < 0) return;
      const line = pending.subarray(0, end).toString('latin1');
      pending = pending.subarray(end + 2);
      await onLine(line);
      literal = Number(/\{(\d+)\+?\}$/.exec(line)?.[1] ?? 0);
    }
  };
  return (chunk: Buffer): void => {
    work = work.then(() => step(chunk));
    work.catch(() => {});
  };
}

export async function startImapProxy(serverPort: number): Promise<ImapProxy> {
  const commands: string[] = [];
  const pairs = new Set<{ readonly client: Socket; readonly server: Socket }>();
  const muted = new WeakSet<Socket>();
  let refusal: string | undefined;
  let change: ((line: string) => string) | undefined;
  let hook: { readonly command: RegExp; readonly act: () => Promise<unknown> } | undefined;
  let cut: number | undefined;

  const receiver = await tcpReceiver((client) => {
    if (refusal !== undefined) {
      client.end(`${refusal}\r\n`);
      return;
    }
    const server = connect(serverPort, '127.0.0.1');
    const pair = { client, server };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    client.on('close', end);
    server.on('error', end).on('close', end);
    const toClient = (bytes: Buffer | string): void => {
      if (!muted.has(client)) client.write(bytes);
    };
    client.on(
      'data',
      lineSplitter(
        async (line) => {
          commands.push(line.replace(/^\S+ /, ''));
          if (hook?.command.test(line) === true) {
            const { act } = hook;
            hook = undefined;
            await act();
          }
          server.write(Buffer.from(`${line}\r\n`, 'latin1'));
        },
        (bytes) => server.write(bytes),
      ),
    );
    server.on(
      'data',
      lineSplitter(
        (line) => toClient(Buffer.from(`${change === undefined ? line : change(line)}\r\n`, 'latin1')),
        (bytes, left) => {
          if (cut !== undefined && bytes.length + left >= cut) {
            cut = undefined;
            toClient(bytes.subarray(0, bytes.length / 2));
            end();
          } else toClient(bytes);
        },
      ),
    );
  });
  const clients = (): Socket[] => [...pairs].map(({ client }) => client);
  return {
    get port() {
      return receiver.port;
    },
    get connections() {
      return receiver.connections;
    },
    get open() {
      return pairs.size;
    },
    commands,
    drop: () => clients().forEach((client) => client.destroy()),
    silence: () => clients().forEach((client) => muted.add(client)),
    bye: (line) => clients().forEach((client) => client.end(`${line}\r\n`)),
    refuse: (line) => void (refusal = line),
    rewrite: (next) => void (change = next),
    before: (command, act) => void (hook = { command, act }),
    cutLiteral: (bytes) => void (cut = bytes),
    close: () => receiver.close(),
  };
}
