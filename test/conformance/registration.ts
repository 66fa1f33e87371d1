import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';
import { allDialects } from './all.ts';
import { clientOf } from './client.ts';
import type { Client } from './client.ts';
import type { Dialect } from './dialect.ts';
import { send, vendorNames } from './requests.ts';
import { publicly } from './urls.ts';

const url = 'https://receiver.example/hooks/1';

export function registration(dialect: Dialect): void {
  const { api } = dialect;
  const names = vendorNames(dialect);
  const [name = assert.fail(), other = assert.fail()] = names;

  describe('registration', () => {
    const scene = installationScene(publicly);
    const client = (me: Tenant): Client => clientOf(dialect, scene.product.db, me, me);

    test('created endpoints are answered, stored and listed, newest first', async () => {
      const me = client(await scene.product.tenant());
      const first = await me.make({ url, events: names });
      assert.match(first.secret, api.secretForm);
      assert.partialDeepStrictEqual(first.row, {
        target_url: url,
        events: names,
        dialect: dialect.name,
        is_active: true,
      });
      const second = await me.make({ url: `${url}/second`, events: [name] });
      assert.notEqual(second.secret, first.secret);
      await me.gets(api.list, api.listed([second.row, first.row], 2));
      if (api.get !== undefined && api.got !== undefined) await me.gets(api.get(first.id), api.got(first.row));
    });

    test('a list is complete and has the total', async () => {
      const me = client(await scene.product.tenant());
      for (let count = 0; count < 30; count += 1) await me.make({ url: `${url}?${count}`, events: [name] });
      const rows = await me.stored();
      await me.gets(api.list, api.listed(rows, 30));
      if (api.secondPage !== undefined && api.secondPageOf !== undefined)
        await me.gets(api.secondPage, api.secondPageOf(rows.slice(2, 4), 30));
    });

    test('the secret is shown once, and in no later response of any API', async () => {
      const tenant = await scene.product.tenant();
      const me = client(tenant);
      const { id, secret, row } = await me.make({ url, events: [name] });
      const requests = [
        api.list,
        api.get?.(id),
        api.change?.(id, api.fields({ url: `${url}/2` })),
        api.deliveries?.(id),
      ];
      const answers = await Promise.all(
        requests.flatMap((request) => (request === undefined ? [] : [me.call(request)])),
      );
      for (const { status, text } of answers) assert.equal(status, 200, text);
      const others = await Promise.all(
        [`/v1/webhooks/${row.id}`, '/v1/webhooks', '/v1/alerts'].map((path) => tenant.api('GET', path)),
      );
      const texts = [...answers, ...others].map(({ text }) => text);
      for (const text of texts)
        assert.ok(!text.includes(secret) && !text.includes(row.secret_sealed.toString('hex')), text);
    });

    test("a caller's own secret is never shown", { skip: !api.takesSecret }, async () => {
      await client(await scene.product.tenant()).make({ url, events: [name], secret: 'whsec_your_secret_key_here' });
    });

    test('a change applies to the given fields only', { skip: api.change === undefined }, async () => {
      const me = client(await scene.product.tenant());
      const { id, row } = await me.make({ url, events: [name] });
      let now = row;
      for (const [settings, stored] of [
        [{ url: `${url}/moved` }, { target_url: `${url}/moved` }],
        [{ events: [other, name] }, { events: [other, name] }],
        [{ active: false }, { is_active: false }],
        [
          { active: true, url },
          { is_active: true, target_url: url },
        ],
        [{}, {}],
      ] as const) {
        await scene.clock.advance(1_000);
        const answer = await me.call(api.change?.(id, api.fields(settings)) ?? assert.fail());
        const [changed = assert.fail()] = await me.stored();
        const { target_url, events, is_active, description, dialect: kept, secret_sealed } = { ...now, ...stored };
        assert.partialDeepStrictEqual(changed, {
          id: row.id,
          target_url,
          events,
          is_active,
          description,
          dialect: kept,
          secret_sealed,
        });
        assert.deepEqual({ status: answer.status, body: JSON.parse(answer.text) as unknown }, api.changed?.(changed));
        now = changed;
      }
      await me.gets(api.list, api.listed([now], 1));
    });

    test('a deleted endpoint answers 404', async () => {
      const me = client(await scene.product.tenant());
      const [kept, gone] = [await me.make({ url, events: [name] }), await me.make({ url, events: [name] })];
      await me.gets(api.remove(gone.id), api.removed);
      await me.gets(api.list, api.listed([kept.row], 1));
      await me.refused(api.remove(gone.id), 'not found', 'deleting twice');
      for (const request of [api.get?.(gone.id), api.change?.(gone.id, api.fields({ url })), api.deliveries?.(gone.id)])
        if (request !== undefined) await me.refused(request, 'not found', 'after deleting');
      assert.notEqual((await me.make({ url, events: [name] })).id, gone.id);
    });

    test('endpoints of every other API are listed, and can be deleted', async () => {
      const tenant = await scene.product.tenant();
      for (const each of allDialects)
        await clientOf(each, scene.product.db, tenant, tenant).make({
          url: `${url}/${each.name}`,
          events: vendorNames(each),
        });
      const me = client(tenant);
      const rows = await me.stored();
      assert.deepEqual(rows.map((row) => row.dialect).sort(), allDialects.map((each) => each.name).sort());
      await me.gets(api.list, api.listed(rows, rows.length));
      for (const row of rows) await me.gets(api.remove(api.idOf(row)), api.removed);
      for (const each of allDialects)
        await clientOf(each, scene.product.db, tenant, tenant).gets(each.api.list, each.api.listed([], 0));
    });

    test('the key is accepted in every place of the vendor and in no other', async () => {
      const tenant = await scene.product.tenant();
      const me = client(tenant);
      const { row } = await me.make({ url, events: [name] });
      for (const place of api.keyPlaces) assert.equal((await me.call(api.list, place(me.key))).status, 200);
      const { headers, answers } = api.strangePlace;
      if (answers === 'refused') return me.refused(api.list, 'no key', 'key in a strange place', headers(me.key));
      const theirs = allDialects.find((each) => each.name === answers) ?? assert.fail();
      const answer = await send(tenant.url, theirs.api.list, headers(me.key));
      return assert.deepEqual(
        { status: answer.status, body: JSON.parse(answer.text) as unknown },
        theirs.api.listed([row], 1),
        'the request is answered as that API',
      );
    });
  });
}
