import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import { after, before, describe, test } from 'node:test';
import type { GenerateResult } from 'selfsigned';
import type { ResolvedAddress } from '../../src/base/egress.ts';
import { authority, certificate } from '../harness/certificates.ts';
import type { Caller, MadeEndpoint } from '../harness/caller.ts';
import { assertRefused } from '../harness/edge-routes.ts';
import { eventually } from '../harness/clock.ts';
import { installationScene } from '../harness/installation.ts';
import { answerOk, bodyOf, httpReceiver, listening, tcpReceiver } from '../harness/sockets.ts';
import type { Receiver } from '../harness/sockets.ts';
import { verifies } from '../harness/verify.ts';

const v4 = (address: string): ResolvedAddress => ({ address, family: 4 });
const publicAddress = '93.184.215.14';

/** The error of the delivery's only attempt. */
async function errorOf(me: Caller, endpoint: MadeEndpoint): Promise<string> {
  await eventually(async () => (await me.deliveries(endpoint))[0]?.attempt_count === 1, 'the attempt is recorded');
  return String((await me.deliveries(endpoint))[0]?.last_error);
}

describe('the default egress policy', () => {
  /** Answers for a name, in order; the last one repeats. */
  const names = new Map<string, readonly ResolvedAddress[][]>();
  const asked: string[] = [];
  const scene = installationScene(() => ({
    config: { egressAllow: '', allowHttpEndpoints: false },
    resolve: async (host) => {
      const before = asked.filter((each) => each === host).length;
      asked.push(host);
      const answers = names.get(host);
      return (
        answers?.[Math.min(before, answers.length - 1)] ??
        Promise.reject(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }))
      );
    },
  }));

  const refusals: Readonly<Record<string, readonly [url: string, reason: RegExp][]>> = {
    IPv4: [
      [
        'https://10.0.0.5/',
        /^is the private address 10\.0\.0\.5 \(the operator of this server can allow it: OUTRIDER_EGRESS_ALLOW=10\.0\.0\.5\)$/,
      ],
      ['https://172.16.0.1/', /private/],
      ['https://192.168.1.1:8443/x', /private/],
      ['https://127.0.0.1/', /loopback/],
      ['https://169.254.169.254/latest/meta-data', /link-local/],
      ['https://100.64.0.1/', /carrier-grade NAT/],
      ['https://0.0.0.0/', /unspecified/],
      ['https://192.0.2.1/', /reserved/],
      ['https://198.18.0.1/', /address 198\.18\.0\.1/],
      ['https://224.0.0.1/', /multicast/],
      ['https://240.0.0.1/', /reserved/],
      ['https://255.255.255.255/', /broadcast/],
      ['https://168.63.129.16/', /cloud platform/],
    ],
    IPv6: [
      ['https://[::1]/', /loopback/],
      ['https://[::]/', /unspecified/],
      ['https://[fe80::1]/', /link-local/],
      ['https://[fd12:3456::1]/', /private/],
      ['https://[ff02::1]/', /multicast/],
      ['https://[2001:db8::1]/', /reserved/],
    ],
    'IPv4 inside IPv6': [
      ['https://[::ffff:10.0.0.1]/', /private/],
      ['https://[::ffff:7f00:1]/', /loopback/],
      ['https://[::127.0.0.1]/', /IPv4-compatible/],
      ['https://[64:ff9b::10.0.0.1]/', /NAT64/],
      ['https://[64:ff9b:1::10.0.0.1]/', /address 64:ff9b:1::/],
      ['https://[2002:a00:1::]/', /6to4/],
      ['https://[2001::1]/', /Teredo/],
    ],
    'other spellings': [
      ['https://167772161/', /private address 10\.0\.0\.1/],
      ['https://012.0.0.1/', /private address 10\.0\.0\.1/],
      ['https://0x7f000001/', /loopback address 127\.0\.0\.1/],
      ['https://0177.1/', /loopback address 127\.0\.0\.1/],
      ['https://127.1/', /loopback/],
      ['https://%31%30.0.0.1/', /private/],
      ['https://１０.0.0.1/', /private/],
      ['https://10.0.0.1./', /private/],
    ],
    names: [
      ['https://localhost/', /name of this machine/],
      ['https://db.localhost:5432/', /name of this machine/],
      ['https://internal.example/', /resolves to an address that is not allowed/],
      ['https://both.example/', /resolves to an address that is not allowed/],
    ],
    'what is no address': [
      [
        'http://receiver.example/',
        /^must start with https:\/\/ \(.*OUTRIDER_ALLOW_HTTP_ENDPOINTS=true, as npm run dev does\)$/,
      ],
      ['ftp://receiver.example/', /must start with https/],
      ['https://user:password@receiver.example/', /user name or password/],
      ['https://key@receiver.example/', /user name or password/],
      ['https://receiver.example/#x', /fragment/],
      ['receiver.example', /not a valid URL/],
      ['https://receiver.example:0/', /port 0/],
      ['https://receiver..example/', /two consecutive dots/],
      ['https://receiver.example/a b', /spaces/],
    ],
  };

  names.set('internal.example', [[v4('10.1.2.3')]]);
  names.set('both.example', [[v4(publicAddress), v4('127.0.0.1')]]);
  names.set('receiver.example', [[v4(publicAddress)]]);

  for (const [kind, urls] of Object.entries(refusals)) {
    test(`a target is refused at creation and change, with the reason: ${kind}`, async () => {
      const me = await scene.product.tenant();
      const endpoint = await me.register('https://receiver.example/hook', { is_active: false });
      for (const [url, reason] of urls) {
        for (const answer of [
          await me.api('POST', '/v1/webhooks', { target_url: url, events: ['*'] }),
          await me.api('PATCH', `/v1/webhooks/${endpoint.id}`, { target_url: url }),
        ]) {
          const { details } = assertRefused(answer, 422, 'validation_failed');
          assert.deepEqual(Object.keys(details), ['target_url'], url);
          assert.match(details['target_url'] ?? '', reason, url);
        }
      }
      const { data, total } = (await me.api('GET', '/v1/webhooks')).json;
      assert.equal(total, 1);
      assert.equal((data as MadeEndpoint[])[0]?.['target_url'], 'https://receiver.example/hook');
    });
  }

  test('a name that resolves to another address after its check is not connected', async () => {
    const inside = await tcpReceiver(() => {});
    scene.finally(() => inside.close());
    names.set('rebinding.example', [[v4(publicAddress)], [v4('127.0.0.1')]]);
    names.set('half.example', [[v4(publicAddress)], [v4(publicAddress), v4('127.0.0.1')]]);
    for (const name of ['rebinding.example', 'half.example']) {
      const me = await scene.product.tenant();
      const endpoint = await me.register(`https://${name}:${inside.port}/`);
      await me.publish('order.paid');
      assert.match(await errorOf(me, endpoint), /resolves to an address that is not allowed/);
    }
    assert.equal(inside.connections, 0);
    assert.match(await (await fetch(`${scene.product.url}/metrics`)).text(), /^outrider_egress_refusals_total 2$/m);
  });

  test('a name that does not resolve yet is accepted, and each attempt reports that it has no address', async () => {
    const me = await scene.product.tenant();
    const endpoint = await me.register('https://soon.example/hook');
    await me.publish('order.paid');
    assert.match(await errorOf(me, endpoint), /soon\.example.*does not exist in the DNS/);
  });
});

describe('an egress policy opened by the operator', () => {
  let ca: GenerateResult;
  const asked: string[] = [];
  before(async () => {
    ca = await authority('Test CA');
  });
  const scene = installationScene(() => ({
    config: { egressAllow: '127.0.0.1/32', allowHttpEndpoints: true },
    ca: ca.cert,
    // A second lookup would return another address.
    resolve: async (host) => [v4(host.startsWith('moving') && asked.push(host) % 2 === 1 ? '127.0.0.2' : '127.0.0.1')],
  }));
  const receivers: Receiver[] = [];
  after(() => Promise.all(receivers.map((receiver) => receiver.close())));

  async function secure(
    pems: GenerateResult,
  ): Promise<Receiver & { readonly arrivals: { body: string; headers: object }[] }> {
    const arrivals: { body: string; headers: object }[] = [];
    const server = createServer({ key: pems.private, cert: pems.cert }, (request, response) => {
      void bodyOf(request).then((body) => {
        arrivals.push({ body, headers: request.headers });
        response.end('ok');
      });
    });
    const receiver = await listening(server);
    receivers.push(receiver);
    return Object.assign(receiver, { arrivals });
  }

  test('a connection uses exactly the checked address', async () => {
    const right = await httpReceiver(answerOk());
    const wrong = await tcpReceiver(() => {}, '127.0.0.2', right.port);
    receivers.push(right, wrong);
    const me = await scene.product.tenant();
    assertRefused(
      await me.api('POST', '/v1/webhooks', { target_url: `http://moving.example:${right.port}/`, events: ['*'] }),
      422,
      'validation_failed',
    );
    const endpoint = await me.register(`http://moving.example:${right.port}/`);
    asked.push('so that the next answer is the right one');
    await me.publish('order.paid');
    await eventually(async () => (await me.deliveries(endpoint))[0]?.status === 'delivered', 'it is delivered');
    assert.deepEqual([right.connections, wrong.connections], [1, 0]);
    assert.equal(asked.length, 4, 'one look-up a connection');
  });

  test('TLS accepts a certificate of a trusted authority', async () => {
    const receiver = await secure(await certificate('receiver.test', ca));
    const me = await scene.product.tenant();
    const endpoint = await me.register(`https://receiver.test:${receiver.port}/hook`);
    for (const order of [1, 2]) {
      await me.publish('order.paid', { order });
      await eventually(() => receiver.arrivals.length === order, 'it arrived');
      assert.ok(verifies(endpoint.secret, receiver.arrivals.at(-1) ?? assert.fail(), scene.clock.now()));
    }
  });

  test('TLS refuses any other certificate, and the attempt explains why', async () => {
    const stranger = await authority('Another CA');
    for (const [pems, error] of [
      [await certificate('receiver.test', stranger), /certificate was issued by an unknown authority/],
      [await certificate('receiver.test'), /certificate is self-signed/],
      [await certificate('other.test', ca), /certificate is for another host name/],
      [await certificate('receiver.test', ca, -3, -2), /certificate has expired/],
      [await certificate('receiver.test', ca, 2, 3), /certificate is not valid yet/],
    ] as const) {
      const receiver = await secure(pems);
      const me = await scene.product.tenant();
      const endpoint = await me.register(`https://receiver.test:${receiver.port}/`);
      await me.publish('order.paid');
      assert.match(await errorOf(me, endpoint), error);
      assert.deepEqual(receiver.arrivals, []);
    }
    const plain = await httpReceiver(answerOk());
    receivers.push(plain);
    const me = await scene.product.tenant();
    const endpoint = await me.register(`https://receiver.test:${plain.port}/`);
    await me.publish('order.paid');
    assert.match(await errorOf(me, endpoint), /does not speak TLS/);
  });
});
