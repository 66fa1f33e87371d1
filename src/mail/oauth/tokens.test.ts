import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { after, before, beforeEach, describe, test } from 'node:test';
import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from 'oauth4webapi';
import { clientId, clientSecret, startAuthorizationServer } from '../../../test/harness/authorization-server.ts';
import type { TestAuthorizationServer } from '../../../test/harness/authorization-server.ts';
import { TestClock } from '../../../test/harness/clock.ts';
import { gate } from '../../../test/harness/sockets.ts';
import { parseCidrs } from '../../base/cidr.ts';
import { configuredProvider, providerOf } from './providers.ts';
import type { ProvidersOptions } from './providers.ts';
import { createRefresh, exchange } from './tokens.ts';
import type { Authorized, TokenNetwork } from './tokens.ts';

const clock = new TestClock();
const redirectUri = 'https://outrider.test/v1/oauth/google/callback';
const tenant = '11111111-2222-3333-4444-555555555555';

describe('tokens', () => {
  let server: TestAuthorizationServer;
  before(async () => {
    server = await startAuthorizationServer(clock);
  });
  beforeEach(() => {
    server.claims = { email: 'ada@acme.test', email_verified: true };
    server.answer = undefined;
    server.rotates = false;
  });
  after(() => server.close());

  const network = (): TokenNetwork => ({
    policy: { allow: parseCidrs('127.0.0.0/8'), allowHttp: false },
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    ca: server.ca,
  });
  const options = (issuer = server.issuer): ProvidersOptions & { readonly network: TokenNetwork } => ({
    clients: {
      googleClientId: clientId,
      googleClientSecret: clientSecret,
      microsoftClientId: clientId,
      microsoftClientSecret: clientSecret,
      microsoftTenant: 'common',
    },
    clock,
    endpoints: { google: server, microsoft: { ...server, issuer } },
    network: network(),
  });

  /** Authorizes as a person does, with a verifier that may differ from the one of the challenge. */
  async function authorize(
    verifier?: string,
    name: 'google' | 'microsoft' = 'google',
    issuer?: string,
  ): Promise<Authorized> {
    const provider = configuredProvider(name, options(issuer));
    const own = generateRandomCodeVerifier();
    const callback = server.agree(
      `${server.authorizationEndpoint}?${String(
        new URLSearchParams({
          response_type: 'code',
          client_id: clientId,
          redirect_uri: redirectUri,
          scope: provider.scope,
          state: 'state',
          code_challenge: await calculatePKCECodeChallenge(own),
          code_challenge_method: 'S256',
        }),
      )}`,
    );
    return exchange(provider, {
      network: network(),
      clock,
      parameters: callback.searchParams,
      state: 'state',
      redirectUri,
      verifier: verifier ?? own,
    });
  }

  test('a code and its verifier become tokens and the addresses of the account', async () => {
    const { tokens, addresses } = await authorize();
    assert.deepEqual(addresses, ['ada@acme.test']);
    assert.equal(tokens.accessToken, server.accessTokens.at(-1));
    assert.equal(tokens.expiresAtMs, clock.now() + 3_600_000);
  });

  test('another verifier is refused by the server', async () => {
    await assert.rejects(authorize(generateRandomCodeVerifier()), {
      name: 'AuthorizationError',
      message: 'Google refused the request (invalid_grant).',
    });
  });

  test('an id token for another audience, of another issuer, expired or not verified is refused', async () => {
    const seconds = Math.floor(clock.now() / 1000);
    for (const claims of [
      { aud: 'another-client' },
      { iss: 'https://evil.test' },
      { exp: seconds - 120 },
      { sub: undefined },
    ]) {
      server.claims = { email: 'ada@acme.test', ...claims };
      await assert.rejects(authorize(), { message: 'Google gave an answer that is not valid.' });
    }
    server.claims = { email: 'ada@acme.test', email_verified: false };
    await assert.rejects(authorize(), { message: 'Google has not verified the address.' });
  });

  test('a Microsoft account of any tenant has the issuer of its tenant', async () => {
    const template = `${server.issuer}/{tenantid}/v2.0`;
    server.claims = { preferred_username: 'ada@acme.test', tid: tenant, iss: `${server.issuer}/${tenant}/v2.0` };
    assert.deepEqual((await authorize(undefined, 'microsoft', template)).addresses, ['ada@acme.test']);
    for (const claims of [
      { tid: tenant, iss: `${server.issuer}/99999999-2222-3333-4444-555555555555/v2.0` },
      { tid: '../evil', iss: `${server.issuer}/../evil/v2.0` },
    ]) {
      server.claims = { preferred_username: 'ada@acme.test', ...claims };
      await assert.rejects(authorize(undefined, 'microsoft', template), { name: 'AuthorizationError' });
    }
  });

  test('a refresh gives a new access token, and keeps the refresh token unless the provider rotates it', async () => {
    const refresh = createRefresh(options());
    const { tokens } = await authorize();
    const kept = await refresh('google', tokens.refreshToken);
    assert.ok(kept.kind === 'tokens' && kept.tokens.refreshToken === tokens.refreshToken);
    assert.notEqual(kept.tokens.accessToken, tokens.accessToken);
    server.rotates = true;
    const rotated = await refresh('google', tokens.refreshToken);
    assert.ok(rotated.kind === 'tokens' && rotated.tokens.refreshToken !== tokens.refreshToken);
    assert.equal((await refresh('google', rotated.tokens.refreshToken)).kind, 'tokens');
  });

  test('a withdrawn grant is revoked, with a remedy', async () => {
    assert.deepEqual(await createRefresh(options())('microsoft', 'unknown'), {
      kind: 'revoked',
      reason:
        'Microsoft no longer accepts the authorization (invalid_grant). Authorize the mailbox again: GET /v1/oauth/microsoft/start with its mailbox_id.',
    });
  });

  test("a wrong secret is the operator's mistake and not the end of the authorization", async () => {
    const { clients, ...others } = options();
    const refresh = createRefresh({ ...others, clients: { ...clients, googleClientSecret: 'wrong' } });
    const { tokens } = await authorize();
    const answer = await refresh('google', tokens.refreshToken);
    assert.equal(answer.kind, 'temporary');
    assert.match(
      answer.kind === 'temporary' ? answer.reason : '',
      /OAuth client \(invalid_client\)\. The operator must check/,
    );
    assert.equal(providerOf('google', { ...others, clients: { ...clients, googleClientId: undefined } }), undefined);
  });

  test('an endpoint that fails is a temporary failure, and is left alone for 15 seconds', async () => {
    const refresh = createRefresh(options());
    const { tokens } = await authorize();
    let requests = 0;
    const failures: readonly RequestListener[] = [
      (_request, response) => response.writeHead(500).end('{"error":"invalid_grant"}'),
      (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      (request) => request.socket.destroy(),
      (_request, response) =>
        response.writeHead(400, { 'content-type': 'application/json' }).end(`{"error":"${'x'.repeat(100_000)}"}`),
    ];
    for (const [index, fail] of failures.entries()) {
      server.answer = (request, response) => {
        requests += 1;
        fail(request, response);
      };
      for (let time = 0; time < 2; time += 1)
        assert.equal((await refresh('google', tokens.refreshToken)).kind, 'temporary', String(index));
      await clock.advance(15_000);
    }
    assert.equal(requests, 4, 'one request for each outage');
    server.answer = undefined;
    assert.equal((await refresh('google', tokens.refreshToken)).kind, 'tokens');
  });

  test('a silent endpoint ends after 8 seconds', async () => {
    const refresh = createRefresh(options());
    const arrived = gate();
    server.answer = () => arrived.open();
    const refreshing = refresh('google', 'any');
    await arrived.opened;
    await clock.advance(8_000);
    const answer = await refreshing;
    assert.match(
      answer.kind === 'temporary' ? answer.reason : '',
      /^Google's token endpoint did not answer: .* within 8 s\.$/,
    );
  });
});
