import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertRefused } from '../harness/edge-routes.ts';
import { callerOf } from '../harness/caller.ts';
import type { Caller, Fields } from '../harness/caller.ts';
import { eventually } from '../harness/clock.ts';
import { installationScene } from '../harness/installation.ts';

describe('keys', () => {
  const scene = installationScene();

  const make = async (caller: Caller, body: Fields): Promise<{ caller: Caller; id: string; record: Fields }> => {
    const made = await caller.got('POST', '/v1/keys', { name: 'child', ...body });
    return { caller: callerOf(caller.url, String(made['key'])), id: String(made['id']), record: made };
  };

  test('a key revokes only keys whose scopes it has', async () => {
    const me = await scene.product.tenant();
    const manager = await make(me, { scopes: ['keys:write', 'keys:read', 'events:read'] });
    const wide = await make(me, { scopes: ['events:read', 'contacts:write'] });
    const narrow = await make(me, { scopes: ['events:read'] });
    const refused = assertRefused(await manager.caller.api('DELETE', `/v1/keys/${wide.id}`), 403, 'forbidden');
    assert.match(refused.message, /contacts:write/);
    const own = String(
      (await me.got('GET', '/v1/me'))['key'] && ((await me.got('GET', '/v1/me'))['key'] as Fields)['id'],
    );
    assertRefused(await manager.caller.api('DELETE', `/v1/keys/${own}`), 403, 'forbidden');
    assert.equal((await wide.caller.api('GET', '/v1/me')).status, 200);
    assert.equal((await manager.caller.api('DELETE', `/v1/keys/${narrow.id}`)).status, 204);
    assert.equal((await manager.caller.api('DELETE', `/v1/keys/${manager.id}`)).status, 204, 'itself too');
  });

  test('revoking a key revokes the keys it created, at any depth and in the sandbox; other keys stay', async () => {
    const me = await scene.product.tenant();
    const parent = await make(me, { scopes: ['*'] });
    const child = await make(parent.caller, { scopes: ['keys:write', 'keys:read'] });
    const grandchild = await make(child.caller, { scopes: ['keys:read'] });
    const sandboxed = await make(parent.caller, { sandbox: true });
    const other = await make(me, { scopes: ['*'] });
    assert.equal(child.record['created_by'], parent.id);
    assert.equal((await me.got('GET', `/v1/keys/${grandchild.id}`))['created_by'], child.id);

    // Delete the middle one first: its descendants are revoked all the same.
    assert.equal((await me.api('DELETE', `/v1/keys/${parent.id}`)).status, 204);
    for (const { caller } of [parent, child, grandchild, sandboxed])
      await eventually(async () => (await caller.api('GET', '/v1/me')).status === 401, 'it is revoked');
    assert.equal((await other.caller.api('GET', '/v1/me')).status, 200);
  });

  test('key.created and key.revoked are delivered without the key', async () => {
    const receiver = await scene.receive();
    const me = await scene.product.tenant();
    await me.register(receiver.url, { events: ['key.*'], dialect: 'standard' });
    const parent = await make(me, { scopes: ['*'] });
    const child = await make(parent.caller, { scopes: ['read'] });
    await me.api('DELETE', `/v1/keys/${parent.id}`);
    await me.api('DELETE', `/v1/keys/${parent.id}`);
    await eventually(() => receiver.arrivals.length >= 4, 'four arrived');
    const told = receiver.arrivals.map(({ body }) => JSON.parse(body) as { type: string; data: Fields });
    assert.deepEqual(
      new Set(told.map(({ type, data }) => `${type} ${String(data['id'])}`)),
      new Set([parent, child].flatMap(({ id }) => [`key.created ${id}`, `key.revoked ${id}`])),
    );
    assert.equal(told.length, 4);
    for (const { body } of receiver.arrivals)
      for (const { caller } of [parent, child]) assert.ok(!body.includes(caller.key));
    const revoked = told.find(({ type, data }) => type === 'key.revoked' && data['id'] === child.id)?.data;
    assert.equal(typeof revoked?.['revoked_at'], 'string');
    assert.equal((revoked?.['actor'] as Fields | undefined)?.['type'], 'key');
  });

  test("each organization's signing keys are published", async () => {
    const receiver = await scene.receive();
    const [me, other] = [await scene.product.tenant(), await scene.product.tenant()];
    const keysOf = async (organization: string): Promise<Fields[]> =>
      (await me.api('GET', `/.well-known/webhook-keys/${organization}`)).json['keys'] as unknown as Fields[];
    assert.deepEqual(await keysOf(me.organization.id), []);
    const mine = await me.register(receiver.url, { dialect: 'standard', signing: 'ed25519' });
    await other.register(receiver.url, { dialect: 'standard', signing: 'ed25519' });
    assert.deepEqual(
      (await keysOf(me.organization.id)).map((key) => key['public_key']),
      [mine['public_key']],
    );
    assert.equal((await me.api('GET', '/.well-known/webhook-keys/nobody')).status, 404);
  });
});
