import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { clientId, clientSecret, startAuthorizationServer } from '../../../test/harness/authorization-server.ts';
import type { TestAuthorizationServer } from '../../../test/harness/authorization-server.ts';
import { callerOf } from '../../../test/harness/caller.ts';
import type { Caller, Fields } from '../../../test/harness/caller.ts';
import { TestClock } from '../../../test/harness/clock.ts';
import { installationScene, startInstallation } from '../../../test/harness/installation.ts';
import type { Installation, InstallationOverrides } from '../../../test/harness/installation.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { Failure, Login } from '../transport/transport.ts';

describe('renewing an access token', () => {
  const clock = new TestClock();
  let server: TestAuthorizationServer;
  let other: Installation;
  const options = (): InstallationOverrides => ({
    clock,
    ca: server.ca,
    oauthEndpoints: { google: server },
    config: { roles: ['api'], googleClientId: clientId, googleClientSecret: clientSecret },
  });
  after(async () => {
    await other.stop();
    await server.close();
  });
  const scene = installationScene(async () => {
    server = await startAuthorizationServer(clock);
    return options();
  });
  before(async () => {
    other = await startInstallation({ ...options(), databaseUrl: scene.product.db.url, listens: false });
  });

  let caller: Caller;
  let id: MailboxId;
  beforeEach(async () => {
    server.answer = undefined;
    server.claims = { email: 'ada@acme.test' };
    // Of a sandbox, so that the servers are not contacted.
    caller = await (await scene.product.tenant()).withKey({ sandbox: true });
    const { url } = await caller.got('GET', '/v1/oauth/google/start?email=ada@acme.test');
    const { pathname, search } = server.agree(String(url));
    assert.equal((await callerOf(scene.product.url, '').api('GET', `${pathname}${search}`)).status, 200);
    const [mailbox] = (await caller.api('GET', '/v1/mailboxes')).json.data as readonly Fields[];
    id = String(mailbox?.['id']) as MailboxId;
  });
  const loginOn = async (product: Installation): Promise<Login | Failure | undefined> =>
    (await product.mail.mailboxes.credentialsOf('smtp', [id])).get(id);
  const refreshes = (): number =>
    server.requests.filter((request) => request.get('grant_type') === 'refresh_token').length;

  test('is not needed until a minute before it expires', async () => {
    const token = { accessToken: server.accessTokens.at(-1) };
    const count = refreshes();
    await clock.leap(3_540_000 - 1);
    assert.deepEqual(await loginOn(scene.product), token);
    assert.equal(refreshes(), count);
    await clock.advance(1);
    const renewed = await loginOn(scene.product);
    assert.notDeepEqual(renewed, token);
    assert.deepEqual(renewed, { accessToken: server.accessTokens.at(-1) });
    assert.equal(refreshes(), count + 1);
  });

  test('is one request for concurrent callers of two processes', async () => {
    server.rotates = true;
    await clock.leap(3_600_000);
    const count = refreshes();
    const logins = await Promise.all(
      [scene.product, other, scene.product, other, scene.product, other].map((product) => loginOn(product)),
    );
    assert.equal(refreshes(), count + 1);
    for (const login of logins) assert.deepEqual(login, { accessToken: server.accessTokens.at(-1) });
    // The rotated refresh token was stored.
    await clock.leap(3_600_000);
    assert.deepEqual(await loginOn(other), { accessToken: server.accessTokens.at(-1) });
    server.rotates = false;
  });

  test('a withdrawn authorization makes the mailbox auth_failed with the first refusal', async () => {
    await clock.leap(3_600_000);
    server.revokeAll();
    const failure = await loginOn(scene.product);
    assert.ok(failure !== undefined && 'cause' in failure && failure.cause === 'auth');
    const mailbox = await caller.got('GET', `/v1/mailboxes/${id}`);
    assert.equal(mailbox['status'], 'auth_failed');
    assert.match(String(mailbox['status_reason']), /no longer accepts the authorization \(invalid_grant\)/);
    // A person authorizes it again.
    const { url } = await caller.got('GET', `/v1/oauth/google/start?mailbox_id=${id}`);
    const { pathname, search } = server.agree(String(url));
    assert.equal((await callerOf(scene.product.url, '').api('GET', `${pathname}${search}`)).status, 200);
    assert.equal((await caller.got('GET', `/v1/mailboxes/${id}`))['status'], 'connected');
    assert.deepEqual(await loginOn(scene.product), { accessToken: server.accessTokens.at(-1) });
  });

  test('a token endpoint that fails is temporary, and the authorization stays', async () => {
    await clock.leap(3_600_000);
    server.answer = (_request, response) => response.writeHead(503).end();
    const failure = await loginOn(scene.product);
    assert.ok(failure !== undefined && 'cause' in failure && failure.cause === 'auth_temporary');
    assert.equal((await caller.got('GET', `/v1/mailboxes/${id}`))['status'], 'connected');
    server.answer = undefined;
    await clock.advance(15_000);
    assert.deepEqual(await loginOn(scene.product), { accessToken: server.accessTokens.at(-1) });
  });
});
