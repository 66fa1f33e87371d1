import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, test } from 'node:test';
import { bodyOf, httpReceiver } from '../../../test/harness/sockets.ts';
import type { Receiver } from '../../../test/harness/sockets.ts';
import { dataOf, webhookScene } from '../../../test/harness/webhooks.ts';
import type { Fields } from '../../../test/harness/webhooks.ts';
import { sql } from '../../db/sql.ts';

describe('OAuth 2.0 client credentials of an endpoint', () => {
  const scene = webhookScene();
  const { create, publish, receive } = scene;
  const servers: Receiver[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  interface TokenRequest {
    readonly authorization: string | undefined;
    readonly parameters: Record<string, string>;
  }
  /** A token server that gives `token-1`, `token-2`, …, or what `answer` says. */
  async function tokenServer(answer?: (request: IncomingMessage, response: ServerResponse) => void) {
    const requests: TokenRequest[] = [];
    const server = await httpReceiver((request, response) => {
      void bodyOf(request).then((body) => {
        requests.push({
          authorization: request.headers.authorization,
          parameters: Object.fromEntries(new URLSearchParams(body)),
        });
        if (answer !== undefined) return answer(request, response);
        const granted = { access_token: `token-${requests.length}`, token_type: 'Bearer', expires_in: 3_600 };
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(granted));
      });
    });
    servers.push(server);
    return { url: `http://127.0.0.1:${server.port}/token`, requests };
  }
  const client = (url: string, more: Fields = {}): Fields => ({
    token_url: url,
    client_id: 'outrider',
    client_secret: 's3cret&more',
    ...more,
  });
  const patch = (id: string, body: Fields) => scene.here.call(scene.caller, 'PATCH', `/v1/webhooks/${id}`, body);
  const lastError = async (id: string): Promise<string> => {
    const [row] = await scene.here.db.query(
      sql<{
        last_error: string | null;
      }>`SELECT last_error FROM delivery_queue WHERE endpoint_id = ${id} ORDER BY last_error`,
    );
    return row?.last_error ?? '';
  };

  test('each delivery carries a token, which is requested once; the secret is sealed and never shown', async () => {
    const server = await tokenServer();
    const receiver = await receive();
    const oauth2 = client(server.url, { scope: 'hooks write', audience: 'https://api.example' });
    const made = await create({ target_url: receiver.url, oauth2 });
    assert.deepEqual(made['oauth2'], { ...oauth2, client_secret: '***', client_authentication: 'basic' });
    for (let n = 0; n < 3; n++) await publish('order.paid');
    await scene.eventually(() => receiver.arrivals.length === 3, 'they arrive');
    assert.deepEqual(
      receiver.arrivals.map(({ headers }) => headers.authorization),
      ['Bearer token-1', 'Bearer token-1', 'Bearer token-1'],
    );
    assert.deepEqual(server.requests, [
      {
        authorization: `Basic ${Buffer.from('outrider:s3cret%26more').toString('base64')}`,
        parameters: { grant_type: 'client_credentials', scope: 'hooks write', audience: 'https://api.example' },
      },
    ]);
    const [row] = await scene.here.db.query(
      sql<{ oauth_secret_sealed: Buffer }>`SELECT * FROM endpoints WHERE id = ${made.id}`,
    );
    assert.ok(row !== undefined && !JSON.stringify(row).includes('s3cret'));
    assert.ok(!row.oauth_secret_sealed.includes('s3cret'));
    await scene.eventually(async () => {
      const attempts = await scene.here.db.query(
        sql<{ request_headers: string }>`SELECT request_headers FROM attempts`,
      );
      return attempts.length === 3 && attempts.every(({ request_headers: text }) => !text.includes('token-1'));
    }, 'the attempts are written, without the token');
  });

  test('what the token server does wrong is the reason of a failed attempt, and the endpoint recovers by itself', async () => {
    const answers: ((response: ServerResponse) => void)[] = [
      (response) => response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"invalid_client"}'),
      (response) => response.writeHead(500).end('no'),
      (response) => response.writeHead(302, { location: 'http://127.0.0.1/' }).end(),
      (response) => response.end('<html>'),
      (response) => response.end('{"access_token":"a\\nb","token_type":"bearer"}'),
      (response) => response.end('x'.repeat(100_000)),
    ];
    const reasons = [
      /^No access token: 127\.0\.0\.1:\d+ refused the client \(401, invalid_client\)\.$/,
      /answered 500\.$/,
      /answered 302\.$/,
      /without a valid token|answered/,
      /cannot be sent in a header|without a valid token/,
      /more than 65536 bytes/,
    ];
    const server = await tokenServer((_request, response) => {
      const answer = answers.shift();
      if (answer !== undefined) return answer(response.setHeader('content-type', 'application/json'));
      response.setHeader('content-type', 'application/json').end('{"access_token":"good","token_type":"bearer"}');
    });
    const receiver = await receive();
    const { id } = await create({
      target_url: receiver.url,
      oauth2: client(server.url),
      retry_schedule_seconds: Array.from({ length: 10 }, () => 20),
    });
    await publish('order.paid');
    for (const reason of reasons) {
      await scene.eventually(async () => reason.test(await lastError(id)), `the attempt fails: ${reason.source}`);
      await scene.clock.advance(20_000);
    }
    await scene.eventually(() => receiver.arrivals.length === 1, 'it arrives');
    assert.equal(receiver.arrivals[0]?.headers.authorization, 'Bearer good');
  });

  test('a dead token server of one endpoint delays no other, and its deadline ends the attempt', async () => {
    const server = await tokenServer(() => {});
    const receiver = await receive();
    const { id } = await create({ target_url: receiver.url, oauth2: client(server.url) });
    await create({ target_url: `${receiver.url}/other` });
    for (let n = 0; n < 5; n++) await publish('order.paid');
    await scene.here.until(() => receiver.arrivals.length === 5, 'the other endpoint gets all');
    await scene.here.until(() => scene.here.engine.figures.inFlight === 0, 'the other holds no slot');
    await scene.here.until(() => server.requests.length === 1, 'one token is requested');
    await scene.clock.advance(10_000);
    await scene.eventually(async () => /did not answer within 10 s/.test(await lastError(id)), 'the attempt failed');
  });

  test('a secret is kept for its servers only, and bad input is refused by its field', async () => {
    const server = await tokenServer();
    const { id } = await create({ is_active: false, oauth2: client(server.url) });
    const kept = dataOf(await patch(id, { oauth2: client(`${server.url}/2`, { client_secret: '***' }) }));
    assert.equal((kept['oauth2'] as Fields)['token_url'], `${server.url}/2`);
    const refused = async (body: Fields, field: string, reason: RegExp): Promise<void> => {
      await assert.rejects(patch(id, body), (error: { details?: Record<string, string> }) => {
        assert.match(error.details?.[field] ?? JSON.stringify(error.details), reason);
        return true;
      });
    };
    const masked = { client_secret: '***' };
    await refused({ oauth2: client('http://127.0.0.1:1/token', masked) }, 'oauth2.client_secret', /sent again/);
    await refused({ target_url: 'http://127.0.0.1:8/hook' }, 'oauth2', /sent again/);
    await refused(
      { target_url: 'http://127.0.0.1:8/hook', oauth2: client(server.url, masked) },
      'oauth2.client_secret',
      /sent again/,
    );
    await refused({ oauth2: client('http://10.0.0.1/token') }, 'oauth2.token_url', /private address/);
    await refused({ oauth2: client('nonsense') }, 'oauth2.token_url', /./);
    await refused({ oauth2: client(server.url, { client_id: 'café' }) }, 'oauth2.client_id', /ASCII/);
    await refused({ oauth2: client(server.url, { scope: 'a  b' }) }, 'oauth2.scope', /single spaces/);
    await refused({ headers: { authorization: 'x' } }, 'headers.authorization', /oauth2/);
    assert.equal(dataOf(await patch(id, { oauth2: null }))['oauth2'], null);
    await refused({ oauth2: client(server.url, masked) }, 'oauth2.client_secret', /no stored value/);
    await patch(id, { headers: { authorization: 'x' } });
  });
});
