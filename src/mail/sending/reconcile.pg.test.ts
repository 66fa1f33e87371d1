import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hourMs, minuteMs } from '../../base/clock.ts';
import { sql } from '../../db/sql.ts';
import { sendingScene } from '../../../test/harness/sending-scene.ts';
import { createSources } from './sources.ts';
import { createReconciler, nextLook } from './reconcile.ts';

test('M6: looks are made 1, 5 and 30 minutes, 2 and 12 hours after the attempt', () => {
  let atMs = minuteMs;
  const looks = [atMs];
  for (let made = 0; ; made += 1) {
    const next = nextLook(made, atMs);
    assert.equal(next.reconciled, made + 1);
    if (next.atMs === null) break;
    looks.push((atMs = next.atMs));
  }
  assert.deepEqual(looks, [minuteMs, 5 * minuteMs, 30 * minuteMs, 2 * hourMs, 12 * hourMs]);
});

describe('looking for unknown messages', () => {
  const scene = sendingScene(() => ({ config: { roles: ['api'] } }));

  type Found = 'found' | 'absent' | 'unavailable';

  /** A message whose fate is unknown, and its reconciliation with these answers. */
  async function unknown(answers: readonly Found[], savesSent: boolean | undefined) {
    const { product, clock } = scene;
    const box = await scene.outbox({}, savesSent === undefined ? {} : { savesSent });
    const id = await box.send();
    await product.db.execute(sql`
      UPDATE messages SET status = 'unknown', reconcile_at = ${new Date(clock.now() + minuteMs)} WHERE id = ${id}`);
    const looks: number[] = [];
    const began = clock.now();
    const { deps, mail, crm } = { deps: { ...product, clock }, mail: product.mail, crm: product.crm };
    const stopping = new AbortController();
    const reconciler = createReconciler({
      wake: async () => {},
      db: deps.db,
      bus: deps.bus,
      clock,
      clocks: mail.clocks,
      sources: createSources(),
      ids: deps.ids,
      vault: deps.vault,
      suppressions: crm.suppressions,
      emitAll: product.events.emitAll,
      mailboxes: mail.mailboxes,
      findSent: (mailboxId) => {
        // Others' messages of earlier tests are none of this test's.
        if (mailboxId !== box.mailbox) return Promise.resolve('unavailable');
        looks.push(clock.now() - began);
        return Promise.resolve(answers[looks.length - 1] ?? answers.at(-1) ?? 'absent');
      },
      onError: (error) => assert.fail(String(error)),
    });
    const running = reconciler.run(stopping.signal);
    const status = async (): Promise<unknown> => (await box.get(id))['status'];
    const advance = async (hours: number): Promise<void> => {
      for (let passed = 0; passed < hours * 60; passed += 1) {
        await clock.leap(minuteMs);
        // A look that is due is made, and its result is stored, before time goes on.
        await product.until(async () => {
          const [row] = await product.db.query(sql<{ waits: boolean }>`
            SELECT status <> 'unknown' OR reconcile_at IS NULL OR reconcile_at > ${new Date(clock.now())} AND reconciled = ${looks.length} AS waits FROM messages WHERE id = ${id}`);
          return row?.waits === true;
        }, 'no look is due');
      }
    };
    scene.finally(async () => {
      stopping.abort();
      await running;
    });
    return { box, id, looks, status, advance };
  }

  test('M6: one that is in the Sent folder was sent', async () => {
    const { box, looks, status, advance } = await unknown(['absent', 'found'], undefined);
    await advance(0.2);
    await scene.product.until(async () => (await status()) === 'sent', 'sent');
    assert.deepEqual(looks, [minuteMs, 5 * minuteMs]);
    assert.deepEqual(await box.events('email'), ['email.sent', 'email.delivered']);
    const { mail, db } = scene.product;
    await scene.product.until(
      async () => (await mail.mailboxes.settingsOf(db, [box.mailbox]))[0]?.saves_sent === true,
      'the provider is known to file copies',
    );
  });

  for (const [savesSent, ends] of [
    [true, 'not_found'],
    [false, 'unknown'],
  ] as const)
    test(`M6: one that is missing after the last look is ${ends} where the provider ${savesSent ? 'files' : 'does not file'} what it sends`, async () => {
      const { box, looks, status, advance } = await unknown(['absent'], savesSent);
      await advance(12.1);
      await scene.product.until(async () => (await status()) === ends, ends);
      await advance(1);
      assert.equal(looks.length, 5);
      assert.deepEqual(await box.events('email'), []);
    });
});
