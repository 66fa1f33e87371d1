import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Role } from '../../src/base/config.ts';
import type { Database } from '../../src/db/pool.ts';
import { sql } from '../../src/db/sql.ts';
import type { Fields } from '../harness/caller.ts';
import { callerOf } from '../harness/caller.ts';
import { TestClock } from '../harness/clock.ts';
import { createTestDatabase } from '../harness/database.ts';
import { asTimePasses, startInstallation } from '../harness/installation.ts';
import type { Installation } from '../harness/installation.ts';
import { makeIn } from './records.ts';
import type { Owner } from './records.ts';

/** How many rows of each table have a value in a column, without tables that have none. */
async function rowsWith(db: Database, column: string, value: string): Promise<Record<string, number>> {
  const tables = await db.query(sql<{ name: string }>`
    SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attname = ${column} AND NOT a.attisdropped ORDER BY 1`);
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await db.query<{ count: number }>({
      name: '',
      text: `SELECT count(*) AS count FROM ${name} WHERE ${column} = $1`,
      values: [value],
    });
    if (row !== undefined && row.count > 0) counts[name] = row.count;
  }
  return counts;
}

/** Records of all kinds that mail has, and a contact. */
const kinds = [
  '/v1/replies/:id',
  '/v1/meetings/:id',
  '/v1/captured-messages/:id',
  '/v1/messages/:id',
  '/v1/templates/:id',
  '/v1/inbound-sources/:id',
  '/v1/contacts/:id',
];

test('a workspace that sends is deleted with its mail, across a failure and a restart, and sends nothing more', async () => {
  const database = await createTestDatabase();
  const clock = new TestClock();
  const start = (roles: readonly Role[]) => startInstallation({ clock, databaseUrl: database.url, config: { roles } });
  const first = await start(['api']);
  const me = await first.tenant();
  const bound = async (name: string): Promise<Owner> => {
    const workspaceId = await me.workspace(name);
    return { ...(await me.withKey({ workspaceId })), workspaceId };
  };
  const [leaving, staying] = [await bound('leaving'), await bound('staying')];
  for (const owner of [leaving, staying, me as Owner]) for (const kind of kinds) await makeIn(first, owner, kind);
  const [campaign] = (await leaving.api('GET', '/v1/campaigns?limit=1')).json.data as Fields[];
  await leaving.got('POST', `/v1/campaigns/${String(campaign?.['id'])}/launch`);
  // Its outcome comes later.
  const [flying] = await first.db.query(sql<{ id: string }>`
    UPDATE messages SET status = 'sending' WHERE id IN (
      SELECT id FROM messages WHERE workspace_id = ${leaving.workspaceId ?? ''} AND status = 'claimed' AND lead_id IS NULL ORDER BY id LIMIT 1) RETURNING id`);
  await makeIn(first, leaving, '/v1/messages/:id');
  const [doubtful] = await first.db.query(sql<{ id: string }>`
    UPDATE messages SET status = 'unknown', due_at = NULL, error = 'The connection ended.' WHERE id IN (
      SELECT id FROM messages WHERE workspace_id = ${leaving.workspaceId ?? ''} AND status = 'claimed' AND lead_id IS NULL ORDER BY id LIMIT 1) RETURNING id`);
  const others = {
    staying: await rowsWith(first.db, 'workspace_id', String(staying.workspaceId)),
    leads: await first.db.query(sql<{ id: string }>`
      SELECT id FROM campaign_leads WHERE workspace_id IS DISTINCT FROM ${leaving.workspaceId ?? ''} ORDER BY id`),
    messages: await first.db.query(sql<{ id: string }>`
      SELECT id FROM messages WHERE workspace_id IS DISTINCT FROM ${leaving.workspaceId ?? ''} ORDER BY id`),
  };
  const of = { workspace: String(leaving.workspaceId), path: `/v1/workspaces/${String(leaving.workspaceId)}` };
  const { status, json, text } = await me.api('DELETE', of.path);
  assert.equal(status, 202, text);
  const { deletes } = json.data as { deletes: Record<string, number> };
  assert.ok((deletes['mailboxes'] ?? 0) >= 3 && (deletes['campaigns'] ?? 0) >= 2, text);
  assert.ok((deletes['leads'] ?? 0) >= 2 && (deletes['messages'] ?? 0) >= 4, text);
  const live = await first.db.query(sql<{ id: string }>`
    SELECT id FROM mailboxes WHERE workspace_id = ${of.workspace} AND deleted_at IS NULL
    UNION ALL SELECT id FROM campaigns WHERE workspace_id = ${of.workspace} AND status <> 'archived'`);
  assert.deepEqual(live, [], 'nothing begins to be sent any more');
  await first.stop();

  // The deletion of campaigns fails; what was deleted before stays deleted.
  const second = await start(['api', 'engine', 'mail']);
  await second.db.script(`
    CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''no''; END';
    CREATE TRIGGER fail BEFORE DELETE ON campaigns FOR EACH ROW EXECUTE FUNCTION fail();`);
  const failed = (): boolean => second.errors.length > 0;
  await asTimePasses(second, failed, 'a chunk failed');
  const asMe = (product: Installation) => callerOf(product.url, me.key);
  assert.equal(((await asMe(second).got('GET', of.path)) as Fields)['status'], 'deleting');
  await second.db.script('DROP TRIGGER fail ON campaigns; DROP FUNCTION fail()');
  await second.stop();

  const third = await start(['api', 'engine', 'mail']);
  const leftOf = async (): Promise<Record<string, number>> => rowsWith(third.db, 'workspace_id', of.workspace);
  await asTimePasses(
    third,
    async () => (await leftOf())['campaigns'] === undefined,
    'its campaigns are deleted',
    10_000,
  );
  for (let count = 0; count < 20; count += 1) await clock.leap(10_000);
  assert.equal(((await asMe(third).got('GET', of.path)) as Fields)['status'], 'deleting', 'a message is in flight');
  await third.db.execute(sql`UPDATE messages SET status = 'sent', sent_at = now() WHERE id = ${flying?.id}`);
  await asTimePasses(
    third,
    async () => (await asMe(third).api('GET', of.path)).status === 404,
    'it is deleted',
    10_000,
  );

  const left = await leftOf();
  // Their rows stay, because events and deleted records refer to them.
  assert.deepEqual(
    Object.keys(left).sort(),
    ['api_keys', 'events', 'inbound_events', 'mailboxes'].filter((name) => name in left),
  );
  const named = await third.db.query(
    sql<{ email: string }>`SELECT email FROM mailboxes WHERE workspace_id = ${of.workspace} AND email LIKE '%@%'`,
  );
  assert.deepEqual(named, []);
  // Its messages were sent by the new processes.
  const { captured_messages: _captured, events: _events, ...stayed } = others.staying;
  assert.partialDeepStrictEqual(await rowsWith(third.db, 'workspace_id', String(staying.workspaceId)), stayed);
  const after = {
    leads: await third.db.query(sql<{ id: string }>`SELECT id FROM campaign_leads ORDER BY id`),
    messages: await third.db.query(sql<{ id: string }>`SELECT id FROM messages ORDER BY id`),
  };
  assert.deepEqual(after, { leads: others.leads, messages: others.messages });
  const [orphans] = await third.db.query(sql<{ count: number }>`
    SELECT (SELECT count(*) FROM lead_history h WHERE NOT EXISTS (SELECT FROM campaign_leads l WHERE l.id = h.lead_id))
      + (SELECT count(*) FROM replies r WHERE NOT EXISTS (SELECT FROM messages m WHERE m.id = r.id)) AS count`);
  assert.equal(orphans?.count, 0);
  const [sent] = await third.db.query(sql<{ count: number }>`
    SELECT count(*) AS count FROM events WHERE workspace_id = ${of.workspace} AND type = 'email.sent'`);
  assert.equal(sent?.count, 0, 'nothing was sent after the answer');
  const unknown = await third.db.query(sql<{ id: string }>`
    SELECT convert_from(data, 'UTF8')::jsonb ->> 'email_id' AS id FROM events WHERE workspace_id = ${of.workspace} AND type = 'email.unknown'`);
  assert.deepEqual(unknown, [{ id: doubtful?.id }], 'nobody will learn whether it was sent');
  const [contacts] = await third.db.query(sql<{ count: number; distinct: number }>`
    SELECT count(*) AS count, count(DISTINCT convert_from(data, 'UTF8')::jsonb ->> 'id') AS distinct FROM events WHERE workspace_id = ${of.workspace} AND type = 'contact.deleted'`);
  assert.ok(
    contacts !== undefined && contacts.count > 0 && contacts.count === contacts.distinct,
    'one event per contact',
  );
  await third.stop();
  await database.drop();
});
