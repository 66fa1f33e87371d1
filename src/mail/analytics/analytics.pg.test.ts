import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { TestClock } from '../../../test/harness/clock.ts';
import { createTestDatabase } from '../../../test/harness/database.ts';
import type { TestDatabase } from '../../../test/harness/database.ts';
import { makeOrganization } from '../../../test/harness/engine.ts';
import { createIds } from '../../base/ids.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { connect } from '../../db/pool.ts';
import type { Database } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import { count, statsOf, totalsOf } from './index.ts';
import type { Delta } from './index.ts';

const ids = createIds(new TestClock());
const [step, mailbox, other] = [ids.next(), ids.next(), ids.next()];
const message = { day: '2026-11-29', stepId: step, variant: 'a', mailboxId: mailbox, provider: 'google' };

describe('counting', () => {
  let database: TestDatabase;
  let db: Database;
  let organizationId: OrganizationId;
  before(async () => {
    database = await createTestDatabase();
    db = connect(database.url);
    organizationId = await makeOrganization(db, ids, 'counting');
  });
  after(async () => {
    await db.close();
    await database.drop();
  });

  async function campaign(): Promise<string> {
    const id = ids.next();
    await db.execute(sql`
      INSERT INTO campaigns (id, organization_id, name, icp, status, schedule, tracking, stop, unsubscribe, verification, cooldown_days, company_max, new_leads_first, revision, created_at, updated_at)
      VALUES (${id}, ${organizationId}, 'Test', '{}', 'active', '{}', '{}', '{}', 'header', 'off', 0, 0, false, 1, now(), now())`);
    return id;
  }
  const add = (deltas: readonly Delta[]) => db.transaction((tx) => count(tx, deltas));

  test('adds to the totals and returns the new ones of each changed campaign', async () => {
    const [one, two, untouched] = [await campaign(), await campaign(), await campaign()];
    const of = (campaignId: string) => ({ campaignId, organizationId });
    await add([
      { ...of(two), totals: { leads: 2, open: 2 } },
      { ...of(one), totals: { leads: 1, open: 1 } },
      { ...of(two), totals: { leads: 1, open: 1 } },
    ]);
    const changed = await add([
      { ...of(one), totals: { open: -1, replied: 1 } },
      { ...of(untouched), stats: { ...message, sent: 1 } },
    ]);
    assert.deepEqual(
      changed.map(({ campaign_id, open, replied }) => ({ campaign_id, open, replied })),
      [{ campaign_id: one, open: 0, replied: 1 }],
    );
    const totals = await totalsOf(db, [two, untouched]);
    assert.deepEqual([totals.get(two)?.leads, totals.get(two)?.open, totals.get(untouched)?.leads], [3, 3, 0]);
  });

  test('transactions that count the same campaigns in opposite orders lose nothing', async () => {
    const campaigns = [await campaign(), await campaign(), await campaign()];
    const deltas = campaigns.flatMap((campaignId) => [
      { campaignId, organizationId, totals: { sent: 1 } },
      { campaignId, organizationId, stats: { ...message, sent: 1 } },
      { campaignId, organizationId, stats: { ...message, mailboxId: other, sent: 1 } },
    ]);
    await Promise.all(Array.from({ length: 20 }, (_, index) => add(index % 2 === 0 ? deltas : deltas.toReversed())));
    const totals = await totalsOf(db, campaigns);
    assert.deepEqual(
      [...totals.values()].map(({ sent }) => sent),
      [20, 20, 20],
    );
    const stats = await statsOf(db, campaigns, 'mailbox');
    assert.deepEqual(
      stats.map(({ sent }) => sent),
      Array.from({ length: 6 }, () => 20),
    );
  });

  test('groups the figures of messages by each dimension', async () => {
    const campaignId = await campaign();
    const of = { campaignId, organizationId };
    const second = ids.next();
    await add([
      { ...of, stats: { ...message, sent: 3, opened: 1 } },
      { ...of, stats: { ...message, variant: 'b', sent: 2, bounced_hard: 1 } },
      { ...of, stats: { ...message, stepId: second, variant: null, day: '2026-11-30', provider: null, sent: 1 } },
    ]);
    const grouped = async (dimension: Parameters<typeof statsOf>[2]) =>
      (await statsOf(db, [campaignId], dimension)).map(({ step_id, key, sent }) => [step_id, key, sent]);
    assert.deepEqual(await grouped('step'), [
      [step, null, 5],
      [second, null, 1],
    ]);
    assert.deepEqual(await grouped('variant'), [
      [step, 'a', 3],
      [step, 'b', 2],
      [second, '', 1],
    ]);
    assert.deepEqual(await grouped('mailbox'), [[null, mailbox, 6]]);
    assert.deepEqual(await grouped('provider'), [
      [null, 'google', 5],
      [null, 'unknown', 1],
    ]);
    assert.deepEqual(await grouped('day'), [
      [null, '2026-11-30', 1],
      [null, '2026-11-29', 5],
    ]);
  });
});
