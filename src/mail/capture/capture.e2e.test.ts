import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { callerOf } from '../../../test/harness/caller.ts';
import type { Caller, Fields } from '../../../test/harness/caller.ts';
import { assertRefused } from '../../../test/harness/edge-routes.ts';
import { erase, finished } from '../../../test/harness/erasures.ts';
import { asTimePasses, installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import { sql } from '../../db/sql.ts';

describe('capture mailboxes and simulated recipients over HTTP', () => {
  const scene = installationScene();
  let tenant: Tenant;
  let mailbox: string;
  before(async () => {
    tenant = await scene.product.tenant();
    mailbox = await makeMailbox(tenant);
  });

  let made = 0;
  const makeMailbox = async (caller: Caller): Promise<string> =>
    String(
      (await caller.got('POST', '/v1/mailboxes', { email: `m${(made += 1)}@hopper.example`, provider: 'capture' }))[
        'id'
      ],
    );
  const list = async (query: string, caller: Caller = tenant): Promise<Fields[]> =>
    (await caller.api('GET', `/v1/captured-messages?${query}`)).json.data as Fields[];
  /** Sends a message and waits until it is captured. @returns the message and its captured copy */
  async function send(to: string, caller: Caller = tenant, from = mailbox): Promise<{ id: string; captured: Fields }> {
    const { id } = await caller.got('POST', '/v1/messages', {
      mailbox_id: from,
      to,
      subject: 'Größe',
      text: 'Hello Ada',
    });
    const query = `mailbox_id=${from}&to=${encodeURIComponent(to)}`;
    const isSent = async (): Promise<boolean> =>
      !['claimed', 'sending'].includes(String((await caller.got('GET', `/v1/messages/${String(id)}`))['status']));
    await asTimePasses(
      scene.product,
      async () => (await isSent()) && (await list(query, caller)).length === 1,
      `${to} is captured`,
    );
    const [captured] = await list(query, caller);
    return { id: String(id), captured: captured ?? assert.fail() };
  }
  const statusOf = async (id: string): Promise<unknown> => (await tenant.got('GET', `/v1/messages/${id}`))['status'];
  const eventually = (condition: () => Promise<boolean>, what: string) => asTimePasses(scene.product, condition, what);
  const received = async (): Promise<Fields[]> =>
    (await tenant.api('GET', `/v1/messages?direction=inbound&mailbox_id=${mailbox}&limit=100`)).json.data as Fields[];

  test('what a capture mailbox cannot do is refused with the reason', async () => {
    const { captured } = await send('refused@lovelace.example');
    const reply = await tenant.got('POST', `/v1/captured-messages/${String(captured['id'])}/reply`, { text: 'Yes.' });
    const resent = await tenant.api('POST', `/v1/messages/${String(reply['id'])}/resend`);
    assertRefused(resent, 409, 'conflict');
    assert.match(resent.text, /was received/);
    const tested = await tenant.api('POST', `/v1/mailboxes/${mailbox}/self-test`);
    assertRefused(tested, 409, 'conflict');
    assert.match(tested.text, /capture mailbox/);
  });

  test('a message is captured, listed by mailbox and recipient, and read as it was sent', async () => {
    const { id, captured } = await send('Ada@lovelace.example');
    const message = await tenant.got('GET', `/v1/messages/${id}`);
    assert.equal(message['status'], 'sent');
    assert.deepEqual(captured, {
      id: captured['id'],
      mailbox_id: mailbox,
      message_id: message['message_id'],
      from: message['from'],
      to: 'Ada@lovelace.example',
      subject: 'Größe',
      received_at: captured['received_at'],
    });
    const read = await tenant.got('GET', `/v1/captured-messages/${String(captured['id'])}`);
    const { text, html, headers, raw, ...rest } = read;
    assert.deepEqual(rest, captured);
    assert.deepEqual([text, html], ['Hello Ada', null]);
    assert.deepEqual((headers as Record<string, string[]>)['to'], ['Ada@lovelace.example']);
    assert.match(String(raw), /^From: .*\r\n[^]*\r\n\r\nHello Ada\r\n$/);
    assert.deepEqual(await list('to=ada@lovelace.example'), [captured], 'addresses are compared without case');
    assert.deepEqual(await list('to=other@lovelace.example'), []);
  });

  test('the list is read in pages', async () => {
    const from = await makeMailbox(tenant);
    for (const name of ['a', 'b', 'c']) await send(`${name}@lovelace.example`, tenant, from);
    const first = (await tenant.api('GET', `/v1/captured-messages?mailbox_id=${from}&limit=2`)).json;
    const second = (
      await tenant.api('GET', `/v1/captured-messages?mailbox_id=${from}&limit=2&cursor=${String(first['next_cursor'])}`)
    ).json;
    assert.deepEqual(
      [first, second].map(({ data }) => (data as Fields[]).map(({ to }) => to)),
      [['c@lovelace.example', 'b@lovelace.example'], ['a@lovelace.example']],
    );
    assert.equal(second['next_cursor'], null);
  });

  test('a message to bounce@ bounces and suppresses its recipient', async () => {
    const to = 'ada+bounce@simulator.test';
    const { id } = await send(to);
    await eventually(async () => (await statusOf(id)) === 'bounced', 'it bounced');
    const suppressions = (await tenant.api('GET', `/v1/suppressions?search=${encodeURIComponent(to)}`)).json
      .data as Fields[];
    assert.deepEqual(
      suppressions.map(({ reason }) => reason),
      ['hard_bounce'],
    );
  });

  test('a message to softbounce@ bounces and suppresses nobody, and one to delivered@ is delivered', async () => {
    const to = 'ada+softbounce@simulator.test';
    const { id } = await send(to);
    const { id: delivered } = await send('ada+delivered@simulator.test');
    await eventually(async () => (await statusOf(id)) === 'bounced', 'it bounced');
    await eventually(async () => (await statusOf(delivered)) === 'delivered', 'it is delivered');
    assert.deepEqual((await tenant.api('GET', `/v1/suppressions?search=${encodeURIComponent(to)}`)).json.data, []);
  });

  test('a message to interested@ is answered in its thread, once', async () => {
    const to = 'ada+interested@simulator.test';
    const { id } = await send(to);
    const replies = async () => (await received()).filter(({ from }) => from === to);
    await eventually(async () => (await replies()).length > 0, 'it is answered');
    await scene.clock.advance(120_000);
    const [reply, ...others] = await replies();
    assert.deepEqual([reply?.['reply_to_message_id'], reply?.['subject'], others], [id, 'Re: Größe', []]);
  });

  test('any captured message is answered, bounced and complained about on request', async () => {
    const { id, captured } = await send('carol@lovelace.example');
    const path = `/v1/captured-messages/${String(captured['id'])}`;
    const reply = await tenant.got('POST', `${path}/reply`, { text: 'Tell me more.', from: 'Dan@lovelace.example' });
    assert.equal(reply['result'], 'stored');
    const stored = await tenant.got('GET', `/v1/messages/${String(reply['id'])}`);
    assert.deepEqual(
      [stored['from'], stored['reply_to_message_id'], stored['message_id']],
      ['dan@lovelace.example', id, reply['message_id']],
    );
    const { 'in-reply-to': answered, from } = stored['headers'] as Record<string, string>;
    assert.deepEqual([answered, from], [captured['message_id'], undefined]);
    assert.match(String(stored['text']), /^Tell me more\.\n\nOn .* wrote:\n> Hello Ada$/);
    const complaint = await tenant.got('POST', `${path}/complaint`);
    assert.deepEqual([complaint['result'], complaint['id']], ['report', null]);
    const bounce = await tenant.got('POST', `${path}/bounce`, { kind: 'block' });
    assert.deepEqual([bounce['result'], bounce['id']], ['report', null]);
    assert.equal(await statusOf(id), 'bounced');
  });

  test('a report that is faster than the transaction that stores the outcome is not lost', async () => {
    const { id, captured } = await send('early@lovelace.example');
    await scene.product.db.execute(sql`UPDATE messages SET status = 'sending', sent_at = NULL WHERE id = ${id}`);
    await tenant.got('POST', `/v1/captured-messages/${String(captured['id'])}/bounce`, { kind: 'soft' });
    assert.equal(await statusOf(id), 'bounced');
  });

  test('bad input is refused by name', async () => {
    const { captured } = await send('erin@lovelace.example');
    const path = `/v1/captured-messages/${String(captured['id'])}`;
    for (const [action, body, field] of [
      ['reply', {}, 'text'],
      ['reply', { text: ' ' }, 'text'],
      ['reply', { text: 'x', from: 'nobody' }, 'from'],
      ['reply', { text: 'x', from: 'a@b.example\r\nBcc: c@d.example' }, 'from'],
      ['reply', { text: 'x', from: 'jörg@lovelace.example' }, 'from'],
      ['bounce', {}, 'kind'],
      ['bounce', { kind: 'bouncy' }, 'kind'],
    ] as const) {
      const { details } = assertRefused(await tenant.api('POST', `${path}/${action}`, body), 422, 'validation_failed');
      assert.deepEqual(Object.keys(details), [field]);
    }
    assertRefused(await tenant.api('GET', '/v1/captured-messages?to=nobody'), 422, 'validation_failed');
    assert.equal((await tenant.api('GET', '/v1/captured-messages?to=ada+no@simulator.test')).status, 200);
  });

  test('a reply to a message of a deleted mailbox is refused; its captured messages remain', async () => {
    const from = await makeMailbox(tenant);
    const { captured } = await send('frank@lovelace.example', tenant, from);
    assert.equal((await tenant.api('DELETE', `/v1/mailboxes/${from}`)).status, 204);
    const path = `/v1/captured-messages/${String(captured['id'])}`;
    assert.equal((await tenant.got('GET', path))['subject'], 'Größe');
    assertRefused(await tenant.api('POST', `${path}/reply`, { text: 'Hi' }), 409, 'conflict');
  });

  test('every mailbox of a sandbox sends into the box, whatever its settings are', async () => {
    const { key } = await tenant.got('POST', '/v1/keys', { name: 'trial', sandbox: true });
    const sandbox = callerOf(tenant.url, String(key));
    const server = { host: 'smtp.hopper.example', port: 465, security: 'tls', username: 'grace', password: 'secret' };
    const { id, provider } = await sandbox.got('POST', '/v1/mailboxes', {
      email: 'grace@hopper.example',
      smtp: server,
      imap: { ...server, port: 993 },
    });
    assert.equal(provider, 'smtp');
    const { captured } = await send('ada@lovelace.example', sandbox, String(id));
    assertRefused(await tenant.api('GET', `/v1/captured-messages/${String(captured['id'])}`), 404, 'not_found');
  });

  test("a key of a workspace sees the messages of the workspace's mailboxes only", async () => {
    const [one, other] = await Promise.all(
      ['one', 'other'].map(async (name) => tenant.withKey({ workspaceId: await tenant.workspace(name) })),
    );
    assert.ok(one !== undefined && other !== undefined);
    const from = await makeMailbox(one);
    const { captured } = await send('grace@lovelace.example', one, from);
    const path = `/v1/captured-messages/${String(captured['id'])}`;
    for (const query of ['', 'to=grace@lovelace.example', `mailbox_id=${from}`]) {
      assert.deepEqual(
        (await list(query, one)).map(({ id }) => id),
        [captured['id']],
      );
      assert.deepEqual(await list(query, other), []);
    }
    assert.equal((await tenant.got('GET', path))['id'], captured['id']);
    for (const [method, below, body] of [
      ['GET', '', undefined],
      ['POST', '/reply', { text: 'Hi' }],
      ['POST', '/bounce', { kind: 'hard' }],
      ['POST', '/complaint', undefined],
    ] as const)
      assertRefused(await other.api(method, `${path}${below}`, body), 404, 'not_found');
  });

  test('an erasure deletes the messages that mention the person, also those to somebody else', async () => {
    const [contact] = (
      await tenant.api('POST', '/v1/contacts', {
        lawful_basis: 'consent',
        contacts: [{ email: 'heidi@lovelace.example' }],
      })
    ).json.data as Fields[];
    const from = await makeMailbox(tenant);
    await send('heidi@lovelace.example', tenant, from);
    const { captured: kept } = await send('ivan@lovelace.example', tenant, from);
    await tenant.got('POST', '/v1/messages', {
      mailbox_id: from,
      to: 'judy@lovelace.example',
      subject: 'Introduction',
      text: `${'Über '.repeat(30)}Heidi is at heidi@lovelace.example`,
    });
    await eventually(async () => (await list(`mailbox_id=${from}`)).length === 3, 'three are captured');
    await finished(scene.product, tenant, (await erase(tenant, String(contact?.['id']))).id);
    assert.deepEqual(
      (await list(`mailbox_id=${from}`)).map(({ id }) => id),
      [kept['id']],
    );
  });
});
