import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { contact, contactEvents, listed, upsert } from '../../../test/harness/contacts.ts';
import { assertRefused } from '../../../test/harness/edge-routes.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import { sql } from '../../db/sql.ts';

const at = (name: string): string => `${name}@ada.example`;
/** Addresses as callers give and get them, the first one as the primary. */
const all = (...names: string[]) => names.map((name, index) => ({ email: at(name), primary: index === 0 }));

describe('addresses of a contact', () => {
  // Without the engine, nothing changes between requests.
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));
  let tenant: Tenant;
  beforeEach(async () => {
    tenant = await scene.product.tenant();
  });

  const get = (id: unknown): Promise<Fields> => tenant.got('GET', `/v1/contacts/${String(id)}`);
  const change = (id: unknown, body: Fields) => tenant.api('PATCH', `/v1/contacts/${String(id)}`, body);
  const idsOf = async (query: string): Promise<unknown[]> => (await listed(tenant, query)).map(({ id }) => id);
  const lastEvent = async () => (await contactEvents(scene.product.db, tenant)).at(-1);

  test('a contact is found by each of its addresses: in the list, the lookup, the search and by an upsert', async () => {
    const { id } = await contact(tenant, { email: at('a'), emails: all('a', 'b', 'c'), first_name: 'Ada' });
    assert.deepEqual((await get(id))['emails'], all('a', 'b', 'c'));
    assert.deepEqual((await lastEvent())?.data['emails'], all('a', 'b', 'c'));
    for (const query of [`?email=B@Ada.Example`, `?email=${at('a')}`, `?search=${at('c')}`])
      assert.deepEqual(await idsOf(query), [id], query);
    const { json } = await tenant.api('POST', '/v1/contacts/lookup', {
      emails: [at('z'), at('c').toUpperCase(), at('a')],
    });
    assert.deepEqual([(json.data as Fields[]).map((row) => row['id']), json['missing']], [[id], [at('z')]]);
    const rows = await upsert(tenant, [
      { email: at('b'), job_title: 'Countess' },
      { email: at('new') },
      { email: at('a'), last_name: 'King' },
      { email: at('c'), job_title: 'Head of Research' },
    ]);
    assert.deepEqual(
      rows.map((row) => [row.status, row.id === id]),
      [
        ['updated', true],
        ['created', false],
        ['updated', true],
        ['updated', true],
      ],
    );
    const { emails, email, job_title: title, last_name: last } = await get(id);
    assert.deepEqual([emails, email, title, last], [all('a', 'b', 'c'), at('a'), 'Head of Research', 'King']);
    const { type, data } = (await lastEvent()) ?? assert.fail();
    assert.deepEqual([type, data['changed']], ['contact.updated', ['last_name', 'job_title']]);
  });

  test('`emails` replaces all addresses; `email` replaces the primary one, or changes places with another', async () => {
    const { id } = await contact(tenant, { email: at('a') });
    const changes: [Fields, unknown][] = [
      [{ emails: all('a', 'b') }, all('a', 'b')],
      [
        { email: at('B') },
        [
          { email: at('B'), primary: true },
          { email: at('a'), primary: false },
        ],
      ],
      [{ email: at('c') }, all('c', 'a')],
      [{ email: at('a'), emails: all('a', 'c', 'd') }, all('a', 'c', 'd')],
      [{ emails: all('d') }, all('d')],
      [{ emails: [], first_name: 'Ada' }, []],
      [{ emails: all('e', 'a') }, all('e', 'a')],
      [{ first_name: 'Augusta' }, all('e', 'a')],
    ];
    for (const [body, emails] of changes) {
      const answer = await change(id, body);
      assert.deepEqual([answer.status, (answer.json.data as Fields)['emails']], [200, emails], answer.text);
      assert.deepEqual((await get(id))['emails'], emails);
    }
    assert.deepEqual(await idsOf(`?email=${at('b')}`), []);
    assert.deepEqual(await idsOf(`?search=${at('c')}`), []);
    // Addresses that were given up can belong to others.
    assert.deepEqual(
      (await upsert(tenant, [{ email: at('b') }, { email: at('d'), emails: all('d', 'c') }])).map(
        ({ status }) => status,
      ),
      ['created', 'created'],
    );
  });

  test('contradictions and bad addresses are refused by field, and change nothing', async () => {
    const { id } = await contact(tenant, { email: at('a'), emails: all('a', 'b') });
    await contact(tenant, { email: at('other'), emails: all('other', 'second') });
    await tenant.got('POST', '/v1/suppressions', { email: at('gone') });
    const before = await get(id);
    const refused: [Fields, string][] = [
      [{ email: at('b'), emails: all('a', 'b') }, 'emails'],
      [{ email: null, emails: all('a', 'b') }, 'emails'],
      [{ email: null }, 'email'],
      [{ emails: [] }, 'first_name'],
      [{ emails: [{ email: at('a') }, { email: at('b') }] }, 'emails'],
      [{ emails: [...all('a'), ...all('b')] }, 'emails'],
      [{ emails: [...all('a', 'b'), { email: at('A') }] }, 'emails.2.email'],
      [{ emails: [...all('a'), { email: 'nobody' }] }, 'emails.1.email'],
      [{ emails: all('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k') }, 'emails'],
      [{ emails: all('a', 'gone') }, 'emails'],
      [{ emails: all('gone', 'a') }, 'email'],
    ];
    for (const [body, field] of refused) {
      const { details } = assertRefused(await change(id, body), 422, 'validation_failed');
      assert.deepEqual(Object.keys(details), [field], JSON.stringify(body));
    }
    for (const body of [
      { emails: all('a', 'second') },
      { emails: all('second', 'a') },
      { email: at('second') },
      { emails: all('a', 'other') },
    ])
      assertRefused(await change(id, body), 409, 'conflict');
    assert.deepEqual(await get(id), before);
    assert.deepEqual(
      (
        await upsert(tenant, [
          { email: at('a'), emails: all('a', 'second') },
          { email: at('x'), emails: all('y', 'x') },
          { email: at('x'), emails: all('x', 'gone') },
          { email: at('gone'), emails: all('gone', 'x') },
          { email: at('x'), emails: all('x', 'b') },
        ])
      ).map(({ status, reason, id: found }) => [status, reason ?? found]),
      [
        ['rejected', 'emails: belong to different contacts'],
        ['rejected', 'emails: must have the address in `email` as its primary one'],
        ['rejected', `emails: ${at('gone')} is suppressed; lift the suppression first`],
        ['suppressed', undefined],
        // Found by its second address.
        ['updated', id],
      ],
    );
    assert.deepEqual((await get(id))['emails'], all('x', 'b'));
  });

  test('an address that was suppressed later stays, and cannot become the primary one', async () => {
    const { id } = await contact(tenant, { email: at('a'), emails: all('a', 'b') });
    await tenant.got('POST', '/v1/suppressions', { email: at('b') });
    assert.equal((await change(id, { emails: all('a', 'b', 'c') })).status, 200);
    assertRefused(await change(id, { email: at('b') }), 422, 'validation_failed');
    assert.deepEqual(
      (await upsert(tenant, [{ email: at('a'), emails: all('a', 'c', 'b') }, { email: at('b') }])).map(
        ({ status }) => status,
      ),
      ['updated', 'suppressed'],
    );
  });

  test('a deleted contact leaves its addresses to others; restored, it has those that are still free', async () => {
    const { id } = await contact(tenant, { email: at('a'), emails: all('a', 'b', 'c') });
    assert.equal((await tenant.api('DELETE', `/v1/contacts/${id}`)).status, 204);
    assert.deepEqual(await idsOf(`?email=${at('b')}`), []);
    assert.deepEqual(await idsOf(`?email=${at('b')}&deleted=true`), [id]);
    assert.deepEqual(await idsOf(`?email=${at('b')}&include_deleted=true`), [id]);
    const { id: other } = await contact(tenant, { email: at('b') });
    await tenant.got('POST', `/v1/contacts/${id}/restore`);
    assert.deepEqual((await get(id))['emails'], all('a', 'c'));
    assert.deepEqual((await lastEvent())?.data['emails'], all('a', 'c'));
    assertRefused(await change(other, { emails: all('b', 'c') }), 409, 'conflict');
    // An import that restores it, too.
    assert.equal((await tenant.api('DELETE', `/v1/contacts/${id}`)).status, 204);
    await change(other, { emails: all('b', 'c') });
    const { db, crm } = scene.product;
    const editor = { organizationId: tenant.organization.id };
    const address = { email: at('a'), key: at('a'), domain: 'ada.example' };
    assert.deepEqual(
      await db.transaction((tx) =>
        crm.contacts.upsert(tx, editor, [{ address, fields: {} }], { restoreDeleted: true }),
      ),
      [{ status: 'restored', id }],
    );
    assert.deepEqual((await get(id))['emails'], all('a'));
    // Its primary address as the second one of another contact.
    assert.equal((await tenant.api('DELETE', `/v1/contacts/${id}`)).status, 204);
    assert.equal((await change(other, { emails: all('b', 'a') })).status, 200);
    assertRefused(await tenant.api('POST', `/v1/contacts/${id}/restore`), 409, 'conflict');
  });

  test('each workspace has its own contacts with an address, also as a second one', async () => {
    const workspace = (await tenant.got('POST', '/v1/workspaces', { name: 'Client' }))['id'];
    const { id: own } = await contact(tenant, { email: at('a'), emails: all('a', 'b') });
    const [theirs] = await upsert(tenant, [{ email: at('c'), emails: all('c', 'b') }], { workspace_id: workspace });
    assert.deepEqual(new Set(await idsOf(`?email=${at('b')}`)), new Set([own, theirs?.id]));
    assert.deepEqual(await idsOf(`?email=${at('b')}&workspace_id=${String(workspace)}`), [theirs?.id]);
    const [again] = await upsert(tenant, [{ email: at('b') }], { workspace_id: workspace });
    assert.equal(again?.id, theirs?.id);
  });

  test('an address has one live contact, whatever callers do at the same time', async () => {
    const { db } = scene.product;
    const names = ['a', 'b', 'c', 'd', 'e'];
    const random = (below: number): number => Math.floor(Math.random() * below);
    const some = (): string[] => names.toSorted(() => Math.random() - 0.5).slice(0, 1 + random(3));
    const created = await upsert(
      tenant,
      names.map((name) => ({ email: at(name) })),
    );
    const ids = created.map(({ id }) => id);
    const call = async (): Promise<number> => {
      const id = String(ids[random(ids.length)]);
      const calls = [
        () => change(id, { emails: all(...some()) }),
        () => change(id, { email: at(String(some()[0])), first_name: 'Ada' }),
        () => tenant.api('DELETE', `/v1/contacts/${id}`),
        () => tenant.api('POST', `/v1/contacts/${id}/restore`),
        () =>
          tenant.api('POST', '/v1/contacts', {
            lawful_basis: 'consent',
            contacts: some().map((name) => ({ email: at(name) })),
          }),
        () => {
          const own = some();
          const row = { email: at(String(own[0])), emails: all(...own) };
          return tenant.api('POST', '/v1/contacts', {
            lawful_basis: 'consent',
            contacts: [row, { email: at(String(some()[0])) }],
          });
        },
      ];
      const { status, json } = await (calls[random(calls.length)] ?? assert.fail())();
      if (Array.isArray(json?.data))
        for (const row of json.data as Fields[]) if (row['status'] === 'created') ids.push(String(row['id']));
      return status;
    };
    for (let round = 0; round < 12; round += 1) {
      const statuses = await Promise.all(Array.from({ length: 8 }, call));
      assert.deepEqual(
        statuses.filter((status) => ![200, 204, 404, 409, 422].includes(status)),
        [],
      );
      const held = await db.query(sql<{ email_key: string; contacts: number; live: boolean }>`
        SELECT email_key, count(*) AS contacts, bool_and(is_live) AS live FROM (
          SELECT email_key, true AS is_live FROM contacts WHERE organization_id = ${tenant.organization.id} AND deleted_at IS NULL AND email_key IS NOT NULL
          UNION ALL SELECT a.email_key, c.deleted_at IS NULL FROM contact_addresses a JOIN contacts c ON c.id = a.contact_id
          WHERE a.organization_id = ${tenant.organization.id} AND a.live) AS h GROUP BY email_key`);
      assert.deepEqual(
        held.filter(({ contacts, live }) => contacts > 1 || !live),
        [],
      );
      const stale = await db.query(sql<{ id: string }>`
        SELECT c.id FROM contacts c WHERE c.organization_id = ${tenant.organization.id} AND c.deleted_at IS NULL
          AND (EXISTS (SELECT FROM contact_addresses a WHERE a.contact_id = c.id AND NOT a.live) OR (c.email_key IS NULL AND EXISTS (SELECT FROM contact_addresses a WHERE a.contact_id = c.id)))`);
      assert.deepEqual(stale, []);
    }
  });
});
