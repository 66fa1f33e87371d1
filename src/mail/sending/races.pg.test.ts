import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { minuteMs } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import { sql } from '../../db/sql.ts';
import type { Installation } from '../../../test/harness/installation.ts';
import { sendingScene } from '../../../test/harness/sending-scene.ts';
import { takeDue } from './claim-queries.ts';

/** Whether a transaction waits for a lock that another one has. */
const isBlocked = async ({ db }: Pick<Installation, 'db'>): Promise<boolean> =>
  (
    await db.query(
      sql`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database() AND state = 'active'`,
    )
  ).length > 0;

describe('what happens to mailboxes at the same moment', () => {
  const scene = sendingScene(() => ({ config: { roles: ['api'] } }));

  test('M17: a holder that was taken for dead takes no mailbox, which nobody would release', async () => {
    const { product, clock } = scene;
    const { mailbox, send } = await scene.outbox();
    await send();
    const [dead, alive] = [randomUUID(), randomUUID()];
    await product.db.execute(
      sql`INSERT INTO delivery_holders (id, released_at) VALUES (${dead}, now()), (${alive}, NULL)`,
    );
    const taken = async (holder: string): Promise<MailboxId[]> =>
      (await takeDue(product.db, holder, new Date(clock.now()), 1_000)).map((row) => row.mailbox_id);
    assert.deepEqual(await taken(dead), []);
    assert.deepEqual(await taken(randomUUID()), []);
    assert.ok((await taken(alive)).includes(mailbox));
  });
});

describe('what happens to messages at the same moment', () => {
  const scene = sendingScene();

  test('M12 M15: a message whose claim is refused stops neither its predecessor nor another mailbox', async () => {
    const { product, clock } = scene;
    const gate = Promise.withResolvers<undefined>();
    const box = await scene.outbox(({ stage, transaction }) =>
      stage === 'mail' && transaction === 0 ? { kind: 'delay', until: gate.promise } : undefined,
    );
    const other = await scene.outbox();
    const first = await box.send();
    await box.until(first, 'sending');
    const refused = await box.send();
    const [row] = await product.db.query(sql<{ content: Buffer }>`SELECT content FROM messages WHERE id = ${refused}`);
    assert.ok(row !== undefined);
    const broken = Buffer.concat([row.content.subarray(0, -4), Buffer.alloc(4)]);
    await product.db.execute(sql`UPDATE messages SET content = ${broken} WHERE id = ${refused}`);
    gate.resolve(undefined);
    const step = async (id: string): Promise<unknown> => {
      await clock.advance(100);
      return (await product.db.query(sql<{ status: string }>`SELECT status FROM messages WHERE id = ${id}`))[0]?.status;
    };
    await product.until(async () => (await step(first)) === 'sent', 'the first one is sent');
    await other.until(await other.send(), 'sent');
    assert.equal(await step(refused), 'claimed');
    await product.db.execute(sql`UPDATE messages SET content = ${row.content} WHERE id = ${refused}`);
    await product.until(async () => (await step(refused)) === 'sent', 'it is sent once it can be opened');
  });

  test('M15: a mailbox that becomes able to send after it was taken connects first', async () => {
    const { product } = scene;
    const box = await scene.outbox();
    const organization = box.tenant.organization.id;
    await product.db.execute(sql`UPDATE mailboxes SET status = 'paused' WHERE id = ${box.mailbox}`);
    const id = await box.send();
    await product.until(async () => (await box.get(id))['blocked_reason'] === 'mailbox_paused', 'it waits');
    await product.db.transaction(async (tx) => {
      await product.crm.suppressions.lock(tx, organization);
      await product.db.execute(
        sql`UPDATE mailbox_pace SET next_at = ${new Date(scene.clock.now())} WHERE mailbox_id = ${box.mailbox}`,
      );
      await product.db.execute(
        sql`SELECT pg_notify('outrider', ${JSON.stringify({ kind: 'mail', mailboxes: [], changed: false })})`,
      );
      await product.until(() => isBlocked(product), 'the claim waits');
      await product.db.execute(sql`UPDATE mailboxes SET status = 'connected' WHERE id = ${box.mailbox}`);
    });
    await box.until(id, 'sent');
    const [row] = await product.db.query(
      sql<{ failing: unknown }>`SELECT smtp_failing AS failing FROM mailboxes WHERE id = ${box.mailbox}`,
    );
    assert.equal(row?.failing, null);
  });

  test('M12: a mailbox that its process takes again while it works on it has one session', async () => {
    const { product } = scene;
    const gate = Promise.withResolvers<undefined>();
    const connections = new Set<number>();
    let isComplete = false;
    const box = await scene.outbox(({ stage, connection }) => {
      connections.add(connection);
      if (stage !== 'final' || isComplete) return undefined;
      isComplete = true;
      return { kind: 'delay', until: gate.promise };
    });
    const first = await box.send();
    await product.until(() => isComplete, 'the server has it');
    const second = await box.send();
    // As another process does it that takes this one for dead.
    await product.db.execute(
      sql`UPDATE mailbox_pace SET holder = NULL, next_at = ${new Date(scene.clock.now())} WHERE mailbox_id = ${box.mailbox}`,
    );
    const holders = sql<{ holder: string | null }>`SELECT holder FROM mailbox_pace WHERE mailbox_id = ${box.mailbox}`;
    const other = await scene.outbox();
    await other.until(await other.send(), 'sent');
    await product.until(async () => (await product.db.query(holders))[0]?.holder !== null, 'it is taken again');
    await other.until(await other.send(), 'sent');
    assert.deepEqual([[...connections], (await box.get(second))['status']], [[0], 'claimed']);
    gate.resolve(undefined);
    for (const id of [first, second]) await box.until(id, 'sent');
    assert.equal(box.smtp.messages.length, 2);
  });

  test('M6 M12: the answer to an attempt that was taken for lost stops the next one, also if a person wants it', async () => {
    const { product } = scene;
    const gate = Promise.withResolvers<undefined>();
    let isComplete = false;
    const box = await scene.outbox(({ stage, connection }) => {
      if (stage !== 'final' || connection > 0) return undefined;
      isComplete = true;
      return { kind: 'delay', until: gate.promise };
    });
    const id = await box.send();
    await product.until(() => isComplete, 'the server has it');
    // As another process does it that takes this one for dead.
    await product.db.execute(sql`UPDATE messages SET status = 'unknown', holder = NULL WHERE id = ${id}`);
    assert.equal((await box.tenant.api('POST', `/v1/messages/${id}/resend`)).status, 202);
    gate.resolve(undefined);
    await box.until(id, 'sent');
    await box.until(await box.send(), 'sent');
    assert.equal(box.smtp.messages.filter(({ messageId }) => messageId === box.smtp.messages[0]?.messageId).length, 1);
    assert.deepEqual(await box.events('email'), ['email.sent', 'email.delivered', 'email.sent', 'email.delivered']);
  });

  for (const [isThere, ends] of [
    [true, 'sent'],
    [false, 'not_found'],
  ] as const)
    test(`M6: an unknown message that is ${isThere ? '' : 'not '}in the capture box is ${ends}`, async () => {
      const { product, clock } = scene;
      const box = await scene.outbox();
      await product.db.execute(sql`UPDATE mailboxes SET sandbox = true WHERE id = ${box.mailbox}`);
      const id = await box.send();
      await box.until(id, 'sent');
      if (!isThere) await product.db.execute(sql`DELETE FROM captured_messages WHERE mailbox_id = ${box.mailbox}`);
      await product.db.execute(sql`
        UPDATE messages SET status = 'unknown', sent_at = NULL, reconciled = 4, reconcile_at = ${new Date(clock.now() + minuteMs)} WHERE id = ${id}`);
      await product.db.execute(sql`SELECT pg_notify('outrider', ${JSON.stringify({ kind: 'due', endpoints: [] })})`);
      await box.afterTime(id, ends);
    });
});
