import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contact } from '../../../test/harness/contacts.ts';
import { assertRefused } from '../../../test/harness/edge-routes.ts';
import { installationScene } from '../../../test/harness/installation.ts';

describe('custom fields', () => {
  // Without the engine, nothing changes between requests.
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));

  test('a custom field cannot have the name of a built-in field of its entity', async () => {
    const me = await scene.product.tenant();
    const records = {
      contact: await contact(me, { email: 'ada@lovelace.example' }),
      company: await me.got('POST', '/v1/companies', { name: 'Engines' }),
      project: await me.got('POST', '/v1/projects', { name: 'Rollout' }),
    };
    for (const [entity, record] of Object.entries<Record<string, unknown>>(records))
      for (const key of Object.keys(record))
        assert.deepEqual(
          assertRefused(await me.api('POST', '/v1/custom-fields', { entity, key }), 422, 'validation_failed').details,
          {
            key: 'is a built-in field of this entity; choose another key',
          },
        );
    for (const [entity, key] of [
      ['contact', 'stage'],
      ['company', 'email'],
      ['project', 'phone'],
    ])
      assert.equal((await me.got('POST', '/v1/custom-fields', { entity, key }))['key'], key, 'of another entity');
  });

  test('the options of a select must be unique', async () => {
    const me = await scene.product.tenant();
    const define = (options: readonly string[]) =>
      me.api('POST', '/v1/custom-fields', { entity: 'contact', key: 'tier', type: 'select', options });
    for (const options of [
      ['a', 'a'],
      ['a', 'b', ' a '],
    ])
      assert.deepEqual(assertRefused(await define(options), 422, 'validation_failed').details, {
        options: 'must not contain an option twice',
      });
    assert.equal((await define(['a', 'A'])).status, 201);
  });

  test('values of a deleted field can be cleared, and the options of a select can be changed', async () => {
    const me = await scene.product.tenant();
    const field = await me.got('POST', '/v1/custom-fields', {
      entity: 'contact',
      key: 'tier',
      type: 'select',
      options: ['a', 'b'],
    });
    const path = `/v1/custom-fields/${String(field['id'])}`;
    const { id } = await contact(me, { email: 'ada@x.example', custom_fields: { tier: 'a' } });
    const give = (tier: string | null) => me.api('PATCH', `/v1/contacts/${id}`, { custom_fields: { tier } });
    assert.deepEqual((await me.got('PATCH', path, { label: 'Tier', options: ['b', 'c'] }))['options'], ['b', 'c']);
    assert.equal((await me.api('PATCH', `/v1/contacts/${id}`, { first_name: 'Ada' })).status, 200, 'what it has stays');
    assert.deepEqual([(await give('a')).status, (await give('c')).status], [422, 200]);
    assert.equal((await me.api('DELETE', path)).status, 204);
    assert.equal((await give('c')).status, 422);
    assert.equal((await give(null)).status, 200);
    assert.deepEqual((await me.got('GET', `/v1/contacts/${id}`))['custom_fields'], {});
  });
});
