import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Caller, Fields } from '../harness/caller.ts';
import { installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';
import type { Dialect, Fault, Headers, MailboxApi, NativeMailbox } from './dialect.ts';
import { send } from './requests.ts';
import type { Answered } from './requests.ts';

const never = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22';

/** The calls of a vendor for mailboxes, if it has any. */
export function mailboxes({ api, mailboxes: calls, name }: Dialect): void {
  if (calls === undefined) return;
  describe(`mailboxes as ${name} shows them`, () => suite(api, calls));
}

function suite({ keyPlaces, refusals }: Dialect['api'], calls: MailboxApi): void {
  const { path, idOf, shown } = calls;
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));
  let tenant: Tenant;
  before(async () => {
    tenant = await scene.product.tenant();
  });

  let made = 0;
  const make = async (who: Caller = tenant, fields: Fields = {}): Promise<NativeMailbox> =>
    (await who.got('POST', '/v1/mailboxes', {
      email: `m${(made += 1)}@hopper.example`,
      provider: 'capture',
      ...fields,
    })) as NativeMailbox;
  const headersOf = ({ key }: Caller): Headers => keyPlaces[0]?.(key) ?? assert.fail();
  const call = (method: string, below = '', body?: unknown, who: Caller = tenant): Promise<Answered> =>
    send(who.url, { method, path: `${path}${below}`, body }, headersOf(who));
  const json = ({ text }: Answered): unknown => (text === '' ? undefined : JSON.parse(text));
  const at = (id: string): string => `/${idOf(id)}`;
  function assertRefused(answer: Answered, fault: Fault): void {
    const { status, body } = refusals[fault];
    assert.equal(answer.status, status, answer.text);
    assert.ok(body.safeParse(json(answer)).success, answer.text);
  }

  test('a mailbox is read, listed by pages and disconnected', async () => {
    const all = [
      await make(),
      await make(tenant, { display_name: 'Grace', daily_limit: 7 }),
      await make(),
    ].toReversed();
    const [newest = assert.fail(), second = assert.fail()] = all;
    for (const mailbox of all) {
      const answer = await call('GET', at(mailbox.id));
      assert.deepEqual([answer.status, json(answer)], [200, { data: shown(mailbox) }]);
    }
    const pages = [await call('GET', calls.firstPage), await call('GET', calls.secondPage(idOf(second.id)))];
    assert.deepEqual(pages.map(json), [
      calls.pageOf(1, all.slice(0, 2).map(shown)),
      calls.pageOf(2, all.slice(2).map(shown)),
    ]);

    await tenant.got('POST', `/v1/mailboxes/${newest.id}/pause`);
    const paused = { ...newest, status: 'paused' };
    assert.deepEqual(json(await call('GET', at(newest.id))), { data: shown(paused) });
    const removed = await call('DELETE', at(newest.id));
    assert.deepEqual([removed.status, removed.text], [204, '']);
    for (const method of ['GET', 'DELETE']) assertRefused(await call(method, at(newest.id)), 'not found');
  });

  test('servers are shown without their passwords', async () => {
    const sandbox = await tenant.withKey({ sandbox: true });
    const server = { host: 'smtp.hopper.example', port: 465, security: 'tls', username: 'grace' };
    const mailbox = await make(sandbox, { provider: 'smtp', smtp: { ...server, password: 'correct horse' } });
    const answer = await call('GET', at(mailbox.id), undefined, sandbox);
    assert.deepEqual(json(answer), { data: shown(mailbox) });
    assert.ok(!answer.text.includes('correct horse'));
  });

  test('refusals have the format of the vendor', async () => {
    const mailbox = await make();
    const below = at(mailbox.id);
    const get = { method: 'GET', path: `${path}${below}` };
    assertRefused(await send(tenant.url, get, keyPlaces[0]?.('otr_live_nonsense') ?? {}), 'bad key');
    for (const [method, scopes] of [
      ['GET', ['mailboxes:write']],
      ['DELETE', ['mailboxes:read']],
    ] as const) {
      const answer = await call(method, below, undefined, await tenant.withKey({ scopes: [...scopes] }));
      assert.equal(answer.status, refusals['no scope'].status, answer.text);
      assert.match(answer.text, /mailboxes:/);
    }
    for (const id of calls.badIds) assertRefused(await call('GET', `/${id}`), 'bad id');
    const stranger = await scene.product.tenant();
    const bound = await tenant.withKey({ workspaceId: await tenant.workspace('other') });
    for (const who of [stranger, bound]) {
      for (const method of ['GET', 'DELETE']) assertRefused(await call(method, below, undefined, who), 'not found');
      assert.ok(!(await call('GET', '', undefined, who)).text.includes(idOf(mailbox.id)));
    }
    assertRefused(await call('GET', at(never)), 'not found');
    assert.equal((await call('GET', below)).status, 200);
  });

  const { writes } = calls;
  if (writes === undefined) return;
  test('a mailbox is connected and changed', async () => {
    const created = await call('POST', '', writes.create.body);
    const [newest = assert.fail()] = (await tenant.api('GET', '/v1/mailboxes')).json.data as NativeMailbox[];
    assert.deepEqual(newest, { ...newest, ...writes.create.native });
    assert.deepEqual([created.status, json(created)], [201, { data: shown(newest) }]);
    for (const { body, native } of writes.changes) {
      const changed = await call('PATCH', at(newest.id), body);
      const after = (await tenant.got('GET', `/v1/mailboxes/${newest.id}`)) as NativeMailbox;
      assert.deepEqual(after, { ...after, ...native });
      assert.deepEqual([changed.status, json(changed)], [200, { data: shown(after) }]);
    }
    const before = await tenant.got('GET', `/v1/mailboxes/${newest.id}`);
    for (const [body, message] of writes.refused) {
      const answer = await call('PATCH', at(newest.id), body);
      assert.equal(answer.status, refusals['unknown field'].status, answer.text);
      assert.match(answer.text, message);
    }
    assert.deepEqual(await tenant.got('GET', `/v1/mailboxes/${newest.id}`), before);
  });
}
