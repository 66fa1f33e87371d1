import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { contact } from '../../../test/harness/contacts.ts';
import { eventually } from '../../../test/harness/clock.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import { sql } from '../../db/sql.ts';

const hourMs = 3_600_000;

describe('search', () => {
  const scene = installationScene();
  let me: Tenant;
  beforeEach(async () => {
    me = await scene.product.tenant();
  });

  const found = async (path: string, search: string): Promise<unknown[]> =>
    ((await me.api('GET', `${path}?search=${encodeURIComponent(search)}`)).json.data as { id: unknown }[]).map(
      ({ id }) => id,
    );

  async function everything(): Promise<
    Readonly<Record<'contacts' | 'companies' | 'projects' | 'activities', unknown>>
  > {
    const { id: company } = await me.got('POST', '/v1/companies', {
      name: 'Łódź Straße Œuvres',
      phone: '+48 (0)42 638-4000',
    });
    const { id: person } = await contact(me, {
      email: 'jose@example.com',
      first_name: 'Jose\u0301',
      last_name: 'Álvarez O’Brien',
      phone: '+44 20 7946 0018',
    });
    const { id: project } = await me.got('POST', '/v1/projects', {
      name: 'Relaunch für Søren',
      description: 'Ｗｉｄｅ',
    });
    const { id: activity } = await me.got('POST', '/v1/activities', {
      activity_type: 'note',
      contact_id: person,
      metadata: { notes: 'Rückruf wegen Größe' },
    });
    return { contacts: person, companies: company, projects: project, activities: activity };
  }

  const searches = {
    contacts: [
      'alvarez',
      'ÁLVAREZ',
      'José',
      'jose',
      'JOSE\u0301',
      "o'brien",
      'o’brien',
      "alvarez jose o'brien",
      'Álvarez, José',
      '(020) 7946 0018',
      '+44 20 79460018',
      '7946-0018',
      'example.com jose',
    ],
    companies: ['lodz', 'ŁÓDŹ', 'strasse lodz', 'œuvres', 'oeuvres', 'STRAẞE', '042 638 4000', '6384000'],
    projects: ['soren', 'SØREN', 'fur relaunch', 'wide'],
    activities: ['ruckruf', 'grosse rückruf', 'GRÖSSE'],
  } as const;
  const kinds = Object.keys(searches) as (keyof typeof searches)[];

  async function assertFound(ids: Readonly<Record<string, unknown>>): Promise<void> {
    for (const kind of kinds) {
      for (const search of searches[kind])
        assert.deepEqual(await found(`/v1/${kind}`, search), [ids[kind]], `${kind}: ${search}`);
      assert.deepEqual(await found(`/v1/${kind}`, `${searches[kind][0]} zzz`), [], 'every word has to be found');
    }
  }

  test('finds every kind of record by its words in any order, ignoring accents, case, width, apostrophes and separators in phone numbers', async () => {
    const ids = await everything();
    await contact(me, { email: 'other@example.com', first_name: 'Other' });
    await assertFound(ids);
    const { id } = await contact(me, { email: 'ada@example.com', first_name: 'Ada', company_id: ids.companies });
    assert.deepEqual(await found('/v1/contacts', 'strasse lodz'), [id], "by its company's name");
  });

  test('folds records written by an earlier version in the background, repeatedly, without an event', async () => {
    const { product, clock } = scene;
    const ids = await everything();
    const events = () => product.db.query(sql`SELECT count(*) AS count FROM events`);
    const before = await events();
    for (const round of [1, 2]) {
      // In lower case only, as migration 0004 wrote it.
      await product.db.script(`
        UPDATE contacts SET search = lower(concat_ws(E'\\n', first_name || ' ' || last_name, email, phone));
        UPDATE companies SET search = lower(concat_ws(E'\\n', name, phone));
        UPDATE projects SET search = lower(concat_ws(E'\\n', name, description));
        UPDATE activities SET search = lower(metadata->>'notes')`);
      assert.deepEqual(await found('/v1/contacts', 'alvarez'), [], `round ${round}`);
      await clock.leap(hourMs + 60_000);
      await eventually(async () => {
        const [left] = await product.db.query(sql<{ count: number }>`
          SELECT (SELECT count(*) FROM contacts WHERE right(search, 1) <> chr(31)) + (SELECT count(*) FROM companies WHERE right(search, 1) <> chr(31))
            + (SELECT count(*) FROM projects WHERE right(search, 1) <> chr(31)) + (SELECT count(*) FROM activities WHERE right(search, 1) <> chr(31)) AS count`);
        return left?.count === 0;
      }, 'all are folded');
      await assertFound(ids);
    }
    assert.deepEqual(await events(), before);
  });
});
