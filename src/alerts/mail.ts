import type { Transporter } from 'nodemailer';

/** Sends one mail. Rejects, within about a minute, if the server does not accept it. */
export type Mail = (message: {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
}) => Promise<void>;

const connectTimeoutMs = 10_000;
const idleTimeoutMs = 20_000;

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
 * Mail over SMTP. One connection per mail: alerts are rare, so a kept-alive connection would usually be closed by the next one.
 * @param smtpUrl `smtp://` or `smtps://`, with user and password if the server requires them. @param from the sender's address.
 */
export function smtpMail(smtpUrl: string, from: string): Mail {
  return async (message) => {
    const transport = await transportTo(smtpUrl);
    await transport.sendMail({
      ...message,
      from,
      // RFC 3834 §5: suppresses out-of-office replies.
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
  };
}
