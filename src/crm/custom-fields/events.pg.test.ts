import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { contact } from '../../../test/harness/contacts.ts';
import { eventsOf } from '../../../test/harness/crm.ts';
import { foxreachOf } from '../../../test/harness/foxreach.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import { sql } from '../../db/sql.ts';

describe('events of sources and custom fields', () => {
  const scene = installationScene();
  let me: Tenant;
  let actor: { type: string; id: string };
  beforeEach(async () => {
    me = await scene.product.tenant();
    const [key] = await scene.product.db.query(
      sql<{ id: string }>`SELECT id FROM api_keys WHERE organization_id = ${me.organization.id}`,
    );
    actor = { type: 'key', id: key?.id ?? assert.fail() };
  });
  const told = async (): Promise<[string, object][]> =>
    (await eventsOf(scene.product.db, me.organization.id)).flatMap(({ type, data }) =>
      /^(source|custom_field)\./.test(type) ? [[type, data]] : [],
    );

  test('are emitted with the record and the actor when they are created and deleted, not when a request is refused', async () => {
    const source = await me.got('POST', '/v1/sources', { name: 'Trade fair' });
    const field = await me.got('POST', '/v1/custom-fields', {
      entity: 'company',
      key: 'tier',
      label: 'Tier',
      type: 'select',
      options: ['a', 'b'],
    });
    assert.equal((await me.api('POST', '/v1/sources', { name: 'Trade fair' })).status, 409);
    assert.equal((await me.api('POST', '/v1/custom-fields', { entity: 'company', key: 'tier' })).status, 409);
    const { id } = await contact(me, { email: 'ada@lovelace.example', source_id: source['id'] });
    assert.equal((await me.api('DELETE', `/v1/sources/${String(source['id'])}`)).status, 409);
    await me.got('PATCH', `/v1/contacts/${id}`, { source_id: null });
    for (const path of [`/v1/sources/${String(source['id'])}`, `/v1/custom-fields/${String(field['id'])}`]) {
      assert.equal((await me.api('DELETE', path)).status, 204);
      assert.equal((await me.api('DELETE', path)).status, 404);
    }
    assert.deepEqual(await told(), [
      ['source.created', { ...source, actor }],
      ['custom_field.created', { ...field, actor }],
      ['source.deleted', { ...source, actor }],
      ['custom_field.deleted', { ...field, actor }],
    ]);
  });

  test('are emitted once, with the key of the request, for those created by a lead or an import', async () => {
    const { got, refusal } = foxreachOf(me);
    await got('POST', '/leads', { email: 'ada@lovelace.example', source: 'fair', customFields: { team: 'red' } });
    await got('POST', '/leads', { email: 'bob@lovelace.example', source: 'fair', customFields: { team: 'blue' } });
    await refusal(409, 'POST', '/leads', {
      email: 'bob@lovelace.example',
      source: 'other',
      customFields: { other: 'x' },
    });
    for (const source of ['fair', 'list', 'list'])
      await me.got('POST', '/v1/imports', { lawful_basis: 'consent', source });
    await me.got('POST', '/v1/imports', { lawful_basis: 'consent', source: 'dry', dry_run: true });
    const fields = (await me.api('GET', '/v1/custom-fields')).json.data as { key: string }[];
    const sources = (await me.api('GET', '/v1/sources')).json.data as { name: string }[];
    const named = (name: string) => ({ ...sources.find((each) => each.name === name), actor });
    assert.deepEqual([fields.map(({ key }) => key), sources.map(({ name }) => name)], [['team'], ['list', 'fair']]);
    assert.deepEqual(await told(), [
      ['custom_field.created', { ...fields[0], actor }],
      ['source.created', named('fair')],
      ['source.created', named('list')],
    ]);
  });

  test('are delivered only to endpoints of the dialect standard', async () => {
    const { url } = await scene.receive();
    const register = (dialect: string) => me.register(url, { events: ['*'], dialect });
    const standard = await register('standard');
    const others = await Promise.all(['defrost', 'driftwood', 'foxreach', 'mailpanda', 'warmysender'].map(register));
    await me.got('POST', '/v1/sources', { name: 'Trade fair' });
    await me.got('POST', '/v1/custom-fields', { entity: 'contact', key: 'tier' });
    const types = async (endpoint: { id: string }): Promise<string[]> =>
      (await me.deliveries(endpoint)).map(({ event }) => String(event));
    assert.deepEqual(await types(standard), ['custom_field.created', 'source.created']);
    for (const other of others) assert.deepEqual(await types(other), []);
  });
});
