import type { Answer, Login, ServerSettings, Stage } from './transport.ts';

/** What an answer is about. */
export interface Attempt {
  readonly protocol: 'smtp' | 'imap';
  readonly server: ServerSettings;
  readonly login: Login;
  /** The address that the mailbox sends from. */
  readonly from: string;
}

/** A failure in plain words: what happened, and what to do. */
export interface Explanation {
  /** For programs, such as `wrong_password`. */
  readonly code: string;
  /** Two sentences: the failure and its remedy. */
  readonly message: string;
}

interface Circumstances extends Attempt {
  readonly answer: Answer;
}

interface Remedy {
  readonly code: string;
  readonly when: (circumstances: Circumstances) => boolean;
  readonly message: (circumstances: Circumstances) => string;
}

const names = { smtp: 'SMTP', imap: 'IMAP' } as const;
const implicitPorts = { smtp: 465, imap: 993 } as const;
const upgradePorts = { smtp: 587, imap: 143 } as const;

type Condition = Remedy['when'];

const place = ({ server }: Circumstances): string => `${server.host}:${server.port}`;
const isAnswered: Condition = ({ answer }) => (answer.error ?? null) === null;
const isBroken: Condition = (about) => !isAnswered(about);
const failedWith =
  (...errors: readonly string[]): Condition =>
  ({ answer }) =>
    errors.includes(answer.error ?? '');
const said =
  (pattern: RegExp): Condition =>
  (about) =>
    isAnswered(about) && pattern.test(about.answer.text);
const at =
  (stage: Stage): Condition =>
  ({ answer }) =>
    answer.stage === stage;
const all =
  (...conditions: readonly Condition[]): Condition =>
  (about) =>
    conditions.every((condition) => condition(about));
const any =
  (...conditions: readonly Condition[]): Condition =>
  (about) =>
    conditions.some((condition) => condition(about));
const isTemporary = any(
  ({ answer }) => answer.code !== null && answer.code < 500,
  said(/\[(?:UNAVAILABLE|INUSE|SERVERBUG)\]|temporar|try again/i),
);

const withPassword = ({ login }: Circumstances): boolean => 'password' in login;
const isMicrosoft = ({ server }: Circumstances): boolean =>
  /(?:^|\.)(?:outlook|office365|hotmail|live)\.com$/i.test(server.host);
/** Providers that take app passwords only (their help pages on app passwords). */
const takesAppPasswords = ({ server }: Circumstances): boolean =>
  /(?:^|\.)(?:gmail|googlemail|google|yahoo|aol|icloud|mail\.me|me)\.com$/i.test(server.host);

/** The server offers a login, and none with a password. */
const onlyTokens: Condition = ({ answer }) => answer.error === 'NOLOGIN' && /XOAUTH2|OAUTHBEARER/.test(answer.text);

/** Microsoft does not say why, but it accepts no passwords over IMAP (MAIL FAQ of Exchange Online, "basic authentication"). */
const isFailureAtMicrosoft: Condition = all(isAnswered, isMicrosoft, ({ protocol }) => protocol === 'imap');

/** Each failure has one sentence and one remedy. The first that applies explains an answer. */
const remedies: readonly Remedy[] = [
  // The connection.
  {
    code: 'name_not_found',
    when: failedWith('DNS'),
    message: ({ server }) =>
      `The name ${server.host} was not found in the DNS. Check its spelling; your provider's help page shows the name of its server.`,
  },
  {
    code: 'address_not_allowed',
    when: failedWith('EGRESS'),
    message: ({ answer }) =>
      `${answer.text} Use a server on the Internet, or ask the operator of this installation to allow the address.`,
  },
  {
    code: 'tls_required',
    when: failedWith('PLAINTEXT'),
    message: ({ server, protocol }) =>
      `Connections to ${server.host} without TLS are not allowed. Choose the security tls (port ${implicitPorts[protocol]}) or starttls (port ${upgradePorts[protocol]}).`,
  },
  {
    code: 'refused',
    when: all(at('tcp'), failedWith('ECONNREFUSED')),
    message: (about) => `${place(about)} refused the connection. ${portHint(about)}`,
  },
  {
    code: 'timed_out',
    when: at('tcp'),
    message: (about) => `${place(about)} could not be reached. ${portHint(about)}`,
  },
  {
    code: 'tls_expected',
    when: failedWith('TLS_EXPECTED'),
    message: (about) =>
      `${place(about)} expects TLS from the start. Choose the security tls for this port, or port ${upgradePorts[about.protocol]} with starttls.`,
  },
  {
    code: 'tls_unexpected',
    when: all(
      at('tls'),
      failedWith('ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_UNEXPECTED_MESSAGE'),
    ),
    message: (about) =>
      `${place(about)} answers without TLS. Choose the security starttls for this port, or port ${implicitPorts[about.protocol]} with tls.`,
  },
  {
    code: 'certificate_expired',
    when: failedWith('CERT_HAS_EXPIRED'),
    message: ({ server }) =>
      `The certificate of ${server.host} has expired. The operator of the mail server must renew it.`,
  },
  {
    code: 'certificate_not_yet_valid',
    when: failedWith('CERT_NOT_YET_VALID'),
    message: ({ server }) =>
      `The certificate of ${server.host} is not valid yet. The operator of the mail server must correct it, or the clock of this installation is wrong.`,
  },
  {
    code: 'certificate_wrong_host',
    when: failedWith('ERR_TLS_CERT_ALTNAME_INVALID'),
    message: ({ server, answer }) =>
      `The certificate of ${server.host} is for another name${certificateNames(answer.text)}. Use the name of the server that the provider names in its help pages.`,
  },
  {
    code: 'certificate_self_signed',
    when: failedWith('DEPTH_ZERO_SELF_SIGNED_CERT'),
    message: ({ server }) =>
      `The certificate of ${server.host} is self-signed. Install one of a public authority on the mail server, or ask the operator of this installation to trust it.`,
  },
  {
    code: 'certificate_untrusted',
    when: all(
      at('tls'),
      failedWith(
        'SELF_SIGNED_CERT_IN_CHAIN',
        'UNABLE_TO_GET_ISSUER_CERT',
        'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
        'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      ),
    ),
    message: ({ server }) =>
      `The certificate of ${server.host} was issued by an authority that is not trusted, or the server does not send its intermediate certificate. Install the complete chain of a public authority on the mail server, or ask the operator of this installation to trust the authority.`,
  },
  {
    code: 'starttls_missing',
    when: all(
      at('tls'),
      any(isAnswered, ({ answer }) => answer.text.includes('STARTTLS')),
    ),
    message: (about) =>
      `${place(about)} does not offer STARTTLS, so the password would be readable on the way. Choose port ${implicitPorts[about.protocol]} with tls.`,
  },
  {
    code: 'tls_failed',
    when: all(at('tls'), isBroken),
    message: (about) =>
      `The TLS handshake with ${place(about)} failed (${about.answer.error ?? ''}). Check that the port and the security belong together: ${implicitPorts[about.protocol]} is tls, ${upgradePorts[about.protocol]} is starttls.`,
  },
  {
    code: 'wrong_protocol',
    when: failedWith('EPROTOCOL', 'LineTooLarge', 'ResponseTooLarge', 'TooManyTokens'),
    message: (about) =>
      `${place(about)} does not speak ${names[about.protocol]}. Use port ${implicitPorts[about.protocol]} with tls, or port ${upgradePorts[about.protocol]} with starttls.`,
  },
  {
    code: 'no_greeting',
    when: all(at('greeting'), failedWith('ETIMEDOUT', 'ABORTED')),
    message: (about) =>
      `${place(about)} accepted the connection and then said nothing. Check the port: ${implicitPorts[about.protocol]} is tls, ${upgradePorts[about.protocol]} is starttls.`,
  },

  // The login.
  {
    code: 'too_many_connections',
    when: said(
      /too many (?:simultaneous |concurrent )?(?:connections|sessions)|maximum number of connections|concurrent connections|connection limit|thread limit|\[LIMIT\]/i,
    ),
    message: ({ server }) =>
      `${server.host} refuses more connections to this account. Close other mail programs that use it, and try again in some minutes.`,
  },
  {
    code: 'web_login_required',
    when: all(at('auth'), said(/web ?login|webalert|web browser|5\.7\.14\b/i)),
    message: ({ server }) =>
      `${server.host} wants you to sign in on its web page first. Sign in there with a browser, confirm that it was you, and try again.`,
  },
  {
    code: 'app_password_required',
    when: all(at('auth'), said(/app(?:lication)?[- ]specific password|app password|5\.7\.9\b/i)),
    message: ({ server }) =>
      `${server.host} accepts an app password only. Create one in the security settings of the account, and enter it instead of the password.`,
  },
  {
    code: 'smtp_auth_disabled',
    when: said(/smtpclientauthentication is disabled|smtp_auth_disabled|smtp auth(?:entication)? is disabled/i),
    message: () =>
      'SMTP AUTH is switched off for this mailbox or its organization. An administrator can switch on "Authenticated SMTP" for the mailbox in the Microsoft 365 admin center.',
  },
  {
    code: 'imap_disabled',
    when: said(
      /not enabled for imap|imap4? (?:access |use )?is (?:disabled|not enabled|deactivated|switched off)|enable (?:your account for )?imap|authenticated but not connected/i,
    ),
    message: () =>
      'IMAP is switched off for this account. Switch it on in the settings of the account, or ask its administrator to.',
  },
  {
    code: 'account_locked',
    when: all(
      at('auth'),
      said(
        /(?:account|user|mailbox)[^.;]{0,40}(?:locked|suspended|disabled|blocked|deactivated)|too many (?:bad |failed |invalid )?(?:login|auth|password|attempts)|AUTH005|5\.7\.13\b/i,
      ),
    ),
    message: ({ server }) =>
      `${server.host} has locked this account. Sign in on the web page of the provider to unlock it, wait an hour, and try again.`,
  },
  {
    code: 'basic_auth_disabled',
    when: all(
      at('auth'),
      withPassword,
      any(said(/basic authentication|5\.7\.(?:30|139)\b/i), onlyTokens, isFailureAtMicrosoft),
    ),
    message: ({ server }) =>
      `${server.host} does not accept passwords (basic authentication is off). Connect the mailbox with the provider microsoft or google, which uses OAuth.`,
  },
  {
    code: 'temporary',
    when: all(at('auth'), isTemporary),
    message: ({ server }) => `${server.host} cannot check the login at the moment. Try again in some minutes.`,
  },
  {
    code: 'token_refused',
    when: all(at('auth'), isAnswered, (about) => !withPassword(about)),
    message: ({ server }) => `${server.host} refused the authorization. Connect the mailbox again.`,
  },
  {
    code: 'login_not_offered',
    when: failedWith('NOLOGIN'),
    message: (about) =>
      `${place(about)} does not offer a login. Use the port for mail programs: ${implicitPorts[about.protocol]} with tls, or ${upgradePorts[about.protocol]} with starttls.`,
  },
  {
    code: 'app_password_required',
    when: all(at('auth'), isAnswered, takesAppPasswords),
    message: ({ server }) =>
      `${server.host} refused the password; it accepts app passwords only. Create one in the security settings of the account, and enter it instead of the password.`,
  },
  {
    code: 'wrong_password',
    when: all(at('auth'), isAnswered),
    message: ({ server }) =>
      `${server.host} refused the user name or the password. Check both; the user name is usually the complete address.`,
  },

  // The sender.
  {
    code: 'needs_smtputf8',
    when: failedWith('SMTPUTF8'),
    message: ({ server }) =>
      `${server.host} does not accept addresses with other than ASCII characters before the @. Use an address without them.`,
  },
  {
    code: 'relay_denied',
    when: said(
      /relay(?:ing)?\b[^.;]{0,20}(?:denied|disallowed|prohibited|not)|unable to relay|not (?:allowed|permitted) to relay/i,
    ),
    message: ({ server, from }) =>
      `${server.host} does not send mail for ${from} (relaying is denied). Use the outgoing server of the provider of this address, with its user name and password.`,
  },
  {
    code: 'sending_limit',
    when: all(at('mail_from'), said(/limit|quota|5\.4\.5|too many/i)),
    message: ({ server }) =>
      `${server.host} sends no more mail for this account today: its limit is reached. Try again tomorrow, or ask the provider for a higher limit.`,
  },
  {
    code: 'temporary',
    when: isTemporary,
    message: ({ server }) => `${server.host} is not available at the moment. Try again in some minutes.`,
  },
  {
    // Of the stages after MAIL FROM, only answers about the sender come here. Postfix waits for RCPT TO by default.
    code: 'sender_not_allowed',
    when: all(any(at('mail_from'), at('rcpt_to'), at('data'), at('body')), isAnswered),
    message: ({ server, from }) =>
      `${server.host} does not let this user send from ${from}. Log in with the account of this address, or add the address to the account as a verified sender.`,
  },
  {
    code: 'folders_unavailable',
    when: at('folders'),
    message: ({ server }) =>
      `${server.host} does not show the folders of this account. Check that the account has a mailbox, and sign in on the web page of the provider once.`,
  },

  // Anything else.
  {
    code: 'no_answer',
    when: failedWith('ETIMEDOUT', 'ABORTED'),
    message: ({ server }) => `${server.host} stopped answering. Try again in some minutes.`,
  },
  {
    code: 'connection_lost',
    when: isBroken,
    message: ({ server, answer }) =>
      `The connection to ${server.host} was lost (${answer.error ?? ''}). Try again in some minutes; if it happens again, check the port and the security.`,
  },
  {
    code: 'server_refused',
    when: () => true,
    message: ({ server }) =>
      `${server.host} refused the connection with the message shown. Ask the provider what it means.`,
  },
];

function portHint({ protocol, server }: Circumstances): string {
  if (protocol === 'imap') return 'Check the host and the port: 993 is tls, 143 is starttls.';
  return server.port === 587
    ? 'Check the host; this installation may not be allowed to call port 587 of other machines.'
    : 'Port 25 and 465 are often blocked by hosting companies; try port 587 with starttls.';
}

/** The names of the certificate, from Node's message. */
function certificateNames(text: string): string {
  const names = /^.*altnames: (.{1,300})$/.exec(text)?.[1]?.replaceAll('DNS:', '').replace(/\.$/, '');
  return names === undefined ? '' : ` (${names})`;
}

/**
 * Explains a failed answer: one sentence about what happened, and one about what to do.
 *
 * @example
 * explain(failure.answer, { protocol: 'smtp', server, login, from: 'ada@example.com' })
 * // { code: 'wrong_password', message: 'smtp.example.com refused the user name or the password. Check both; …' }
 */
export function explain(answer: Answer, attempt: Attempt): Explanation {
  const circumstances = { ...attempt, answer };
  const remedy = remedies.find(({ when }) => when(circumstances));
  if (remedy === undefined) throw new Error('unreachable: the last remedy always applies');
  return { code: remedy.code, message: remedy.message(circumstances) };
}
