import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { testSecret } from '../../../test/harness/engine.ts';
import { eventually } from '../../../test/harness/clock.ts';
import { asTimePasses, installationScene, startInstallation } from '../../../test/harness/installation.ts';

/** SQL that makes a row unreadable, and the repair: settings, or a new secret. */
const broken: readonly (readonly [what: string, set: string, repair: Record<string, unknown> | undefined])[] = [
  ['a dialect of a newer version', "dialect = 'of a later version'", { dialect: 'standard' }],
  ['a secret that does not open', "secret_sealed = 'x'", undefined],
  ['headers that do not open', "headers_sealed = 'x'", { headers: { authorization: 'Bearer 2' } }],
  ['a filter that is text', 'filter = \'"x"\'', { filter: null }],
  ['a filter with an operator of a newer version', 'filter = \'{"amount": {"over": 5}}\'', { filter: null }],
  ['a malformed URL', "target_url = 'x'", { headers: { authorization: 'Bearer 2' } }],
];

describe('D12a: an endpoint that this version cannot read', () => {
  const scene = installationScene();

  for (const [what, set, repair] of broken) {
    test(`${what}: the API shows it, another server starts, and it can be repaired`, async () => {
      const { product } = scene;
      const receiver = await scene.receive();
      const me = await product.tenant();
      const settings = { dialect: 'standard', secret: testSecret, headers: { authorization: 'Bearer 1' } };
      const { id } = await me.register(receiver.url, settings);
      const path = `/v1/webhooks/${id}`;
      await product.db.script(`UPDATE subscription_epoch SET value = value + 1;
        UPDATE endpoints SET ${set}, epoch = (SELECT value FROM subscription_epoch) WHERE id = '${id}'`);
      const other = await startInstallation({ databaseUrl: product.db.url, clock: scene.clock });
      scene.finally(() => other.stop());
      await me.publish('order.paid', { amount: 6 });
      for (const read of ['/v1/webhooks', path, `${path}/stats`, `${path}/deliveries`])
        assert.equal((await me.api('GET', read)).status, 200, read);
      assert.deepEqual(
        (await me.deliveries({ id })).map(({ status }) => status),
        ['pending'],
      );
      const refused = await me.api('POST', `${path}/test`, {});
      assert.equal(refused.status, 409);
      assert.match(JSON.stringify(refused.json), /PATCH|Use a newer version/);
      // Keeping a masked value or changing another setting does not fail.
      for (const change of [{ headers: { authorization: '***' } }, { description: 'CRM' }, { dialect: 'defrost' }]) {
        const { status } = await me.api('PATCH', path, change);
        assert.ok(status === 200 || status === 422, `${JSON.stringify(change)}: ${status}`);
      }
      const repaired =
        repair === undefined
          ? await me.api('POST', `${path}/rotate-secret`, { secret: testSecret })
          : await me.api('PATCH', path, { target_url: receiver.url, dialect: 'standard', ...repair });
      assert.equal(repaired.status, 200, JSON.stringify(repaired.json));
      await eventually(
        async () => (await me.api('POST', `${path}/test`, {})).status === 202,
        'the endpoint is readable again',
      );
      await asTimePasses(product, () => receiver.arrivals.length === 2, 'the pending delivery and the test arrived');
    });
  }
});
