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
  let current: { readonly key: string; readonly submitter: Submitter } | undefined;

  async function open(login: Login): Promise<Submitter | undefined> {
    if (mailbox.smtp === null) return undefined;
    const key = JSON.stringify(login);
    if (current?.key === key) return current.submitter;
    await current?.submitter.close();
    const submitter = createSmtpSubmitter(mailbox.smtp, login, { ...transport, organization: mailbox.organization_id });
    current = { key, submitter };
    return submitter;
  }

  return {
    async ready(signal) {
      const login = (await mailboxes.credentialsOf('smtp', [mailbox.id])).get(mailbox.id);
      if (login === undefined) return noLogin;
      if ('cause' in login) return login;
      const submitter = await open(login);
      return submitter === undefined ? noLogin : submitter.ready(signal);
    },
    submit: async (raw, envelope, signal) =>
      (await current?.submitter.submit(raw, envelope, signal)) ?? { outcome: 'deferred', ...noLogin },
    close: async () => current?.submitter.close(),
  };
}
