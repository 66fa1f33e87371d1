import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { GenerateResult } from 'selfsigned';
import { parseCidrs } from '../../base/cidr.ts';
import { authority, certificate } from '../../../test/harness/certificates.ts';
import { eventually, TestClock } from '../../../test/harness/clock.ts';
import { startImapScript, startScripted, startSmtpScript } from '../../../test/harness/scripted-server.ts';
import type { ImapScript, ScriptedServer, SmtpScript } from '../../../test/harness/scripted-server.ts';
import { checkServers } from './check.ts';
import type { CheckReport } from './check.ts';
import { trusting } from './connection.ts';
import { explain } from './remedies.ts';
import type { Login, Security } from './transport.ts';

const password = 'correct horse battery staple';
const from = 'ada@lovelace.test';
const folders = [
  String.raw`(\HasNoChildren) "/" "INBOX"`,
  String.raw`(\Sent) "/" "Sent"`,
  String.raw`(\Junk) "/" "INBOX.Junk"`,
];
const selected = '* 0 EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n* OK [UIDNEXT 1] ok\r\n';

interface To {
  readonly host?: string;
  readonly port?: number;
  readonly security?: Security;
  readonly login?: Login;
  readonly username?: string;
  readonly from?: string;
  readonly addresses?: readonly string[] | 'none';
  readonly clock?: TestClock;
}

describe('the live test', () => {
  let ca: GenerateResult;
  const certificates = new Map<string, { key: string; cert: string }>();
  const closing: (() => unknown)[] = [];

  const tlsOf = async (name: string, issuer: GenerateResult | undefined = ca, ...days: number[]) => {
    const { private: key, cert } = await certificate(name, issuer, ...days);
    return { key, cert };
  };
  before(async () => {
    ca = await authority('Test CA');
    for (const name of ['mail.test', 'smtp.gmail.com', 'outlook.office365.com'])
      certificates.set(name, await tlsOf(name));
  });
  after(async () => {
    for (const close of closing) await close();
  });

  const tls = (host = 'mail.test') => certificates.get(host) ?? { key: '', cert: '' };
  const kept = async <T extends ScriptedServer>(starting: Promise<T>): Promise<T> => {
    const server = await starting;
    closing.push(() => server.close());
    return server;
  };
  const smtpServer = (script: SmtpScript = {}) => kept(startSmtpScript({ tls: tls(), ...script }));
  const imapServer = (script: ImapScript = {}) =>
    kept(
      startImapScript({
        tls: tls(),
        folders,
        ...script,
        steps: {
          EXAMINE: (peer, line) => peer.send(`${selected}${line.split(' ', 1)[0]} OK [READ-ONLY] done\r\n`),
          ...script.steps,
        },
      }),
    );

  const check = (smtp: To & { port: number }, imap?: To & { port: number }): Promise<CheckReport> => {
    const account = ({
      host = 'mail.test',
      port,
      security = 'starttls',
      login = { password },
      username = from,
    }: To & { port: number }) => ({
      server: { host, port, security, username },
      login,
    });
    const { addresses = ['127.0.0.1'], clock = new TestClock() } = imap ?? smtp;
    return checkServers(
      { from: smtp.from ?? from, smtp: account(smtp), imap: imap === undefined ? undefined : account(imap) },
      {
        policy: { allow: parseCidrs('127.0.0.1,224.0.0.1'), allowHttp: false },
        resolve: async () => {
          if (addresses === 'none') throw Object.assign(new Error('none'), { code: 'ENOTFOUND' });
          return addresses.map((address) => ({ address, family: 4 }));
        },
        clock,
        secureContext: trusting(ca.cert),
      },
      new AbortController().signal,
    );
  };

  /** Moves the clock until the check has ended. */
  const ended = async (clock: TestClock, checking: Promise<CheckReport>): Promise<CheckReport> => {
    let report: CheckReport | undefined;
    void checking.then((result) => (report = result));
    await eventually(async () => {
      await clock.advance(100);
      return report !== undefined;
    }, 'the check has ended');
    return checking;
  };

  const failed = ({ stages }: CheckReport, protocol: 'smtp' | 'imap') => {
    const found = stages.find((stage) => stage.protocol === protocol && !stage.ok);
    assert.ok(found !== undefined, `no stage of ${protocol} failed`);
    const { stage, code, message } = found;
    return { stage, code, message };
  };

  test('with servers that work, every stage passes', async () => {
    const [smtp, imap] = [await smtpServer(), await imapServer()];
    const report = await check(smtp, imap);
    assert.deepEqual(report.warnings, []);
    assert.deepEqual(
      report.stages.map(({ protocol, stage, ok }) => `${protocol} ${stage} ${ok}`),
      [
        'smtp dns true',
        'smtp tcp true',
        'smtp greeting true',
        'smtp tls true',
        'smtp capabilities true',
        'smtp auth true',
        'smtp sender true',
        'imap dns true',
        'imap tcp true',
        'imap greeting true',
        'imap tls true',
        'imap auth true',
        'imap capabilities true',
        'imap folders true',
      ],
    );
    assert.ok(report.ok);
    assert.equal(report.smtputf8, false);
    assert.equal(report.stages[5]?.message, 'mail.test accepted the login of ada@lovelace.test.');
    assert.deepEqual(smtp.messages, []);
    assert.ok(smtp.lines.includes('MAIL FROM:<ada@lovelace.test>') && smtp.lines.includes('RSET'));
  });

  test('an address that does not exist as a recipient may still be a sender', async () => {
    for (const reply of ['550 5.1.1 User unknown', '450 4.2.0 Greylisted', '552 5.2.2 Mailbox full']) {
      const report = await check({ port: (await smtpServer({ steps: { RCPT: reply } })).port });
      assert.ok(report.ok, reply);
    }
  });

  test('with implicit TLS, TLS comes before the greeting', async () => {
    const report = await check(
      { port: (await smtpServer({ implicit: true })).port, security: 'tls' },
      { port: (await imapServer({ implicit: true })).port, security: 'tls' },
    );
    assert.ok(report.ok);
    assert.deepEqual(
      report.stages.slice(0, 4).map(({ stage }) => stage),
      ['dns', 'tcp', 'tls', 'greeting'],
    );
  });

  test('what works and may surprise is a warning', async () => {
    const { private: key, cert } = await certificate('web123.hoster.test', ca, -1, 1, ['mail.lovelace.test']);
    const both = { key, cert };
    const smtp = await smtpServer({ tls: both });
    const imap = await imapServer({ tls: both, folders: folders.slice(0, 1) });
    const at = { host: 'mail.lovelace.test', username: 'team@lovelace.test' };
    const report = await check({ ...at, port: smtp.port }, { ...at, port: imap.port });
    assert.ok(report.ok);
    assert.deepEqual(report.warnings, [
      "The certificate of mail.lovelace.test was issued to another party, web123.hoster.test: use the provider's own name of the server if there is one.",
      'The mailbox sends from ada@lovelace.test, but logs in as team@lovelace.test: some providers replace the sender, and receivers may distrust the mail.',
      'mail.lovelace.test shows no folder for sent mail: copies are not filed, and a message whose fate is unknown cannot be looked for.',
      'mail.lovelace.test shows no folder for junk mail: replies that are filed there are not seen.',
    ]);
  });

  test('what the server said is shown, without what it was sent', async () => {
    const smtp = await smtpServer({ steps: { AUTH: '535 5.7.8 Bad\u0007 credentials' } });
    const imap = await imapServer({ steps: { AUTHENTICATE: `NO ${password}` } });
    const { stages } = await check(smtp, imap);
    assert.deepEqual(
      stages.filter(({ ok }) => !ok).map(({ server_said }) => server_said),
      ['535 5.7.8 Bad credentials', '(The server repeated credentials; its text is not shown.)'],
    );
    assert.ok(!JSON.stringify(stages).includes(password));
  });

  interface Case {
    readonly code: string;
    readonly stage: string;
    readonly message: string;
    readonly smtp?: SmtpScript;
    readonly imap?: ImapScript;
    readonly to?: To;
  }

  const cases: readonly Case[] = [
    {
      code: 'wrong_password',
      stage: 'auth',
      smtp: { steps: { AUTH: '535 5.7.8 Error: authentication failed' } },
      message:
        'mail.test refused the user name or the password. Check both; the user name is usually the complete address.',
    },
    {
      code: 'wrong_password',
      stage: 'auth',
      imap: { steps: { AUTHENTICATE: 'NO [AUTHENTICATIONFAILED] Authentication failed.' } },
      message:
        'mail.test refused the user name or the password. Check both; the user name is usually the complete address.',
    },
    {
      code: 'app_password_required',
      stage: 'auth',
      smtp: { steps: { AUTH: '534 5.7.9 Application-specific password required. Learn more at' } },
      message:
        'mail.test accepts an app password only. Create one in the security settings of the account, and enter it instead of the password.',
    },
    {
      code: 'app_password_required',
      stage: 'auth',
      to: { host: 'smtp.gmail.com' },
      smtp: { steps: { AUTH: '535 5.7.8 Username and Password not accepted. - gsmtp' } },
      message:
        'smtp.gmail.com refused the password; it accepts app passwords only. Create one in the security settings of the account, and enter it instead of the password.',
    },
    {
      code: 'app_password_required',
      stage: 'auth',
      imap: { steps: { AUTHENTICATE: 'NO [ALERT] Application-specific password required (Failure)' } },
      message:
        'mail.test accepts an app password only. Create one in the security settings of the account, and enter it instead of the password.',
    },
    ...[
      '550 5.7.30 Basic authentication is not supported for Client Submission.',
      '535 5.7.139 Authentication unsuccessful, basic authentication is disabled.',
    ].map((reply) => ({
      code: 'basic_auth_disabled',
      stage: 'auth',
      smtp: { steps: { AUTH: reply } },
      message:
        'mail.test does not accept passwords (basic authentication is off). Connect the mailbox with the provider microsoft or google, which uses OAuth.',
    })),
    {
      code: 'basic_auth_disabled',
      stage: 'auth',
      smtp: { extensions: ['AUTH XOAUTH2'] },
      message:
        'mail.test does not accept passwords (basic authentication is off). Connect the mailbox with the provider microsoft or google, which uses OAuth.',
    },
    {
      code: 'basic_auth_disabled',
      stage: 'auth',
      to: { host: 'outlook.office365.com' },
      imap: { steps: { AUTHENTICATE: 'NO AUTHENTICATE failed.' } },
      message:
        'outlook.office365.com does not accept passwords (basic authentication is off). Connect the mailbox with the provider microsoft or google, which uses OAuth.',
    },
    {
      code: 'smtp_auth_disabled',
      stage: 'auth',
      smtp: {
        steps: {
          AUTH: '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.',
        },
      },
      message:
        'SMTP AUTH is switched off for this mailbox or its organization. An administrator can switch on "Authenticated SMTP" for the mailbox in the Microsoft 365 admin center.',
    },
    ...[
      'NO [ALERT] Your account is not enabled for IMAP use. Please visit your account settings page.',
      'NO IMAP access is disabled for this user',
      'BAD User is authenticated but not connected.',
    ].map((reply) => ({
      code: 'imap_disabled',
      stage: 'auth',
      imap: { steps: { AUTHENTICATE: reply } },
      message:
        'IMAP is switched off for this account. Switch it on in the settings of the account, or ask its administrator to.',
    })),
    {
      code: 'too_many_connections',
      stage: 'auth',
      imap: { steps: { AUTHENTICATE: 'NO [ALERT] Too many simultaneous connections. (Failure)' } },
      message:
        'mail.test refuses more connections to this account. Close other mail programs that use it, and try again in some minutes.',
    },
    {
      code: 'too_many_connections',
      stage: 'greeting',
      smtp: { greeting: '421 4.7.0 Too many connections from your address' },
      message:
        'mail.test refuses more connections to this account. Close other mail programs that use it, and try again in some minutes.',
    },
    {
      code: 'account_locked',
      stage: 'auth',
      smtp: { steps: { AUTH: '535 5.7.0 (#AUTH005) Too many bad auth attempts.' } },
      message:
        'mail.test has locked this account. Sign in on the web page of the provider to unlock it, wait an hour, and try again.',
    },
    {
      code: 'account_locked',
      stage: 'auth',
      imap: { steps: { AUTHENTICATE: 'NO Your account has been temporarily locked' } },
      message:
        'mail.test has locked this account. Sign in on the web page of the provider to unlock it, wait an hour, and try again.',
    },
    {
      code: 'web_login_required',
      stage: 'auth',
      smtp: { steps: { AUTH: '534 5.7.14 Please log in via your web browser and then try again.' } },
      message:
        'mail.test wants you to sign in on its web page first. Sign in there with a browser, confirm that it was you, and try again.',
    },
    {
      code: 'web_login_required',
      stage: 'auth',
      imap: { steps: { AUTHENTICATE: 'NO [WEBALERT https://accounts.example/] Web login required.' } },
      message:
        'mail.test wants you to sign in on its web page first. Sign in there with a browser, confirm that it was you, and try again.',
    },
    {
      code: 'temporary',
      stage: 'auth',
      smtp: { steps: { AUTH: '454 4.7.0 Temporary authentication failure' } },
      message: 'mail.test cannot check the login at the moment. Try again in some minutes.',
    },
    {
      code: 'token_refused',
      stage: 'auth',
      to: { login: { accessToken: 'ya29.token' } },
      smtp: { steps: { AUTH: '535 5.7.8 Username and Password not accepted' } },
      message: 'mail.test refused the authorization. Connect the mailbox again.',
    },
    {
      code: 'login_not_offered',
      stage: 'auth',
      smtp: { extensions: ['SIZE 1000'] },
      message:
        'mail.test:PORT does not offer a login. Use the port for mail programs: 465 with tls, or 587 with starttls.',
    },
    ...[
      '553 5.7.1 <ada@lovelace.test>: Sender address rejected: not owned by user x',
      '550 5.7.60 SMTP; Client does not have permissions to send as this sender',
    ].map((reply) => ({
      code: 'sender_not_allowed',
      stage: 'sender',
      smtp: { steps: { MAIL: reply } },
      message:
        'mail.test does not let this user send from ada@lovelace.test. Log in with the account of this address, or add the address to the account as a verified sender.',
    })),
    {
      code: 'sender_not_allowed',
      stage: 'sender',
      smtp: { steps: { RCPT: '553 5.7.1 <ada@lovelace.test>: Sender address rejected: not owned by user x' } },
      message:
        'mail.test does not let this user send from ada@lovelace.test. Log in with the account of this address, or add the address to the account as a verified sender.',
    },
    {
      code: 'relay_denied',
      stage: 'sender',
      smtp: { steps: { MAIL: '554 5.7.1 Relay access denied' } },
      message:
        'mail.test does not send mail for ada@lovelace.test (relaying is denied). Use the outgoing server of the provider of this address, with its user name and password.',
    },
    {
      code: 'sending_limit',
      stage: 'sender',
      smtp: { steps: { MAIL: '550 5.4.5 Daily user sending limit exceeded' } },
      message:
        'mail.test sends no more mail for this account today: its limit is reached. Try again tomorrow, or ask the provider for a higher limit.',
    },
    {
      code: 'temporary',
      stage: 'sender',
      smtp: { steps: { MAIL: '451 4.3.0 Not now' } },
      message: 'mail.test is not available at the moment. Try again in some minutes.',
    },
    {
      code: 'needs_smtputf8',
      stage: 'sender',
      to: { from: 'jörg@lovelace.test' },
      smtp: {},
      message:
        'mail.test does not accept addresses with other than ASCII characters before the @. Use an address without them.',
    },
    {
      code: 'folders_unavailable',
      stage: 'folders',
      imap: { steps: { EXAMINE: 'NO [NONEXISTENT] Unknown mailbox' } },
      message:
        'mail.test does not show the folders of this account. Check that the account has a mailbox, and sign in on the web page of the provider once.',
    },
    {
      code: 'starttls_missing',
      stage: 'tls',
      smtp: { steps: { EHLO: '250 mail.test', STARTTLS: '502 5.5.1 Not implemented' } },
      message:
        'mail.test:PORT does not offer STARTTLS, so the password would be readable on the way. Choose port 465 with tls.',
    },
    {
      code: 'starttls_missing',
      stage: 'tls',
      imap: { steps: { CAPABILITY: 'OK done' } },
      message:
        'mail.test:PORT does not offer STARTTLS, so the password would be readable on the way. Choose port 993 with tls.',
    },
    {
      code: 'tls_unexpected',
      stage: 'tls',
      to: { security: 'tls' },
      smtp: {},
      message: 'mail.test:PORT answers without TLS. Choose the security starttls for this port, or port 465 with tls.',
    },
    {
      code: 'tls_unexpected',
      stage: 'tls',
      to: { security: 'tls' },
      imap: {},
      message: 'mail.test:PORT answers without TLS. Choose the security starttls for this port, or port 993 with tls.',
    },
    {
      code: 'connection_lost',
      stage: 'auth',
      smtp: { steps: { AUTH: (peer) => peer.end() } },
      message:
        'The connection to mail.test was lost (ECONNECTION). Try again in some minutes; if it happens again, check the port and the security.',
    },
    {
      code: 'server_refused',
      stage: 'greeting',
      smtp: { greeting: '554 5.7.1 No SMTP service here' },
      message: 'mail.test refused the connection with the message shown. Ask the provider what it means.',
    },
    {
      code: 'wrong_protocol',
      stage: 'greeting',
      smtp: { greeting: 'SSH-2.0-OpenSSH_9.2' },
      message: 'mail.test:PORT does not speak SMTP. Use port 465 with tls, or port 587 with starttls.',
    },
    {
      code: 'wrong_protocol',
      stage: 'greeting',
      imap: { greeting: '220 mail.test ESMTP' },
      message: 'mail.test:PORT does not speak IMAP. Use port 993 with tls, or port 143 with starttls.',
    },
    {
      code: 'address_not_allowed',
      stage: 'dns',
      to: { addresses: ['10.0.0.5'] },
      smtp: {},
      message:
        'The host mail.test resolves to an address that is not allowed. Use a server on the Internet, or ask the operator of this installation to allow the address.',
    },
    {
      code: 'name_not_found',
      stage: 'dns',
      to: { addresses: 'none' },
      smtp: {},
      message:
        "The name mail.test was not found in the DNS. Check its spelling; your provider's help page shows the name of its server.",
    },
    {
      code: 'tls_required',
      stage: 'dns',
      to: { security: 'none', addresses: ['8.8.8.8'] },
      smtp: {},
      message:
        'Connections to mail.test without TLS are not allowed. Choose the security tls (port 465) or starttls (port 587).',
    },
  ];

  for (const { code, stage, message, smtp, imap, to = {} } of cases)
    test(`${code}: ${message}`, async () => {
      const secure = { tls: tls(to.host) };
      const sending = await smtpServer({ ...secure, ...smtp });
      const reading = await imapServer({ ...secure, ...imap });
      const report = await check(
        { ...(imap === undefined ? to : {}), ...(to.host === undefined ? {} : { host: to.host }), port: sending.port },
        imap === undefined ? undefined : { ...to, port: reading.port },
      );
      assert.ok(!report.ok);
      const { port } = imap === undefined ? sending : reading;
      assert.deepEqual(failed(report, imap === undefined ? 'smtp' : 'imap'), {
        stage,
        code,
        message: message.replace('PORT', String(port)),
      });
    });

  const badCertificates: readonly (readonly [string, string, () => Promise<{ key: string; cert: string }>])[] = [
    [
      'certificate_expired',
      'The certificate of mail.test has expired. The operator of the mail server must renew it.',
      () => tlsOf('mail.test', ca, -10, -1),
    ],
    [
      'certificate_not_yet_valid',
      'The certificate of mail.test is not valid yet. The operator of the mail server must correct it, or the clock of this installation is wrong.',
      () => tlsOf('mail.test', ca, 1, 10),
    ],
    [
      'certificate_wrong_host',
      'The certificate of mail.test is for another name (web123.hoster.test). Use the name of the server that the provider names in its help pages.',
      () => tlsOf('web123.hoster.test'),
    ],
    [
      'certificate_self_signed',
      'The certificate of mail.test is self-signed. Install one of a public authority on the mail server, or ask the operator of this installation to trust it.',
      async () => {
        const { private: key, cert } = await certificate('mail.test');
        return { key, cert };
      },
    ],
    [
      'certificate_untrusted',
      'The certificate of mail.test was issued by an authority that is not trusted, or the server does not send its intermediate certificate. Install the complete chain of a public authority on the mail server, or ask the operator of this installation to trust the authority.',
      async () => tlsOf('mail.test', await authority('Another CA')),
    ],
  ];
  for (const [code, message, bad] of badCertificates)
    test(`${code}: ${message}`, async () => {
      for (const implicit of [true, false]) {
        const secure = { tls: await bad(), implicit };
        const security = implicit ? 'tls' : 'starttls';
        const [smtp, imap] = [await smtpServer(secure), await imapServer(secure)];
        const report = await check({ port: smtp.port, security }, { port: imap.port, security });
        for (const protocol of ['smtp', 'imap'] as const)
          assert.deepEqual(failed(report, protocol), { stage: 'tls', code, message }, `${protocol} ${security}`);
        assert.ok(![...smtp.lines, ...imap.lines].some((line) => /AUTH|LOGIN/.test(line)));
      }
    });

  test('refused: the ports that hosting companies block are named', async () => {
    const server = await smtpServer();
    await server.close();
    const report = await check(server, server);
    assert.deepEqual(failed(report, 'smtp'), {
      stage: 'tcp',
      code: 'refused',
      message: `mail.test:${server.port} refused the connection. Port 25 and 465 are often blocked by hosting companies; try port 587 with starttls.`,
    });
    assert.equal(
      failed(report, 'imap').message,
      `mail.test:${server.port} refused the connection. Check the host and the port: 993 is tls, 143 is starttls.`,
    );
  });

  test('timed_out: a server that cannot be reached', async () => {
    // No TCP connection to a multicast address can be opened.
    const report = await check({ port: 465, security: 'tls', addresses: ['224.0.0.1'] });
    const { message: _, ...stage } = failed(report, 'smtp');
    assert.deepEqual(stage, { stage: 'tcp', code: 'timed_out' });
    const server = { host: 'mail.test', port: 465, security: 'tls', username: from } as const;
    const answer = { stage: 'tcp', code: null, enhanced: null, error: 'ETIMEDOUT', text: 'timed out' } as const;
    for (const [protocol, hint] of [
      ['smtp', 'Port 25 and 465 are often blocked by hosting companies; try port 587 with starttls.'],
      ['imap', 'Check the host and the port: 993 is tls, 143 is starttls.'],
    ] as const)
      assert.deepEqual(explain(answer, { protocol, server, login: { password }, from }), {
        code: 'timed_out',
        message: `mail.test:465 could not be reached. ${hint}`,
      });
  });

  test('tls_failed: a server that does not answer the TLS handshake', async () => {
    const clock = new TestClock();
    const silent = await kept(
      startScripted(async (peer) => {
        for (let line = await peer.line(); line !== undefined; line = await peer.line());
      }),
    );
    const report = await ended(clock, check({ port: silent.port, security: 'tls', clock }));
    assert.deepEqual(failed(report, 'smtp'), {
      stage: 'tls',
      code: 'tls_failed',
      message: `The TLS handshake with mail.test:${silent.port} failed (ETIMEDOUT). Check that the port and the security belong together: 465 is tls, 587 is starttls.`,
    });
  });

  test('tls_expected: a port that waits for TLS', async () => {
    const clock = new TestClock();
    const [smtp, imap] = [await smtpServer({ implicit: true }), await imapServer({ implicit: true })];
    const report = await ended(clock, check({ port: smtp.port, clock }, { port: imap.port, clock }));
    assert.deepEqual(failed(report, 'smtp'), {
      stage: 'greeting',
      code: 'tls_expected',
      message: `mail.test:${smtp.port} expects TLS from the start. Choose the security tls for this port, or port 587 with starttls.`,
    });
    assert.equal(
      failed(report, 'imap').message,
      `mail.test:${imap.port} expects TLS from the start. Choose the security tls for this port, or port 143 with starttls.`,
    );
  });

  test('no_greeting: a server that says nothing', async () => {
    const clock = new TestClock();
    const silent = await kept(
      startScripted(async (peer) => {
        for (let line = await peer.line(); line !== undefined; line = await peer.line());
      }),
    );
    const report = await ended(clock, check({ port: silent.port, clock }, { port: silent.port, clock }));
    for (const [protocol, tlsPort, upgradePort] of [
      ['smtp', 465, 587],
      ['imap', 993, 143],
    ] as const)
      assert.deepEqual(failed(report, protocol), {
        stage: 'greeting',
        code: 'no_greeting',
        message: `mail.test:${silent.port} accepted the connection and then said nothing. Check the port: ${tlsPort} is tls, ${upgradePort} is starttls.`,
      });
    assert.equal(clock.pending, 0);
  });

  test('no_answer: 30 s after its start the test ends, whatever the servers do', async () => {
    const clock = new TestClock();
    const smtp = await smtpServer({ steps: { AUTH: () => {} } });
    const imap = await imapServer({ steps: { EXAMINE: () => {} } });
    const checking = check({ port: smtp.port, clock }, { port: imap.port, clock });
    await eventually(
      () => smtp.lines.some((line) => line.startsWith('AUTH')) && imap.lines.some((line) => line.includes('EXAMINE')),
      'both wait',
    );
    await clock.advance(30_000);
    const report = await checking;
    assert.equal(failed(report, 'smtp').message, 'mail.test stopped answering. Try again in some minutes.');
    assert.equal(failed(report, 'imap').stage, 'folders');
    assert.equal(clock.pending, 0);
  });
});
