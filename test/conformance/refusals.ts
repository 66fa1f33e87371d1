import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { revokeKey, setPlan } from '../../src/auth/index.ts';
import { sql } from '../../src/db/sql.ts';
import type { KeyId } from '../../src/base/ids.ts';
import type { Fields } from '../harness/caller.ts';
import { eventually } from '../harness/clock.ts';
import { installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';
import { allDialects } from './all.ts';
import { clientOf } from './client.ts';
import type { Client, Made } from './client.ts';
import type { Dialect, Fault, Request } from './dialect.ts';
import { vendorNames } from './requests.ts';
import { badUrls, goodUrls, publicly } from './urls.ts';

const url = 'https://receiver.example/hooks/1';

export function refusals(dialect: Dialect): void {
  const { api } = dialect;
  const names = vendorNames(dialect);
  const [name = assert.fail()] = names;

  describe('refusals have the format of the vendor and no effect', () => {
    const scene = installationScene(publicly);
    const client = (me: Tenant): Client => clientOf(dialect, scene.product.db, me, me);

    /** Asserts that these fields are refused in a new endpoint and, if the API has that call, in a change of an existing one. */
    async function refusesBoth(me: Client, { id }: Made, fault: Fault, what: string, fields: Fields): Promise<void> {
      await me.refused(api.create({ ...api.fields({ url, events: [name] }), ...fields }), fault, `creating, ${what}`);
      if (api.change !== undefined) await me.refused(api.change(id, fields), fault, `changing, ${what}`);
    }

    const start = async (): Promise<{ me: Client; made: Made }> => {
      const me = client(await scene.product.tenant());
      return { me, made: await me.make({ url, events: [name] }) };
    };

    const keyless = (me: Client, tenant: Tenant): Client => {
      const other = allDialects.find(({ name: each }) => each === api.keyless);
      return other === undefined ? me : clientOf(other, scene.product.db, tenant, me);
    };

    /** Every call for one endpoint. */
    const callsOf = (id: string): readonly Request[] =>
      [api.get?.(id), api.change?.(id, api.fields({ url: `${url}/2` })), api.remove(id), api.deliveries?.(id)].filter(
        (request) => request !== undefined,
      );

    test('an invalid URL is refused', async () => {
      const { me, made } = await start();
      for (const [what, bad] of Object.entries(badUrls))
        await refusesBoth(me, made, 'bad url', what, api.fields({ url: bad }));
    });

    test('an unusual but valid URL is accepted', async () => {
      const { me } = await start();
      for (const [what, good] of Object.entries(goodUrls))
        assert.equal((await me.make({ url: good, events: [name] })).row.target_url, good, what);
    });

    test('an invalid event name, alone or among others, no name and 10,000 names are refused', async () => {
      const { me, made } = await start();
      for (const bad of [...api.badEvents, 'x'.repeat(200)]) {
        await refusesBoth(me, made, 'bad events', `"${bad}"`, api.fields({ events: [bad] }));
        await refusesBoth(me, made, 'bad events', `"${bad}" among others`, api.fields({ events: [...names, bad] }));
      }
      await refusesBoth(me, made, 'bad events', 'none', api.fields({ events: [] }));
      await refusesBoth(
        me,
        made,
        'bad events',
        '10,000',
        api.fields({ events: Array.from({ length: 10_000 }, () => name) }),
      );
      for (const events of [5, {}, [5], [null], true])
        await refusesBoth(me, made, 'bad events', JSON.stringify(events), api.fields({ events }));
    });

    test('a missing, mistyped or unknown field is refused', async () => {
      const { me, made } = await start();
      await me.refused(api.create(api.fields({ events: [name] })), 'no url', 'no url');
      await me.refused(api.create(api.fields({ url })), 'no events', 'no events');
      await me.refused(api.create({}), 'no url', 'nothing');
      for (const mistyped of [5, null, {}, [url], true])
        await refusesBoth(me, made, 'mistyped url', JSON.stringify(mistyped), api.fields({ url: mistyped }));
      await refusesBoth(me, made, 'unknown field', 'a field too many', { colour: 'red' });
    });

    test('a body that is not a JSON object is refused', async () => {
      const { me, made } = await start();
      const wrong = { ...api.keyPlaces[0]?.(me.key), 'content-type': 'text/plain' };
      for (const request of [api.create(''), api.change?.(made.id, '')]) {
        if (request === undefined) continue;
        for (const body of ['{', '{"url":', 'nonsense', '{}{}', "{'url': 1}"])
          await me.refused({ ...request, body }, 'not JSON', body);
        for (const body of ['[]', 'null', '7', '"text"', '[{}]'])
          await me.refused({ ...request, body }, 'not an object', body);
        for (const body of ['{}', JSON.stringify(api.fields({ url, events: [name] }))])
          await me.refused({ ...request, body }, 'wrong content type', 'text/plain', wrong);
      }
    });

    test('a missing, unknown, revoked or expired key is refused', async () => {
      const tenant = await scene.product.tenant();
      const me = client(tenant);
      const { id } = await me.make({ url, events: [name] });
      const revoked = await keyThatWas(tenant, revokeIt);
      const expired = await keyThatWas(tenant, async () => scene.clock.advance(2_000));
      for (const request of [api.list, api.create(api.fields({ url, events: [name] })), ...callsOf(id)]) {
        // A path that only this API has is refused in its own format.
        await (request.path === api.deliveries?.(id).path ? me : keyless(me, tenant)).refused(
          request,
          'no key',
          'no key',
          {},
        );
        for (const key of [`otr_live_${'x'.repeat(43)}`, 'nonsense', `${me.key}x`, revoked, expired])
          for (const place of api.keyPlaces) await me.refused(request, 'bad key', `the key ${key}`, place(key));
      }
    });

    test('a key without the scope and a plan without the API are refused', async () => {
      const tenant = await scene.product.tenant({ plan: 'growth' });
      const me = client(tenant);
      const { id } = await me.make({ url, events: [name] });
      const withScope = async (scope: string): Promise<Client> =>
        clientOf(dialect, scene.product.db, tenant, await tenant.withKey({ scopes: [scope] }));
      const reads = [api.list, api.get?.(id), api.deliveries?.(id)];
      const writes = [
        api.create(api.fields({ url, events: [name] })),
        api.change?.(id, api.fields({ url })),
        api.remove(id),
      ];
      const refusedAll = async (scope: string, requests: readonly (Request | undefined)[]): Promise<void> => {
        const limited = await withScope(scope);
        for (const request of requests) if (request !== undefined) await limited.refused(request, 'no scope', scope);
      };
      for (const scope of ['webhooks:read', 'read']) {
        assert.equal((await (await withScope(scope)).call(api.list)).status, 200, scope);
        await refusedAll(scope, writes);
      }
      for (const scope of ['webhooks:write', 'write']) {
        await (await withScope(scope)).make({ url, events: [name] });
        await refusedAll(scope, reads);
      }
      await refusedAll('events:write', [...reads, ...writes]);
      await setPlan(scene.product.tenancy, tenant.organization.slug, 'free');
      await eventually(async () => (await me.call(api.list)).status !== 200, 'the plan is known');
      await scene.clock.advance(60_000);
      for (const request of [api.list, ...callsOf(id)]) await me.refused(request, 'no plan', 'plan free');
    });

    test('a malformed id is refused', async () => {
      const { me } = await start();
      for (const id of api.badIds) for (const request of callsOf(id)) await me.refused(request, 'bad id', id);
    });

    test('an unknown id and an id of another organization are refused alike', async () => {
      const { me } = await start();
      const stranger = client(await scene.product.tenant());
      // Where ids are counted within the organization, this gets an id that the caller does not have.
      for (let count = 0; count < 2; count += 1) await stranger.make({ url, events: [name] });
      const { id } = await stranger.make({ url, events: [name] });
      for (const unknown of [api.unknownId, id])
        for (const request of callsOf(unknown)) await me.refused(request, 'not found', unknown);
      await stranger.gets(api.list, api.listed(await stranger.stored(), 3));
    });

    test('a sandbox key sees nothing of the live organization, and a workspace key nothing of the others', async () => {
      const tenant = await scene.product.tenant();
      const me = client(tenant);
      const { id } = await me.make({ url, events: [name] });
      for (const request of [{ sandbox: true }, { workspaceId: await tenant.workspace('north') }]) {
        const limited = clientOf(dialect, scene.product.db, tenant, await tenant.withKey(request));
        await limited.gets(api.list, api.listed([], 0));
        for (const call of callsOf(id)) await limited.refused(call, 'not found', JSON.stringify(request));
      }
      await me.gets(api.list, api.listed(await me.stored(), 1));
    });

    /** A key that was valid. */
    async function keyThatWas(tenant: Tenant, ended: (id: KeyId) => Promise<unknown>): Promise<string> {
      const { key } = await tenant.withKey({ expiresAt: new Date(scene.clock.now() + 1_000) });
      const [row = assert.fail()] = await scene.product.db.query(
        sql<{
          id: KeyId;
        }>`SELECT id FROM api_keys WHERE organization_id = ${tenant.organization.id} ORDER BY id DESC LIMIT 1`,
      );
      await ended(row.id);
      return key;
    }
    const revokeIt = (id: KeyId): Promise<boolean> => revokeKey(scene.product.tenancy, id);
  });
}
