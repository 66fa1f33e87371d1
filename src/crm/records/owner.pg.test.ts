import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { contact } from '../../../test/harness/contacts.ts';
import { assertRefused } from '../../../test/harness/edge-routes.ts';
import { installationScene } from '../../../test/harness/installation.ts';

describe('the owner of a record', () => {
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));

  test('is set and cleared, limits lists in every order and with a search, and is a field of segments', async () => {
    const tenant = await scene.product.tenant();
    const grace = 'grace@engines.example';
    const { id } = await contact(tenant, { email: 'ada@lovelace.example', owner: ` ${grace} `, tags: ['vip'] });
    const { id: other } = await contact(tenant, { email: 'bob@lovelace.example', owner: '42', tags: ['vip'] });
    await contact(tenant, { email: 'eve@lovelace.example', tags: ['vip'] });
    const company = await tenant.got('POST', '/v1/companies', { name: 'Lovelace', owner: grace });
    await tenant.got('POST', '/v1/companies', { name: 'Lovelace' });
    const idsOf = async (path: string): Promise<unknown[]> =>
      ((await tenant.api('GET', path)).json.data as Fields[]).map((row) => row['id']);
    for (const query of ['', '&search=lovelace', '&tag=vip', '&sort=updated_at', '&limit=10', '&status=active'])
      assert.deepEqual(await idsOf(`/v1/contacts?owner=${grace}${query}`), [id], query);
    for (const query of ['', '&search=lovelace', '&sort=updated_at'])
      assert.deepEqual(await idsOf(`/v1/companies?owner=${grace}${query}`), [company['id']], query);
    assert.equal((await tenant.api('GET', `/v1/contacts?owner=${grace}`)).json['total'], 1);
    const filter = { field: 'owner', op: 'in', value: [grace, '42'] };
    const segment = await tenant.got('POST', '/v1/segments', { name: 'Owned', entity: 'contact', filter });
    assert.deepEqual(new Set(await idsOf(`/v1/segments/${String(segment['id'])}/contacts`)), new Set([id, other]));
    assert.equal((await tenant.got('PATCH', `/v1/contacts/${other}`, { owner: '' }))['owner'], null);
    assert.deepEqual(await idsOf('/v1/contacts?owner=42'), []);
    assertRefused(
      await tenant.api('PATCH', `/v1/contacts/${id}`, { owner: 'x'.repeat(256) }),
      422,
      'validation_failed',
    );
  });
});
