import type { Transporter } from 'nodemailer';

/** Sends one mail. Rejects when the server did not take it, within about a minute. */
export type Mail = (message: {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
}) => Promise<void>;

const connectTimeoutMs = 10_000;
const idleTimeoutMs = 20_000;

/** Loads nodemailer when it is used: its 39 files would be a part of every start. */
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

/** Connects and logs in, without a mail. @returns what is wrong, as a sentence that begins after the server's name; undefined when nothing is. */
export async function smtpProblem(smtpUrl: string): Promise<string | undefined> {
  const transport = await transportTo(smtpUrl);
  try {
    await transport.verify();
    return undefined;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'EAUTH') return 'refuses the user or the password.';
    if (code === 'EDNS') return 'has no address in the DNS.';
    if (code === 'ETIMEDOUT') return `did not answer within ${connectTimeoutMs / 1_000} s.`;
    return `cannot be used (${message}).`;
  } finally {
    transport.close();
  }
}

/**
 * Mail over SMTP. One connection a mail: alerts are rare, and a kept one would only be found dead.
 * @param smtpUrl `smtp://` or `smtps://`, with user and password if the server wants them. @param from the sender's address.
 */
export function smtpMail(smtpUrl: string, from: string): Mail {
  return async (message) => {
    const transport = await transportTo(smtpUrl);
    await transport.sendMail({
      ...message,
      from,
      // RFC 3834 §5: keeps out-of-office replies away.
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
  };
}
