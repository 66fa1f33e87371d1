import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import fc from 'fast-check';
import { crmScene, toldOf } from '../../../test/harness/crm.ts';
import type { CrmInstallation } from '../../../test/harness/crm.ts';
import { ApiError } from '../../base/errors.ts';
import { sql } from '../../db/sql.ts';
import { campaignInput } from '../../mail/campaigns/index.ts';
import type { Contact } from '../contacts/index.ts';
import type { Editor } from '../records/index.ts';

const reachOf = ({ organizationId }: Editor) => ({ organizationId, workspaceId: undefined });
type State = Readonly<Record<string, unknown>>;
const at = (name: string): string => `${name}@lovelace.example`;
const all = (...names: string[]) => names.map((name, index) => ({ email: at(name), primary: index === 0 }));

describe('merges of contacts', () => {
  const scene = crmScene();
  let crm: CrmInstallation;
  let me: Editor;

  beforeEach(() => {
    ({ crm, me } = scene);
  });

  const merge = async (into: { id: string }, from: { id: string }, who = me) =>
    (await crm.merges.merge('contact', who, into.id, from.id)).mergeId;

  async function makeCampaign(contacts: readonly Contact[], who = me): Promise<string> {
    const input = campaignInput({ name: 'C', verification: 'off', sequence: [{ subject: 'Hi', body: 'Hi' }] });
    const { id } = await crm.db.transaction((tx) => crm.mail.campaigns.create(tx, reachOf(who), input));
    await crm.mail.leads.records.add(
      reachOf(who),
      id,
      contacts.map((contact) => contact.id),
    );
    return id;
  }

  /** Leads by their address: status, reason, contact. */
  const leadsOf = async (campaign: string, who = me) =>
    new Map(
      (await crm.mail.leads.records.list(reachOf(who), campaign, undefined, { limit: 100 })).map((lead) => [
        lead.email,
        [lead.status, lead.blocked_reason, lead.contact_id] as const,
      ]),
    );

  async function makeMeeting({ id }: Contact, who = me): Promise<void> {
    const meeting = crm.ids.next<string>();
    await crm.db.execute(sql`
      INSERT INTO meetings (id, organization_id, source, status, contact_id, party_key, starts_at, details, reported_at, created_at, updated_at)
      VALUES (${meeting}, ${who.organizationId}, 'generic', 'booked', ${id}, 'x', now(), '', now(), now(), now())`);
  }

  /** A message, its reply, and a row of an import, which belong to nothing else. */
  async function makeMail({ id }: Contact, { organizationId: organization } = me): Promise<void> {
    const [sent, reply, elsewhere] = [crm.ids.next<string>(), crm.ids.next<string>(), crm.ids.next<string>()];
    await crm.db.transaction(async (tx) => {
      await tx.execute(sql`SET LOCAL session_replication_role = replica`);
      await tx.execute(sql`
        INSERT INTO messages (id, organization_id, mailbox_id, direction, purpose, message_id, from_address, to_address, party_key, party_domain, content, contact_id, created_at)
        SELECT m.id, ${organization}, ${elsewhere}, m.direction, m.purpose, m.id, '', '', '', '', '', ${id}, now()
        FROM (VALUES (${sent}::uuid, 'outbound', 'direct'), (${reply}::uuid, 'inbound', 'received')) AS m (id, direction, purpose)`);
      await tx.execute(sql`
        INSERT INTO replies (id, organization_id, mailbox_id, contact_id, answered_id, thread_id, from_key, classification, confidence, source, match_by, match_confidence, details, received_at, updated_at)
        VALUES (${reply}, ${organization}, ${elsewhere}, ${id}, ${sent}, ${sent}, '', 'question', 1, 'rules', 'x', 1, '', now(), now())`);
      await tx.execute(sql`INSERT INTO import_contacts (import_id, contact_id) VALUES (${elsewhere}, ${id})`);
    });
  }

  async function stateOf({ organizationId }: Editor): Promise<State> {
    const [row] = await crm.db.query(sql<State>`
      SELECT (SELECT jsonb_agg(to_jsonb(c) - 'updated_at' ORDER BY id) FROM contacts c WHERE organization_id = ${organizationId}) AS contacts,
        (SELECT jsonb_agg(to_jsonb(a) ORDER BY contact_id, email_key) FROM contact_addresses a WHERE organization_id = ${organizationId}) AS addresses,
        (SELECT jsonb_agg(to_jsonb(p) ORDER BY p.project_id, contact_id) FROM project_contacts p JOIN projects o ON o.id = p.project_id WHERE o.organization_id = ${organizationId}) AS places,
        (SELECT jsonb_agg(to_jsonb(a) - 'updated_at' ORDER BY id) FROM activities a WHERE organization_id = ${organizationId}) AS activities,
        (SELECT jsonb_agg(to_jsonb(m) - 'updated_at' ORDER BY id) FROM meetings m WHERE organization_id = ${organizationId}) AS meetings,
        (SELECT jsonb_agg(to_jsonb(m) - 'updated_at' ORDER BY id) FROM messages m WHERE organization_id = ${organizationId}) AS messages,
        (SELECT jsonb_agg(to_jsonb(r) - 'updated_at' ORDER BY id) FROM replies r WHERE organization_id = ${organizationId}) AS replies,
        (SELECT jsonb_agg(to_jsonb(i) ORDER BY i.contact_id) FROM import_contacts i JOIN contacts c ON c.id = i.contact_id WHERE c.organization_id = ${organizationId}) AS imported,
        (SELECT jsonb_agg(to_jsonb(l) - 'last_event_at' ORDER BY id) FROM campaign_leads l WHERE organization_id = ${organizationId}) AS leads,
        (SELECT jsonb_agg(to_jsonb(k) ORDER BY lead_id) FROM lead_keys k WHERE organization_id = ${organizationId}) AS keys,
        (SELECT jsonb_agg(to_jsonb(t) ORDER BY campaign_id) FROM campaign_totals t WHERE organization_id = ${organizationId}) AS totals,
        (SELECT sum(count)::int FROM record_counts WHERE organization_id = ${organizationId} AND entity = 'contact') AS count,
        (SELECT count(*) FROM merge_pieces p JOIN merges m ON m.id = p.merge_id WHERE m.organization_id = ${organizationId}) AS pieces`);
    return row ?? assert.fail();
  }

  test('addresses, fields and history follow; nobody gets two messages of a campaign; an undo gives all of it back', async () => {
    const company = await crm.companies.create(me, { name: 'Engines' });
    const into = await crm.contacts.create(me, { email: at('ada'), tags: ['a'] });
    const from = await crm.contacts.create(me, {
      email: at('countess'),
      emails: all('countess', 'king'),
      first_name: 'Ada',
      company_id: company.id,
      tags: ['b'],
      lawful_basis: 'consent',
    });
    const project = await crm.projects.create(me, { name: 'P' });
    await crm.projects.addContacts(me, project.id, [into.id, from.id]);
    const call = await crm.activities.create(me, { activity_type: 'note', contact_id: from.id, metadata: {} });
    await makeMeeting(from);
    await makeMail(from);
    const shared = await makeCampaign([into, from]);
    const theirs = await makeCampaign([from]);
    const before = await stateOf(me);
    const told = (await toldOf(crm, me.organizationId)).length;

    const mergeId = await merge(into, from);
    const events = (await toldOf(crm, me.organizationId)).slice(told);
    assert.deepEqual(
      events.map(({ type, data }) => [type, data['id'], data['from_id'], data['changed'], data['moved']]),
      [
        [
          'contact.merged',
          into.id,
          from.id,
          ['first_name', 'emails', 'company_id', 'company_name', 'tags', 'lawful_basis', 'lawful_basis_at'],
          { imports: 1, projects: 0, activities: 1, replies: 1, messages: 2, leads: 2, finds: 0, meetings: 1 },
        ],
      ],
    );
    const merged = await crm.contacts.get(me, into.id);
    assert.deepEqual(merged.emails, all('ada', 'countess', 'king'));
    assert.deepEqual([merged.first_name, merged.company_name, merged.tags], ['Ada', 'Engines', ['a', 'b']]);
    await assert.rejects(crm.contacts.get(me, from.id), {
      error: 'not_found',
      data: { resource: 'Contact', members: { merged_into: into.id } },
    });
    const { found } = await crm.contacts.lookup(me, [at('king')]);
    assert.deepEqual(
      found.map(({ id }) => id),
      [into.id],
      'found by the address of the other',
    );
    assert.equal((await crm.activities.get(me, call.id)).contact_id, into.id);
    const after = await stateOf(me);
    for (const kind of ['messages', 'replies', 'imported'])
      assert.deepEqual(new Set((after[kind] as Fields[]).map((row) => row['contact_id'])), new Set([into.id]), kind);
    assert.deepEqual(
      await leadsOf(shared),
      new Map([
        [at('countess'), ['skipped', 'contact_merged', into.id]],
        [at('ada'), ['queued', null, into.id]],
      ]),
    );
    assert.deepEqual(await leadsOf(theirs), new Map([[at('countess'), ['queued', null, into.id]]]));

    await crm.merges.undo(me, mergeId);
    assert.deepEqual(await stateOf(me), before);
    const last = (await toldOf(crm, me.organizationId)).at(-1) ?? assert.fail();
    assert.deepEqual(
      [last.type, (last.data['from'] as { emails: unknown }).emails],
      ['contact.unmerged', all('countess', 'king')],
    );
  });

  test('an opt-out is the person: it follows, and all their leads stop', async () => {
    const into = await crm.contacts.create(me, { email: at('ada') });
    const from = await crm.contacts.create(me, { email: at('countess') });
    const campaign = await makeCampaign([into]);
    await crm.db.transaction((tx) =>
      crm.suppressions.suppress(tx, me, [{ kind: 'email', value: at('countess'), reason: 'unsubscribed' }]),
    );
    assert.equal((await crm.contacts.get(me, from.id)).status, 'unsubscribed');
    const before = await stateOf(me);
    const mergeId = await merge(into, from);
    assert.equal((await crm.contacts.get(me, into.id)).status, 'unsubscribed');
    assert.deepEqual(await leadsOf(campaign), new Map([[at('ada'), ['skipped', 'unsubscribed', into.id]]]));
    await crm.merges.undo(me, mergeId);
    assert.deepEqual(await stateOf(me), before);
  });

  test('an undo returns addresses, companies that were merged since, and refuses a taken address', async () => {
    const [kept, gone] = [
      await crm.companies.create(me, { name: 'Kept' }),
      await crm.companies.create(me, { name: 'Gone' }),
    ];
    const into = await crm.contacts.create(me, { first_name: 'Ada' });
    const from = await crm.contacts.create(me, { email: at('countess'), company_id: gone.id });
    const mergeId = await merge(into, from);
    assert.equal((await crm.contacts.get(me, into.id)).email, at('countess'), 'it had none');
    await crm.merges.merge('company', me, kept.id, gone.id);
    await crm.contacts.update(me, into.id, {}, { emails: all('ada') });
    const other = await crm.contacts.create(me, { email: at('countess') });
    await assert.rejects(crm.merges.undo(me, mergeId), {
      error: 'conflict',
      message: /countess@lovelace.example already exists/,
    });
    await assert.rejects(crm.contacts.get(me, from.id), { error: 'not_found' });
    await crm.contacts.remove(me, other.id);
    await crm.merges.undo(me, mergeId);
    const back = await crm.contacts.get(me, from.id);
    assert.deepEqual([back.email, back.company_id], [at('countess'), kept.id]);
    assert.deepEqual((await crm.contacts.get(me, into.id)).emails, all('ada'));
  });

  test('a merge that would leave too many addresses, or of a deleted contact, is refused', async () => {
    const into = await crm.contacts.create(me, { email: at('a0'), emails: all('a0', 'a1', 'a2', 'a3', 'a4', 'a5') });
    const from = await crm.contacts.create(me, { email: at('b0'), emails: all('b0', 'b1', 'b2', 'b3', 'b4') });
    const deleted = await crm.contacts.create(me, { email: at('deleted') });
    await crm.contacts.remove(me, deleted.id);
    const before = await stateOf(me);
    await assert.rejects(merge(into, from), { error: 'validation_failed', message: /more than 10 addresses/ });
    await assert.rejects(merge(into, deleted), { error: 'validation_failed', message: /does not exist/ });
    await assert.rejects(merge(deleted, into), { error: 'not_found' });
    assert.deepEqual(await stateOf(me), before);
    const other = await crm.contacts.create(me, { email: at('other') });
    const mergeId = await merge(into, other);
    await crm.contacts.remove(me, into.id);
    await assert.rejects(crm.merges.undo(me, mergeId), {
      error: 'conflict',
      message: `The surviving contact was deleted. Restore it first: POST /v1/contacts/${into.id}/restore.`,
    });
    await crm.contacts.restore(me, into.id);
    await crm.merges.undo(me, mergeId);
    assert.equal((await crm.contacts.get(me, other.id)).email, at('other'));
  });

  test('merging and undoing gives back the same state, and concurrent merges of overlapping pairs lose nobody', async () => {
    const text = fc.option(fc.constantFrom('x', 'y'), { nil: null });
    const person = fc.record({ last_name: text, phone: text, city: text, addresses: fc.nat(2) });
    const links = fc.array(
      fc.record({ kind: fc.constantFrom('project', 'activity', 'campaign', 'meeting'), of: fc.nat(2) }),
      { maxLength: 8 },
    );
    let made = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(person, { minLength: 3, maxLength: 3 }),
        links,
        fc.boolean(),
        async (people, given, together) => {
          const who = await crm.editor();
          const contacts: Contact[] = [];
          for (const { addresses, ...fields } of people) {
            made += 1;
            const names = Array.from({ length: addresses }, (_, index) => `p${made}-${index}`);
            const emails = names.length === 0 ? {} : { emails: all(...names) };
            contacts.push(await crm.contacts.create(who, { first_name: 'P', ...fields, ...emails }));
          }
          const project = await crm.projects.create(who, { name: 'P' });
          const campaign = await makeCampaign([], who);
          for (const { kind, of } of given) {
            const contact = contacts[of] ?? assert.fail();
            if (kind === 'project') await crm.projects.addContacts(who, project.id, [contact.id]);
            else if (kind === 'campaign') await crm.mail.leads.records.add(reachOf(who), campaign, [contact.id]);
            else if (kind === 'meeting') await makeMeeting(contact, who);
            else await crm.activities.create(who, { activity_type: 'note', metadata: {}, contact_id: contact.id });
          }
          const before = await stateOf(who);
          const [a, b, c] = contacts;
          assert.ok(a && b && c);
          const pairs: [Contact, Contact][] = together
            ? [
                [a, b],
                [b, a],
                [a, c],
                [c, b],
              ]
            : [
                [a, b],
                [c, a],
              ];
          const done = together
            ? await Promise.allSettled(pairs.map((pair) => merge(...pair, who)))
            : [await merge(a, b, who), await merge(c, a, who)].map((value) => ({
                status: 'fulfilled' as const,
                value,
              }));
          for (const each of done)
            if (each.status === 'rejected')
              assert.ok(
                each.reason instanceof ApiError && ['not_found', 'validation_failed'].includes(each.reason.error),
                String(each.reason),
              );
          const merged = done.filter(({ status }) => status === 'fulfilled').length;
          const left = await crm.contacts.byIds(
            crm.db,
            who,
            contacts.map(({ id }) => id),
          );
          assert.equal(left.length, 3 - merged);
          assert.deepEqual(
            left.flatMap(({ emails }) => emails.map(({ email }) => email)).sort(),
            contacts.flatMap(({ emails }) => emails.map(({ email }) => email)).sort(),
            'each address has one contact',
          );
          for (const { id } of await crm.merges.list(who, { entities: ['contact'], undone: false }, { limit: 100 }))
            await crm.merges.undo(who, id);
          assert.deepEqual(await stateOf(who), before);
        },
      ),
      { numRuns: 8 },
    );
  });
});
