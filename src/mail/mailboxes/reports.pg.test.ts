import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { hourMs, minuteMs } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import type { Caller, Fields } from '../../../test/harness/caller.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Failure } from '../transport/transport.ts';
import { readableAt, sendableAt } from './index.ts';
import type { Mailboxes, MailboxState, Protocol } from './index.ts';

const failure = (cause: Failure['cause']): Failure => ({
  cause,
  answer:
    cause === 'host'
      ? { stage: 'tcp', code: null, enhanced: null, error: 'ECONNREFUSED', text: 'connect ECONNREFUSED' }
      : { stage: 'auth', code: cause === 'auth' ? 535 : 454, enhanced: null, text: `${cause}!` },
});

const temporary = 'SMTP: mail.hopper.example cannot check the login at the moment. Try again in some minutes.';
const refused =
  'SMTP: mail.hopper.example refused the user name or the password. Check both; the user name is usually the complete address.';

describe('logins that others report', () => {
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));
  const mailboxes = (): Mailboxes => scene.product.mail.mailboxes;
  let sandbox: Caller;
  let made = 0;
  beforeEach(async () => {
    // Of a sandbox, so that the servers are stored without being contacted.
    sandbox = await (await scene.product.tenant()).withKey({ sandbox: true });
  });

  async function make(host = 'mail.hopper.example'): Promise<MailboxId> {
    const server = { host, username: 'grace', password: 'secret', security: 'tls' };
    const mailbox = await sandbox.got('POST', '/v1/mailboxes', {
      email: `m${(made += 1)}@hopper.example`,
      smtp: { ...server, port: 465 },
      imap: { ...server, port: 993 },
    });
    const id = String(mailbox['id']) as MailboxId;
    await scene.product.db.execute(sql`UPDATE mailboxes SET sandbox = false WHERE id = ${id}`);
    return id;
  }
  const row = async (id: MailboxId): Promise<MailboxState> =>
    (await mailboxes().settingsOf(scene.product.db, [id]))[0] ?? assert.fail();
  const fails = (cause: Failure['cause'], ids: readonly MailboxId[], protocol: Protocol = 'smtp'): Promise<void> =>
    mailboxes().reportFailures(ids.map((mailboxId) => ({ mailboxId, protocol, failure: failure(cause) })));
  const history = async (id: MailboxId): Promise<unknown[]> =>
    (
      await scene.product.db.query(sql<{ from_status: string | null; to_status: string; reason: string | null }>`
        SELECT from_status, to_status, reason FROM mailbox_history WHERE mailbox_id = ${id} ORDER BY id`)
    ).map(({ from_status: from, to_status: to, reason }) => [from, to, reason]);
  async function events(): Promise<unknown[]> {
    const listed = (await sandbox.api('GET', '/v1/events?event=mailbox.*&limit=100')).json.data as Fields[];
    const data = await Promise.all(
      listed.map(async ({ id, event }) => [
        event,
        ((await sandbox.got('GET', `/v1/events/${String(id)}`))['data'] as Fields)['reason'],
      ]),
    );
    return data.toReversed();
  }

  test('a transient failure degrades a mailbox and a login connects it again, without events', async () => {
    const id = await make();
    const now = scene.clock.now();
    await fails('auth_temporary', [id]);
    const degraded = await row(id);
    assert.deepEqual([degraded.status, degraded.status_reason], ['degraded', temporary]);
    assert.deepEqual([sendableAt(degraded), readableAt(degraded)], [now + 2_000, 0]);
    const shown = await sandbox.got('GET', `/v1/mailboxes/${id}`);
    assert.deepEqual([shown['status'], shown['status_reason']], ['degraded', temporary]);

    await mailboxes().reportConnected('imap', [id]);
    assert.equal((await row(id)).status, 'degraded', 'the other protocol says nothing of this one');
    await mailboxes().reportConnected('smtp', [id]);
    const again = await row(id);
    assert.deepEqual([again.status, again.status_reason, again.smtp_failing], ['connected', null, null]);
    assert.deepEqual(await history(id), [
      [null, 'connected', null],
      ['connected', 'degraded', temporary],
      ['degraded', 'connected', null],
    ]);
    assert.deepEqual(await events(), [['mailbox.connected', null]]);
  });

  test('refused credentials stop sending at once, and end in auth_failed with one event', async () => {
    const id = await make();
    await fails('auth', [id], 'imap');
    assert.deepEqual([(await row(id)).status, sendableAt(await row(id))], ['degraded', null]);
    await mailboxes().reportConnected('imap', [id]);
    await fails('auth', [id]);
    const degraded = await row(id);
    assert.deepEqual([degraded.status, sendableAt(degraded)], ['degraded', scene.clock.now() + 5 * minuteMs]);
    // The last retry of three days.
    await scene.product.db.execute(sql`
      UPDATE mailboxes SET smtp_failing = smtp_failing || jsonb_build_object('retry_at', ${scene.clock.now()}::bigint, 'since', ${scene.clock.now() - 72 * hourMs}::bigint)
      WHERE id = ${id}`);
    await fails('auth', [id]);
    const ended = await row(id);
    assert.deepEqual([ended.status, ended.connected_at], ['auth_failed', null]);
    assert.deepEqual([sendableAt(ended), readableAt(ended)], [null, null]);
    await fails('auth', [id]);
    await fails('host', [id], 'imap');
    assert.equal((await row(id)).status, 'auth_failed');

    assert.equal((await sandbox.got('POST', `/v1/mailboxes/${id}/resume`))['status'], 'auth_failed');
    // As a test by a person does.
    await mailboxes().reportConnected('smtp', [id]);
    await mailboxes().reportConnected('imap', [id]);
    const connected = await row(id);
    assert.deepEqual([connected.status, connected.connected_at?.getTime()], ['connected', scene.clock.now()]);
    assert.deepEqual(await events(), [
      ['mailbox.connected', null],
      ['mailbox.disconnected', refused],
      ['mailbox.connected', null],
    ]);
    const lines = scene.product.logged.filter(({ msg, mailbox_id: of }) => msg === 'mailbox.status' && of === id);
    assert.deepEqual(
      lines.map(({ from, to, reason }) => [from, to, reason]),
      await history(id),
    );
  });

  test('a paused mailbox stays paused whatever its logins say, and resumes to what they say', async () => {
    const id = await make();
    await sandbox.got('POST', `/v1/mailboxes/${id}/pause`);
    await fails('auth', [id]);
    assert.equal((await row(id)).status, 'paused');
    assert.equal((await sandbox.got('POST', `/v1/mailboxes/${id}/resume`))['status'], 'degraded');
    assert.deepEqual(await events(), [['mailbox.connected', null]]);
  });

  test('five failures on one host close it for all mailboxes on it, with one alert and one line in the log', async () => {
    const ids: MailboxId[] = [];
    for (let count = 0; count < 7; count += 1) ids.push(await make());
    const elsewhere = await make('other.hopper.example');
    await fails('host', ids.slice(0, 4));
    assert.equal((await row(ids[6] ?? assert.fail())).smtp_open_until, null);
    await fails('host', ids.slice(4, 6));
    const now = scene.clock.now();
    const untouched = await row(ids[6] ?? assert.fail());
    assert.deepEqual([untouched.status, untouched.smtp_failing], ['connected', null]);
    assert.deepEqual([sendableAt(untouched), readableAt(untouched)], [now + 5 * minuteMs, 0], 'its IMAP server works');
    assert.equal(sendableAt(await row(elsewhere)), 0);

    await scene.clock.advance(5 * minuteMs);
    await fails('host', ids.slice(0, 1));
    assert.equal(sendableAt(await row(ids[6] ?? assert.fail())), now + 10 * minuteMs);
    const alerts = (await sandbox.api('GET', '/v1/alerts')).json.data as Fields[];
    assert.deepEqual(
      alerts.map(({ subject }) => subject),
      ['Mail server does not answer: mail.hopper.example:465'],
    );
    assert.match(String(alerts[0]?.['body']), /Last error: SMTP: mail\.hopper\.example:465 refused the connection\./);
    const lines = scene.product.logged.filter(({ msg }) => msg === 'mailboxes.host_opened');
    assert.deepEqual(
      lines.map(({ host }) => host),
      ['mail.hopper.example:465'],
    );
    const { text } = await scene.product.api('GET', '/metrics');
    assert.match(text, /^outrider_mail_host_outages_total 1$/m);
    assert.match(text, /^outrider_mailboxes\{state="degraded"\} [1-9]/m);

    await scene.clock.advance(5 * minuteMs);
    await mailboxes().reportConnected('smtp', [ids[6] ?? assert.fail()]);
    assert.equal(sendableAt(await row(ids[6] ?? assert.fail())), 0);
    await fails('host', ids.slice(1, 5));
    assert.equal(sendableAt(await row(ids[6] ?? assert.fail())), 0, 'a success starts the count again');
  });

  test('the host of one organization says nothing about that of another', async () => {
    const ids = [await make(), await make(), await make(), await make(), await make()];
    await fails('host', ids);
    sandbox = await (await scene.product.tenant()).withKey({ sandbox: true });
    assert.equal(sendableAt(await row(await make())), 0);
  });

  test('reports about deleted and unknown mailboxes change nothing', async () => {
    const id = await make();
    await sandbox.api('DELETE', `/v1/mailboxes/${id}`);
    await fails('auth', [id, scene.product.ids.next<MailboxId>()]);
    await mailboxes().reportConnected('smtp', [id, scene.product.ids.next<MailboxId>()]);
    const deleted = await row(id);
    assert.deepEqual([deleted.status, deleted.status_reason], ['disconnected', 'deleted']);
    assert.deepEqual([sendableAt(deleted), readableAt(deleted)], [null, null]);
    assert.equal((await mailboxes().credentialsOf('smtp', [id])).size, 0);
  });

  test('two processes that report at once neither deadlock nor lose a failure', async () => {
    const ids = [await make(), await make(), await make(), await make()];
    await Promise.all([fails('auth', ids), fails('auth', ids.toReversed(), 'imap'), fails('host', ids.toReversed())]);
    for (const id of ids) {
      const { smtp_failing: smtp, imap_failing: imap, status } = await row(id);
      assert.deepEqual([smtp?.count, imap?.cause, status], [1, 'auth', 'degraded']);
    }
  });

  test('listeners run in the transaction of each change', async () => {
    const seen: string[] = [];
    let refuses = false;
    mailboxes().listen({
      async changed(_tx: Transaction, rows) {
        if (refuses) throw new Error('refused by a listener');
        for (const { id, status } of rows) seen.push(`${id} ${status}`);
      },
      async removed(_tx, rows) {
        for (const { id } of rows) seen.push(`${id} removed`);
      },
    });
    const id = await make();
    await fails('host', [id]);
    await sandbox.got('PATCH', `/v1/mailboxes/${id}`, { daily_limit: 7 });
    refuses = true;
    await assert.rejects(mailboxes().reportConnected('smtp', [id]), /refused by a listener/);
    assert.equal((await row(id)).status, 'degraded');
    refuses = false;
    await sandbox.api('DELETE', `/v1/mailboxes/${id}`);
    assert.deepEqual(seen, [`${id} connected`, `${id} degraded`, `${id} degraded`, `${id} removed`]);
  });

  test('passwords are read back for logins only', async () => {
    const id = await make();
    assert.deepEqual([...(await mailboxes().credentialsOf('imap', [id])).entries()], [[id, { password: 'secret' }]]);
  });
});
