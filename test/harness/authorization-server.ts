import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../src/base/clock.ts';
import { authority, certificate } from './certificates.ts';
import { bodyOf, listening } from './sockets.ts';

export const clientId = 'outrider-test-client';
export const clientSecret = 'test-client-secret';

/** The account that authorizes: claims of its id token. */
export type Account = Readonly<Record<string, unknown>>;

interface Grant {
  readonly challenge: string;
  readonly redirectUri: string;
  readonly scope: string;
}

/** An OAuth 2.0 authorization server over HTTPS that verifies PKCE (RFC 7636 §4.6) and the client, and gives each code once. */
export interface TestAuthorizationServer {
  readonly ca: string;
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** Claims that replace those of the id token; undefined values are left out. */
  claims: Account;
  /** Replaces the answers of the token endpoint. */
  answer: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  /** Whether a refresh gives another refresh token and withdraws the old one. */
  rotates: boolean;
  /** Parameters of each request to the token endpoint. */
  readonly requests: URLSearchParams[];
  /** Access tokens that were given, the newest last. */
  readonly accessTokens: string[];
  /** No refresh token is accepted any more. */
  revokeAll(): void;
  /** Opens an authorization URL as a browser of a person who agrees. @returns the URL of the callback */
  agree(url: string): URL;
  close(): Promise<void>;
}

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

/**
 * @param host the name by which its certificate and URLs know it; must resolve to 127.0.0.1
 * @example
 * const server = await startAuthorizationServer(clock);
 * const callback = await server.agree(authorizationUrl);
 */
export async function startAuthorizationServer(
  clock: Pick<Clock, 'now'>,
  host = 'localhost',
): Promise<TestAuthorizationServer> {
  const root = await authority('Test CA');
  const issued = await certificate(host, root);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const codes = new Map<string, Grant>();
  const refreshTokens = new Set<string>();
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  function idToken(issuer: string): string {
    const seconds = Math.floor(clock.now() / 1000);
    const claims = { iss: issuer, aud: clientId, sub: 'account', iat: seconds, exp: seconds + 3_600, ...server.claims };
    const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
  }

  function tokens(scope: string, refreshToken: string | undefined): Record<string, unknown> {
    const accessToken = randomBytes(24).toString('base64url');
    server.accessTokens.push(accessToken);
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: 3_600,
      scope,
      ...(scope.includes('openid') ? { id_token: idToken(server.issuer) } : {}),
      ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    };
  }

  function mint(): string {
    const token = randomBytes(24).toString('base64url');
    refreshTokens.add(token);
    return token;
  }

  function give(parameters: URLSearchParams, response: ServerResponse): void {
    if (parameters.get('client_id') !== clientId || parameters.get('client_secret') !== clientSecret)
      return json(response, 401, { error: 'invalid_client' });
    if (parameters.get('grant_type') === 'refresh_token') {
      const given = parameters.get('refresh_token') ?? '';
      if (!refreshTokens.has(given)) return json(response, 400, { error: 'invalid_grant' });
      if (server.rotates) refreshTokens.delete(given);
      return json(response, 200, tokens('mail', server.rotates ? mint() : undefined));
    }
    const grant = codes.get(parameters.get('code') ?? '');
    codes.delete(parameters.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(parameters.get('code_verifier') ?? '')
      .digest('base64url');
    if (grant?.challenge !== challenge || grant.redirectUri !== parameters.get('redirect_uri'))
      return json(response, 400, { error: 'invalid_grant' });
    return json(response, 200, tokens(grant.scope, mint()));
  }

  const receiver = await listening(
    createServer({ key: issued.private, cert: issued.cert }, (request, response) => {
      if (server.answer !== undefined) return server.answer(request, response);
      return void bodyOf(request).then((body) => {
        const parameters = new URLSearchParams(body);
        server.requests.push(parameters);
        give(parameters, response);
      });
    }),
  );
  const issuer = `https://${host}:${receiver.port}`;
  const server: TestAuthorizationServer = {
    ca: root.cert,
    issuer,
    authorizationEndpoint: `${issuer}/authorize`,
    tokenEndpoint: `${issuer}/token`,
    claims: {},
    answer: undefined,
    rotates: false,
    requests: [],
    accessTokens: [],
    revokeAll: () => refreshTokens.clear(),
    agree(text) {
      const url = new URL(text);
      const { searchParams: query } = url;
      assert.equal(`${url.origin}${url.pathname}`, server.authorizationEndpoint);
      assert.deepEqual(
        ['response_type', 'client_id', 'code_challenge_method'].map((name) => query.get(name)),
        ['code', clientId, 'S256'],
      );
      const code = randomBytes(24).toString('base64url');
      codes.set(code, {
        challenge: query.get('code_challenge') ?? '',
        redirectUri: query.get('redirect_uri') ?? '',
        scope: query.get('scope') ?? '',
      });
      const callback = new URL(query.get('redirect_uri') ?? '');
      callback.search = String(new URLSearchParams({ code, state: query.get('state') ?? '', iss: issuer }));
      return callback;
    },
    close: receiver.close,
  };
  return server;
}
