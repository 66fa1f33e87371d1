import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { minuteMs } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import { sql } from '../../db/sql.ts';
import { TestClock } from '../../../test/harness/clock.ts';
import { createTestDatabase } from '../../../test/harness/database.ts';
import type { TestDatabase } from '../../../test/harness/database.ts';
import { startFaultSmtp } from '../../../test/harness/fault-smtp.ts';
import type { FaultSmtp } from '../../../test/harness/fault-smtp.ts';
import { startInstallation } from '../../../test/harness/installation.ts';
import type { Installation, InstallationOverrides, Tenant } from '../../../test/harness/installation.ts';
import { makeSenderMailbox } from '../../../test/harness/sender-mailboxes.ts';
import type { SenderMailbox } from '../../../test/harness/sender-mailboxes.ts';
import { messagesByMessageId } from './known-messages.ts';

describe('processes that send', () => {
  let database: TestDatabase;
  let clock: TestClock;
  let api: Installation;
  before(async () => {
    database = await createTestDatabase();
    clock = new TestClock();
    api = await startInstallation({ databaseUrl: database.url, clock, config: { roles: ['api'] } });
  });
  after(async () => {
    await api.stop();
    await database.drop();
  });

  const sender = (more: InstallationOverrides = {}): Promise<Installation> =>
    startInstallation({
      databaseUrl: database.url,
      clock,
      listens: false,
      ...more,
      config: { roles: ['mail'], ...more.config },
    });

  interface Outbox {
    readonly tenant: Tenant;
    readonly smtp: FaultSmtp;
    readonly mailboxes: readonly MailboxId[];
    send(mailbox: MailboxId, to: string): Promise<string>;
    statuses(): Promise<Record<string, number>>;
  }

  async function outbox(count: number, settings: Partial<SenderMailbox> = {}): Promise<Outbox> {
    const tenant = await api.tenant();
    const smtp = await startFaultSmtp();
    const mailboxes: MailboxId[] = [];
    for (let n = 0; n < count; n += 1)
      mailboxes.push(
        await makeSenderMailbox(api, { organizationId: tenant.organization.id, port: smtp.port, ...settings }),
      );
    return {
      tenant,
      smtp,
      mailboxes,
      send: async (mailbox, to) =>
        String(
          (await tenant.got('POST', '/v1/messages', { mailbox_id: mailbox, to, subject: 'Hi', text: 'Hi' }))['id'],
        ),
      async statuses() {
        const rows = await api.db.query(sql<{ status: string; count: number }>`
          SELECT status, count(*) AS count FROM messages WHERE organization_id = ${tenant.organization.id} GROUP BY status`);
        return Object.fromEntries(rows.map(({ status, count: of }) => [status, of]));
      },
    };
  }

  test('M7 M9 M11: two processes send each message once, over one connection to each mailbox, within all limits', async () => {
    const { smtp, mailboxes, send, statuses } = await outbox(4, { dailyLimit: 20, hourlyPerDomain: 12 });
    // 30 to the shared domain are allowed in an hour, 12 from each mailbox; 20 from each mailbox in a day.
    const sends = mailboxes.flatMap((mailbox) =>
      Array.from({ length: 25 }, (_, n) => send(mailbox, n < 15 ? `r${n}@shared.example` : `r${n}@own-${n}.example`)),
    );
    await Promise.all(sends);
    const processes = await Promise.all([sender(), sender()]);
    let most = 0;
    await api.until(async () => {
      most = Math.max(most, smtp.open);
      const { claimed = 0, sending = 0 } = await statuses();
      const rows = await api.db.query(sql<{ waits: boolean }>`
        SELECT bool_and(holder IS NULL OR next_at > ${new Date(clock.now())}) AS waits FROM mailbox_pace WHERE mailbox_id = ANY(${[...mailboxes]}::uuid[])`);
      return (
        sending === 0 && claimed + smtp.messages.length === 100 && smtp.messages.length > 60 && rows[0]?.waits === true
      );
    }, 'everything that is allowed is sent');
    assert.ok(most <= mailboxes.length, `${most} connections`);
    assert.equal(new Set(smtp.messages.map(({ messageId }) => messageId)).size, smtp.messages.length);
    const shared = smtp.messages.filter(({ to }) => to[0]?.endsWith('@shared.example'));
    assert.equal(shared.length, 30);
    for (const own of Map.groupBy(shared, ({ from }) => from).values()) assert.ok(own.length <= 12);
    for (const own of Map.groupBy(smtp.messages, ({ from }) => from).values()) assert.ok(own.length <= 20);
    // Ten to domains of their own from each mailbox, and the rest to the shared domain.
    assert.equal(smtp.messages.length, 70);
    for (const each of processes) await each.stop();
    await smtp.close();
  });

  test('M24: two processes keep within what governs a mailbox on a day, beside direct messages and through a cut', async () => {
    const { tenant, smtp, mailboxes, send } = await outbox(2, { gapSeconds: [1, 2] });
    const organizationId = tenant.organization.id;
    const { sending } = api.mail;
    const govern = (messages: number): Promise<void> =>
      api.db.transaction(async (tx) => {
        await sending.hold(tx, mailboxes);
        await sending.govern(
          tx,
          mailboxes.map((mailboxId) => ({ mailboxId, organizationId, messages })),
        );
      });
    await govern(10);
    const states = await api.mail.mailboxes.settingsOf(api.db, mailboxes);
    await api.db.transaction((tx) =>
      sending.enqueue(
        tx,
        Array.from({ length: 40 }, (_, n) => {
          const to = { email: `r${n}@own-${n}.example`, key: `r${n}@own-${n}.example`, domain: `own-${n}.example` };
          const content = { subject: 'Hi', text: 'Hi', html: null, headers: {} };
          const mailbox = states[n % 2] ?? assert.fail();
          return { mailbox, purpose: n % 4 < 2 ? ('warmup' as const) : ('campaign' as const), to, content };
        }),
      ),
    );
    const processes = await Promise.all([sender(), sender()]);
    const isSent = (count: number): Promise<void> =>
      api.until(async () => {
        if (smtp.messages.length >= count) return true;
        if (processes.every(({ mail }) => mail.sending.figures.inFlight === 0)) await clock.advance(500);
        return false;
      }, `${count} are sent`);
    await isSent(4);
    await Promise.all(
      mailboxes.flatMap((mailbox) => [send(mailbox, 'a@direct.example'), send(mailbox, 'b@direct.example')]),
    );
    await isSent(8);
    await govern(7);
    const cutMs = clock.now();
    const waiting = async (): Promise<boolean> => {
      await clock.advance(500);
      const rows = await api.db.query(sql<{ reason: string | null }>`
        SELECT blocked_reason AS reason FROM mailbox_pace WHERE mailbox_id = ANY(${[...mailboxes]}::uuid[])`);
      return rows.every(({ reason }) => reason === 'warmup_limit');
    };
    await api.until(waiting, 'both wait for the next day');
    // A direct message is not held back.
    await send(mailboxes[0] ?? assert.fail(), 'c@direct.example');
    await api.until(() => smtp.messages.some(({ to }) => to[0] === 'c@direct.example'), 'it is sent');
    const sent = await api.db.query(sql<{ mailbox_id: MailboxId; purpose: string; at: Date }>`
      SELECT r.mailbox_id, m.purpose, r.at FROM send_reservations r JOIN messages m ON m.id = r.message_id WHERE r.organization_id = ${organizationId} ORDER BY r.at, r.message_id`);
    for (const own of Map.groupBy(sent, (row) => row.mailbox_id).values()) {
      assert.ok(own.length >= 7, `${own.length} were sent`);
      own.forEach(({ purpose, at }, index) =>
        assert.ok(purpose === 'direct' || index < (at.getTime() > cutMs ? 7 : 10), `message ${index + 1} is paced`),
      );
    }
    for (const each of processes) await each.stop();
    await smtp.close();
  });

  test('M17: what a dead process was sending is unknown, and its mailboxes go on within seconds', async () => {
    const { tenant, smtp, mailboxes, send, statuses } = await outbox(1);
    const [mailbox] = mailboxes;
    assert.ok(mailbox !== undefined);
    const [flying, waiting] = [await send(mailbox, 'a@one.example'), await send(mailbox, 'b@two.example')];
    // As a process leaves them that is killed after the commit of `sending`.
    const dead = randomUUID();
    await api.db.execute(sql`INSERT INTO delivery_holders (id) VALUES (${dead})`);
    await api.db.execute(
      sql`UPDATE messages SET status = 'sending', holder = ${dead}, attempts = 1 WHERE id = ${flying}`,
    );
    await api.db.execute(sql`UPDATE mailbox_pace SET holder = ${dead} WHERE mailbox_id = ${mailbox}`);
    const heir = await sender();
    await heir.until(async () => {
      const { unknown = 0, sent = 0 } = await statuses();
      if (unknown === 1 && sent === 1) return true;
      await clock.advance(100);
      return false;
    }, 'one is unknown, one sent');
    assert.equal((await tenant.got('GET', `/v1/messages/${flying}`))['status'], 'unknown');
    assert.equal((await tenant.got('GET', `/v1/messages/${waiting}`))['status'], 'sent');
    assert.equal(smtp.messages.length, 1);
    await heir.stop();
    await smtp.close();
  });

  test('M6: a report that names an unknown message settles it, with its events', async () => {
    const { tenant, smtp, mailboxes, send } = await outbox(1);
    const [mailbox] = mailboxes;
    assert.ok(mailbox !== undefined);
    smtp.faults = { final: { kind: 'reset' } };
    const process = await sender();
    const id = await send(mailbox, 'a@one.example');
    const message = () => tenant.got('GET', `/v1/messages/${id}`);
    await api.until(async () => (await message())['status'] === 'unknown', 'unknown');
    const { organization } = tenant;
    const { sending } = process.mail;
    const [known] = await messagesByMessageId(process.db, organization.id, [String((await message())['message_id'])]);
    assert.equal(known?.id, id);
    const report = { organizationId: organization.id, id, source: 'reply', atMs: clock.now() };
    const settled = (fact: 'found' | 'reported_delivered' | 'reported_bounced') =>
      process.db.transaction((tx) =>
        sending.settleByReport(tx, [
          {
            ...report,
            fact,
            ...(fact === 'reported_bounced'
              ? { bounce: { type: 'hard', reason: 'hard_bounce', cause: 'userunknown', diagnostic: '550 5.1.1' } }
              : {}),
          },
        ]),
      );
    assert.deepEqual(await settled('found'), [id]);
    assert.equal((await message())['status'], 'sent');
    assert.deepEqual(await settled('found'), []);
    assert.deepEqual(await settled('reported_delivered'), [id]);
    assert.deepEqual(await settled('reported_bounced'), [id]);
    assert.equal((await message())['status'], 'bounced');
    const events = (await tenant.api('GET', '/v1/events?event=email.*')).json.data as { event: string }[];
    assert.deepEqual(events.map(({ event }) => event).toReversed(), ['email.sent', 'email.delivered', 'email.bounced']);
    assert.equal(((await tenant.api('GET', '/v1/suppressions?search=a@one.example')).json.data as unknown[]).length, 1);
    await process.stop();
    await smtp.close();
  });

  test('M18: a stopping process lets a message in flight end, and begins no other', async () => {
    const { smtp, mailboxes, send, statuses } = await outbox(1);
    const [mailbox] = mailboxes;
    assert.ok(mailbox !== undefined);
    const gate = Promise.withResolvers<undefined>();
    const reached = Promise.withResolvers<undefined>();
    smtp.faults = ({ stage }) => {
      if (stage !== 'final') return undefined;
      reached.resolve(undefined);
      return { kind: 'delay', until: gate.promise };
    };
    const process = await sender();
    await send(mailbox, 'a@one.example');
    await reached.promise;
    await send(mailbox, 'b@two.example');
    const stopped = process.stop();
    gate.resolve(undefined);
    await stopped;
    assert.deepEqual(await statuses(), { sent: 1, claimed: 1 });
    await smtp.close();
  });

  for (const [stage, status] of [
    ['rcpt', 'deferred'],
    ['final', 'unknown'],
  ] as const)
    test(`M18: at the deadline a silent server is cut off: at ${stage} the message is ${status}`, async () => {
      const { smtp, mailboxes, send, statuses } = await outbox(1);
      const [mailbox] = mailboxes;
      assert.ok(mailbox !== undefined);
      const reached = Promise.withResolvers<undefined>();
      smtp.faults = (context) => {
        if (context.stage !== stage) return undefined;
        reached.resolve(undefined);
        return { kind: 'silence' };
      };
      const process = await sender({ config: { shutdownSeconds: 5 } });
      await send(mailbox, 'a@one.example');
      await reached.promise;
      await api.until(async () => (await statuses())['sending'] === 1, 'in flight');
      let ended = false;
      const stopped = process.stop().finally(() => (ended = true));
      // Time stands still while the outcome of what is cut off is written.
      await api.until(async () => {
        const isWriting = process.mail.sending.figures.inFlight === 0 && (await statuses())['sending'] === 1;
        if (!ended && !isWriting) await clock.advance(100);
        return ended;
      }, 'the process has stopped');
      await stopped;
      assert.deepEqual(await statuses(), { [status]: 1 });
      await smtp.close();
      await clock.advance(minuteMs);
    });
});
