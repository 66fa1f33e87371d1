import type { Mailboxes, MailboxState } from '../mailboxes/index.ts';
import { createSmtpSubmitter } from '../transport/smtp.ts';
import type { Failure, Login, Submitter, TransportOptions } from '../transport/transport.ts';

const noLogin: Failure = {
  cause: 'misconfigured',
  answer: {
    stage: 'auth',
    code: null,
    enhanced: null,
    error: 'NOLOGIN',
    text: 'The mailbox has no SMTP server or no credentials.',
  },
};

/** Submits for a mailbox over SMTP. Each time it connects, it logs in with the credentials that the mailbox has then. */
export function createSmtpMailbox(
  mailbox: Pick<MailboxState, 'id' | 'organization_id' | 'smtp'>,
  mailboxes: Pick<Mailboxes, 'credentialsOf'>,
  transport: TransportOptions,
): Submitter {
  const { id, smtp, organization_id: organization } = mailbox;
  if (smtp === null)
    return {
      ready: async () => noLogin,
      submit: async () => ({ outcome: 'deferred', ...noLogin }),
      close: async () => {},
    };
  const login = async (): Promise<Login | Failure> => (await mailboxes.credentialsOf('smtp', [id])).get(id) ?? noLogin;
  return createSmtpSubmitter(smtp, login, { ...transport, organization });
}
