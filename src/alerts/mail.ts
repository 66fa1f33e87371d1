import { createTransport } from 'nodemailer';

/** Sends one mail. Rejects when the server did not take it, within about a minute. */
export type Mail = (message: { readonly to: string; readonly subject: string; readonly text: string; readonly messageId: string }) => Promise<void>;

const connectTimeoutMs = 10_000;
const idleTimeoutMs = 20_000;

/**
 * Mail over SMTP. One connection a mail: alerts are rare, and a kept one would only be found dead.
 * @param smtpUrl `smtp://` or `smtps://`, with user and password if the server wants them. @param from the sender's address.
 */
export function smtpMail(smtpUrl: string, from: string): Mail {
  const transport = createTransport({
    url: smtpUrl,
    dnsTimeout: connectTimeoutMs,
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    socketTimeout: idleTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async (message) => {
    await transport.sendMail({
      ...message,
      from,
      // RFC 3834 §5: keeps out-of-office replies away.
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
  };
}
