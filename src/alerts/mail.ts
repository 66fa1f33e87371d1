import type { Transporter } from 'nodemailer';
import type { Clock } from '../base/clock.ts';
import type { Config } from '../base/config.ts';

/** Sends one mail. Rejects, within a minute, if the server does not accept it. */
export type Mail = (message: {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
}) => Promise<void>;

const connectTimeoutMs = 10_000;
const idleTimeoutMs = 20_000;
const deadlineMs = 60_000;

/** Loads nodemailer on first use: its 39 files would slow down every start. */
async function transportTo(smtpUrl: string): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    url: smtpUrl,
    dnsTimeout: connectTimeoutMs,
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    socketTimeout: idleTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** Connects and logs in without sending a mail. @returns the problem, as the rest of a sentence that begins with the server's name; undefined: none. */
export async function smtpProblem(smtpUrl: string): Promise<string | undefined> {
  const transport = await transportTo(smtpUrl);
  try {
    await transport.verify();
    return undefined;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'EAUTH') return 'refuses the user or the password.';
    if (code === 'EDNS') return 'has no address in DNS.';
    if (code === 'ETIMEDOUT') return `did not answer within ${connectTimeoutMs / 1_000} s.`;
    return `cannot be used (${message}).`;
  } finally {
    transport.close();
  }
}

/**
 * The mail of the installation itself, over the operator's server; undefined if none is configured. One connection per mail: they are rare,
 * so a kept-alive connection would usually be closed by the next one.
 */
export function systemMail(
  { smtpUrl, smtpFrom }: Pick<Config, 'smtpUrl' | 'smtpFrom'>,
  clock: Clock,
): Mail | undefined {
  if (smtpUrl === undefined) return undefined;
  const send = async (message: Parameters<Mail>[0]): Promise<void> => {
    const transport = await transportTo(smtpUrl);
    await transport.sendMail({
      ...message,
      from: smtpFrom,
      // RFC 3834 §5: suppresses out-of-office replies.
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
  };
  return async (message) => {
    let timer: unknown;
    const late = new Promise<never>((_resolve, reject) => {
      timer = clock.setTimer(
        () => reject(new Error(`The mail server did not finish within ${deadlineMs / 1_000} s.`)),
        deadlineMs,
      );
    });
    try {
      await Promise.race([send(message), late]);
    } finally {
      clock.clearTimer(timer);
    }
  };
}
