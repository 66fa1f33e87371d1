import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { assertStablePages, driftwoodOf } from '../../../test/harness/driftwood.ts';
import type { Driftwood } from '../../../test/harness/driftwood.ts';
import { eventually } from '../../../test/harness/clock.ts';
import { installationScene } from '../../../test/harness/installation.ts';

describe("Driftwood's records", () => {
  const scene = installationScene();
  const start = async (): Promise<Driftwood> => driftwoodOf(await scene.product.tenant());
  const idOf = async (api: Driftwood, call: string, body: Fields): Promise<unknown> =>
    (await api.done(call, body))['id'];

  test('a webhook receives each change with the record as the API shows it', async () => {
    const api = await start();
    const receiver = await scene.receive();
    const records = ['contact', 'company', 'project', 'activity'];
    const events = records.flatMap((record) => ['created', 'updated', 'deleted'].map((verb) => `${record}.${verb}`));
    const contact = await idOf(api, 'contacts-create', { first_name: 'Grace' });
    await api.done('webhooks-create', { url: receiver.url, events });
    const shown: [string, Fields][] = [];
    for (const [resource, name, record, change] of [
      [
        'contacts',
        'contact',
        { first_name: 'Ada', email: 'ada@lovelace.example', tags: ['vip'] },
        { last_name: 'Lovelace' },
      ],
      ['companies', 'company', { name: 'Engines', annual_revenue: 5 }, { tags: ['x'] }],
      ['projects', 'project', { name: 'Rollout', value: 5, start_date: '2026-01-05' }, { stage: 'active' }],
      [
        'activities',
        'activity',
        { activity_type: 'call', contact_id: contact, metadata: { outcome: 'busy' } },
        { metadata: {} },
      ],
    ] as const) {
      const id = await idOf(api, `${resource}-create`, record);
      shown.push([`${name}.created`, await api.done(`${resource}-get`, { id })]);
      await api.done(`${resource}-update`, { id, ...change });
      await api.done(`${resource}-update`, { id, ...change });
      const last = await api.done(`${resource}-get`, { id });
      shown.push([`${name}.updated`, last], [`${name}.deleted`, last]);
      await api.done(`${resource}-delete`, { id });
    }
    await eventually(() => receiver.arrivals.length >= shown.length, 'all arrived');
    const bodies = receiver.arrivals.map(({ body }) => JSON.parse(body) as { event: string; data: Fields });
    assert.deepEqual(new Map(bodies.map(({ event, data }) => [event, data])), new Map(shown));
    assert.equal(bodies.length, shown.length);
  });

  describe('no page skips or repeats a record while records are created and deleted', () => {
    let count = 0;

    test('contacts', async () => {
      const contacts = async () => {
        const api = await start();
        const company = await idOf(api, 'companies-create', { name: 'Engines' });
        const contact = (): Fields => ({ first_name: `Person ${(count += 1)}`, tags: ['t'], company_id: company });
        return {
          api,
          make: () => idOf(api, 'contacts-create', contact()),
          touch: (id: unknown) => api.done('contacts-update', { id, notes: `${(count += 1)}` }),
        };
      };
      await assertStablePages('contacts', contacts);
      await assertStablePages('contacts', contacts, { tags: ['t'], search: 'person' });
      await assertStablePages('contacts', contacts, { search: 'engines' });
    });

    for (const resource of ['companies', 'projects'] as const) {
      test(resource, async () => {
        await assertStablePages(resource, async () => {
          const api = await start();
          return {
            api,
            make: () => idOf(api, `${resource}-create`, { name: `Record ${(count += 1)}` }),
            touch: (id) => api.done(`${resource}-update`, { id, notes: `${(count += 1)}` }),
          };
        });
      });
    }

    test('activities', async () => {
      const activities = async () => {
        const api = await start();
        const contact = await idOf(api, 'contacts-create', { first_name: 'Ada' });
        const activity = (): Fields => ({
          activity_type: (count += 1) % 2 === 0 ? 'note' : 'call',
          contact_id: contact,
        });
        return {
          api,
          make: () => idOf(api, 'activities-create', activity()),
          touch: (id: unknown) => api.done('activities-update', { id, metadata: { notes: `${(count += 1)}` } }),
        };
      };
      await assertStablePages('activities', activities, { types: ['note', 'call'] });
    });
  });
});
