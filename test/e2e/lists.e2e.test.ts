import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import type { Route } from '../../src/http/route.ts';
import { sql } from '../../src/db/sql.ts';
import type { Fields } from '../harness/caller.ts';
import { captureMessage } from '../harness/captured.ts';
import { assertRefused } from '../harness/edge-routes.ts';
import { installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';
import { makeContact, makeIn, nativeRoutes } from './records.ts';

/** Without the engine only calls change records. */
describe('every list', () => {
  const scene = installationScene(() => ({
    config: { roles: ['api'] },
    resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
  }));

  /** Creates one more record of a list whose records are not created by a call of their own; `in`: the record that it belongs to. */
  const makers: Readonly<Record<string, (me: Tenant, within: string) => Promise<unknown>>> = {
    '/v1/tags': (me) => makeContact(me),
    '/v1/alerts': (me) =>
      scene.product.db.execute(sql`
        INSERT INTO alerts (id, organization_id, subject, body, created_at, due_at, attempt_count)
        VALUES (${scene.product.tenancy.ids.next()}, ${me.organization.id}, 'x', '', date_trunc('milliseconds', now()), now(), 0)`),
    '/v1/webhooks/:id/deliveries': (me, id) => me.got('POST', `/v1/webhooks/${id}/test`, {}),
    '/v1/projects/:id/contacts': async (me, id) =>
      me.got('POST', `/v1/projects/${id}/contacts`, { contact_ids: [await makeContact(me)] }),
    '/v1/contacts/:id/timeline': (me, id) =>
      me.got('POST', '/v1/activities', { activity_type: 'note', contact_id: id }),
    '/v1/topics/:id/opt-outs': (me, id) =>
      me.got('POST', `/v1/topics/${id}/opt-outs`, { email: `${scene.product.ids.next()}@example.com` }),
    '/v1/segments/:id/contacts': (me) => makeTagged(me),
    '/v1/segments/:id/companies': (me) => me.got('POST', '/v1/companies', { name: 'x', tags: ['vip'] }),
    '/v1/campaigns/:id/leads': addLead,
    '/v1/campaigns/:id/skipped-actions': addLead,
    '/v1/campaigns/:id/leads/additions': (_me, id) =>
      scene.product.db.execute(sql`
        INSERT INTO lead_additions (id, organization_id, campaign_id, filter, after, due_at, created_at)
        SELECT ${scene.product.tenancy.ids.next()}, organization_id, id, '{}', id, now(), now() FROM campaigns WHERE id = ${id}`),
    '/v1/imports/:id/errors': (_me, id) =>
      scene.product.db.execute(sql`
        INSERT INTO import_errors (import_id, line, reason) SELECT ${id}, count(*) + 2, 'x' FROM import_errors WHERE import_id = ${id}`),
    '/v1/discovery-jobs/:id/finds': async (me, id) => makeFind(me, id, await makeContact(me)),
    '/v1/contacts/:id/finds': (me, id) => makeFind(me, scene.product.tenancy.ids.next(), id),
    '/v1/mailboxes/:id/warmup/messages': (_me, id) =>
      scene.product.db.execute(sql`
        INSERT INTO exchange_actions (letter_id, kind, mailbox_id, organization_id, simulated, due_at)
        SELECT ${scene.product.tenancy.ids.next()}, 'read', id, organization_id, true, now() FROM mailboxes WHERE id = ${id}`),
    '/v1/captured-messages': async (me) => captureMessage(scene.product, await capturing(me)),
  };
  const capturing = async (me: Tenant): Promise<string> => String(await makeIn(scene.product, me, '/v1/mailboxes/:id'));

  const makeFind = (me: Tenant, job: string, contact: string): Promise<unknown> =>
    scene.product.db.execute(sql`
      INSERT INTO discovery_finds (id, organization_id, job_id, contact_id, source, source_name, external_id, outcome, score, reasons, found_at)
      VALUES (${scene.product.tenancy.ids.next()}, ${me.organization.id}, ${job}, ${contact}, 'crm', 'own contacts', ${contact}, 'stored', 100, '[]', date_trunc('milliseconds', now()))`);

  async function makeTagged(me: Tenant): Promise<string> {
    const id = await makeContact(me);
    await me.got('POST', `/v1/contacts/${id}/tags`, { add: ['vip'] });
    return id;
  }
  async function addLead(me: Tenant, campaign: string): Promise<void> {
    await me.got('POST', `/v1/campaigns/${campaign}/leads`, { contact_ids: [await makeContact(me)] });
  }

  const queryOf = ({ query }: Route): string =>
    query === undefined ? '' : JSON.stringify(z.toJSONSchema(query, { io: 'input', unrepresentable: 'any' }));
  const takes = (route: Route, name: string): boolean => queryOf(route).includes(`"${name}":`);

  test(
    'pages by cursor, which neither skips nor repeats a record while others are created and deleted',
    { timeout: 600_000 },
    async (context) => {
      const { product } = scene;
      const routes = nativeRoutes(product.app);
      // A key has no sessions and no passkeys.
      const lists = routes.filter(
        (route) =>
          route.method === 'GET' &&
          !['/v1/sessions', '/v1/me/passkeys'].includes(route.path) &&
          (takes(route, 'page_size') || takes(route, 'limit')),
      );
      const names = lists.map(({ path }) => path);
      assert.ok(names.length >= 35, names.join(' '));
      assert.ok(names.includes('/v1/webhooks') && names.includes('/v1/custom-fields'));
      let former: string | undefined;
      for (const route of lists)
        await context.test(route.path, async () => {
          const me = await product.tenant();
          const parent = route.path.slice(0, Math.max(0, route.path.indexOf('/:')));
          const within =
            parent === ''
              ? ''
              : await (makeIn(product, me, route.path) ??
                  makeIn(product, me, `${parent}/:id`) ??
                  assert.fail(route.path));
          const path = route.path.replace(/:\w+/, within);
          const one = async (): Promise<unknown> =>
            makers[route.path]?.(me, within) ??
            makeIn(product, me, `${route.path}/:id`) ??
            makeIn(product, me, `${route.path}/:name`) ??
            assert.fail(`the test has to be told how to create a record of ${route.path}`);
          const read = async (query: string): Promise<{ rows: Fields[]; next: string | null }> => {
            const { json, status, text } = await me.api('GET', `${path}?${query}`);
            assert.equal(status, 200, `${path}?${query} ${text}`);
            assert.deepEqual(Object.keys(json).sort(), ['data', 'next_cursor'], path);
            return { rows: json.data as Fields[], next: json['next_cursor'] as string | null };
          };
          const nameOf = (row: Fields): unknown => row['id'] ?? row['lead_id'] ?? row['line'] ?? row['name'];
          for (let count = 0; count < 4; count += 1) await one();

          const { rows: all } = await read('limit=100');
          const first = await read('limit=2');
          assert.equal(first.rows.length, 2, path);
          await one();
          const { rows: rest } = await read(`limit=100&cursor=${first.next}`);
          const created = rest.filter((row) => !all.some((other) => nameOf(other) === nameOf(row)));
          // What is created meanwhile is shown only in the order of creation, of names, or of a file.
          assert.ok(created.length === 0 || /tags|event-types|errors/.test(path), path);
          const stays = (row: Fields): boolean => !created.some((other) => nameOf(other) === nameOf(row));
          assert.deepEqual(rest.filter(stays).map(nameOf), all.slice(2).map(nameOf), path);

          // The last record of the page is deleted, and the next one.
          const deletes = routes.some(
            ({ method, path: other }) =>
              method === 'DELETE' && /^:\w+$/.test(other.slice(path.length + 1)) && other.startsWith(`${path}/`),
          );
          if (deletes && !/\/(workspaces|event-types)$/.test(path)) {
            for (const row of all.slice(1, 3)) {
              const answer = await me.api('DELETE', `${path}/${String(nameOf(row))}`);
              assert.ok(answer.status < 300, `${path} ${answer.text}`);
            }
            const { rows } = await read(`limit=1&cursor=${first.next}`);
            // Keys are revoked, and jobs cancelled: they stay in the list.
            const isGone = !(await read('limit=100')).rows.some((row) => nameOf(row) === nameOf(all[2] ?? {}));
            assert.deepEqual(rows.map(nameOf), [nameOf(all[isGone ? 3 : 2] ?? {})], path);
          }

          const since = encodeURIComponent(new Date(product.clock.now() + 3_600_000).toISOString());
          const { json } = await me.api('GET', `${path}?updated_since=${since}`);
          assert.equal(
            json['total'] ?? (json.data as Fields[]).length,
            (json.data as Fields[]).length,
            `${path}: total`,
          );
          const whole = (await read('limit=100')).rows.map(nameOf);
          // Built-in types of events have no times.
          if (!path.endsWith('event-types'))
            assert.deepEqual(
              (await read('limit=100&updated_since=1970-01-02T00:00:00Z')).rows.map(nameOf),
              whole,
              path,
            );
          for (const sort of ['updated_at', '-updated_at', 'created_at']) {
            const sorted = await read(`limit=100&sort=${sort}`);
            assert.deepEqual(new Set(sorted.rows.map(nameOf)), new Set(whole), `${path} ${sort}`);
            const begin = await read(`limit=1&sort=${sort}`);
            const end = await read(`limit=100&sort=${sort}&cursor=${begin.next}`);
            assert.deepEqual([...begin.rows, ...end.rows].map(nameOf), sorted.rows.map(nameOf), `${path} ${sort}`);
            if (sort === 'created_at' && !/tags|event-types|errors/.test(path))
              assert.deepEqual(sorted.rows.map(nameOf), whole.toReversed(), path);
          }
          const another = /errors/.test(path) ? '-created_at' : 'created_at';
          assertRefused(
            await me.api('GET', `${path}?limit=2&sort=${another}&cursor=${first.next}`),
            422,
            'validation_failed',
          );

          for (const cursor of [former, 'nowhere', '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22'].filter(
            (each) => each !== undefined,
          )) {
            const { details } = assertRefused(
              await me.api('GET', `${path}?cursor=${cursor}`),
              422,
              'validation_failed',
            );
            assert.deepEqual(Object.keys(details), ['cursor'], path);
          }
          former = first.next ?? undefined;
        });
    },
  );
});
