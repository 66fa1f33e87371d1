import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { createServer } from 'node:https';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import type { GenerateResult } from 'selfsigned';
import { authority, certificate } from '../../../test/harness/certificates.ts';
import { bodyOf, listening } from '../../../test/harness/sockets.ts';
import type { Receiver } from '../../../test/harness/sockets.ts';
import { dataOf, webhookScene } from '../../../test/harness/webhooks.ts';
import type { Fields } from '../../../test/harness/webhooks.ts';
import { sql } from '../../db/sql.ts';
import { ApiError } from '../../base/errors.ts';

/** The test clock is behind the machine's, by which TLS checks certificates. */
const days = 2_000;

describe('client certificates and authorities of an endpoint', () => {
  const scene = webhookScene({ resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
  const { create, publish } = scene;
  let ca: GenerateResult;
  let first: GenerateResult;
  let second: GenerateResult;
  let receiver: Receiver;
  /** Path, client certificate and whether the TLS session was resumed, of each request. */
  let seen: { path: string; subject: string | undefined; reused: boolean; socket: object }[] = [];

  before(async () => {
    ca = await authority('Private CA', -days, days);
    first = await certificate('client-1', ca, -days, days);
    second = await certificate('client-2', ca, -days, days);
    const server = await certificate('receiver.test', ca, -days, days);
    receiver = await listening(
      createServer(
        { key: server.private, cert: server.cert, ca: ca.cert, requestCert: true, rejectUnauthorized: false },
        (request, response) => {
          const socket = request.socket as TLSSocket;
          const { subject } = socket.getPeerCertificate() as { readonly subject?: { readonly CN: string } };
          seen.push({
            path: request.url ?? '',
            subject: socket.authorized ? subject?.CN : undefined,
            reused: socket.isSessionReused(),
            socket,
          });
          // Every delivery needs a connection, which may resume the session of an earlier one.
          void bodyOf(request).then(() => response.writeHead(200, { connection: 'close' }).end());
        },
      ),
    );
  });
  after(() => receiver.close());
  beforeEach(() => {
    seen = [];
  });

  const urlOf = (path: string): string => `https://receiver.test:${receiver.port}${path}`;
  const tlsOf = (pair: GenerateResult, more: Fields = {}): Fields => ({
    client_certificate: pair.cert,
    client_key: pair.private,
    ca: ca.cert,
    ...more,
  });
  const deliver = async (count: number): Promise<void> => {
    const before = seen.length;
    await publish('order.paid');
    await scene.eventually(() => seen.length >= before + count, 'the deliveries arrived');
    await scene.eventually(() => scene.here.engine.figures.inFlight === 0, 'they ended');
  };
  const subjectsOf = (path: string): (string | undefined)[] =>
    seen.filter((each) => each.path === path).map(({ subject }) => subject);
  const refused = async (work: Promise<unknown>, details: Record<string, RegExp>): Promise<void> => {
    await assert.rejects(work, (error: unknown) => {
      assert.ok(error instanceof ApiError);
      assert.equal(error.error, 'validation_failed', error.message);
      assert.deepEqual(Object.keys(error.details ?? {}), Object.keys(details));
      for (const [field, reason] of Object.entries(details)) assert.match(error.details?.[field] ?? '', reason);
      return true;
    });
  };

  test('each endpoint presents its own certificate on connections and sessions of its own', async () => {
    await create({ target_url: urlOf('/1'), tls: tlsOf(first) });
    await create({ target_url: urlOf('/2'), tls: tlsOf(second) });
    await create({ target_url: urlOf('/none'), tls: { ca: ca.cert } });
    for (let round = 0; round < 3; round++) await deliver(3);
    assert.deepEqual(subjectsOf('/1'), ['client-1', 'client-1', 'client-1']);
    assert.deepEqual(subjectsOf('/2'), ['client-2', 'client-2', 'client-2']);
    assert.deepEqual(subjectsOf('/none'), [undefined, undefined, undefined]);
    assert.ok(
      seen.some(({ reused }) => reused),
      'sessions are resumed',
    );
    assert.equal(new Set(seen.map(({ socket }) => socket)).size, seen.length);
  });

  test('a changed certificate is presented from the next attempt, and null removes it', async () => {
    const { id } = await create({ target_url: urlOf('/'), tls: tlsOf(first) });
    const patch = (body: Fields) => scene.here.call(scene.caller, 'PATCH', `/v1/webhooks/${id}`, body);
    await deliver(1);
    const changed = dataOf(await patch({ tls: tlsOf(second) }));
    assert.equal((changed['tls'] as { client_certificate: Fields }).client_certificate['subject'], 'CN=client-2');
    await deliver(1);
    // The private authority is trusted for this endpoint only: without it, the receiver is not.
    assert.equal(dataOf(await patch({ tls: null }))['tls'], null);
    await publish('order.paid');
    await scene.eventually(async () => {
      const [row] = await scene.here.db.query(
        sql<{ last_error: string }>`SELECT last_error FROM delivery_queue WHERE endpoint_id = ${id}`,
      );
      return /issued by an? (unknown authority|authority that is not trusted)/.test(row?.last_error ?? '');
    }, 'the attempt failed');
    assert.deepEqual(subjectsOf('/'), ['client-1', 'client-2']);
  });

  test('responses show the certificate and never the key; it is sealed, and erased with the endpoint', async () => {
    const made = await create({ target_url: urlOf('/'), is_active: false, tls: tlsOf(first) });
    const certificateOf = (pem: string) => new X509Certificate(pem);
    assert.deepEqual(made['tls'], {
      client_certificate: {
        subject: 'CN=client-1',
        issuer: 'CN=Private CA',
        fingerprint_sha256: certificateOf(first.cert).fingerprint256,
        not_before: certificateOf(first.cert).validFromDate.toISOString(),
        expires_at: certificateOf(first.cert).validToDate.toISOString(),
      },
      ca: [
        {
          subject: 'CN=Private CA',
          issuer: 'CN=Private CA',
          fingerprint_sha256: certificateOf(ca.cert).fingerprint256,
          not_before: certificateOf(ca.cert).validFromDate.toISOString(),
          expires_at: certificateOf(ca.cert).validToDate.toISOString(),
        },
      ],
    });
    const row = async (): Promise<Fields> =>
      (await scene.here.db.query(sql<Fields>`SELECT * FROM endpoints WHERE id = ${made.id}`))[0] ?? assert.fail();
    const secretLine = first.private.split('\n')[1] ?? assert.fail();
    const sealed = (await row())['tls_sealed'] as Buffer;
    assert.ok(!sealed.includes(secretLine));
    assert.ok(!JSON.stringify(await row()).includes(secretLine));
    await scene.here.call(scene.caller, 'DELETE', `/v1/webhooks/${made.id}`);
    const { tls, tls_sealed: bytes, tls_expires_at: at } = await row();
    assert.deepEqual([tls, bytes, at], [null, null, null]);
  });

  test('another origin gets the certificate only if it is sent again', async () => {
    const { id } = await create({ target_url: urlOf('/'), is_active: false, tls: tlsOf(first) });
    const patch = (body: Fields) => scene.here.call(scene.caller, 'PATCH', `/v1/webhooks/${id}`, body);
    await patch({ target_url: urlOf('/other') });
    await refused(patch({ target_url: 'https://elsewhere.test/' }), { tls: /must be sent again/ });
    await refused(patch({ target_url: 'http://receiver.test/' }), { tls: /https/ });
    await patch({ target_url: 'https://elsewhere.test/', tls: tlsOf(first) });
    await patch({ target_url: 'http://elsewhere.test/', tls: null });
  });

  test('a certificate that ends soon is warned about and counted', async () => {
    const nowDays = Math.floor((scene.clock.now() - Date.now()) / 86_400_000);
    const soon = await certificate('soon', ca, -days, nowDays + 10);
    const reply = await scene.here.call(scene.caller, 'POST', '/v1/webhooks', {
      target_url: urlOf('/'),
      events: ['*'],
      tls: { client_certificate: soon.cert, client_key: soon.private },
    });
    assert.match(
      String((reply.body as { warnings?: string[] }).warnings),
      /^The client certificate expires on 2026-01-/,
    );
    const counted = async () =>
      (await scene.here.webhooks.unfinished.count()).map(({ state, count }) => [state, count]);
    assert.deepEqual(await counted(), [
      ['expired', 0],
      ['expiring', 1],
    ]);
    await scene.here.call(scene.caller, 'DELETE', `/v1/webhooks/${String(dataOf(reply)['id'])}`);
    assert.deepEqual(await counted(), [
      ['expired', 0],
      ['expiring', 0],
    ]);
  });

  test('what cannot be used is refused by its field', async () => {
    const nowDays = (scene.clock.now() - Date.now()) / 86_400_000;
    const expired = await certificate('expired', ca, -days, nowDays - 1);
    const pem = (bits: number): string =>
      generateKeyPairSync('rsa', { modulusLength: bits })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString();
    const locked = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'x',
    });
    const cases: readonly (readonly [Fields, Record<string, RegExp>])[] = [
      [{}, { tls: /must contain/ }],
      [{ client_certificate: first.cert }, { 'tls.client_key': /needed/ }],
      [{ client_key: first.private }, { 'tls.client_certificate': /needed/ }],
      [{ ca: 'nonsense' }, { 'tls.ca': /PEM/ }],
      [
        { ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
        { 'tls.ca': /certificate 1 cannot be parsed/ },
      ],
      [{ ca: ca.cert.repeat(11) }, { 'tls.ca': /at most 10/ }],
      [{ ca: ca.cert + expired.cert }, { 'tls.ca': /certificate 2 expired on/ }],
      [tlsOf(first, { client_certificate: first.cert + first.private }), { 'tls.client_certificate': /private key/ }],
      [tlsOf(first, { client_certificate: second.cert }), { 'tls.client_key': /not the private key/ }],
      [tlsOf(first, { client_key: first.cert }), { 'tls.client_key': /PRIVATE KEY/ }],
      [tlsOf(first, { client_key: String(locked) }), { 'tls.client_key': /passphrase/ }],
      [tlsOf(first, { client_key: pem(1_024) }), { 'tls.client_key': /2,048/ }],
      [tlsOf(expired), { 'tls.client_certificate': /^expired on/ }],
    ];
    for (const [tls, details] of cases) await refused(create({ target_url: urlOf('/'), tls }), details);
    await refused(create({ tls: tlsOf(first) }), { tls: /https/ });
    await refused(create({ target_url: urlOf('/'), tls: { ca: 'x'.repeat(40_000) } }), { 'tls.ca': /./ });
  });
});
