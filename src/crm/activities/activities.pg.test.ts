import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { crmScene, toldOf } from '../../../test/harness/crm.ts';
import type { CrmInstallation } from '../../../test/harness/crm.ts';
import type { Editor } from '../records/index.ts';
import { activityChange, newActivity } from './activity.ts';
import type { Activity } from './activity.ts';

const never = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22';

describe('activities', () => {
  const scene = crmScene();
  const { clock } = scene;
  let crm: CrmInstallation;
  let me: Editor;
  let stranger: Editor;
  let contact: string;
  let company: string;
  let project: string;

  beforeEach(async () => {
    ({ crm, me, stranger } = scene);
    contact = (await crm.contacts.create(me, { first_name: 'Ada' })).id;
    company = (await crm.companies.create(me, { name: 'Engines' })).id;
    project = (await crm.projects.create(me, { name: 'Rollout' })).id;
  });

  const make = (given: object = {}, who = me): Promise<Activity> =>
    crm.activities.create(
      who,
      newActivity.parse({ activity_type: 'note', ...(who === me ? { contact_id: contact } : {}), ...given }),
    );
  const change = (id: string, given: object, who = me): Promise<Activity> =>
    crm.activities.update(who, id, activityChange.parse(given));
  const ids = async (filter: Parameters<CrmInstallation['activities']['list']>[1]): Promise<string[]> =>
    (await crm.activities.list({ organizationId: me.organizationId }, filter, { limit: 100 })).map(({ id }) => id);
  const told = async () => (await toldOf(crm, me.organizationId)).filter(({ type }) => type.startsWith('activity.'));
  const detailsOf = async (refused: Promise<unknown>): Promise<object | undefined> =>
    refused.then(
      () => assert.fail('was not refused'),
      (error: unknown) => (error as { details?: object }).details,
    );

  test('an activity is created, read, updated and deleted, and each change emits an event with the record', async () => {
    const metadata = { direction: 'outbound', outcome: 'connected', duration_seconds: 340, notes: 'Demo.' };
    const made = await make({
      activity_type: 'call',
      company_id: company.toUpperCase(),
      project_id: project,
      occurred_at: '2025-12-31T23:00:00-02:00',
      metadata,
    });
    const { id, ...rest } = made;
    assert.deepEqual(rest, {
      organization_id: me.organizationId,
      workspace_id: null,
      activity_type: 'call',
      contact_id: contact,
      company_id: company,
      project_id: project,
      occurred_at: new Date('2026-01-01T01:00:00Z'),
      metadata,
      created_by: me.keyId,
      created_at: new Date(clock.now()),
      updated_at: new Date(clock.now()),
    });
    assert.deepEqual(await crm.activities.get({ organizationId: me.organizationId }, id), made);

    await clock.advance(1_000);
    const changed = await change(id, {
      company_id: null,
      metadata: { outcome: 'busy', notes: '' },
      occurred_at: '2026-01-01T01:00:00.000Z',
    });
    const expected = { ...made, company_id: null, metadata: { outcome: 'busy' }, updated_at: new Date(clock.now()) };
    assert.deepEqual(changed, expected);
    assert.deepEqual(await crm.activities.get({ organizationId: me.organizationId }, id), expected);
    await clock.advance(1_000);
    assert.deepEqual(
      await change(id, { metadata: { outcome: 'busy', direction: null }, contact_id: contact }),
      expected,
      'nothing changed',
    );

    assert.deepEqual(await crm.activities.total({ organizationId: me.organizationId }, {}), {
      total: 1,
      capped: false,
    });
    await crm.activities.remove(me, id);
    await assert.rejects(crm.activities.get({ organizationId: me.organizationId }, id), { error: 'not_found' });
    await assert.rejects(change(id, { contact_id: contact }), { error: 'not_found' });
    await assert.rejects(crm.activities.remove(me, id), { error: 'not_found' });
    assert.equal((await crm.activities.total({ organizationId: me.organizationId }, {})).total, 0);
    assert.deepEqual(
      (await told()).map(({ type, data }) => [type, data['metadata'], data['changed'], data['actor']]),
      [
        ['activity.created', metadata, undefined, { type: 'key', id: me.keyId }],
        ['activity.updated', { outcome: 'busy' }, ['company_id', 'metadata'], { type: 'key', id: me.keyId }],
        ['activity.deleted', { outcome: 'busy' }, undefined, { type: 'key', id: me.keyId }],
      ],
    );
  });

  test('metadata accepts only the fields of its activity type', async () => {
    const good: [string, object][] = [
      ['call', { direction: 'inbound', outcome: 'no_answer', duration_seconds: 0, notes: 'n' }],
      ['email', { direction: 'sent', subject: 's', body: 'b', source: 'bcc' }],
      ['meeting', { subject: 's', location: 'l', duration_minutes: 30, outcome: 'no_show', notes: 'n' }],
      ['note', { notes: 'n' }],
      ['note', {}],
    ];
    for (const [activity_type, metadata] of good)
      assert.deepEqual((await make({ activity_type, metadata })).metadata, metadata);
    const bad: [string, object, string][] = [
      ['call', { direction: 'sent' }, 'metadata.direction'],
      ['call', { outcome: 'completed' }, 'metadata.outcome'],
      ['call', { duration_seconds: 1.5 }, 'metadata.duration_seconds'],
      ['call', { duration_seconds: -1 }, 'metadata.duration_seconds'],
      ['call', { duration_minutes: 1 }, 'metadata.duration_minutes'],
      ['call', { notes: 5 }, 'metadata.notes'],
      ['email', { direction: 'inbound' }, 'metadata.direction'],
      ['email', { source: 'imap' }, 'metadata.source'],
      ['email', { notes: 'n' }, 'metadata.notes'],
      ['meeting', { outcome: 'connected' }, 'metadata.outcome'],
      ['meeting', { duration_minutes: '30' }, 'metadata.duration_minutes'],
      ['note', { subject: 's' }, 'metadata.subject'],
      ['note', { notes: '\ud800' }, 'metadata.notes'],
    ];
    for (const [activity_type, metadata, field] of bad)
      assert.deepEqual(Object.keys((await detailsOf(make({ activity_type, metadata }))) ?? {}), [field]);

    const { id } = await make({ activity_type: 'call', metadata: { outcome: 'busy' } });
    assert.deepEqual(await detailsOf(change(id, { activity_type: 'note' })), {
      metadata: 'is required with a new activity_type',
    });
    assert.deepEqual(Object.keys((await detailsOf(change(id, { metadata: { subject: 's' } }))) ?? {}), [
      'metadata.subject',
    ]);
    const changed = await change(id, { activity_type: 'note', metadata: { notes: 'n' } });
    assert.deepEqual([changed.activity_type, changed.metadata], ['note', { notes: 'n' }]);
    assert.deepEqual((await told()).at(-1)?.data['changed'], ['activity_type', 'metadata']);
  });

  test('invalid values are refused, naming the field', async () => {
    const cases: [object, string][] = [
      [{ activity_type: undefined }, 'activity_type'],
      [{ activity_type: 'lunch' }, 'activity_type'],
      [{ contact_id: 'x' }, 'contact_id'],
      [{ occurred_at: '2026-01-05' }, 'occurred_at'],
      [{ occurred_at: '2026-02-30T00:00:00Z' }, 'occurred_at'],
      [{ occurred_at: null }, 'occurred_at'],
      [{ occurred_at: 1_767_600_000 }, 'occurred_at'],
      [{ metadata: null }, 'metadata'],
      [{ metadata: 'notes' }, 'metadata'],
    ];
    for (const [given, field] of cases)
      assert.equal(
        newActivity.safeParse({ activity_type: 'note', ...given }).error?.issues[0]?.path[0],
        field,
        JSON.stringify(given),
      );
    for (const occurred_at of [
      '1899-12-31T23:59:59Z',
      '0000-01-01T00:00:00Z',
      '2036-06-01T00:00:00Z',
      '9999-12-31T00:00:00Z',
    ]) {
      assert.deepEqual(Object.keys((await detailsOf(make({ occurred_at }))) ?? {}), ['occurred_at'], occurred_at);
    }
    assert.deepEqual(
      (await make({ occurred_at: '1900-01-01T00:00:00Z' })).occurred_at,
      new Date('1900-01-01T00:00:00Z'),
    );
  });

  test('an activity names at least one contact, company or project, which must exist', async () => {
    assert.deepEqual(Object.keys((await detailsOf(make({ contact_id: null }))) ?? {}), ['contact_id']);
    const { id } = await make({ company_id: company });
    await change(id, { contact_id: null });
    assert.deepEqual(Object.keys((await detailsOf(change(id, { company_id: null }))) ?? {}), ['contact_id']);
    assert.equal((await change(id, { company_id: null, project_id: project })).project_id, project);
    await crm.contacts.remove(me, contact);
    assert.deepEqual(await detailsOf(make()), { contact_id: 'does not exist in this organization' });
    assert.deepEqual(await detailsOf(change(id, { contact_id: never, company_id: never })), {
      company_id: 'does not exist in this organization',
      contact_id: 'does not exist in this organization',
    });
  });

  test('an activity keeps the ids of deleted records and can still be changed', async () => {
    const made = await make({ company_id: company, project_id: project });
    await crm.projects.remove(me, project);
    await crm.companies.remove(me, company);
    await crm.contacts.remove(me, contact);
    assert.deepEqual(await crm.activities.get({ organizationId: me.organizationId }, made.id), made);
    assert.deepEqual(await ids({ companyId: company }), [made.id]);
    assert.deepEqual((await change(made.id, { company_id: company, metadata: { notes: 'later' } })).metadata, {
      notes: 'later',
    });
    assert.equal((await told()).length, 2);
  });

  test("another organization's activity is not found, and its records cannot be named", async () => {
    const { id } = await make();
    await assert.rejects(crm.activities.get({ organizationId: stranger.organizationId }, id), { error: 'not_found' });
    await assert.rejects(change(id, { metadata: {} }, stranger), { error: 'not_found' });
    await assert.rejects(crm.activities.remove(stranger, id), { error: 'not_found' });
    for (const [field, theirs] of Object.entries({ contact_id: contact, company_id: company, project_id: project })) {
      assert.deepEqual(await detailsOf(make({ [field]: theirs }, stranger)), {
        [field]: 'does not exist in this organization',
      });
    }
    assert.deepEqual(await toldOf(crm, stranger.organizationId), []);
    assert.deepEqual(
      await crm.activities.list({ organizationId: stranger.organizationId }, { contactId: contact }, { limit: 1 }),
      [],
    );
  });

  test('lists are ordered newest first, filter by search, type, record and time, and are counted', async () => {
    const a = (
      await make({
        activity_type: 'email',
        metadata: { subject: 'Zürich', body: 'offer' },
        occurred_at: '2026-01-03T00:00:00Z',
      })
    ).id;
    const b = (
      await make({ company_id: company, metadata: { notes: 'the OFFER' }, occurred_at: '2026-01-02T00:00:00Z' })
    ).id;
    const c = (await make({ contact_id: null, project_id: project, occurred_at: '2026-01-01T00:00:00Z' })).id;
    const [second, third] = [new Date('2026-01-02T00:00:00Z'), new Date('2026-01-03T00:00:00Z')];
    assert.deepEqual(await ids({}), [c, b, a]);
    assert.deepEqual(await ids({ search: 'offer' }), [b, a]);
    assert.deepEqual(await ids({ search: 'zür' }), [a]);
    assert.deepEqual(await ids({ type: 'note' }), [c, b]);
    assert.deepEqual(await ids({ contactId: contact }), [b, a]);
    assert.deepEqual(await ids({ companyId: company }), [b]);
    assert.deepEqual(await ids({ projectId: project }), [c]);
    assert.deepEqual(await ids({ occurredAfter: second }), [b, a]);
    assert.deepEqual(await ids({ occurredBefore: second }), [c]);
    assert.deepEqual(await ids({ occurredAfter: second, occurredBefore: third }), [b]);
    assert.deepEqual(
      await ids({ occurredAfter: new Date('0000-01-01T00:00:00Z'), occurredBefore: new Date('9999-12-31T00:00:00Z') }),
      [c, b, a],
    );
    assert.deepEqual(await ids({ contactId: contact, type: 'note', search: 'offer', occurredAfter: second }), [b]);
    assert.deepEqual(await crm.activities.total({ organizationId: me.organizationId }, {}), {
      total: 3,
      capped: false,
    });
    assert.deepEqual(await crm.activities.total({ organizationId: me.organizationId }, { contactId: contact }), {
      total: 2,
      capped: false,
    });
  });

  test('paging returns each existing activity exactly once, in order, while others are created', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 10 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat(2), { maxLength: 6 }),
        async (count, limit, added) => {
          const about = (await crm.companies.create(me, { name: 'x' })).id;
          const staying: string[] = [];
          for (let index = 0; index < count; index += 1) staying.push((await make({ company_id: about })).id);
          const seen: string[] = [];
          let cursor: string | undefined;
          for (let page = 0; ; page += 1) {
            const coming = Promise.all(Array.from({ length: added[page] ?? 0 }, () => make({ company_id: about })));
            const rows = await crm.activities.list(
              { organizationId: me.organizationId },
              { companyId: about },
              { limit, after: cursor === undefined ? undefined : { id: cursor } },
            );
            await coming;
            seen.push(...rows.map(({ id }) => id));
            if (rows.length < limit) break;
            cursor = rows.at(-1)?.id;
          }
          assert.equal(new Set(seen).size, seen.length);
          assert.deepEqual(
            seen.filter((id) => staying.includes(id)),
            staying.toReversed(),
          );
        },
      ),
      { numRuns: 20 },
    );
  });

  test('concurrent changes all apply, and their events form a sequence', async () => {
    const { id } = await make();
    await Promise.all(
      Array.from({ length: 8 }, (_, index) => [
        change(id, { metadata: { notes: String(index) } }),
        change(id, { company_id: index % 2 === 0 ? company : null }),
      ]).flat(),
    );
    const events = await told();
    let last = events[0]?.data ?? assert.fail();
    for (const { data } of events.slice(1)) {
      for (const field of ['metadata', 'company_id'])
        assert.equal(
          JSON.stringify(data[field]) !== JSON.stringify(last[field]),
          (data['changed'] as string[]).includes(field),
          field,
        );
      last = data;
    }
    const now = await crm.activities.get({ organizationId: me.organizationId }, id);
    assert.deepEqual([now.metadata, now.company_id], [last['metadata'], last['company_id']]);
  });

  test('concurrent deletions and creations are each counted once', async () => {
    const { id } = await make();
    const outcomes = await Promise.allSettled([
      crm.activities.remove(me, id),
      crm.activities.remove(me, id),
      ...Array.from({ length: 5 }, () => make()),
    ]);
    assert.equal(outcomes.filter(({ status }) => status === 'rejected').length, 1);
    assert.equal((await crm.activities.total({ organizationId: me.organizationId }, {})).total, 5);
  });
});
