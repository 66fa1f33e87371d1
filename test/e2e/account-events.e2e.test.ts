import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { resetToken } from '../../src/accounts/index.ts';
import { minuteMs } from '../../src/base/clock.ts';
import { createAuthenticator } from '../harness/authenticator.ts';
import type { CreationOptions, RequestOptions } from '../harness/authenticator.ts';
import { callerOf } from '../harness/caller.ts';
import type { Answer } from '../harness/edge.ts';
import { installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';
import { passwordAt } from '../harness/totp.ts';

const email = 'ada@example.com';
const password = 'correct horse battery staple';
const later = 'seven lean herons at dusk';

type Fields = Record<string, unknown>;

describe('events of accounts', () => {
  const scene = installationScene();

  const api = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    callerOf(scene.product.url, '').api(method, path, body, { 'sec-fetch-site': 'same-origin', ...headers });
  function dataOf(answer: Answer): Fields {
    assert.ok(answer.status < 300, answer.text);
    return (answer.json.data ?? {}) as Fields;
  }
  const cookieOf = (answer: Answer): { cookie: string } => {
    dataOf(answer);
    return { cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
  };
  async function join(tenant: Tenant, role: string, workspace: string | null = null): Promise<Answer> {
    const { token } = await tenant.got('POST', '/v1/invitations', { email, role, workspace_id: workspace });
    return api('POST', '/v1/invitations/accept', { token, name: 'Ada', password });
  }
  /** Data of the events of accounts, the oldest first. */
  async function eventsOf(tenant: Tenant): Promise<Fields[]> {
    const { json } = await tenant.api('GET', '/v1/events?event=member.signed_in,setting.changed&limit=100');
    const events = (json.data as { id: string }[]).toReversed();
    return Promise.all(events.map(({ id }) => tenant.got('GET', `/v1/events/${id}`)));
  }

  test('a sign-in, and a change of what a person signs in with, is an event in each organization of the person', async () => {
    const [one, other, stranger] = [
      await scene.product.tenant(),
      await scene.product.tenant(),
      await scene.product.tenant(),
    ];
    const workspace = await other.workspace('theirs');
    const joined = dataOf(await join(one, 'admin'));
    const person = (joined['person'] as { id: string }).id;
    const me = cookieOf(await join(other, 'viewer', workspace));
    const changed = async (method: string, path: string, body?: unknown): Promise<Fields> =>
      dataOf(await api(method, path, body, me));

    await changed('PUT', '/v1/me/password', { current_password: password, new_password: later });
    const device = createAuthenticator(new URL(scene.product.app.url).origin);
    const options = await changed('POST', '/v1/me/passkeys/options', { password: later });
    const { id: passkey } = await changed('POST', '/v1/me/passkeys', {
      name: 'Laptop',
      credential: device.create(options as unknown as CreationOptions),
    });
    await changed('PATCH', `/v1/me/passkeys/${String(passkey)}`, { name: 'Old laptop' });
    const request = dataOf(await api('POST', '/v1/sessions/passkey/options'));
    dataOf(await api('POST', '/v1/sessions/passkey', { credential: device.get(request as unknown as RequestOptions) }));
    await changed('DELETE', `/v1/me/passkeys/${String(passkey)}`);
    const { secret } = await changed('POST', '/v1/me/totp', { password: later });
    await changed('POST', '/v1/me/totp/confirm', { code: passwordAt(String(secret), scene.clock.now()) });
    await changed('POST', '/v1/me/recovery-codes', { password: later });
    await changed('POST', '/v1/me/totp/disable', { password: later });
    await scene.clock.leap(minuteMs);
    const token = await resetToken(scene.product.tenancy, email);
    dataOf(await api('POST', '/v1/password-resets/accept', { token, password }));
    dataOf(await api('POST', '/v1/sessions', { email, password }));

    const signedIn = ['member.signed_in', null];
    const own = [
      ['password', 'changed', null],
      ['passkey', 'created', 'Laptop'],
      ['passkey', 'changed', 'Old laptop'],
      signedIn,
      ['passkey', 'deleted', 'Old laptop'],
      ['second_factor', 'created', null],
      ['recovery_codes', 'created', null],
      ['second_factor', 'deleted', null],
      ['password', 'reset', null],
      signedIn,
      signedIn,
    ];
    for (const [tenant, expected, role, limit] of [
      [one, [signedIn, signedIn, ...own], 'admin', null],
      [other, [signedIn, ...own], 'viewer', workspace],
    ] as const) {
      const events = await eventsOf(tenant);
      const data = events.map((event) => event['data'] as Fields);
      assert.deepEqual(
        events.map(({ event, data: of }) => {
          const { kind, action, name } = of as Fields;
          return event === 'setting.changed' ? [kind, action, name] : [event, null];
        }),
        expected,
      );
      for (const { actor } of data) assert.deepEqual(actor, { type: 'user', id: person });
      assert.deepEqual(
        data.filter(({ role: of }) => of !== undefined).map((of) => [of['email'], of['role'], of['workspace_id']]),
        expected.filter((each) => each === signedIn).map(() => [email, role, limit]),
      );
      const text = JSON.stringify(events);
      for (const kept of [password, later, String(secret), String(token)]) assert.ok(!text.includes(kept));
    }
    assert.deepEqual(await eventsOf(stranger), []);
  });

  test('a refused sign-in or change is no event, and neither is a request to reset a password', async () => {
    const tenant = await scene.product.tenant();
    await scene.clock.leap(minuteMs);
    const me = cookieOf(await join(tenant, 'viewer'));
    const before = await eventsOf(tenant);
    for (const [method, path, body] of [
      ['POST', '/v1/sessions', { email, password: 'wrong' }],
      ['POST', '/v1/sessions', { email: 'nobody@example.com', password }],
      ['PUT', '/v1/me/password', { current_password: 'wrong', new_password: later }],
      ['POST', '/v1/me/totp/disable', { password }],
      ['POST', '/v1/password-resets/accept', { token: 'x', password }],
    ] as const)
      assert.ok((await api(method, path, body, me)).status >= 400, path);
    dataOf(await api('POST', '/v1/password-resets', { email }));
    assert.deepEqual(await eventsOf(tenant), before);
  });
});
