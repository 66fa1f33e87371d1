import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { generate } from 'selfsigned';
import { minuteMs } from '../../src/base/clock.ts';
import { sql } from '../../src/db/sql.ts';
import { createAuthenticator } from '../harness/authenticator.ts';
import type { Authenticator, CreationOptions, Forged, RequestOptions } from '../harness/authenticator.ts';
import { callerOf } from '../harness/caller.ts';
import { eventually } from '../harness/clock.ts';
import type { Answer } from '../harness/edge.ts';
import { assertRefused } from '../harness/edge-routes.ts';
import { installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';

const password = 'correct horse battery staple';
const sameOrigin = { 'sec-fetch-site': 'same-origin' };

type Call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

/** A person who is signed in. */
interface Person {
  readonly id: string;
  readonly email: string;
  readonly call: Call;
}

/** A certificate that WebAuthn §8.2.1 allows. */
async function attester(): Promise<NonNullable<Forged['attestedBy']>> {
  const { cert, private: key } = await generate(
    [
      { shortName: 'C', value: 'NO' },
      { shortName: 'O', value: 'Maker' },
      { shortName: 'OU', value: 'Authenticator Attestation' },
      { shortName: 'CN', value: 'Authenticator' },
    ],
    { keyType: 'ec', algorithm: 'sha256', extensions: [{ name: 'basicConstraints', cA: false, critical: true }] },
  );
  return { privateKey: createPrivateKey(key), certificate: new X509Certificate(cert).raw };
}

describe('passkeys', () => {
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));
  let tenant: Tenant;
  /** Of the public URL, which differs from the address that the test calls. */
  let origin: string;
  before(async () => {
    tenant = await scene.product.tenant();
    ({ origin } = new URL(scene.product.app.url));
  });

  const anyone: Call = (...call) => callerOf(scene.product.url, '').api(...call);
  const dataOf = <T>(answer: Answer, status = 200): T => {
    assert.equal(answer.status, status, answer.text);
    return answer.json.data as T;
  };

  let people = 0;
  async function person(): Promise<Person> {
    // An address may try 20 times a minute.
    await scene.clock.leap(minuteMs);
    people += 1;
    const email = `person-${people}@example.com`;
    const { token } = await tenant.got('POST', '/v1/invitations', { email, role: 'viewer' });
    const answer = await anyone('POST', '/v1/invitations/accept', { token, name: 'Ada', password });
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    return {
      id: dataOf<{ person: { id: string } }>(answer, 201).person.id,
      email,
      call: (method, path, body, headers = {}) => anyone(method, path, body, { cookie, ...sameOrigin, ...headers }),
    };
  }
  const creationOptions = async ({ call }: Person): Promise<CreationOptions> =>
    dataOf(await call('POST', '/v1/me/passkeys/options', { password }));
  const requestOptions = async (): Promise<RequestOptions> =>
    dataOf(await anyone('POST', '/v1/sessions/passkey/options'));
  async function add(who: Person, device: Authenticator, forged: Forged = {}): Promise<string> {
    const credential = device.create(await creationOptions(who), forged);
    return dataOf<{ id: string }>(await who.call('POST', '/v1/me/passkeys', { name: 'Laptop', credential }), 201).id;
  }
  const present = (credential: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    anyone('POST', '/v1/sessions/passkey', { credential }, headers);
  const signIn = async (device: Authenticator, forged: Forged = {}): Promise<Answer> =>
    present(device.get(await requestOptions(), forged));
  const signIns = async (result: string): Promise<number> => {
    const metrics = await (await fetch(`${scene.product.url}/metrics`)).text();
    return Number(new RegExp(`^outrider_sign_ins_total\\{result="${result}"\\} (\\d+)$`, 'm').exec(metrics)?.[1] ?? 0);
  };

  test('a person adds one with the password, and signs in with it instead of password and code', async () => {
    const ada = await person();
    const device = createAuthenticator(origin);
    const id = await add(ada, device);
    await ada.call('POST', '/v1/me/totp', { password });
    await scene.product.db.execute(sql`UPDATE account_totp SET confirmed_at = created_at WHERE person_id = ${ada.id}`);
    const withPassword = await anyone('POST', '/v1/sessions', { email: ada.email, password });
    assertRefused(withPassword, 401, 'second_factor_required');
    const before = await signIns('signed_in');
    const answer = await signIn(device);
    assert.equal(dataOf<{ person: { id: string } }>(answer, 201).person.id, ada.id);
    assert.match(
      answer.headers.get('set-cookie') ?? '',
      /^outrider_session=[\w-]{43}; Path=\/; .*HttpOnly; SameSite=Lax/,
    );
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    const me = dataOf<{ person: { email: string } }>(await anyone('GET', '/v1/me', undefined, { cookie }));
    assert.equal(me.person.email, ada.email);
    assert.equal(await signIns('signed_in'), before + 1);

    const renamed = dataOf<Record<string, unknown>>(
      await ada.call('PATCH', `/v1/me/passkeys/${id}`, { name: ' Phone ' }),
    );
    assert.equal(renamed['name'], 'Phone');
    const now = new Date(scene.clock.now()).toISOString();
    assert.deepEqual(dataOf(await ada.call('GET', '/v1/me/passkeys')), [{ ...renamed, last_used_at: now }]);
    const eve = await person();
    assertRefused(await eve.call('PATCH', `/v1/me/passkeys/${id}`, { name: 'Mine' }), 404, 'not_found');
    assertRefused(await eve.call('DELETE', `/v1/me/passkeys/${id}`), 404, 'not_found');
    assert.deepEqual(dataOf(await tenant.api('GET', '/v1/me/passkeys')), []);
    assertRefused(await tenant.api('DELETE', `/v1/me/passkeys/${id}`), 403, 'forbidden');
    assert.equal((await ada.call('DELETE', `/v1/me/passkeys/${id}`)).status, 204);
    assertRefused(await signIn(device), 401, 'unauthorized');
  });

  test('a sign-in is refused with the same answer for every reason, and is counted', async () => {
    const [ada, eve] = [await person(), await person()];
    const [device, other, unknown] = [
      createAuthenticator(origin),
      createAuthenticator(origin),
      createAuthenticator(origin),
    ];
    await add(ada, device);
    await add(eve, other, { counter: 100 });
    const used = await requestOptions();
    assert.equal((await present(device.get(used))).status, 201);
    const old = await requestOptions();
    // Expired, and not deleted yet.
    await scene.product.db.execute(
      sql`UPDATE account_challenges SET expires_at = ${new Date(scene.clock.now())} WHERE challenge = ${old.challenge}`,
    );
    const forAdding = await creationOptions(ada);
    const { user } = forAdding;
    const tampered = device.get(await requestOptions());
    tampered.response.signature = other.get(await requestOptions()).response.signature;
    const unread = { ...device.get(await requestOptions()), response: { ...tampered.response, clientDataJSON: 'AA' } };
    const refused: readonly [reason: string, credential: () => unknown][] = [
      ['a challenge that was used', () => device.get(used)],
      ['a challenge that has expired', () => device.get(old)],
      ['a challenge for adding a passkey', () => device.get({ challenge: forAdding.challenge, rpId: used.rpId })],
      ['a challenge that nobody issued', () => device.get({ ...used, challenge: 'a'.repeat(43) })],
      ['a challenge with a NUL character', () => device.get({ ...used, challenge: '\0' })],
      ['a signature of another key', () => tampered],
      ['client data that is not JSON', () => unread],
    ];
    const forged: readonly [reason: string, device: Authenticator, forged: Forged][] = [
      ['an unknown credential', unknown, { userHandle: user.id }],
      ['the page of another origin', device, { origin: 'https://evil.example' }],
      ['another port', device, { origin: 'http://localhost:1' }],
      ['a frame of another origin', device, { crossOrigin: true }],
      ['another relying party', device, { rpId: 'evil.example' }],
      ['a registration', device, { type: 'webauthn.create' }],
      ['no user verification', device, { flags: 1 }],
      ['no user presence', device, { flags: 4 }],
      ['the handle of another person', other, { userHandle: user.id }],
      ['no handle', device, { userHandle: 'AA' }],
      ['a count that goes back', other, { counter: 99 }],
      ['a count that does not grow', other, { counter: 100 }],
    ];
    const before = await signIns('refused');
    const answers = [];
    for (const [reason, credential] of refused) answers.push([reason, await present(credential())] as const);
    await scene.clock.leap(minuteMs);
    for (const [index, [reason, by, how]] of forged.entries()) {
      if (index === 8) await scene.clock.leap(minuteMs);
      answers.push([reason, await signIn(by, how)] as const);
    }
    const errors = answers.map(([reason, answer]) => {
      assert.equal(answer.status, 401, `${reason}: ${answer.text}`);
      assert.equal(answer.headers.get('set-cookie'), null, reason);
      const { request_id: _, ...error } = (answer.json as unknown as { error: Record<string, unknown> }).error;
      return JSON.stringify(error);
    });
    assert.equal(new Set(errors).size, 1, errors.join('\n'));
    assert.equal(await signIns('refused'), before + errors.length);
    // Honest again.
    await scene.clock.leap(minuteMs);
    assert.equal((await signIn(device, { counter: 50 })).status, 201);
    assert.equal((await signIn(other, { counter: 101 })).status, 201);
  });

  test('of a passkey and its copy with the same count, one signs in; one that does not count always does', async () => {
    const device = createAuthenticator(origin);
    await add(await person(), device, { counter: 1 });
    const options = [await requestOptions(), await requestOptions()];
    const both = await Promise.all(options.map((each) => present(device.get(each, { counter: 2 }))));
    assert.deepEqual(
      both.map(({ status }) => status).toSorted((a, b) => a - b),
      [201, 401],
    );
    const synced = createAuthenticator(origin);
    await add(await person(), synced, { counter: 0 });
    for (let count = 0; count < 2; count += 1) assert.equal((await signIn(synced, { counter: 0 })).status, 201);
  });

  test('adding one needs the password and an honest answer to a challenge of this person', async () => {
    const [ada, eve] = [await person(), await person()];
    const wrong = await ada.call('POST', '/v1/me/passkeys/options', { password: 'wrong' });
    assert.ok(assertRefused(wrong, 422, 'validation_failed').details['password']);
    const known = createAuthenticator(origin);
    await add(eve, known);
    const used = await creationOptions(ada);
    const post = (credential: unknown): Promise<Answer> =>
      ada.call('POST', '/v1/me/passkeys', { name: 'Laptop', credential });
    const device = createAuthenticator(origin);
    assert.equal((await post(device.create(used))).status, 201);
    const [old, theirs] = [await creationOptions(ada), await creationOptions(eve)];
    const forSigningIn = await requestOptions();
    await scene.clock.leap(5 * minuteMs);
    const refused: readonly [reason: string, credential: unknown][] = [
      ['a challenge that was used', createAuthenticator(origin).create(used)],
      ['a challenge that has expired', createAuthenticator(origin).create(old)],
      ['a challenge of another person', createAuthenticator(origin).create(theirs)],
      [
        'a challenge for signing in',
        createAuthenticator(origin).create({ ...used, challenge: forSigningIn.challenge }),
      ],
    ];
    const attestedBy = await attester();
    const forged: readonly [reason: string, device: Authenticator, forged: Forged][] = [
      ['the page of another origin', createAuthenticator(origin), { origin: 'https://evil.example' }],
      ['another relying party', createAuthenticator(origin), { rpId: 'evil.example' }],
      ['no user verification', createAuthenticator(origin), { flags: 1 }],
      ['a frame of another origin', createAuthenticator(origin), { crossOrigin: true }],
      ['a sign-in', createAuthenticator(origin), { type: 'webauthn.get' }],
      ['a certificate', createAuthenticator(origin), { attestedBy }],
      ['the credential of another person', createAuthenticator(origin, known.id), {}],
      ['a credential id of 1024 bytes', createAuthenticator(origin, Buffer.alloc(1_024, 1)), {}],
    ];
    const errors = new Set<string>();
    const check = (reason: string, answer: Answer): void => {
      assert.equal(answer.status, 422, `${reason}: ${answer.text}`);
      errors.add(assertRefused(answer, 422, 'validation_failed').details['credential'] ?? reason);
    };
    for (const [reason, credential] of refused) check(reason, await post(credential));
    await scene.clock.leap(15 * minuteMs);
    for (const [reason, by, how] of forged) check(reason, await post(by.create(await creationOptions(ada), how)));
    assert.equal(errors.size, 1, [...errors].join('\n'));
    // A failed attempt uses the challenge up.
    await scene.clock.leap(15 * minuteMs);
    const options = await creationOptions(ada);
    const second = createAuthenticator(origin);
    const bad = post(second.create(options, { origin: 'https://evil.example' }));
    check('another origin', await bad);
    check('a challenge that was used', await post(second.create(options)));
    assert.equal(dataOf<unknown[]>(await ada.call('GET', '/v1/me/passkeys')).length, 1);
    assert.equal((await signIn(known)).status, 201);
  });

  test('a person has at most 20, also when requests come at the same time', async () => {
    const ada = await person();
    for (let count = 0; count < 18; count += 1) {
      if (count % 9 === 0) await scene.clock.leap(15 * minuteMs);
      await add(ada, createAuthenticator(origin));
    }
    await scene.clock.leap(15 * minuteMs);
    const all = await Promise.all([1, 2, 3].map(() => creationOptions(ada)));
    const answers = await Promise.all(
      all.map((options) =>
        ada.call('POST', '/v1/me/passkeys', { name: 'x', credential: createAuthenticator(origin).create(options) }),
      ),
    );
    assert.deepEqual(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [201, 201, 409],
    );
    assertRefused(await ada.call('POST', '/v1/me/passkeys/options', { password }), 409, 'conflict');
  });

  test('bodies are limited, attempts are counted by address, and a page of another origin cannot sign in', async () => {
    const ada = await person();
    const device = createAuthenticator(origin);
    await add(ada, device);
    const credential = device.get(await requestOptions());
    const long = { ...credential, response: { ...credential.response, signature: 'A'.repeat(8_193) } };
    assertRefused(await present(long), 422, 'validation_failed');
    assertRefused(await present({ ...credential, id: 'A'.repeat(70_000) }), 413, 'payload_too_large');
    assertRefused(await present({ ...credential, id: '+/=' }), 422, 'validation_failed');
    assertRefused(await present({}), 422, 'validation_failed');
    const creation = device.create(await creationOptions(ada));
    const huge = { ...creation, response: { ...creation.response, attestationObject: 'A'.repeat(70_000) } };
    const added = await ada.call('POST', '/v1/me/passkeys', { name: 'x', credential: huge });
    assertRefused(added, 413, 'payload_too_large');
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      assertRefused(await present(credential, headers), 403, 'forbidden');
      const options = await anyone('POST', '/v1/sessions/passkey/options', undefined, headers);
      assertRefused(options, 403, 'forbidden');
    }
    await scene.clock.leap(minuteMs);
    for (let count = 0; count < 10; count += 1)
      assertRefused(await present(device.get(await requestOptions(), { flags: 1 })), 401, 'unauthorized');
    assertRefused(await present(credential), 429, 'rate_limit');
    assertRefused(await anyone('POST', '/v1/sessions/passkey/options'), 429, 'rate_limit');
  });

  test('a challenge works for 5 minutes and is then deleted, and passkeys are deleted with their person', async () => {
    const ada = await person();
    const device = createAuthenticator(origin);
    await add(ada, device);
    const options = await requestOptions();
    await requestOptions();
    await scene.clock.leap(5 * minuteMs - 1_000);
    assert.equal((await present(device.get(options))).status, 201);
    const challenges = () =>
      scene.product.db.query(sql<{ challenge: string }>`SELECT challenge FROM account_challenges`);
    assert.ok((await challenges()).length > 0);
    await scene.clock.leap(minuteMs);
    await eventually(async () => (await challenges()).length === 0, 'expired challenges are deleted');
    const members = dataOf<{ id: string; person_id: string }[]>(await tenant.api('GET', '/v1/members?page_size=100'));
    const member = members.find(({ person_id }) => person_id === ada.id);
    assert.equal((await tenant.api('DELETE', `/v1/members/${member?.id}`)).status, 204);
    assertRefused(await signIn(device), 401, 'unauthorized');
  });
});
