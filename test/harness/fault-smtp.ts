/**
 * An SMTP submission server on loopback that can fail at every stage. A function or a table chooses the fault of each stage; messages that
 * the server took are recorded, and marked if their final answer did not reach the client. Without faults it is a fast sink.
 */
import { createServer } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { Faults, ReceivedMessage, SmtpLogin } from './fault-smtp-faults.ts';
import { FaultSmtpSession } from './fault-smtp-session.ts';
import type { SessionOptions } from './fault-smtp-session.ts';
import { listening } from './sockets.ts';
import type { Receiver } from './sockets.ts';

export interface FaultSmtpOptions {
  /** Default `none`. The others need `credentials`. */
  readonly security?: 'tls' | 'starttls' | 'none';
  readonly credentials?: { readonly key: string; readonly cert: string };
  readonly faults?: Faults;
  /** Decides about logins; all are accepted by default. */
  readonly login?: (login: SmtpLogin) => boolean;
  /** Default true: MAIL needs a login. */
  readonly authRequired?: boolean;
  /** Lines of the EHLO response, apart from STARTTLS and AUTH. */
  readonly extensions?: readonly string[];
  /** Default `127.0.0.1`. */
  readonly host?: string;
  readonly port?: number;
  readonly now?: () => number;
  /** Gets the messages instead of `messages`, which stays empty. */
  readonly received?: (message: ReceivedMessage) => void;
}

export interface FaultSmtp extends Receiver {
  /** May be replaced at any time. */
  faults: Faults;
  /** In the order of their final dots. */
  readonly messages: readonly ReceivedMessage[];
  /** Complete messages that were not refused. */
  readonly taken: number;
}

const defaultExtensions = ['PIPELINING', '8BITMIME', 'ENHANCEDSTATUSCODES', 'SIZE 52428800'];

/**
 * Starts the server on a free port.
 * @example
 * const smtp = await startFaultSmtp({ faults: { rcpt: { kind: 'reply', code: 550, text: '5.1.1 No such user' } } });
 * smtp.faults = ({ stage, messageId }) => (stage === 'final' && messageId === lost ? { kind: 'reset' } : undefined);
 */
export async function startFaultSmtp(options: FaultSmtpOptions = {}): Promise<FaultSmtp> {
  const { security = 'none', credentials, host, port, now = Date.now } = options;
  if (security !== 'none' && credentials === undefined) throw new Error('TLS needs a key and a certificate.');
  let { faults = {} } = options;
  const messages: ReceivedMessage[] = [];
  const record = options.received ?? ((message: ReceivedMessage) => void messages.push(message));
  let taken = 0;
  const session: SessionOptions = {
    security,
    secureContext: credentials === undefined ? undefined : createSecureContext(credentials),
    login: options.login ?? (() => true),
    authRequired: options.authRequired ?? true,
    extensions: options.extensions ?? defaultExtensions,
    now,
    fault: (context) => (typeof faults === 'function' ? faults(context) : faults[context.stage]),
    received(message) {
      if (message.outcome !== 'refused') taken += 1;
      record(message);
    },
  };
  let connections = 0;
  const server = createServer({ noDelay: true }, (socket) =>
    new FaultSmtpSession(socket, connections++, session).start(),
  );
  const receiver = await listening(server, host, port);
  return {
    port: receiver.port,
    messages,
    close: receiver.close,
    get connections() {
      return receiver.connections;
    },
    get open() {
      return receiver.open;
    },
    get taken() {
      return taken;
    },
    get faults() {
      return faults;
    },
    set faults(next) {
      faults = next;
    },
  };
}
