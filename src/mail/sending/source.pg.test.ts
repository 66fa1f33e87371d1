import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { callerOf } from '../../../test/harness/caller.ts';
import type { Fields } from '../../../test/harness/caller.ts';
import { sendingScene } from '../../../test/harness/sending-scene.ts';
import { dayMs, hourMs, minuteMs } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import { sql } from '../../db/sql.ts';
import type { Candidate, MessageChange, MessageSource, Veto } from './index.ts';
import { releaseDead } from './release-dead.ts';
import { createSources } from './sources.ts';

describe('a source of messages', () => {
  const scene = sendingScene();
  let candidates: Candidate[] = [];
  let changes: MessageChange[] = [];
  const vetoes = new Map<string, Veto>();
  /** Candidates that are refused when they are taken. */
  const refused = new Set<string>();

  const source: MessageSource = {
    purpose: 'warmup',
    offer: (_tx, asks) =>
      Promise.resolve(
        new Map(
          asks.map(({ mailbox, nowMs, hoursOpen }) => {
            const own = candidates.filter(({ mailboxId }) => mailboxId === mailbox.id);
            const later = own.filter(({ atMs }) => atMs > nowMs).map(({ atMs }) => atMs);
            const due = own.filter(({ atMs, ignoresHours }) => atMs <= nowMs && (hoursOpen || ignoresHours));
            const waits = own.some(({ atMs }) => atMs <= nowMs) ? [nowMs] : [];
            const nextMs = later.length + waits.length === 0 ? null : Math.min(...later, ...waits);
            return [mailbox.id, { candidates: due, nextMs, limit: null }];
          }),
        ),
      ),
    async take(_tx, chosen, store) {
      const taken = chosen.filter(({ candidate }) => !refused.has(candidate.id));
      const dropped = new Set(chosen.map(({ candidate }) => candidate.id));
      const ids = await store(
        taken.map(({ candidate, mailbox }) => ({
          mailbox,
          purpose: 'warmup',
          priority: candidate.priority,
          to: {
            email: `ada+reply@${candidate.domain}`,
            key: `ada+reply@${candidate.domain}`,
            domain: candidate.domain,
          },
          content: { subject: 'Hello', text: 'Hello Ada', html: null, headers: {} },
          sendKey: candidate.id,
          dueMs: candidate.atMs,
        })),
      );
      candidates = candidates.filter(({ id }) => !dropped.has(id));
      return new Map(taken.flatMap(({ candidate }, n) => (ids[n] === undefined ? [] : [[candidate.id, ids[n]]])));
    },
    confirm: (_tx, stored) =>
      Promise.resolve(
        new Map(
          stored.flatMap(({ messageId }) => {
            const veto = vetoes.get(messageId);
            return veto === undefined ? [] : [[messageId, veto] as const];
          }),
        ),
      ),
    settled(_tx, told) {
      changes.push(...told);
      return Promise.resolve();
    },
  };

  // In place of the exchange.
  before(() => void Object.assign(scene.product.mail.exchange.source, source));

  function add(mailboxId: MailboxId, domain: string, more: Partial<Candidate> = {}): string {
    const id = scene.product.ids.next<string>();
    candidates.push({ id, mailboxId, domain, priority: 2, atMs: scene.clock.now(), ignoresHours: false, ...more });
    return id;
  }
  const wake = (mailbox: MailboxId): Promise<void> =>
    scene.product.db.transaction((tx) => scene.product.mail.sending.wake(tx, [mailbox]));
  const messages = (mailbox: MailboxId) =>
    scene.product.db.query(
      sql<{ id: string; send_key: string; status: string; sent_at: Date | null; party_domain: string }>`
        SELECT id, send_key, status, sent_at, party_domain FROM messages WHERE mailbox_id = ${mailbox} AND purpose = 'warmup' ORDER BY id`,
    );
  const sent = async (mailbox: MailboxId): Promise<number> =>
    (await messages(mailbox)).filter(({ status }) => status === 'sent').length;
  const asTimePasses = (mailbox: MailboxId, count: number): Promise<void> =>
    scene.product.until(async () => {
      if ((await sent(mailbox)) === count) return true;
      if (scene.product.mail.sending.figures.inFlight === 0) await scene.clock.advance(10_000);
      return false;
    }, `${count} are sent`);
  const facts = (mailbox: MailboxId): string[] =>
    changes
      .filter(({ mailboxId }) => mailboxId === mailbox)
      .map(({ before: from, fact, status }) => `${from} ${fact} ${status}`);

  test('M20 M8: its messages are stored when they are sent, the most urgent first, with the gaps of the mailbox', async () => {
    const { mailbox, smtp } = await scene.outbox();
    const [late, early] = [add(mailbox, 'a.example'), add(mailbox, 'b.example', { priority: 1 })];
    assert.deepEqual(await messages(mailbox), []);
    await wake(mailbox);
    await asTimePasses(mailbox, 2);
    const rows = await messages(mailbox);
    assert.deepEqual(
      rows.map((row) => row.send_key),
      [early, late],
    );
    const reserved = await scene.product.db.query(
      sql<{ at: Date }>`SELECT at FROM send_reservations WHERE mailbox_id = ${mailbox} ORDER BY at`,
    );
    const [first, second] = reserved.map(({ at }) => at.getTime());
    assert.ok(Number(second) - Number(first) >= 60_000, `a gap of ${Number(second) - Number(first)} ms`);
    assert.deepEqual(facts(mailbox), ['sending accepted sent', 'sending accepted sent']);
    assert.equal(smtp.messages.length, 2);
  });

  test('M20 M9: a candidate that its domain holds back is not stored and holds back no other', async () => {
    const { mailbox } = await scene.outbox();
    await scene.product.db.execute(sql`UPDATE mailboxes SET max_hourly_per_domain = 1 WHERE id = ${mailbox}`);
    add(mailbox, 'full.example');
    await wake(mailbox);
    await asTimePasses(mailbox, 1);
    add(mailbox, 'full.example');
    add(mailbox, 'free.example');
    await wake(mailbox);
    await asTimePasses(mailbox, 2);
    assert.deepEqual(
      (await messages(mailbox)).map((row) => row.party_domain),
      ['full.example', 'free.example'],
    );
    await asTimePasses(mailbox, 3);
    const reserved = await scene.product.db.query(
      sql<{
        at: Date;
      }>`SELECT at FROM send_reservations WHERE mailbox_id = ${mailbox} AND party_domain = 'full.example' ORDER BY at`,
    );
    const [one, two] = reserved.map(({ at }) => at.getTime());
    assert.ok(Number(two) - Number(one) >= hourMs, `${Number(two) - Number(one)} ms`);
  });

  test('M20: a candidate that is gone when it is taken leaves its turn to the next', async () => {
    const { mailbox } = await scene.outbox();
    refused.add(add(mailbox, 'a.example', { priority: 1 }));
    const next = add(mailbox, 'b.example');
    await wake(mailbox);
    await asTimePasses(mailbox, 1);
    assert.deepEqual(
      (await messages(mailbox)).map((row) => row.send_key),
      [next],
    );
  });

  test('M21 M22: it gets a deferral, and a stored message that it vetoes does not begin', async () => {
    const { mailbox, smtp } = await scene.outbox({ rcpt: { kind: 'reply', code: 451, text: '4.7.1 Try again later' } });
    add(mailbox, 'a.example');
    await wake(mailbox);
    await scene.product.until(() => facts(mailbox).includes('sending deferred deferred'), 'it is deferred');
    const [row] = await messages(mailbox);
    vetoes.set(row?.id ?? assert.fail(), { reason: 'lead_stopped', waits: false });
    await scene.product.until(async () => {
      if ((await messages(mailbox)).every(({ status }) => status === 'failed')) return true;
      await scene.clock.leap(minuteMs);
      return false;
    }, 'it is cancelled');
    assert.equal(facts(mailbox).at(-1), 'deferred cancelled failed');
    assert.equal(smtp.messages.length, 0);
  });

  test('M22: a stored message that must wait is kept until its campaign is released, and is in the thread of its lead', async () => {
    const { product, clock } = scene;
    const { mailbox, smtp, tenant } = await scene.outbox({
      rcpt: { kind: 'reply', code: 451, text: '4.7.1 Try again later' },
    });
    add(mailbox, 'a.example');
    await wake(mailbox);
    await product.until(() => facts(mailbox).includes('sending deferred deferred'), 'it is deferred');
    const deferred = changes.find(({ mailboxId, fact }) => mailboxId === mailbox && fact === 'deferred');
    assert.deepEqual([deferred?.reason, Number(deferred?.untilMs) > clock.now()], ['deferred_by_server', true]);
    const id = deferred?.messageId ?? assert.fail();
    const [campaign, lead] = [product.ids.next<string>(), product.ids.next<string>()];
    await product.db.execute(sql`UPDATE messages SET campaign_id = ${campaign}, lead_id = ${lead} WHERE id = ${id}`);
    vetoes.set(id, { reason: 'campaign_paused', waits: true });
    const get = (): Promise<Fields> => tenant.got('GET', `/v1/messages/${id}`);
    await product.until(async () => {
      if ((await get())['blocked_reason'] === 'campaign_paused') return true;
      await clock.leap(minuteMs);
      return false;
    }, 'it is suspended');
    smtp.faults = {};
    vetoes.delete(id);
    await clock.leap(hourMs);
    const thread = async () => (await product.mail.sending.threadsOf(product.db, [lead])).get(lead);
    assert.deepEqual(
      (await thread())?.map(({ id: message, subject, status, sent_at: at }) => [message, subject, status, at]),
      [[id, 'Hello', 'deferred', null]],
    );
    // Only messages of campaigns are released.
    await product.db.execute(sql`UPDATE messages SET purpose = 'campaign' WHERE id = ${id}`);
    await product.db.transaction((tx) => product.mail.sending.release(tx, tenant.organization.id, campaign));
    await product.until(async () => {
      if ((await thread())?.[0]?.status === 'sent') return true;
      if (product.mail.sending.figures.inFlight === 0) await clock.advance(10_000);
      return false;
    }, 'it is sent');
    assert.equal(smtp.messages.length, 1);
  });

  test('M21: it gets a message that a dead process was sending', async () => {
    const { product, clock } = scene;
    const { mailbox } = await scene.outbox({ rcpt: { kind: 'reply', code: 451, text: '4.7.1 Try again later' } });
    add(mailbox, 'a.example');
    await wake(mailbox);
    await product.until(() => facts(mailbox).includes('sending deferred deferred'), 'it is deferred');
    const dead = randomUUID();
    await product.db.execute(sql`INSERT INTO delivery_holders (id) VALUES (${dead})`);
    await product.db.execute(
      sql`UPDATE messages SET status = 'sending', due_at = NULL, holder = ${dead} WHERE mailbox_id = ${mailbox}`,
    );
    const sources = createSources();
    sources.add(source);
    const released = await product.db.transaction((tx) =>
      releaseDead({ ids: product.ids, clocks: product.mail.clocks, sources }, tx, dead, clock.now()),
    );
    assert.deepEqual(released, { lost: 1, leases: 1 });
    const lost = changes.findLast(({ mailboxId }) => mailboxId === mailbox);
    assert.deepEqual(
      [lost?.fact, lost?.before, lost?.status, lost?.reason],
      ['lost', 'sending', 'unknown', 'process_ended'],
    );
    assert.equal((await messages(mailbox))[0]?.status, 'unknown');
  });

  test('M20 M8: outside the work hours only candidates that ignore them are sent', async () => {
    const { mailbox } = await scene.outbox();
    // The time of the test is outside of them.
    await scene.product.db.execute(sql`
      UPDATE mailboxes SET work_hours = ${JSON.stringify({ days: [1, 2, 3, 4, 5, 6, 7], start: '03:00', end: '03:30' })}::jsonb WHERE id = ${mailbox}`);
    const waits = add(mailbox, 'a.example', { priority: 1 });
    const goes = add(mailbox, 'b.example', { ignoresHours: true });
    await wake(mailbox);
    await asTimePasses(mailbox, 1);
    assert.deepEqual(
      (await messages(mailbox)).map((row) => row.send_key),
      [goes],
    );
    candidates = candidates.filter(({ id }) => id !== waits);
  });

  test('M21: it gets a lost message, its resend and a report', async () => {
    const { mailbox, smtp, tenant } = await scene.outbox({ final: { kind: 'reset' } });
    add(mailbox, 'a.example', { ignoresHours: true });
    await wake(mailbox);
    await scene.product.until(() => facts(mailbox).includes('sending lost unknown'), 'it is lost');
    const [row] = await messages(mailbox);
    const id = row?.id ?? assert.fail();
    smtp.faults = {};
    assert.equal((await tenant.api('POST', `/v1/messages/${id}/resend`)).status, 202);
    await asTimePasses(mailbox, 1);
    await scene.product.db.transaction((tx) =>
      scene.product.mail.sending.settleByReport(tx, [
        {
          organizationId: tenant.organization.id,
          id,
          fact: 'reported_delivered',
          source: 'delivery_report',
          atMs: scene.clock.now(),
        },
      ]),
    );
    assert.deepEqual(facts(mailbox), [
      'sending lost unknown',
      'unknown resent claimed',
      'sending accepted sent',
      'sent reported_delivered delivered',
    ]);
  });

  test('M23: weeks of a sandbox pass in seconds, and each message and reply has its right time', async () => {
    const { product, clock } = scene;
    const tenant = await product.tenant();
    const { key } = await tenant.got('POST', '/v1/keys', { name: 'trial', sandbox: true });
    const sandbox = callerOf(tenant.url, String(key));
    const { id } = await sandbox.got('POST', '/v1/mailboxes', { email: 'grace@hopper.example', provider: 'capture' });
    const mailbox = String(id) as MailboxId;
    const startMs = clock.now();
    for (const days of [0, 7, 14, 21])
      add(mailbox, 'simulator.test', { atMs: startMs + days * dayMs, ignoresHours: true });
    await wake(mailbox);
    // The answers to this source's messages are no replies: warm-up takes them.
    const direct = { mailbox_id: id, to: 'bob+reply@simulator.test', subject: 'Hello', text: 'Hello Bob' };
    await sandbox.got('POST', '/v1/messages', direct);
    const moved = await sandbox.api('POST', '/v1/sandbox/clock', { advance_seconds: 30 * 86_400 });
    assert.equal(moved.status, 202, moved.text);
    await product.until(
      async () => (await sandbox.got('GET', '/v1/sandbox/clock'))['advancing'] === false,
      'the clock has arrived',
    );
    assert.equal((await sandbox.got('GET', '/v1/sandbox/clock'))['now'], new Date(startMs + 30 * dayMs).toISOString());
    assert.equal(clock.now(), startMs);
    const at = (await messages(mailbox)).map((row) => row.sent_at?.getTime() ?? Number.NaN);
    assert.deepEqual(
      at.map((ms) => Math.round((ms - startMs) / dayMs)),
      [0, 7, 14, 21],
    );
    const { data } = (await sandbox.api('GET', '/v1/messages?direction=inbound')).json as { data: Fields[] };
    assert.deepEqual(
      data.map((one) => Math.round((Date.parse(String(one['created_at'])) - startMs) / dayMs)).toReversed(),
      [0],
    );
    assert.equal((await sandbox.got('GET', `/v1/mailboxes/${mailbox}`))['sent_today'], 0);
    const refusal = await tenant.api('POST', '/v1/sandbox/clock', { advance_seconds: 1 });
    assert.equal(refusal.status, 403, refusal.text);
    changes = [];
  });
});
