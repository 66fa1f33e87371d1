import type { Socket } from 'node:net';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { systemClock } from '../../base/clock.ts';
import { connectChecked } from '../../base/connect-checked.ts';
import { unreachable } from '../../base/errors.ts';
import { enhancedCode, verdictOf } from './answers.ts';
import { replyOf } from './smtp-reply.ts';
import type { Answer, Stage, TransportOptions } from './transport.ts';
import { wireAddress } from './wire-address.ts';

/** What a server's answer shows about a recipient. `nothing`: it deferred, refused the client, or did not answer. */
export type Evidence = 'accepted' | 'refused' | 'nothing';

export interface Probe {
  /** A mail exchanger. */
  readonly host: string;
  readonly port: number;
  /** The sender to name, whose domain is the name of the client. */
  readonly from: string;
  readonly recipients: readonly string[];
  /** For everything together. */
  readonly timeoutMs: number;
}

const replyBytesMax = 64 * 1024;

/** What an answer shows about the recipient: only a clear statement counts. Pure. */
export function evidenceOf(answer: Answer): Evidence {
  const { stage, code } = answer;
  if (stage !== 'rcpt_to' || code === null) return 'nothing';
  // Not 252: the server does not know the recipient (RFC 5321 §3.5.3).
  if (code === 250 || code === 251) return 'accepted';
  return verdictOf(answer).cause === 'hard' ? 'refused' : 'nothing';
}

/**
 * Asks a mail exchanger about recipients, in one session and without a message. Stops at the first one that is not refused. With TLS if the
 * server offers it, whatever its certificate, as between mail servers (RFC 7435). Never rejects.
 * @returns evidence of the recipients that were asked about
 * @example
 * await probeRecipients({ host: 'mx.acme.example', port: 25, from: 'probe@verify.example', recipients, timeoutMs: 10_000 }, transport, signal)
 */
export async function probeRecipients(
  { host, port, from, recipients, timeoutMs }: Probe,
  { policy, resolve, clock = systemClock }: TransportOptions,
  signal: AbortSignal,
): Promise<readonly Evidence[]> {
  const found: Evidence[] = [];
  const over = Promise.withResolvers<never>();
  over.promise.catch(ignore);
  const end = (): void => over.reject(new Error('The session ended.'));
  const timer = clock.setTimer(end, timeoutMs);
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  let socket: Socket | undefined;
  let connection: SMTPConnection | undefined;
  try {
    socket = await connectChecked({ host, port }, { policy, resolve, timeoutMs, clock, signal });
    socket.on('error', end);
    const { default: Connection } = await import('nodemailer/lib/smtp-connection');
    let command: ((line: string) => Promise<{ readonly response: string }>) | undefined;
    const opened = new Connection({
      connection: socket,
      host,
      port,
      opportunisticTLS: true,
      tls: { rejectUnauthorized: false },
      name: from.slice(from.lastIndexOf('@') + 1),
      // No login takes place: nodemailer passes the handler its function that sends a command.
      customAuth: { [handler]: async ({ sendCommand }) => void (command = sendCommand) },
      maxResponseSize: replyBytesMax,
    });
    connection = opened;
    opened.on('error', end);
    opened.once('end', end);
    const settled = (start: (done: (error?: Error | null) => void) => void): Promise<void> =>
      Promise.race([new Promise<void>((done, fail) => start((error) => (error ? fail(error) : done()))), over.promise]);
    await settled((done) => opened.connect(done));
    await settled((done) => opened.login({ method: handler }, done));
    const ask = async (line: string, stage: Stage): Promise<Answer> => {
      if (command === undefined) throw unreachable('the handler of the login was not called');
      const { code, text } = replyOf((await Promise.race([command(line), over.promise])).response);
      return { stage, code, enhanced: enhancedCode(code, text), text };
    };
    const { code } = await ask(`MAIL FROM:<${from}>`, 'mail_from');
    for (const recipient of code === 250 ? recipients : []) {
      const address = wireAddress(recipient);
      if (address === undefined) break;
      const evidence = evidenceOf(await ask(`RCPT TO:<${address}>`, 'rcpt_to'));
      found.push(evidence);
      if (evidence !== 'refused') break;
    }
    await ask('RSET', 'mail_from');
    await ask('QUIT', 'mail_from');
  } catch {
    // The end of a session, for any reason, is no evidence about the remaining recipients.
  } finally {
    clock.clearTimer(timer);
    signal.removeEventListener('abort', end);
    connection?.close();
    socket?.destroy();
  }
  return found;
}

const handler = 'OUTRIDER';
const ignore = (): void => {};
