import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { driftwoodOf } from '../../../test/harness/driftwood.ts';
import type { Driftwood } from '../../../test/harness/driftwood.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import { lastId } from '../../base/ids.ts';

const noSuch = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00';
const lead = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d11';

describe("Driftwood's projects and activities", () => {
  const scene = installationScene();
  let me: Tenant;
  let api: Driftwood;
  beforeEach(async () => {
    me = await scene.product.tenant();
    api = driftwoodOf(me);
  });

  const keyId = async (): Promise<unknown> => ((await me.got('GET', '/v1/me'))['key'] as Fields)['id'];
  const idOf = async (call: string, body: Fields): Promise<string> => String((await api.done(call, body))['id']);
  /** A refusal with the general code of a wrong field. */
  const invalid = async (call: string, body: unknown, on = api): Promise<string> =>
    (await on.refused(400, `${call.split('-')[0]}.invalid_request`, call, body)).replace(/^Invalid request: /, '');

  test('a project can be created, read, changed and deleted', async () => {
    const company = await idOf('companies-create', { name: 'Analytical Engines' });
    const given = {
      description: 'Spring launch',
      stage: 'active',
      company_id: company,
      company_name: 'Analytical Engines',
      assigned_to: lead,
      assigned_name: 'Grace',
      value: 2_400_000,
      start_date: '2026-01-05',
      end_date: '2026-06-30',
      is_retainer: true,
      renewal_date: '2026-12-31',
      notes: 'n',
      tags: ['spring'],
      custom_fields: {},
    };
    const { company_name: _, ...body } = given;
    const project = await api.done('projects-create', { name: 'Rollout', ...body });
    const at = new Date(scene.clock.now()).toISOString();
    assert.deepEqual(Object.entries(project), [
      ['id', project['id']],
      ['account_id', me.organization.id],
      ['created_by', await keyId()],
      ['name', 'Rollout'],
      ...Object.entries(given),
      ['created_at', at],
      ['updated_at', at],
    ]);
    const { id } = project;
    assert.deepEqual(await api.done('projects-get', { id }), project);
    assert.deepEqual(await api.done('projects-list'), { items: [project], next_cursor: '' });
    const changed = await api.done('projects-update', { id, stage: 'review', end_date: null, company_id: null });
    assert.deepEqual(changed, { ...project, stage: 'review', end_date: null, company_id: null, company_name: null });
    assert.deepEqual(await api.done('projects-delete', { id }), {});
    for (const verb of ['get', 'update', 'delete'])
      assert.equal(await api.refused(404, 'projects.not_found', `projects-${verb}`, { id }), 'Project not found.');

    const bare = await api.done('projects-create', { name: 'Bare' });
    assert.deepEqual([bare['stage'], bare['is_retainer'], bare['value'], bare['tags']], ['proposal', false, null, []]);
  });

  test('contacts can be added to a project, listed and removed', async () => {
    const project = await idOf('projects-create', { name: 'Rollout' });
    const contacts: Fields[] = [];
    for (const name of ['Ann', 'Bob', 'Cleo']) {
      const contact = await api.done('contacts-create', { first_name: name });
      contacts.unshift(contact);
      assert.deepEqual(await api.done('projects-contacts-add', { project_id: project, contact_id: contact['id'] }), {});
    }
    const [cleo, bob] = contacts;
    assert.deepEqual(
      await api.done('projects-contacts-add', { project_id: project, contact_id: bob?.['id'] }),
      {},
      'again: nothing changes',
    );
    assert.deepEqual(await api.done('projects-contacts-list', { project_id: project }), {
      items: contacts,
      next_cursor: '',
    });
    assert.deepEqual(await api.all('projects-contacts-list', { project_id: project, limit: 1 }), contacts);
    assert.deepEqual(await api.done('projects-contacts-remove', { project_id: project, contact_id: bob?.['id'] }), {});
    await api.refused(404, 'projects.not_found', 'projects-contacts-remove', {
      project_id: project,
      contact_id: bob?.['id'],
    });
    await api.done('contacts-delete', { id: cleo?.['id'] });
    assert.deepEqual(await api.all('projects-contacts-list', { project_id: project }), contacts.slice(2));

    assert.equal(await api.refused(400, 'projects.invalid_id', 'projects-contacts-list'), 'project_id is required');
    assert.equal(
      await api.refused(400, 'projects.invalid_id', 'projects-contacts-add', { project_id: project, contact_id: 'x' }),
      'contact_id must be a UUID',
    );
    assert.equal(
      await invalid('projects-contacts-add', { project_id: project, contact_id: noSuch }),
      'contact_id: does not exist in this organization',
    );
    assert.equal(
      await invalid('projects-contacts-add', { project_id: project, contact_id: bob?.['id'], role: 'lead' }),
      'role: unknown field',
    );
    for (const verb of ['add', 'remove'])
      await api.refused(404, 'projects.not_found', `projects-contacts-${verb}`, {
        project_id: noSuch,
        contact_id: bob?.['id'],
      });
    await api.refused(404, 'projects.not_found', 'projects-contacts-list', { project_id: noSuch });
  });

  test('an activity can be created, read, changed and deleted; its record is given by its own field or by entity_id', async () => {
    const [contact, company, project] = [
      await idOf('contacts-create', { first_name: 'Ada' }),
      await idOf('companies-create', { name: 'Engines' }),
      await idOf('projects-create', { name: 'Rollout' }),
    ];
    const metadata = { direction: 'outbound', outcome: 'connected', duration_seconds: 340, notes: 'Demo' };
    const activity = await api.done('activities-create', {
      activity_type: 'call',
      contact_id: contact,
      occurred_at: '2026-01-02T10:00:00+01:00',
      metadata,
    });
    const at = new Date(scene.clock.now()).toISOString();
    assert.deepEqual(Object.entries(activity), [
      ['id', activity['id']],
      ['account_id', me.organization.id],
      ['created_by', await keyId()],
      ['activity_type', 'call'],
      ['contact_id', contact],
      ['company_id', null],
      ['project_id', null],
      ['occurred_at', '2026-01-02T09:00:00.000Z'],
      ['metadata', metadata],
      ['created_at', at],
      ['updated_at', at],
    ]);
    const { id } = activity;
    assert.deepEqual(await api.done('activities-get', { id }), activity);
    const changed = await api.done('activities-update', { id, metadata: { outcome: 'busy' }, company_id: company });
    assert.deepEqual(changed, { ...activity, metadata: { outcome: 'busy' }, company_id: company });

    const others: string[] = [];
    for (const [type, entity, named] of [
      ['email', 'contact', contact],
      ['meeting', 'company', company],
      ['note', 'project', project],
    ] as const) {
      const made = await api.done('activities-create', { activity_type: type, entity_type: entity, entity_id: named });
      assert.equal(made[`${entity}_id`], named);
      others.unshift(String(made['id']));
    }
    const [note, meeting, email] = others;
    for (const [filter, expected] of [
      [{}, [note, meeting, email, id]],
      [{ limit: 1 }, [note, meeting, email, id]],
      [{ types: ['call', 'note'] }, [note, id]],
      [{ types: [] }, [note, meeting, email, id]],
      [{ contact_id: contact }, [email, id]],
      [{ entity_type: 'company', entity_id: company, limit: 1 }, [meeting, id]],
      [{ entity_type: 'company', entity_id: company, types: ['call'], contact_id: contact }, [id]],
      [{ project_id: project }, [note]],
      [{ project_id: noSuch }, []],
    ] as const)
      assert.deepEqual(
        (await api.all('activities-list', filter)).map((each) => each['id']),
        expected,
        JSON.stringify(filter),
      );

    assert.deepEqual(await api.done('activities-delete', { id }), {});
    for (const verb of ['get', 'update', 'delete'])
      assert.equal(await api.refused(404, 'activities.not_found', `activities-${verb}`, { id }), 'Activity not found.');

    for (const [body, message] of [
      [{}, 'activity_type: is required'],
      [{ activity_type: 'sms', contact_id: contact }, /^activity_type: must be "call"/],
      [{ activity_type: 'note' }, /^contact_id: is required unless/],
      [{ activity_type: 'note', entity_id: contact }, 'entity_type: is required with entity_id'],
      [{ activity_type: 'note', entity_type: 'contact' }, 'entity_id: is required with entity_type'],
      [
        { activity_type: 'note', entity_type: 'contact', entity_id: contact, contact_id: noSuch },
        'entity_id: names another contact than contact_id',
      ],
      [
        { activity_type: 'note', entity_type: 'contact', entity_id: company },
        'contact_id: does not exist in this organization',
      ],
      [
        { activity_type: 'note', contact_id: contact, metadata: { outcome: 'busy' } },
        'metadata.outcome: is not a field of a note',
      ],
      [
        { activity_type: 'note', contact_id: contact, occurred_at: '2026-02-30T00:00:00Z' },
        /^occurred_at: must be a date and time/,
      ],
      [{ activity_type: 'note', contact_id: contact, tags: ['x'] }, 'tags: unknown field'],
    ] as const) {
      const said = await invalid('activities-create', body);
      if (typeof message === 'string') assert.equal(said, message);
      else assert.match(said, message);
    }
    assert.match(await invalid('activities-list', { types: ['sms'] }), /^types\.0: must be "call"/);
    assert.equal(
      await api.refused(400, 'activities.invalid_id', 'activities-create', {
        activity_type: 'note',
        entity_id: 'x',
        entity_type: 'contact',
      }),
      'entity_id must be a UUID',
    );
    assert.equal(await api.refused(400, 'activities.invalid_id', 'activities-get'), 'id is required');
    await api.refused(400, 'activities.invalid_id', 'activities-list', { contact_id: 5 });
  });

  test('projects can be filtered by search, tags, stage, company and assignee; a wrong filter is reported', async () => {
    const company = await idOf('companies-create', { name: 'Engines' });
    const one = await idOf('projects-create', {
      name: 'First launch',
      tags: ['a', 'b'],
      stage: 'active',
      company_id: company,
    });
    const two = await idOf('projects-create', { name: 'Second', tags: ['a'], assigned_to: lead });
    for (const [filter, expected] of [
      [{ limit: 1 }, [two, one]],
      [{ search: 'LAUNCH' }, [one]],
      [{ search: 'engines' }, [one]],
      [{ tags: ['a'] }, [two, one]],
      [{ tags: ['a', 'b'] }, [one]],
      [{ stage: 'active' }, [one]],
      [{ stage: 'archived' }, []],
      [{ company_id: company }, [one]],
      [{ assigned_to: lead }, [two]],
      [{ assigned_to: lead, stage: 'active' }, []],
    ] as const)
      assert.deepEqual(
        (await api.all('projects-list', filter)).map(({ id }) => id),
        expected,
        JSON.stringify(filter),
      );
    for (const [body, message] of [
      [{}, 'name: is required'],
      [{ name: 'x', stage: 'won' }, /^stage: must be "proposal"/],
      [{ name: 'x', value: 10.5 }, 'value: must be a whole number of cents'],
      [{ name: 'x', value: '10' }, /^value: must be a/],
      [{ name: 'x', start_date: '2026-02-30' }, 'start_date: must be an existing date, formatted as YYYY-MM-DD'],
      [{ name: 'x', start_date: '2026-02-03', end_date: '2026-02-02' }, 'end_date: must not be before start_date'],
      [{ name: 'x', company_id: noSuch }, 'company_id: does not exist in this organization'],
      [{ name: 'x', company_name: 'y' }, 'company_name: unknown field'],
    ] as const) {
      const said = await invalid('projects-create', body);
      if (typeof message === 'string') assert.equal(said, message);
      else assert.match(said, message);
    }
    assert.equal(
      await invalid('projects-update', { id: one, start_date: '2026-02-30' }),
      'start_date: must be an existing date, formatted as YYYY-MM-DD',
    );
    assert.equal(
      await api.refused(400, 'projects.invalid_id', 'projects-create', { name: 'x', company_id: 'y' }),
      'company_id must be a UUID',
    );
    assert.equal(
      await invalid('projects-list', { stage: 'won' }),
      'stage: must be "proposal", "active", "review", "complete" or "archived"',
    );
    assert.equal((await api.all('projects-list')).length, 2);
  });

  test('a key without the scope is refused with 403, and records of another organization with 404', async () => {
    const contact = await idOf('contacts-create', { first_name: 'Ada' });
    const project = await idOf('projects-create', { name: 'Mine' });
    const activity = await idOf('activities-create', { activity_type: 'note', contact_id: contact });
    await api.done('projects-contacts-add', { project_id: project, contact_id: contact });
    const reader = driftwoodOf(await me.withKey({ scopes: ['crm:read'] }));
    const stranger = driftwoodOf(await me.withKey({ scopes: ['contacts:read', 'contacts:write', 'webhooks:write'] }));
    const other = driftwoodOf(await scene.product.tenant());
    for (const [resource, id] of [
      ['projects', project],
      ['activities', activity],
    ] as const) {
      await reader.done(`${resource}-get`, { id });
      for (const verb of ['create', 'update', 'delete'])
        await reader.refused(403, 'auth.forbidden', `${resource}-${verb}`, { id });
      for (const verb of ['get', 'list']) await stranger.refused(403, 'auth.forbidden', `${resource}-${verb}`, { id });
      for (const verb of ['get', 'update', 'delete'])
        await other.refused(404, `${resource}.not_found`, `${resource}-${verb}`, { id });
      assert.deepEqual(await other.all(`${resource}-list`, { cursor: lastId }), []);
    }
    const pair = { project_id: project, contact_id: contact };
    for (const verb of ['add', 'remove']) {
      await reader.refused(403, 'auth.forbidden', `projects-contacts-${verb}`, pair);
      await other.refused(404, 'projects.not_found', `projects-contacts-${verb}`, pair);
    }
    await other.refused(404, 'projects.not_found', 'projects-contacts-list', { project_id: project });
    const theirs = await other.done('projects-create', { name: 'Theirs' });
    assert.equal(
      await invalid('projects-contacts-add', { project_id: theirs['id'], contact_id: contact }, other),
      'contact_id: does not exist in this organization',
    );
    assert.equal(
      await invalid('activities-create', { activity_type: 'note', project_id: project }, other),
      'project_id: does not exist in this organization',
    );
    assert.deepEqual(await other.all('activities-list', { contact_id: contact }), []);
    assert.equal((await api.all('projects-contacts-list', { project_id: project })).length, 1);
  });
});
