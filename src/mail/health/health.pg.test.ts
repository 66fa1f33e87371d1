import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import { dayMs, dayOf, hourMs } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import { count } from './index.ts';
import type { DayDelta } from './index.ts';

describe('health of mailboxes', () => {
  const scene = installationScene();
  let tenant: Tenant;
  let mailbox: MailboxId;
  beforeEach(async () => {
    tenant = await scene.product.tenant();
    const made = await tenant.got('POST', '/v1/mailboxes', { email: 'grace@hopper.example', provider: 'capture' });
    mailbox = String(made['id']) as MailboxId;
  });

  const add = (deltas: readonly (Partial<DayDelta> & { readonly ago?: number })[]): Promise<void> =>
    scene.product.db.transaction((tx) => {
      count(
        tx,
        deltas.map(({ ago = 0, ...counts }) => ({
          mailboxId: mailbox,
          organizationId: tenant.organization.id,
          day: dayOf(scene.clock.now() - ago * dayMs),
          ...counts,
        })),
      );
      return Promise.resolve();
    });
  const health = (): Promise<Fields> => tenant.got('GET', `/v1/mailboxes/${mailbox}/health`);
  const partOf = (report: Fields, name: string): Fields | undefined =>
    (report['parts'] as Fields[]).find((part) => part['name'] === name);
  const stats = async (days = 2): Promise<Fields[]> =>
    (await tenant.api('GET', `/v1/mailboxes/${mailbox}/stats?days=${days}`)).json.data as Fields[];
  const changes = async (): Promise<unknown[]> => {
    const listed = (await tenant.api('GET', '/v1/events?event=warmup.health_changed')).json.data as Fields[];
    const events = await Promise.all(
      listed.toReversed().map(({ id }) => tenant.got('GET', `/v1/events/${String(id)}`)),
    );
    return events.map(({ data }) => data as Fields).map((data) => [data['previous_band'], data['band'], data['score']]);
  };
  const untilBand = (band: string): Promise<void> =>
    scene.product.until(async () => (await health())['band'] === band, `the band is ${band}`);

  test('messages are counted for the day on which they were sent: outcomes, later bounces and complaints', async () => {
    const send = async (to: string): Promise<string> =>
      String((await tenant.got('POST', '/v1/messages', { mailbox_id: mailbox, to, subject: 'Hi', text: 'Hi' }))['id']);
    const sent = (): Promise<void> =>
      scene.product.until(async () => (await stats())[0]?.['sent'] === 3, 'three are counted');
    for (const to of ['one', 'ada+bounce', 'ada+complaint']) await send(`${to}@simulator.test`);
    await sent();
    await scene.product.until(async () => {
      await scene.clock.leap(600_000);
      const [today] = await stats();
      return today?.['bounced'] === 1 && today['complained'] === 1;
    }, 'the bounce and the complaint are counted');
    const [today = {}, yesterday = {}] = await stats();
    assert.deepEqual(
      [today['day'], today['sent'], today['bounced_soft'], today['campaign']],
      [dayOf(scene.clock.now()), 3, 0, { sent: 0, bounced: 0, replied: 0 }],
    );
    assert.deepEqual([yesterday['day'], yesterday['sent']], [dayOf(scene.clock.now() - dayMs), 0]);
    assert.equal((await stats(366)).length, 366);
    const refused = await tenant.api('GET', `/v1/mailboxes/${mailbox}/stats?days=0`);
    assert.deepEqual([refused.status, refused.json.error?.code], [422, 'validation_failed']);
  });

  test('a message in spam is measured at once, and each crossing of a band is one event', async () => {
    assert.deepEqual(await tenant.got('GET', `/v1/mailboxes/${mailbox}`).then((shown) => shown['health']), {
      score: null,
      band: null,
    });
    assert.equal((await health())['band'], null);
    assert.match(String((await health())['action']), /^Keep sending/);
    await add([{ sent: 100, inboxed: 40 }]);
    await untilBand('healthy');
    const good = await health();
    assert.deepEqual([good['score'], partOf(good, 'placement')?.['sample']], [100, 40]);
    assert.equal(good['action'], null);
    await add([{ spam: 30 }]);
    await untilBand('quarantine');
    const bad = await health();
    assert.match(String(bad['action']), /^Send nothing until \d{4}-.*Z, .* 43 % of 70 messages arrived in spam\.$/);
    assert.deepEqual((bad['trend'] as Fields)['direction'], null);
    const shown = await tenant.got('GET', `/v1/mailboxes/${mailbox}`);
    assert.deepEqual(shown['health'], { score: bad['score'], band: 'quarantine' });
    assert.deepEqual(await changes(), [
      [null, 'healthy', 100],
      ['healthy', 'quarantine', bad['score']],
    ]);
  });

  test('a mailbox recovers by what it sends in probation, and its trend shows it', async () => {
    await add([{ sent: 100, inboxed: 20, spam: 40 }]);
    await untilBand('blocked');
    await scene.clock.leap(3 * dayMs);
    await add([{ sent: 30, inboxed: 30 }]);
    await untilBand('healthy');
    const { trend } = (await health()) as { trend: Fields };
    assert.deepEqual([trend['direction'], (trend['days'] as unknown[]).length], ['improving', 7]);
    assert.deepEqual(
      (await changes()).map((change) => (change as unknown[]).slice(0, 2)),
      [
        [null, 'blocked'],
        ['blocked', 'healthy'],
      ],
    );
  });

  test('it is measured every hour without a cause, and not after it was deleted', async () => {
    await add([{ sent: 60 }]);
    assert.equal(partOf(await health(), 'connection')?.['value'], null);
    await scene.product.until(async () => {
      await scene.clock.leap(hourMs);
      return partOf(await health(), 'connection')?.['value'] === 1;
    }, 'an hour of connection is measured');
    assert.equal((await tenant.api('DELETE', `/v1/mailboxes/${mailbox}`)).status, 204);
    await add([{ spam: 60 }]);
    await scene.clock.leap(7 * hourMs);
    const other = await tenant.got('POST', '/v1/mailboxes', { email: 'ada@hopper.example', provider: 'capture' });
    mailbox = String(other['id']) as MailboxId;
    await add([{ inboxed: 60 }]);
    await untilBand('healthy');
    assert.deepEqual(await changes(), [
      [null, 'healthy', null],
      [null, 'healthy', 100],
    ]);
  });
});
