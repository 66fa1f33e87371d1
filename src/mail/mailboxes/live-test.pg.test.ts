import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { assertRefused } from '../../../test/harness/edge-routes.ts';
import { startFaultSmtp } from '../../../test/harness/fault-smtp.ts';
import type { FaultSmtp } from '../../../test/harness/fault-smtp.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import { startScripted } from '../../../test/harness/scripted-server.ts';
import type { Peer, ScriptedServer } from '../../../test/harness/scripted-server.ts';
import type { MailboxId } from '../../base/ids.ts';
import { sql } from '../../db/sql.ts';

const [smtpPassword, imapPassword, newPassword] = ['smtp-secret', 'imap-secret', 'new-secret'];
const passwords = new Set([smtpPassword, newPassword]);

/** Answers one IMAP client: one account, with the folders that a mailbox needs. */
async function imapScript(peer: Peer): Promise<void> {
  peer.send('* OK [CAPABILITY IMAP4rev1 SPECIAL-USE] ready\r\n');
  for (let line = await peer.line(); line !== undefined; line = await peer.line()) {
    const [tag = '', command = '', ...rest] = line.split(' ');
    switch (command.toUpperCase()) {
      case 'CAPABILITY':
        peer.send('* CAPABILITY IMAP4rev1 SPECIAL-USE\r\n');
        break;
      case 'LOGIN':
        if (!rest.join(' ').includes(imapPassword)) {
          peer.send(`${tag} NO [AUTHENTICATIONFAILED] Authentication failed.\r\n`);
          continue;
        }
        break;
      case 'LIST':
      case 'LSUB':
        peer.send('* LIST () "/" INBOX\r\n* LIST (\\Sent) "/" Sent\r\n* LIST (\\Junk) "/" Junk\r\n');
        break;
      case 'SELECT':
      case 'EXAMINE':
        peer.send('* 0 EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n* OK [UIDNEXT 1] ok\r\n* FLAGS ()\r\n');
        break;
    }
    peer.send(`${tag} OK done\r\n`);
  }
}

describe('the live test of mailboxes', () => {
  const scene = installationScene(() => ({
    config: { roles: ['api'] },
    resolve: (host) =>
      Promise.resolve([{ address: host === 'internal.example' ? '10.0.0.7' : '127.0.0.1', family: 4 as const }]),
  }));
  let tenant: Tenant;
  let smtp: FaultSmtp;
  let imap: ScriptedServer;
  let made = 0;
  before(async () => {
    smtp = await startFaultSmtp({ login: ({ secret }) => passwords.has(secret) });
    imap = await startScripted(imapScript);
  });
  after(() => Promise.all([smtp.close(), imap.close()]));
  beforeEach(async () => {
    smtp.faults = {};
    tenant = await scene.product.tenant();
  });

  const server = (port: number, password: string, fields: Fields = {}): Fields => ({
    host: 'mail.example',
    port,
    security: 'none',
    username: 'grace@hopper.example',
    password,
    ...fields,
  });
  const smtpPort = (): number => smtp.port;
  const body = (fields: Fields = {}): Fields => ({
    email: `m${(made += 1)}@hopper.example`,
    smtp: server(smtpPort(), smtpPassword),
    imap: server(imap.port, imapPassword),
    ...fields,
  });
  const stagesOf = (value: unknown): string[] =>
    (value as { protocol: string; stage: string; ok: boolean }[]).map(
      ({ protocol, stage, ok }) => `${protocol} ${stage}${ok ? '' : ' failed'}`,
    );
  const total = async (): Promise<unknown> => (await tenant.api('GET', '/v1/mailboxes')).json['total'];
  const row = async (id: unknown) =>
    (await scene.product.mail.mailboxes.settingsOf(scene.product.db, [String(id) as MailboxId]))[0] ?? assert.fail();

  /** Asserts that the body is refused after a test, and that nothing is stored. */
  async function refusal(given: Fields): Promise<Fields> {
    const { details } = assertRefused(await tenant.api('POST', '/v1/mailboxes', given), 422, 'validation_failed');
    assert.equal(await total(), 0);
    return details;
  }

  test('a mailbox whose servers accept it is stored as connected', async () => {
    const given = body();
    const check = await tenant.got('POST', '/v1/mailboxes/check', given);
    assert.deepEqual([check['ok'], await total()], [true, 0]);
    assert.deepEqual(
      stagesOf(check['stages']).filter((stage) => /auth|sender|folders/.test(stage)),
      ['smtp auth', 'smtp sender', 'imap auth', 'imap folders'],
    );
    const mailbox = await tenant.got('POST', '/v1/mailboxes', given);
    assert.equal(mailbox['status'], 'connected');
    assert.deepEqual(mailbox['smtp'], {
      host: 'mail.example',
      port: smtpPort(),
      security: 'none',
      username: 'grace@hopper.example',
    });
    assert.equal(smtp.messages.length, 0, 'nothing was sent');
  });

  test('a failed stage names the field, lists all stages, and nothing is stored', async () => {
    const details = await refusal(body({ smtp: server(smtpPort(), 'wrong'), imap: server(imap.port, 'wrong') }));
    assert.match(String(details['smtp.password']), /\w.*\. \w/, 'a sentence and a remedy');
    assert.match(String(details['imap.password']), /\w.*\. \w/);
    const stages = stagesOf(details['stages']);
    assert.ok(stages.includes('smtp auth failed') && stages.includes('imap auth failed'), stages.join());

    smtp.faults = { mail: { kind: 'reply', code: 553, text: '5.7.1 Sender address rejected: not owned by user' } };
    assert.match(String((await refusal(body()))['email']), /\w/);
    smtp.faults = { greeting: { kind: 'reply', code: 554, text: '5.7.1 Go away' } };
    assert.match(String((await refusal(body()))['smtp.port']), /\w/);
    smtp.faults = {};
    assert.match(String((await refusal(body({ smtp: server(1, smtpPassword) })))['smtp.port']), /\w/);
  });

  test('a host with a private address is refused without naming the address', async () => {
    const host = { host: 'internal.example' };
    const details = await refusal(body({ smtp: server(smtpPort(), smtpPassword, host) }));
    assert.match(String(details['smtp.host']), /\w/);
    assert.ok(!JSON.stringify(details).includes('10.0.0.7'));
  });

  test('a change of servers is tested again, and nothing changes when a stage fails', async () => {
    const mailbox = await tenant.got('POST', '/v1/mailboxes', body());
    const path = `/v1/mailboxes/${String(mailbox['id'])}`;
    const login = async (): Promise<unknown> =>
      (await scene.product.mail.mailboxes.credentialsOf('smtp', [String(mailbox['id']) as MailboxId])).get(
        String(mailbox['id']) as MailboxId,
      );
    const failed = assertRefused(
      await tenant.api('PATCH', path, { smtp: { password: 'wrong' }, daily_limit: 7 }),
      422,
      'validation_failed',
    );
    assert.ok('smtp.password' in failed.details);
    assert.deepEqual(await tenant.got('GET', path), mailbox);
    assert.deepEqual(await login(), { password: smtpPassword });

    assert.deepEqual(await tenant.got('PATCH', path, { smtp: { password: newPassword } }), mailbox);
    assert.deepEqual(await login(), { password: newPassword });
    const renamed = await tenant.got('PATCH', path, { smtp: { username: 'ada' }, imap: null });
    assert.deepEqual([renamed['smtp'], renamed['imap']], [{ ...(mailbox['smtp'] as Fields), username: 'ada' }, null]);
    assert.equal(
      (await scene.product.mail.mailboxes.credentialsOf('smtp', [String(mailbox['id']) as MailboxId])).size,
      1,
    );
  });

  test('a stored password is not sent to another server, nor over a weaker connection', async () => {
    const mailbox = await tenant.got('POST', '/v1/mailboxes', body());
    for (const smtpChange of [{ host: 'elsewhere.example' }, { port: imap.port }, { security: 'tls' }]) {
      const { details } = assertRefused(
        await tenant.api('PATCH', `/v1/mailboxes/${String(mailbox['id'])}`, { smtp: smtpChange }),
        422,
        'validation_failed',
      );
      assert.match(details['smtp.password'] ?? '', /must be sent again/);
      assert.ok(!('stages' in details));
    }
    const { details } = assertRefused(
      await tenant.api('POST', '/v1/mailboxes', body({ smtp: { port: 465 } })),
      422,
      'validation_failed',
    );
    assert.deepEqual(Object.keys(details), ['smtp.host', 'smtp.security', 'smtp.username', 'smtp.password']);
  });

  test('a test of a stored mailbox that succeeds connects it again; one that fails changes nothing', async () => {
    const { id } = await tenant.got('POST', '/v1/mailboxes', body());
    const check = (): Promise<Fields> => tenant.got('POST', `/v1/mailboxes/${String(id)}/check`);
    const refused = { cause: 'auth', answer: { stage: 'auth', code: 535, enhanced: null, text: 'no' } } as const;
    await scene.product.mail.mailboxes.reportFailures([
      { mailboxId: String(id) as MailboxId, protocol: 'smtp', failure: refused },
    ]);
    await scene.product.db.execute(
      sql`UPDATE mailboxes SET status = 'auth_failed', connected_at = NULL, smtp_failing = smtp_failing || '{"retry_at": null}' WHERE id = ${String(id)}`,
    );
    smtp.faults = { auth: { kind: 'reply', code: 535, text: '5.7.8 Bad credentials' } };
    assert.equal((await check())['ok'], false);
    assert.equal((await row(id)).status, 'auth_failed');
    smtp.faults = {};
    assert.equal((await check())['ok'], true);
    const connected = await row(id);
    assert.deepEqual([connected.status, connected.smtp_failing], ['connected', null]);
  });

  test('an organization may test 60 mailboxes a minute', async () => {
    const given = { email: 'a@hopper.example', smtp: server(465, 'x', { host: '10.0.0.1', security: 'tls' }) };
    for (let count = 0; count < 60; count += 1)
      assert.equal((await tenant.got('POST', '/v1/mailboxes/check', given))['ok'], false);
    const { headers, ...answer } = await tenant.api('POST', '/v1/mailboxes/check', given);
    assertRefused({ headers, ...answer }, 429, 'rate_limit');
    assert.ok(Number(headers.get('retry-after')) > 0);
  });
});
