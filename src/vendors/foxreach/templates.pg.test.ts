import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { foxreachOf } from '../../../test/harness/foxreach.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';

describe('templates', () => {
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));
  let me: Tenant;
  before(async () => {
    me = await scene.product.tenant();
  });

  const noSuch = 'tpl_0199c9f05f4e7c1e9a330a6f2f9f1d00';

  test('templates are created, listed, changed and deleted as the SDK does it', async () => {
    const { call, got, refusal } = foxreachOf(me);
    const made = await got('POST', '/templates', {
      name: 'First',
      body: 'Hi {{firstName}}',
      templateType: 'email',
      sendAsHtml: false,
      subject: 'A question',
    });
    const path = `/templates/${String(made['id'])}`;
    assert.match(path, /^\/templates\/tpl_[0-9a-f]{32}$/);
    const { createdAt, updatedAt, ...shown } = made;
    assert.ok(typeof createdAt === 'string' && createdAt === updatedAt);
    assert.deepEqual(shown, {
      id: made['id'],
      name: 'First',
      subject: 'A question',
      body: 'Hi {{firstName}}',
      category: 'email',
      templateType: 'email',
      sendAsHtml: false,
    });
    assert.deepEqual(await got('GET', path), made);
    const changed = await got('PATCH', path, { category: 'snippet', sendAsHtml: true });
    assert.deepEqual(
      [changed['category'], changed['templateType'], changed['sendAsHtml']],
      ['snippet', 'snippet', true],
    );
    assert.equal((await got('PATCH', path, {}))['name'], 'First');
    assert.equal((await got('POST', '/templates', { name: 'Second', body: 'x' }))['subject'], null);
    const { json } = await call('GET', '/templates?page=1&pageSize=1');
    assert.deepEqual(json.meta, { page: 1, pageSize: 1, total: 2, totalPages: 2 });
    assert.match(
      await refusal(422, 'POST', '/templates', { name: 'x', body: '{{ a' }),
      /not closed \(line 1, column 1\)/,
    );
    assert.equal((await call('DELETE', path)).status, 204);
    for (const [method, body] of [['GET'], ['PATCH', {}], ['DELETE']] as const) {
      await refusal(404, method, path, body);
      await refusal(404, method, `/templates/${noSuch}`, body);
      await refusal(404, method, '/templates/nonsense', body);
    }
  });

  test('the native API refuses what does not parse, and keeps workspaces and organizations apart', async () => {
    const made = await me.got('POST', '/v1/templates', {
      name: 'N',
      subject: '{A|B}',
      body: '<p>x</p>',
      format: 'html',
    });
    assert.deepEqual([made['category'], made['format'], made['workspace_id']], ['email', 'html', null]);
    const path = `/v1/templates/${String(made['id'])}`;
    assert.equal((await me.got('PATCH', path, { subject: null }))['subject'], null);
    const refused = await me.api('PATCH', path, { body: '<a href="javascript:x">x</a>' });
    assert.equal(refused.status, 422);
    assert.match(JSON.stringify(refused.json), /"body":"has a link with javascript:/);
    assert.equal((await me.got('GET', path))['body'], '<p>x</p>');
    const stranger = await scene.product.tenant();
    for (const [method, body] of [['GET'], ['PATCH', { name: 'x' }], ['DELETE']] as const)
      assert.equal((await stranger.api(method, path, body)).status, 404);
  });
});
