import assert from 'node:assert/strict';
import { createHmac, createPublicKey, verify } from 'node:crypto';
import { beforeEach, describe, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import type { TestClock } from '../../../test/harness/clock.ts';
import { makeOrganization } from '../../../test/harness/engine.ts';
import { principalOf } from '../../../test/harness/calling.ts';
import { dataOf, webhookScene } from '../../../test/harness/webhooks.ts';
import type { Installation } from '../../../test/harness/installation.ts';
import type { Fields } from '../../../test/harness/webhooks.ts';
import { sql } from '../../db/sql.ts';
import type { Principal } from '../../http/route.ts';

describe('signing', () => {
  const scene = webhookScene();
  const { create, install, publish, receive } = scene;
  let here: Installation;
  let caller: Principal;
  let clock: TestClock;
  beforeEach(() => {
    ({ here, caller, clock } = scene);
  });

  test('secrets and header values are encrypted at rest, each with its own context', async () => {
    const { id, secret } = await create({ headers: { authorization: 'Bearer abc' } });
    const [row] = (await here.db.query(
      sql<Fields>`SELECT secret_sealed, headers_sealed FROM endpoints WHERE id = ${id}`,
    )) as [Fields];
    for (const column of ['secret_sealed', 'headers_sealed']) {
      const bytes = row[column] as Buffer;
      assert.ok(!bytes.includes(secret) && !bytes.includes('Bearer abc'), column);
    }
    assert.equal(
      (
        await here.vault.open(here.db, caller.organizationId, row['secret_sealed'] as Buffer, 'endpoint secret')
      ).toString(),
      secret,
    );
    await assert.rejects(
      here.vault.open(here.db, caller.organizationId, row['secret_sealed'] as Buffer, 'endpoint headers'),
    );
  });

  test('after a rotation both secrets sign during the overlap, then only the new one', async () => {
    const receiver = await receive();
    const { id, secret: first } = await create({
      target_url: receiver.url,
      events: ['order.paid'],
      dialect: 'standard',
    });
    const deliver = async (): Promise<(secret: string) => boolean> => {
      const count = receiver.arrivals.length;
      await publish('order.paid', { a: 1 });
      await here.until(() => receiver.arrivals.length > count, 'the delivery arrived');
      const { body, headers } = receiver.arrivals.at(-1) ?? assert.fail();
      return (secret) => {
        const [, stamp] = /^(\d+)$/.exec(String(headers['webhook-timestamp'])) ?? assert.fail();
        assert.equal(Number(stamp), Math.floor(clock.now() / 1_000));
        // The library compares with the system's clock, not the test's.
        const systemNow = Date.now;
        Date.now = () => clock.now();
        try {
          new Webhook(secret).verify(body, headers as Record<string, string>);
          return true;
        } catch {
          return false;
        } finally {
          Date.now = systemNow;
        }
      };
    };
    assert.equal((await deliver())(first), true);

    const rotated = dataOf(
      await here.call(caller, 'POST', `/v1/webhooks/${id}/rotate-secret`, { overlap_seconds: 3_600 }),
    );
    const second = String(rotated['secret']);
    assert.notEqual(second, first);
    assert.equal(rotated['secret_prefix'], second.slice(0, 10));
    assert.equal(rotated['previous_secret_expires_at'], new Date(clock.now() + 3_600_000).toISOString());
    const during = await deliver();
    assert.deepEqual([during(first), during(second)], [true, true]);

    await clock.leap(3_600_000);
    const later = await deliver();
    assert.deepEqual([later(first), later(second)], [false, true]);

    const own = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
    const cut = dataOf(
      await here.call(caller, 'POST', `/v1/webhooks/${id}/rotate-secret`, { overlap_seconds: 0, secret: own }),
    );
    assert.deepEqual([cut['secret'], cut['previous_secret_expires_at']], [own, null]);
    const last = await deliver();
    assert.deepEqual([last(second), last(own)], [false, true]);
    await assert.rejects(here.call(caller, 'POST', `/v1/webhooks/${id}/rotate-secret`, { overlap_seconds: 604_801 }), {
      error: 'validation_failed',
    });
    await assert.rejects(here.call(caller, 'POST', `/v1/webhooks/${id}/rotate-secret`, { secret: 'whsec_short' }), {
      error: 'validation_failed',
    });
  });

  test("a caller's own secret signs in the vendor's format; custom headers are sent and masked in the log", async () => {
    const receiver = await receive();
    const secret = 'our-own-secret-that-is-no-base64!';
    const shown = await create({
      target_url: receiver.url,
      events: ['order.paid'],
      secret,
      headers: { 'X-Api-Key': 'k3y' },
    });
    assert.equal(shown.secret, secret);
    assert.equal(shown['secret_prefix'], secret.slice(0, 8));
    await publish('order.paid', { a: 1 });
    await here.until(() => receiver.arrivals.length === 1, 'the delivery arrived');
    const { headers, body, deliveryId: id } = receiver.arrivals[0] ?? assert.fail();
    assert.equal(headers['x-defrost-signature'], `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
    assert.equal(headers['webhook-signature'], undefined);
    assert.equal(headers['x-api-key'], 'k3y');
    await here.until(
      async () => (await here.db.query(sql`SELECT FROM attempts WHERE delivery_id = ${id}`)).length === 1,
      'the attempt was recorded',
    );
    const { attempts } = dataOf(await here.call(caller, 'GET', `/v1/deliveries/${id}`)) as {
      attempts: { request: { headers: Record<string, string> } }[];
    };
    assert.equal(attempts[0]?.request.headers['x-api-key'], '***');
  });

  test("ed25519: an organization's one key, published under /.well-known, signs each delivery", async () => {
    const receiver = await receive();
    const [one, two] = await Promise.all(
      [0, 1].map(() =>
        create({ target_url: receiver.url, events: ['order.paid'], dialect: 'standard', signing: 'ed25519' }),
      ),
    );
    assert.match(String(one?.['public_key']), /^whpk_[A-Za-z0-9+/]{43}=$/);
    assert.equal(one?.['public_key'], two?.['public_key']);
    const other = await create(
      { dialect: 'standard', signing: 'ed25519' },
      here,
      principalOf(await makeOrganization(here.db, here.ids, 'other-signer')),
    );
    assert.notEqual(other['public_key'], one?.['public_key']);
    const late = await create({ dialect: 'standard' });
    assert.equal(
      dataOf(await here.call(caller, 'PATCH', `/v1/webhooks/${late.id}`, { signing: 'ed25519', is_active: false }))[
        'public_key'
      ],
      one?.['public_key'],
    );

    const { keys } = (await here.call(caller, 'GET', '/.well-known/webhook-keys')).body as {
      keys: { public_key: string; x: string; kty: string; crv: string; alg: string; use: string; kid: string }[];
    };
    const key = keys.find((each) => each.public_key === one?.['public_key']) ?? assert.fail();
    assert.deepEqual([key.kty, key.crv, key.alg, key.use], ['OKP', 'Ed25519', 'EdDSA', 'sig']);
    assert.equal(Buffer.from(key.x, 'base64url').toString('base64'), key.public_key.slice(5));

    await publish('order.paid', { a: 1 });
    await here.until(() => receiver.arrivals.length === 2, 'both arrived');
    for (const { headers, body } of receiver.arrivals) {
      const signature = /v1a,(\S+)/.exec(String(headers['webhook-signature']))?.[1] ?? assert.fail();
      const publicKey = createPublicKey({ key: { kty: key.kty, crv: key.crv, x: key.x }, format: 'jwk' });
      assert.ok(
        verify(
          null,
          Buffer.from(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`),
          publicKey,
          Buffer.from(signature, 'base64'),
        ),
      );
    }
    // Another process, which created no key, reads the stored one.
    const elsewhere = await install({ config: { roles: ['api'] } });
    await elsewhere.engine.subscriptions.load([one?.id ?? assert.fail()]);
    assert.ok(elsewhere.engine.subscriptions.get(one?.id ?? assert.fail())?.signingKey);
  });
});
