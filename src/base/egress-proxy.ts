import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** An HTTP proxy for outgoing connections, by CONNECT (RFC 9110 §9.3.6). */
export interface EgressProxy {
  /** Of a TLS proxy, its name, too. */
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  /** Authorities (PEM) of a TLS proxy, instead of the system's; for tests. */
  readonly ca?: string;
  /** The value of `proxy-authorization`. */
  readonly authorization: string | undefined;
  /** How often it gave no connection. */
  failures: number;
  /** Called for each failure with what the operator must know; callers do not learn it. */
  readonly onFailure: (detail: string) => void;
}

/** The proxy that a URL names, such as `http://user:password@proxy.example.com:3128`. */
export function egressProxyOf(text: string, onFailure: EgressProxy['onFailure'] = () => {}): EgressProxy {
  const { protocol, hostname, port, username, password } = new URL(text);
  const secure = protocol === 'https:';
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port || (secure ? 443 : 80)),
    secure,
    authorization: username === '' ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`,
    failures: 0,
    onFailure,
  };
}

/** Why the proxy gave no connection, as a predicate that continues it: "requires authentication (407)". */
export class ProxyFailure extends Error {
  override readonly name = 'ProxyFailure';
  /** Another address of the target may succeed. */
  readonly ofTarget: boolean;

  constructor(message: string, ofTarget = false, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.ofTarget = ofTarget;
  }
}

const answerBytesMax = 16 * 1024;

/**
 * Opens a connection to an address through the proxy. It gets the address that was checked, not the name, which it would look up again.
 * @param onSocket called with the socket to the proxy before it is connected; destroying it ends the attempt
 * @throws ProxyFailure
 */
export async function tunnel(
  proxy: EgressProxy,
  { address, family }: { readonly address: string; readonly family: 4 | 6 },
  port: number,
  onSocket: (socket: Socket) => void,
): Promise<Socket> {
  const place = { host: proxy.host, port: proxy.port };
  const socket = proxy.secure
    ? connectTls({
        ...place,
        ALPNProtocols: ['http/1.1'],
        ca: proxy.ca,
        ...(isIP(proxy.host) === 0 ? { servername: proxy.host } : {}),
      })
    : connectTcp(place);
  socket.setNoDelay(true);
  onSocket(socket);
  const authority = `${family === 6 ? `[${address}]` : address}:${port}`;
  const authorization = proxy.authorization === undefined ? '' : `proxy-authorization: ${proxy.authorization}\r\n`;
  try {
    await opened(socket, proxy.secure ? 'secureConnect' : 'connect');
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n${authorization}\r\n`);
    assertOpen(await answerOf(socket));
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function assertOpen(head: string): void {
  const [, code] = /^HTTP\/1\.[01] (\d{3})(?: [^\r\n]*)?\r?\n/.exec(head) ?? [];
  if (code === undefined) throw new ProxyFailure('gave an answer that is not HTTP');
  if (code.startsWith('2')) return;
  if (code === '407') throw new ProxyFailure('requires other credentials (407)');
  throw new ProxyFailure(`refused the connection (${code})`, true);
}

const opened = (socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> =>
  new Promise((resolve, reject) => {
    const failed = (error?: Error & { readonly code?: string }): void =>
      reject(new ProxyFailure(`could not be reached (${error?.code ?? 'closed'})`, false, error));
    const closed = (): void => failed();
    socket
      .on('error', failed)
      .on('close', closed)
      .once(event, () => {
        socket.off('error', failed).off('close', closed);
        resolve();
      });
  });

/** Reads the head of the answer. What follows it belongs to the target and is put back. */
const answerOf = (socket: Socket): Promise<string> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const done = (): void =>
      void socket.off('readable', read).off('error', failed).off('end', ended).off('close', ended);
    const fail = (failure: ProxyFailure): void => {
      done();
      reject(failure);
    };
    const failed = (error: Error & { readonly code?: string }): void =>
      fail(new ProxyFailure(`closed the connection (${error.code ?? error.message})`, true, error));
    const ended = (): void => fail(new ProxyFailure('closed the connection without an answer', true));
    const read = (): void => {
      for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null) {
        chunks.push(chunk);
        const received = Buffer.concat(chunks);
        const end = received.indexOf('\r\n\r\n');
        if (end !== -1) {
          done();
          if (received.length > end + 4) socket.unshift(received.subarray(end + 4));
          return resolve(received.toString('latin1', 0, end + 4));
        }
        if (received.length > answerBytesMax) return fail(new ProxyFailure('gave an answer that is not HTTP'));
        if (!'HTTP/1.'.startsWith(received.toString('latin1', 0, Math.min(7, received.length))))
          return fail(new ProxyFailure('gave an answer that is not HTTP'));
      }
    };
    socket.on('readable', read).on('error', failed).on('end', ended).on('close', ended);
    read();
  });
