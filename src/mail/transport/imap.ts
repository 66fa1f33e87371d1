import { connect as connectTls } from 'node:tls';
import type { Socket } from 'node:net';
import type { ImapFlow, ImapFlowOptions } from 'imapflow';
import { minuteMs, systemClock } from '../../base/clock.ts';
import { withoutBrackets } from '../../base/egress.ts';
import { imapCauseOf } from './answers.ts';
import { answerOf, brokenAnswer, openSocket, tlsOptions, TransportError } from './connection.ts';
import { cleaner, secretsOf } from './server-text.ts';
import type { Clean } from './server-text.ts';
import type { Answer, Failure, Login, ServerSettings, Stage, TransportOptions } from './transport.ts';

const greetingTimeoutMs = 30_000;
/** From the greeting until the client is logged in. */
const loginTimeoutMs = minuteMs;
/** Real timers of imapflow that are behind those of the clock. */
const unusedTimeoutMs = 20 * minuteMs;
/** Until the client is logged in: each line costs time, and no server has this much to say. */
const loginBytesMax = 64 * 1024;
const messageBytesMax = 26 * 1024 * 1024;

export interface ImapOptions extends TransportOptions {
  /** The connection is destroyed when no byte arrives for this long, at the latest after twice as long. Default: 5 min. */
  readonly silenceMs?: number;
  /** Choices of the caller among imapflow's options. */
  readonly imapflow?: Pick<ImapFlowOptions, 'disableAutoIdle' | 'maxIdleTime' | 'missingIdleCommand' | 'qresync'>;
}

export type OpenedImap =
  | { readonly ok: true; readonly client: ImapFlow }
  | { readonly ok: false; readonly failure: Failure };

/**
 * Connects by a checked and pinned address, upgrades and logs in. Never rejects.
 *
 * The client never logs, and errors of its connection never end the process: listen for its event `close`. Literals are limited to 26 MB,
 * lines to 8 MB. The caller logs out.
 *
 * @example
 * const opened = await openImap(settings, { password }, { policy, resolve }, signal);
 * if (opened.ok) await opened.client.getMailboxLock('INBOX');
 */
export async function openImap(
  settings: ServerSettings,
  login: Login,
  options: ImapOptions,
  signal: AbortSignal,
  onStage: (stage: Stage) => void = () => {},
): Promise<OpenedImap> {
  const { clock = systemClock } = options;
  const secret = 'password' in login ? login.password : login.accessToken;
  const clean = cleaner(secretsOf(settings.username, secret));
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {});
  let stage: Stage = 'dns';
  let timer: unknown;
  const arm = (timeoutMs: number): void => {
    clock.clearTimer(timer);
    const text = `The server did not answer within ${timeoutMs / 1_000} s.`;
    timer = clock.setTimer(() => ended.reject(new TransportError(brokenAnswer(stage, 'ETIMEDOUT', text))), timeoutMs);
  };
  const enter = (entered: Stage): void => {
    stage = entered;
    onStage(entered);
  };
  let received = 0;
  let isOpen = false;
  const count = (data: Buffer): void => {
    received += data.length;
    if (received > loginBytesMax && !isOpen) ended.reject(new TransportError(tooMuch(stage)));
  };
  const abort = (): void => ended.reject(signal.reason);
  let socket: Socket | undefined;
  let client: ImapFlow | undefined;
  try {
    socket = await openSocket(settings, options, signal, enter);
    socket.on('error', () => {});
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    enter('greeting');
    arm(options.greetingTimeoutMs ?? greetingTimeoutMs);
    await Promise.race([greeted(socket, clean), ended.promise]);
    enter(settings.security === 'starttls' ? 'capabilities' : 'auth');
    arm(loginTimeoutMs);
    const { ImapFlow: Client } = await import('imapflow');
    client = new Client({
      ...fixedOptions(settings, login, options),
      ...options.imapflow,
      transport: transportOf(socket, options, enter, count),
    });
    // Errors reject `connect`; the event `close` follows those after it.
    client.on('error', () => {});
    const connecting = client.connect();
    connecting.catch(() => {});
    await Promise.race([connecting, ended.promise]);
    isOpen = true;
    closeWhenSilent(client, options);
    return { ok: true, client };
  } catch (error) {
    client?.close();
    socket?.destroy();
    const answer = error instanceof TransportError ? error.answer : imapAnswer(error, stage, clean, signal);
    return { ok: false, failure: { cause: imapCauseOf(answer), answer } };
  } finally {
    clock.clearTimer(timer);
    signal.removeEventListener('abort', abort);
  }
}

function fixedOptions(settings: ServerSettings, login: Login, options: TransportOptions): ImapFlowOptions {
  return {
    host: withoutBrackets(settings.host).replace(/\.$/, ''),
    port: settings.port,
    secure: settings.security === 'tls',
    ...(settings.security === 'tls' ? {} : { doSTARTTLS: settings.security === 'starttls' }),
    tls: tlsOptions(options),
    auth: {
      user: settings.username,
      ...('password' in login ? { pass: login.password } : { accessToken: login.accessToken }),
    },
    logger: false,
    // Servers that ask for an ID get one, without the versions that the library adds.
    clientInfo: { name: 'imap', version: false, vendor: false, 'support-url': false },
    // Compressed connections need 300 KB of memory each.
    disableCompression: true,
    maxIdleTime: 4 * minuteMs,
    connectionTimeout: unusedTimeoutMs,
    greetingTimeout: unusedTimeoutMs,
    socketTimeout: unusedTimeoutMs,
    maxLineLength: 8 * 1024 * 1024,
    maxLiteralSize: messageBytesMax,
    maxResponseSize: 2 * messageBytesMax,
    maxResponseTokens: 200_000,
  };
}

/** Gives imapflow a socket that is already connected, and follows the session. `count` gets what arrives. */
function transportOf(
  socket: Socket,
  options: TransportOptions,
  enter: (stage: Stage) => void,
  count: (data: Buffer) => void,
): NonNullable<ImapFlowOptions['transport']> {
  return {
    connect(_target, onConnect) {
      setImmediate(() => {
        onConnect();
        // After imapflow: a listener makes the data flow.
        socket.on('data', count);
      });
      return socket;
    },
    prepareUpgrade() {
      socket.off('data', count);
      enter('tls');
    },
    upgrade(plain, { host, servername }, onSecure) {
      const secure = connectTls(
        {
          ...tlsOptions(options),
          socket: plain,
          host,
          ...(servername === undefined ? {} : { servername }),
        },
        () => {
          enter('auth');
          onSecure();
          secure.on('data', count);
        },
      );
      return secure;
    },
  };
}

/** Waits for the beginning of the greeting, and leaves it to be read. @throws TransportError if it is not that of an IMAP server */
function greeted(socket: Socket, clean: Clean): Promise<void> {
  return new Promise((resolve, reject) => {
    const closed = (): void =>
      reject(new TransportError(brokenAnswer('greeting', 'CLOSED', 'The server closed the connection.')));
    const look = (): void => {
      const start = socket.read() as Buffer | null;
      if (start === null) return;
      socket.off('readable', look).off('close', closed).off('end', closed);
      if (start.toString('latin1', 0, 2) !== '* '.slice(0, start.length)) {
        const text = clean(start.toString('utf8', 0, 1_000));
        return reject(new TransportError(brokenAnswer('greeting', 'EPROTOCOL', text)));
      }
      socket.unshift(start);
      resolve();
    };
    socket.on('readable', look).on('close', closed).on('end', closed);
  });
}

/** Closes a client whose server has said nothing for too long: IDLE dies silently. One timer, whatever arrives. */
function closeWhenSilent(client: ImapFlow, { silenceMs = 5 * minuteMs, clock = systemClock }: ImapOptions): void {
  let received = client.stats().received;
  let timer: unknown;
  const look = (): void => {
    const now = client.stats().received;
    if (now === received) return client.close();
    received = now;
    timer = clock.setTimer(look, silenceMs);
  };
  timer = clock.setTimer(look, silenceMs);
  client.once('close', () => clock.clearTimer(timer));
}

interface ImapError {
  readonly authenticationFailed?: boolean;
  readonly tlsFailed?: boolean;
  readonly responseStatus?: string;
  readonly responseText?: string;
  readonly serverResponseCode?: string;
  readonly response?: unknown;
  readonly reason?: string;
}

/** Describes why `connect` failed: by the server's answer if there is one. */
function imapAnswer(error: unknown, at: Stage, clean: Clean, signal: AbortSignal): Answer {
  if (signal.aborted) return brokenAnswer(at, 'ABORTED', 'The attempt was cancelled.');
  const failure = (error instanceof Error ? error : {}) as ImapError & Partial<Error>;
  const stage = failure.tlsFailed === true ? 'tls' : failure.authenticationFailed === true ? 'auth' : at;
  if (failure.responseStatus !== undefined) {
    const code = failure.serverResponseCode === undefined ? '' : ` [${failure.serverResponseCode}]`;
    return said(stage, clean(`${failure.responseStatus}${code} ${failure.responseText ?? ''}`));
  }
  if (failure.authenticationFailed === true) {
    // imapflow found no way to log in, or an answer that means a failed login (Exchange).
    return typeof failure.response === 'string'
      ? said('auth', clean(failure.response))
      : brokenAnswer('auth', 'NOLOGIN', `The server does not offer a way to log in: ${clean(failure.message ?? '')}.`);
  }
  if (failure.tlsFailed !== true && failure.reason !== undefined) return said(stage, clean(`BYE ${failure.reason}`));
  const { text, ...answer } = answerOf(error, stage);
  return { ...answer, text: clean(text) };
}

const tooMuch = (stage: Stage): Answer =>
  brokenAnswer(stage, 'EPROTOCOL', `The server sent more than ${loginBytesMax / 1024} KB before the login.`);

const said = (stage: Stage, text: string): Answer => ({ stage, code: null, enhanced: null, error: null, text });
