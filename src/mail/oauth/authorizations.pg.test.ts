import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { clientId, clientSecret, startAuthorizationServer } from '../../../test/harness/authorization-server.ts';
import type { TestAuthorizationServer } from '../../../test/harness/authorization-server.ts';
import { callerOf } from '../../../test/harness/caller.ts';
import type { Caller, Fields } from '../../../test/harness/caller.ts';
import { TestClock } from '../../../test/harness/clock.ts';
import { assertRefused } from '../../../test/harness/edge-routes.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import { sql } from '../../db/sql.ts';

/** The servers of a sandbox's mailboxes are not contacted, so these tests are about the authorization alone. */
const sandbox = { sandbox: true } as const;

describe('authorizing a mailbox', () => {
  const clock = new TestClock();
  let server: TestAuthorizationServer;
  after(() => server.close());
  const scene = installationScene(async () => {
    server = await startAuthorizationServer(clock);
    return {
      clock,
      ca: server.ca,
      oauthEndpoints: { google: server, microsoft: server },
      config: {
        roles: ['api'],
        googleClientId: clientId,
        googleClientSecret: clientSecret,
        microsoftClientId: clientId,
        microsoftClientSecret: clientSecret,
      },
    };
  });
  let tenant: Tenant;
  let caller: Caller;
  beforeEach(async () => {
    server.claims = { email: 'ada@acme.test', email_verified: true };
    server.answer = undefined;
    tenant = await scene.product.tenant();
    caller = await tenant.withKey(sandbox);
  });

  const start = async (query = 'email=ada@acme.test', who = caller, provider = 'google'): Promise<string> =>
    String((await who.got('GET', `/v1/oauth/${provider}/start?${query}`))['url']);
  /** Opens a URL of the installation as a browser, without a key. */
  const browse = ({ pathname, search }: URL) => callerOf(scene.product.url, '').api('GET', `${pathname}${search}`);
  const mailboxes = async (who = caller): Promise<readonly Fields[]> =>
    (await who.api('GET', '/v1/mailboxes')).json.data as readonly Fields[];
  const states = async (): Promise<number> =>
    (await scene.product.db.query(sql<{ count: number }>`SELECT count(*) AS count FROM oauth_states`))[0]?.count ?? 0;
  const assertNotConnected = async (url: URL, message: RegExp): Promise<void> => {
    const { status, text } = await browse(url);
    assert.equal(status, 400, text);
    assert.match(text, message);
    assert.deepEqual(await mailboxes(), []);
  };

  test('a person who agrees connects the mailbox with the settings of the start', async () => {
    const url = new URL(await start('email=Ada@Acme.test&display_name=Ada%20L.&daily_limit=20&timezone=Europe/Oslo'));
    assert.deepEqual(
      ['scope', 'login_hint', 'access_type', 'redirect_uri'].map((name) => url.searchParams.get(name)),
      [
        'openid email https://mail.google.com/',
        'Ada@Acme.test',
        'offline',
        `${scene.product.app.url}/v1/oauth/google/callback`,
      ],
    );
    const page = await browse(server.agree(url.href));
    assert.equal(page.status, 200, page.text);
    assert.match(page.text, /The mailbox Ada@Acme\.test is connected\./);
    assert.equal(page.headers.get('cache-control'), 'no-store');
    assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    const [mailbox] = await mailboxes();
    assert.deepEqual(
      ['email', 'provider', 'display_name', 'daily_limit', 'timezone', 'status'].map((name) => mailbox?.[name]),
      ['Ada@Acme.test', 'google', 'Ada L.', 20, 'Europe/Oslo', 'connected'],
    );
    assert.deepEqual(mailbox?.['smtp'], {
      host: 'smtp.gmail.com',
      port: 465,
      security: 'tls',
      username: 'Ada@Acme.test',
    });
  });

  test('a Microsoft account is known by its sign-in name', async () => {
    server.claims = { preferred_username: 'ada@acme.test' };
    const page = await browse(server.agree(await start(undefined, caller, 'microsoft')));
    assert.equal(page.status, 200, page.text);
    const [mailbox] = await mailboxes();
    assert.deepEqual(
      [mailbox?.['provider'], (mailbox?.['imap'] as Fields | undefined)?.['host']],
      ['microsoft', 'outlook.office365.com'],
    );
  });

  test('a state is stored as a hash, works once, and not after 10 minutes', async () => {
    const before = await states();
    const url = await start();
    const callback = server.agree(url);
    const state = callback.searchParams.get('state') ?? '';
    const { tag } = (await caller.got('GET', '/v1/me'))['organization'] as { tag: string };
    assert.match(state, new RegExp(`^${tag}_[\\w-]{43}$`));
    const rows = await scene.product.db.query(
      sql<{ text: string }>`SELECT oauth_states::text AS text FROM oauth_states`,
    );
    assert.ok(!JSON.stringify(rows).includes(state));
    assert.equal((await browse(callback)).status, 200);
    assert.equal(await states(), before);
    const replayed = await browse(callback);
    assert.equal(replayed.status, 400);
    assert.match(replayed.text, /has expired or was already used/);

    const late = server.agree(await start('email=late@acme.test'));
    await clock.advance(600_000);
    assert.match((await browse(late)).text, /has expired or was already used/);
    assert.equal((await mailboxes()).length, 1);
  });

  test('states that nobody finished are deleted', async () => {
    await start();
    const before = await states();
    assert.ok(before > 0);
    await clock.advance(600_000);
    await scene.product.until(async () => {
      await clock.advance(60_000);
      return (await states()) === 0;
    }, 'the states are deleted');
  });

  test('a wrong, missing or foreign state connects nothing', async () => {
    const callback = server.agree(await start());
    for (const state of ['wrong', '', "' OR 1=1 --"]) {
      const other = new URL(callback);
      other.searchParams.set('state', state);
      await assertNotConnected(other, /has expired or was already used/);
    }
    await assertNotConnected(new URL('/v1/oauth/google/callback', callback), /has expired or was already used/);
    // Of the other provider. It is used up with this.
    await assertNotConnected(new URL(callback.href.replace('google', 'microsoft')), /has expired or was already used/);
    await assertNotConnected(callback, /has expired or was already used/);
  });

  test('a code of another authorization fails the check of PKCE', async () => {
    const [one, other] = [server.agree(await start()), server.agree(await start())];
    one.searchParams.set('code', other.searchParams.get('code') ?? '');
    await assertNotConnected(one, /Google refused the request \(invalid_grant\)/);
  });

  test('an issuer other than the provider is refused', async () => {
    const callback = server.agree(await start());
    callback.searchParams.set('iss', 'https://evil.test');
    await assertNotConnected(callback, /gave an answer that is not valid/);
  });

  test('another account, another audience and a declined authorization connect nothing', async () => {
    server.claims = { email: 'eve@acme.test' };
    await assertNotConnected(
      server.agree(await start()),
      /You authorized another account of Google\. .* ada@acme\.test\./,
    );
    server.claims = { email: 'ada@acme.test', aud: 'another-client' };
    await assertNotConnected(server.agree(await start()), /gave an answer that is not valid/);
    const declined = server.agree(await start());
    declined.searchParams.delete('code');
    declined.searchParams.set('error', 'access_denied');
    await assertNotConnected(declined, /The authorization was declined at Google\./);
  });

  test('a token endpoint that fails connects nothing', async () => {
    server.answer = (_request, response) => response.writeHead(500).end('<b>down</b>');
    await assertNotConnected(server.agree(await start()), /Google gave an answer that is not valid/);
    server.answer = (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(`{"x":"${'x'.repeat(200_000)}"}`);
    await assertNotConnected(server.agree(await start()), /sent more than 65536 bytes/);
  });

  test('what the provider or the caller wrote is escaped on the page', async () => {
    const declined = server.agree(await start());
    declined.searchParams.delete('code');
    declined.searchParams.set('error', '<script>alert(1)</script>');
    const { text } = await browse(declined);
    assert.ok(!text.includes('<script>'), text);
    assert.match(text, /&lt;script&gt;/);
  });

  test('the mailbox belongs to the workspace of the key, and a revoked key connects nothing', async () => {
    const workspaceId = await tenant.workspace('clients');
    const bound = await tenant.withKey({ workspaceId });
    const stranger = await scene.product.tenant();
    assertRefused(
      await bound.api('GET', `/v1/oauth/google/start?email=a@b.test&workspace_id=${await tenant.workspace('other')}`),
      403,
      'forbidden',
    );
    const { id } = await caller.got('POST', '/v1/mailboxes', { email: 'box@acme.test', provider: 'capture' });
    for (const who of [stranger, bound])
      assertRefused(await who.api('GET', `/v1/oauth/google/start?mailbox_id=${String(id)}`), 404, 'not_found');

    const revoked = await tenant.withKey({ ...sandbox, name: 'to be revoked' });
    const callback = server.agree(await start('email=ada@acme.test', revoked));
    const keys = (await tenant.api('GET', '/v1/keys?page_size=100')).json.data as readonly Fields[];
    const key = keys.find(({ name }) => name === 'to be revoked');
    assert.equal((await tenant.api('DELETE', `/v1/keys/${String(key?.['id'])}`)).status, 204);
    assert.match((await browse(callback)).text, /The API key with which this authorization was started is not valid/);
  });

  test('an existing mailbox is authorized again, with its own address only', async () => {
    await browse(server.agree(await start()));
    const [mailbox] = await mailboxes();
    const id = String(mailbox?.['id']);
    const again = `mailbox_id=${id}`;
    assert.equal((await browse(server.agree(await start(again)))).status, 200);
    assert.equal((await mailboxes()).length, 1);
    server.claims = { email: 'eve@acme.test' };
    assert.equal((await browse(server.agree(await start(again)))).status, 400);
    assertRefused(await caller.api('GET', `/v1/oauth/microsoft/start?${again}`), 422, 'validation_failed');
    // The same address a second time.
    server.claims = { email: 'ada@acme.test' };
    assert.match((await browse(server.agree(await start()))).text, /already exists/);
  });

  test('bad parameters are refused by their names before anybody agrees', async () => {
    for (const [query, field] of [
      ['', 'email'],
      ['email=ada', 'email'],
      ['email=ada@acme.test&timezone=Mars/Olympus', 'timezone'],
      ['email=ada@acme.test&daily_limit=0', 'daily_limit'],
      ['email=ada@acme.test&daily_limit=x', 'daily_limit'],
      ['email=ada@acme.test&nonsense=1', 'nonsense'],
      ['mailbox_id=1', 'mailbox_id'],
    ] as const) {
      const { details } = assertRefused(
        await caller.api('GET', `/v1/oauth/google/start?${query}`),
        422,
        'validation_failed',
      );
      assert.deepEqual(Object.keys(details), [field], query);
    }
    assertRefused(await caller.api('GET', '/v1/oauth/yahoo/start?email=a@b.test'), 404, 'not_found');
  });

  test('neither tokens nor the verifier are in a log line or a row in clear', async () => {
    const url = await start('email=ada@acme.test');
    await browse(server.agree(url));
    const secrets = [
      ...server.accessTokens,
      ...server.requests.map((request) => request.get('code_verifier') ?? ''),
    ].filter((secret) => secret !== '');
    assert.ok(secrets.length >= 2);
    const rows = await scene.product.db.query(sql<{ text: string }>`SELECT mailboxes::text AS text FROM mailboxes`);
    const shown = JSON.stringify([scene.product.logged, rows, await mailboxes()]);
    for (const secret of [...secrets, clientSecret]) assert.ok(!shown.includes(secret));
  });
});

describe('authorizing without a client', () => {
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));
  test('names the settings that the operator must set', async () => {
    const tenant = await scene.product.tenant();
    const { message } = assertRefused(
      await tenant.api('GET', '/v1/oauth/microsoft/start?email=ada@acme.test'),
      409,
      'conflict',
    );
    assert.match(message, /The operator must set OUTRIDER_MICROSOFT_CLIENT_ID and OUTRIDER_MICROSOFT_CLIENT_SECRET\./);
  });
});
