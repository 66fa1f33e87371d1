import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import { always, makeSandbox } from '../../../test/harness/sandbox.ts';
import type { Sandbox } from '../../../test/harness/sandbox.ts';
import { dayMs } from '../../base/clock.ts';
import { sql } from '../../db/sql.ts';

interface LetterRow {
  readonly message_id: string;
  readonly mailbox_id: string;
  readonly receiver_id: string;
  readonly answers: string | null;
  readonly relation: string;
  readonly placement: string | null;
  readonly begun_at: Date;
}

describe('the exchange of a sandbox', () => {
  const scene = installationScene();
  const workHours = { work_hours: { ...always, end: '23:59' } };

  const letters = (ids: readonly string[]): Promise<LetterRow[]> =>
    scene.product.db.query(sql<LetterRow>`
      SELECT message_id, mailbox_id, receiver_id, answers, relation, placement, begun_at FROM exchange_letters WHERE mailbox_id = ANY(${[...ids]}::uuid[]) ORDER BY begun_at`);
  const actions = (
    kind: string,
    ids: readonly string[],
  ): Promise<{ letter_id: string; mailbox_id: string; outcome: string }[]> =>
    scene.product.db.query(sql<{ letter_id: string; mailbox_id: string; outcome: string }>`
      SELECT letter_id, mailbox_id, outcome FROM exchange_actions WHERE kind = ${kind} AND mailbox_id = ANY(${[...ids]}::uuid[]) AND done_at IS NOT NULL`);
  const warmup = (sandbox: Sandbox, id: string): Promise<Fields> => sandbox.got('GET', `/v1/mailboxes/${id}/warmup`);
  async function take(sandbox: Sandbox, id: string, settings: Fields = {}): Promise<void> {
    await sandbox.got('PATCH', `/v1/mailboxes/${id}/warmup`, { strategy: 'fast', reply_rate: 100, ...settings });
    await sandbox.got('POST', `/v1/mailboxes/${id}/warmup/resume`);
  }

  test('letters are sent, found, answered and filed, and are no messages of people', async () => {
    const sandbox = await makeSandbox(scene.product);
    const made = (email: string, fields: Fields = {}): Promise<string> =>
      sandbox.mailbox({ email, ...workHours, ...fields });
    const ada = await made('ada@lovelace.example');
    const grace = await made('grace@hopper.example');
    const rose = await made('rose+young@parks.example');
    const seed = await made('seed@seed-one.example', { role: 'seed' });
    const lost = await made('seed+missing@seed-two.example', { role: 'seed' });
    const all = [ada, grace, rose];
    for (const id of all) await take(sandbox, id);
    // A contact, so that what he writes would be stored.
    await sandbox.contacts([{ email: 'grace@hopper.example' }]);
    const isMissed = async (): Promise<boolean> =>
      (await letters(all)).some((row) => row.receiver_id === lost && row.placement === 'missing');
    for (let half = 0; half < 3 || (half < 6 && !(await isMissed())); half += 1) await sandbox.advance(dayMs / 2);

    const rows = await letters(all);
    const first = rows.filter(({ answers }) => answers === null);
    const pairs = Map.groupBy(first, (row) => [row.mailbox_id, row.receiver_id].sort().join());
    for (const [pair, own] of pairs) assert.equal(own.length, 1, pair);
    assert.ok(pairs.has([ada, grace].sort().join()) && pairs.has([grace, rose].sort().join()));
    assert.ok(first.some((row) => row.receiver_id === seed && row.placement === 'inbox'));
    assert.ok(first.some((row) => row.receiver_id === lost && row.placement === 'missing'));
    assert.ok(first.some((row) => row.mailbox_id === rose && row.placement === 'spam'));
    assert.equal(new Set(first.map((row) => row.message_id)).size, first.length);

    // All answered once, but what seeds received.
    const answered = rows.filter(({ answers }) => answers !== null);
    assert.ok(answered.length >= 3);
    assert.equal(new Set(answered.map(({ answers }) => answers)).size, answered.length);
    assert.deepEqual(await actions('read', [seed, lost]), []);
    const rescued = await actions('move', all);
    const junked = rows.filter((row) => row.placement === 'spam' && row.relation !== 'seed');
    assert.ok(rescued.length > 0 && rescued.length <= junked.length);
    assert.ok((await actions('file', all)).length > 0);

    // Nothing of it is a reply, an event or a message in an inbox.
    const { db } = scene.product;
    const [inbound] = await db.query(
      sql<{
        count: number;
      }>`SELECT count(*) AS count FROM messages WHERE mailbox_id = ANY(${all}::uuid[]) AND direction = 'inbound'`,
    );
    assert.equal(inbound?.count, 0);
    assert.deepEqual((await sandbox.api('GET', '/v1/replies')).json.data as Fields[], []);
    for (const prefix of ['email', 'reply']) assert.deepEqual(await sandbox.list(`/v1/events?event=${prefix}.*`), []);

    // Placement counts for the sender, by provider; what was done is listed without addresses.
    const placement = (await sandbox.got('GET', `/v1/mailboxes/${rose}/placement`))['providers'] as Fields[];
    assert.ok(placement.some(({ spam }) => Number(spam) > 0));
    assert.equal((await sandbox.api('GET', `/v1/mailboxes/${rose}/placement?day=1`)).status, 422);
    const messages = await sandbox.list(`/v1/mailboxes/${grace}/warmup/messages`);
    assert.ok(messages.length > 0);
    assert.doesNotMatch(JSON.stringify(messages), /@/);
    const stats = await db.query(sql<{ received: number; rescued: number; replied: number }>`
      SELECT sum(received)::bigint AS received, sum(rescued)::bigint AS rescued, sum(warmup_replied)::bigint AS replied FROM mailbox_days WHERE mailbox_id = ANY(${all}::uuid[])`);
    assert.equal(stats[0]?.rescued, rescued.length);
    assert.equal(stats[0]?.replied, answered.length);

    // What is still to be done has a time of the sandbox's clock, too.
    const [again] = (await actions('file', [grace])).map(({ letter_id: id }) => id);
    const due = new Date(scene.product.clock.now() + dayMs);
    await db.execute(sql`
      UPDATE exchange_actions SET done_at = NULL, outcome = NULL, due_at = ${due} WHERE letter_id = ${again}::uuid AND kind = 'file'`);
    const open = (await sandbox.list(`/v1/mailboxes/${grace}/warmup/messages`)).find(({ id }) => id === again);
    const filing = (open?.['actions'] as Fields[] | undefined)?.find(({ action }) => action === 'file');
    const nowMs = await sandbox.now();
    assert.equal(filing?.['state'], 'waiting');
    assert.ok(Date.parse(String(filing?.['at'])) > nowMs, `${String(filing?.['at'])} is after ${nowMs}`);

    const { exchange } = (await warmup(sandbox, ada)) as { exchange: Fields };
    assert.deepEqual([exchange['partners'], exchange['low_value_partners'], exchange['seeds']], [0, 2, 2]);
    assert.deepEqual(scene.product.errors, []);
  });

  test('a mailbox without a partner says why it sends nothing', async () => {
    const sandbox = await makeSandbox(scene.product);
    const ada = await sandbox.mailbox({ email: 'ada@lovelace.example', ...workHours });
    const reason = async (): Promise<unknown> => {
      const { exchange } = (await warmup(sandbox, ada)) as { exchange: Fields };
      assert.match(String(exchange['blocked_detail']), /^Nothing is sent, because /);
      return exchange['blocked_reason'];
    };
    assert.equal(await reason(), 'warmup_off');
    await take(sandbox, ada);
    await sandbox.advance(dayMs);
    assert.equal(await reason(), 'no_partner');
    assert.deepEqual(await letters([ada]), []);
    const live = await scene.product.tenant();
    const id = String(
      (await live.got('POST', '/v1/mailboxes', { email: 'ada@lovelace.example', provider: 'capture' }))['id'],
    );
    await live.got('POST', `/v1/mailboxes/${id}/warmup/resume`);
    const settings = { allow_same_organization: true, allow_other_organizations: true };
    const changed = await live.got('PATCH', `/v1/mailboxes/${id}/warmup`, settings);
    const { exchange } = changed as { exchange: Fields };
    assert.deepEqual([exchange['allow_same_organization'], exchange['allow_other_organizations']], [true, true]);
    assert.equal(exchange['blocked_reason'], 'no_partner');
  });

  test('a mailbox whose cap other messages have used up says so', async () => {
    const sandbox = await makeSandbox(scene.product);
    const ada = await sandbox.mailbox({ email: 'ada@lovelace.example', ...workHours });
    await take(sandbox, await sandbox.mailbox({ email: 'grace@hopper.example', ...workHours }));
    const message = { mailbox_id: ada, to: 'rose@parks.example', subject: 'Hello', text: 'Hello' };
    await sandbox.got('POST', '/v1/messages', message);
    await sandbox.settle();
    await take(sandbox, ada, { target_daily_volume: 1 });
    const { exchange, today } = (await warmup(sandbox, ada)) as { exchange: Fields; today: Fields };
    assert.deepEqual([today['target'], today['sent']], [1, 1]);
    assert.equal(exchange['blocked_reason'], 'day_complete');
    assert.equal(exchange['blocked_detail'], 'Nothing is sent, because the cap of today (1) is used up.');
  });

  test('a seed sends nothing: neither messages nor campaigns', async () => {
    const tenant = await scene.product.tenant();
    const { id } = await tenant.got('POST', '/v1/mailboxes', {
      email: 'seed@seed.example',
      provider: 'capture',
      role: 'seed',
    });
    const message = { mailbox_id: id, to: 'grace@hopper.example', subject: 'Hello', text: 'Hello' };
    const refused = await tenant.api('POST', '/v1/messages', message);
    assert.equal(refused.status, 422);
    assert.match(refused.text, /is a seed/);
    const campaign = { name: 'Spring', mailbox_ids: [id], sequence: [{ subject: 'Hello', body: 'Hello' }] };
    assert.match((await tenant.api('POST', '/v1/campaigns', campaign)).text, /is a seed/);
    assert.equal((await tenant.got('PATCH', `/v1/mailboxes/${String(id)}`, { role: 'sender' }))['role'], 'sender');
    assert.equal((await tenant.api('POST', '/v1/messages', message)).status, 202);
  });

  test('what is to be done in a mailbox ends with it', async () => {
    const sandbox = await makeSandbox(scene.product);
    const ada = await sandbox.mailbox({ email: 'ada@lovelace.example', ...workHours });
    const grace = await sandbox.mailbox({ email: 'grace@hopper.example', ...workHours });
    for (const id of [ada, grace]) await take(sandbox, id);
    await scene.product.until(async () => {
      await sandbox.advance(dayMs / 24);
      return (await letters([ada, grace])).some(({ placement }) => placement !== null);
    }, 'a letter was found');
    for (const id of [ada, grace]) await sandbox.api('DELETE', `/v1/mailboxes/${id}`);
    const [open] = await scene.product.db.query(
      sql<{
        count: number;
      }>`SELECT count(*) AS count FROM exchange_actions WHERE mailbox_id = ANY(${[ada, grace]}::uuid[]) AND done_at IS NULL`,
    );
    assert.equal(open?.count, 0);
  });
});
