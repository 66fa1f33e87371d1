import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dayMs, hourMs, minuteMs } from '../../base/clock.ts';
import { sql } from '../../db/sql.ts';
import { assertRefused } from '../../../test/harness/edge-routes.ts';
import type { Fields } from '../../../test/harness/caller.ts';
import type { Fault, FaultContext } from '../../../test/harness/fault-smtp-faults.ts';
import { sendingScene } from '../../../test/harness/sending-scene.ts';

const refusal = (code: number, text: string): Fault => ({ kind: 'reply', code, text });

/** A fault of the first attempt only. */
const once = (stage: FaultContext['stage'], fault: Fault): ((context: FaultContext) => Fault | undefined) => {
  let done = false;
  return (context) => {
    if (done || context.stage !== stage) return undefined;
    done = true;
    return fault;
  };
};

describe('sending a message', () => {
  const scene = sendingScene();

  test('M1 M12: it is accepted, sent once, and its events are emitted once', async () => {
    const { tenant, smtp, send, until, events, reservations } = await scene.outbox();
    const id = await send({ to: 'Ada <ada@lovelace.example>', html: '<p>Hello Ada</p>' });
    const sent = await until(id, 'sent');
    assert.equal(smtp.messages.length, 1);
    assert.equal(smtp.messages[0]?.messageId, sent['message_id']);
    assert.deepEqual(smtp.messages[0]?.to, ['ada@lovelace.example']);
    assert.deepEqual([sent['text'], sent['html'], sent['subject']], ['Hello Ada', '<p>Hello Ada</p>', 'Hello']);
    assert.deepEqual(
      (sent['events'] as Fields[]).map(({ kind }) => kind),
      ['accepted'],
    );
    assert.deepEqual(await events('email'), ['email.sent', 'email.delivered']);
    assert.equal(await reservations(), 1);
    const listed = (await tenant.api('GET', '/v1/messages?status=sent')).json.data as Fields[];
    assert.deepEqual(
      listed.map((each) => each['id']),
      [id],
    );
    const [row] = await scene.product.db.query(
      sql<{
        content: Buffer;
        raw: Buffer;
      }>`SELECT m.content, r.raw FROM messages m JOIN message_raws r ON r.message_id = m.id WHERE m.id = ${id}`,
    );
    assert.ok(row && !row.content.includes('Hello') && !row.raw.includes('Hello'), 'contents are sealed');
  });

  test('M2: the same Idempotency-Key sends one message, and another body is a conflict', async () => {
    const { tenant, mailbox, smtp, send, until } = await scene.outbox();
    const body = { to: 'ada@lovelace.example' };
    const key = { 'idempotency-key': 'first' };
    const [one, two] = await Promise.all([send(body, key), send(body, key)]);
    assert.equal(one, two);
    assert.equal(await send(body, key), one);
    const other = { mailbox_id: mailbox, to: 'ada@lovelace.example', subject: 'Hello', text: 'Other' };
    assertRefused(await tenant.api('POST', '/v1/messages', other, key), 409, 'conflict');
    await until(one, 'sent');
    assert.equal(smtp.messages.length, 1);
    const [row] = await scene.product.db.query(
      sql<{ key: Buffer }>`SELECT idempotency_key AS key FROM messages WHERE id = ${one}`,
    );
    assert.ok(row && !row.key.includes('first'), 'the key is stored as a keyed hash');
  });

  test('M4: when the first byte leaves, the status, the reservation and the bytes are committed', async () => {
    const gate = Promise.withResolvers<undefined>();
    const { smtp, send, until, reservations } = await scene.outbox(
      once('mail', { kind: 'delay', until: gate.promise }),
    );
    const id = await send();
    await scene.product.until(() => smtp.connections === 1, 'the server is called');
    await until(id, 'sending');
    assert.equal(await reservations(), 1);
    assert.equal((await scene.product.db.query(sql`SELECT FROM message_raws WHERE message_id = ${id}`)).length, 1);
    gate.resolve(undefined);
    await until(id, 'sent');
  });

  test('M3 M10: a deferred message gives its reservation back, waits for its time, and is sent with the same bytes', async () => {
    const { smtp, send, until, afterTime, reservations, events } = await scene.outbox(
      once('final', refusal(451, '4.3.0 Try again later')),
    );
    const id = await send();
    const deferred = await until(id, 'deferred');
    assert.equal(deferred['blocked_reason'], 'deferred_by_server');
    assert.equal(Date.parse(String(deferred['blocked_until'])), scene.clock.now() + 5 * minuteMs);
    assert.equal(await reservations(), 0);
    assert.deepEqual(await events('email'), []);
    await afterTime(id, 'sent', minuteMs);
    assert.equal(smtp.messages.length, 2);
    assert.deepEqual(smtp.messages[0]?.raw, smtp.messages[1]?.raw);
    assert.equal(await reservations(), 1);
  });

  test('a message that is deferred for too long fails', async () => {
    const { send, afterTime, events } = await scene.outbox({ rcpt: refusal(450, '4.2.0 Greylisted') });
    const id = await send();
    const failed = await afterTime(id, 'failed', 10 * minuteMs);
    assert.equal((failed['events'] as Fields[]).filter(({ kind }) => kind === 'deferred').length, 7);
    assert.deepEqual(await events('email'), ['email.failed']);
  });

  for (const stage of ['mail', 'rcpt', 'data'] as const)
    test(`M5: a connection lost at ${stage} is tried again`, async () => {
      const { smtp, send, afterTime } = await scene.outbox(once(stage, { kind: 'reset' }));
      const id = await send();
      await afterTime(id, 'sent', minuteMs);
      assert.equal(smtp.messages.length, 1);
    });

  for (const stage of ['body', 'final'] as const)
    test(`M5 M6: a connection lost at ${stage} makes the message unknown, and nothing but a person sends it again`, async () => {
      const { tenant, smtp, send, until, events, reservations } = await scene.outbox(once(stage, { kind: 'reset' }));
      const id = await send();
      await until(id, 'unknown');
      assert.equal(await reservations(), 1, 'it may have been sent');
      const taken = smtp.messages.length;
      for (let hour = 0; hour < 14; hour += 1) await scene.clock.leap(hourMs);
      assert.equal((await until(id, 'unknown'))['attempts'], 1);
      assert.equal(smtp.messages.length, taken);
      assert.deepEqual(await events('email'), []);
      const again = await tenant.api('POST', `/v1/messages/${id}/resend`);
      assert.equal(again.status, 202, again.text);
      const sent = await until(id, 'sent');
      assert.equal(sent['attempts'], 2);
      assert.equal(smtp.messages.length, taken + 1);
      assert.equal(smtp.messages.at(-1)?.messageId, sent['message_id']);
      if (taken > 0) assert.deepEqual(smtp.messages[0]?.raw, smtp.messages[1]?.raw);
      assert.deepEqual(await events('email'), ['email.sent', 'email.delivered']);
      assertRefused(await tenant.api('POST', `/v1/messages/${id}/resend`), 409, 'conflict');
    });

  test('M6: an unknown message of a deleted mailbox stays unknown and is not sent again', async () => {
    const { tenant, mailbox, send, until } = await scene.outbox(once('final', { kind: 'reset' }));
    const id = await send();
    await until(id, 'unknown');
    assert.equal((await tenant.api('DELETE', `/v1/mailboxes/${mailbox}`)).status, 204);
    const refused = await tenant.api('POST', `/v1/messages/${id}/resend`);
    assertRefused(refused, 409, 'conflict');
    assert.match(refused.text, /mailbox of this message was deleted/);
    await until(id, 'unknown');
  });

  test('M16: a message that was sent again and waits is unknown again when its mailbox is deleted', async () => {
    const { tenant, mailbox, send, until, events } = await scene.outbox(once('final', { kind: 'reset' }));
    const id = await send();
    await until(id, 'unknown');
    await tenant.got('POST', `/v1/mailboxes/${mailbox}/pause`);
    await tenant.api('POST', `/v1/messages/${id}/resend`);
    await until(id, 'claimed');
    assert.equal((await tenant.api('DELETE', `/v1/mailboxes/${mailbox}`)).status, 204);
    const ended = await until(id, 'unknown');
    assert.equal(ended['error'], 'mailbox_deleted');
    assert.equal((ended['events'] as Fields[]).at(-1)?.['kind'], 'abandoned');
    assert.deepEqual(await events('email'), []);
  });

  test('M9: a raised limit of a mailbox gives new slots to messages that waited for one', async () => {
    const { tenant, mailbox, send, get, until } = await scene.outbox({}, { hourlyPerDomain: 1 });
    const ids: string[] = [];
    for (const name of ['ada', 'mary', 'joan', 'jean']) ids.push(await send({ to: `${name}@raised.example` }));
    const held = async (): Promise<Fields[]> =>
      (await Promise.all(ids.map(get))).filter((message) => message['blocked_reason'] === 'domain_hourly_limit');
    await scene.product.until(async () => (await held()).length === 3, 'three wait for slots');
    await tenant.got('PATCH', `/v1/mailboxes/${mailbox}`, { max_hourly_per_domain: 3 });
    for (const id of ids.slice(0, 3)) await until(id, 'sent');
    await scene.product.until(async () => (await held()).length === 1, 'the fourth waits for a slot');
    const [last] = await held();
    assert.equal(last?.['id'], ids[3]);
    assert.equal(Date.parse(String(last?.['blocked_until'])), scene.clock.now() + hourMs);
  });

  test('M14: a hard bounce suppresses its recipient in the same transaction, and a block suppresses nobody', async () => {
    const { tenant, mailbox, smtp, send, until, events } = await scene.outbox({
      rcpt: refusal(550, '5.1.1 No such user'),
    });
    const to = 'gone@lovelace.example';
    const bounced = await until(await send({ to }), 'bounced');
    assert.match(String(bounced['error']), /^550 5\.1\.1 No such user/);
    assert.deepEqual(await events('email'), ['email.bounced']);
    assert.deepEqual(await events('suppression'), ['suppression.created']);
    const body = { mailbox_id: mailbox, to, subject: 'Hello', text: 'Hello' };
    const { details } = assertRefused(await tenant.api('POST', '/v1/messages', body), 422, 'validation_failed');
    assert.match(details['to'] ?? '', /suppressed/);
    smtp.faults = { final: refusal(554, '5.7.1 Message blocked by policy') };
    await until(await send({ to: 'other@lovelace.example' }), 'failed');
    assert.deepEqual(await events('suppression'), ['suppression.created']);
    assert.deepEqual(await events('email'), ['email.bounced', 'email.failed']);
  });

  test('M13: a suppression that comes before the claim stops the message', async () => {
    const { tenant, smtp, send, until, afterTime, events } = await scene.outbox({}, { dailyLimit: 1 });
    await until(await send(), 'sent');
    const waiting = await send({ to: 'ada@late.example' });
    await tenant.got('POST', '/v1/suppressions', { domain: 'late.example' });
    const failed = await afterTime(waiting, 'failed', hourMs);
    assert.equal(failed['error'], 'suppressed');
    assert.equal(smtp.messages.length, 1);
    assert.deepEqual((await events('email')).slice(-1), ['email.failed']);
  });

  test('M7: at the daily limit messages wait, which is reported once, and go on when the window has moved', async () => {
    const { smtp, send, until, afterTime, get, events } = await scene.outbox({}, { dailyLimit: 2 });
    const ids = await Promise.all(Array.from({ length: 4 }, () => send()));
    await scene.product.until(() => smtp.messages.length === 2, 'two are sent');
    const waiting = async (): Promise<string[]> => {
      const all = await Promise.all(ids.map(async (id) => [id, (await get(id))['blocked_reason']] as const));
      return all.filter(([, reason]) => reason === 'mailbox_daily_limit').map(([id]) => id);
    };
    await scene.product.until(async () => (await waiting()).length === 2, 'two wait');
    const [first = ''] = await waiting();
    assert.ok(Date.parse(String((await get(first))['blocked_until'])) >= scene.clock.now() + dayMs - minuteMs);
    assert.deepEqual(await events('sending'), ['sending.limit_reached']);
    await afterTime(first, 'sent', hourMs);
    for (const id of ids) await until(id, 'sent');
    assert.equal(smtp.messages.length, 4);
  });

  test('M15: a refused login stops the mailbox and its messages wait until it works again', async () => {
    const { tenant, mailbox, smtp, send, afterTime, get } = await scene.outbox({
      auth: refusal(535, '5.7.8 Bad password'),
    });
    const id = await send();
    await scene.product.until(async () => (await get(id))['blocked_reason'] === 'mailbox_degraded', 'it waits');
    assert.equal((await get(id))['status'], 'claimed');
    assert.equal((await get(id))['attempts'], 0);
    assert.equal((await tenant.got('GET', `/v1/mailboxes/${mailbox}`))['status'], 'degraded');
    smtp.faults = {};
    await afterTime(id, 'sent', minuteMs);
    assert.equal((await tenant.got('GET', `/v1/mailboxes/${mailbox}`))['status'], 'connected');
  });

  test("M15: a provider's limit lets the mailbox rest, which is reported once", async () => {
    const { smtp, send, get, afterTime, events, reservations } = await scene.outbox({
      mail: refusal(550, '5.4.5 Daily user sending limit exceeded'),
    });
    const ids = [await send(), await send()];
    for (const id of ids)
      await scene.product.until(async () => (await get(id))['blocked_reason'] === 'provider_limit', 'both wait');
    assert.equal(await reservations(), 0);
    assert.deepEqual(await events('sending'), ['sending.limit_reached']);
    smtp.faults = {};
    for (const id of ids) await afterTime(id, 'sent', 10 * minuteMs);
    assert.equal(smtp.messages.length, 2);
  });

  test('M16: the waiting messages of a deleted mailbox fail, and the one in flight keeps its outcome', async () => {
    const gate = Promise.withResolvers<undefined>();
    const { tenant, mailbox, send, until } = await scene.outbox(once('final', { kind: 'delay', until: gate.promise }));
    const flying = await send();
    await until(flying, 'sending');
    const waiting = await send();
    assert.equal((await tenant.api('DELETE', `/v1/mailboxes/${mailbox}`)).status, 204);
    gate.resolve(undefined);
    await until(flying, 'sent');
    assert.equal((await until(waiting, 'failed'))['error'], 'mailbox_deleted');
  });

  test('a reply continues the thread, with its subject', async () => {
    const { tenant, mailbox, smtp, send, until } = await scene.outbox();
    const first = await until(await send({ subject: 'Plans' }), 'sent');
    const second = await until(await send({ subject: undefined, reply_to_message_id: first['id'] }), 'sent');
    assert.equal(second['subject'], 'Re: Plans');
    const third = await until(await send({ subject: undefined, reply_to_message_id: second['id'] }), 'sent');
    assert.equal(third['subject'], 'Re: Plans');
    assert.deepEqual(third['headers'], {
      'in-reply-to': second['message_id'],
      references: `${String(first['message_id'])} ${String(second['message_id'])}`,
    });
    const head = smtp.messages[2]?.raw.toString('latin1').replaceAll(/\r\n[ \t]+/g, ' ') ?? '';
    assert.ok(head.includes(`In-Reply-To: ${String(second['message_id'])}`));
    assert.ok(head.includes(`References: ${String(first['message_id'])} ${String(second['message_id'])}`));
    const body = { mailbox_id: mailbox, to: 'a@b.example', text: 'x' };
    const { details } = assertRefused(await tenant.api('POST', '/v1/messages', body), 422, 'validation_failed');
    assert.deepEqual(Object.keys(details), ['subject']);
  });

  test('bad input names the field, and nothing is stored', async () => {
    const { tenant, mailbox } = await scene.outbox();
    const body = { mailbox_id: mailbox, to: 'ada@lovelace.example', subject: 'Hello', text: 'Hello' };
    for (const [field, value] of [
      ['to', 'ada'],
      ['to', 'a@b.example\r\nBcc: eve@evil.example'],
      ['to', 'jörg@lovelace.example'],
      ['subject', 'Hello\r\nBcc: eve@evil.example'],
      ['mailbox_id', 'one'],
      ['text', ''],
    ]) {
      const { details } = assertRefused(
        await tenant.api('POST', '/v1/messages', { ...body, [String(field)]: value }),
        422,
        'validation_failed',
      );
      assert.deepEqual(Object.keys(details), [field]);
    }
    assert.deepEqual((await tenant.api('GET', '/v1/messages')).json.data, []);
  });

  test('an idle connection is closed after 30 s', async () => {
    const { smtp, send, until } = await scene.outbox();
    await until(await send(), 'sent');
    assert.equal(smtp.open, 1);
    await scene.product.until(async () => {
      if (smtp.open === 0) return true;
      await scene.clock.advance(1_000);
      return false;
    }, 'the connection is closed');
  });
});
