import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import { callerOf } from '../../../test/harness/caller.ts';
import type { Caller, Fields } from '../../../test/harness/caller.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import { dayMs, dayOf, hourMs } from '../../base/clock.ts';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import { count } from '../health/index.ts';
import type { DayDelta } from '../health/index.ts';

describe('warm-up of mailboxes', () => {
  const scene = installationScene();
  let tenant: Tenant;
  let mailbox: MailboxId;
  let path: string;
  const connect = async (who: Caller, email = 'grace@hopper.example'): Promise<MailboxId> =>
    String(
      (await who.got('POST', '/v1/mailboxes', { email, provider: 'capture', timezone: 'UTC' }))['id'],
    ) as MailboxId;
  beforeEach(async () => {
    tenant = await scene.product.tenant();
    mailbox = await connect(tenant);
    path = `/v1/mailboxes/${mailbox}/warmup`;
  });
  const get = (who: Caller = tenant): Promise<Fields> => who.got('GET', path);
  const todayOf = (shown: Fields): unknown[] => {
    const { target, reason } = shown['today'] as Fields;
    return [target, reason];
  };
  const add = (counts: Partial<DayDelta>, organizationId: OrganizationId = tenant.organization.id): Promise<void> =>
    scene.product.db.transaction((tx) => {
      count(tx, [{ mailboxId: mailbox, organizationId, day: dayOf(scene.clock.now()), ...counts }]);
      return Promise.resolve();
    });
  const untilToday = (target: number, reason: string): Promise<void> =>
    scene.product.until(
      async () => JSON.stringify(todayOf(await get())) === JSON.stringify([target, reason]),
      `${target}, ${reason}`,
    );
  const untilDay = (day: number, hold: string | null): Promise<void> =>
    scene.product.until(async () => {
      const shown = await get();
      return shown['day'] === day && shown['hold'] === hold;
    }, `day ${day}, ${hold}`);
  /** To the minute after the next midnight. */
  const nextDay = (): Promise<void> => scene.clock.leap(dayMs - (scene.clock.now() % dayMs) + 60_000);
  /** To the minute after the midnight before a Monday. */
  const nextMonday = async (): Promise<void> => {
    do await nextDay();
    while (new Date(scene.clock.now()).getUTCDay() !== 1);
  };
  const milestones = async (who: Caller): Promise<unknown[]> => {
    const listed = (await who.api('GET', '/v1/events?event=warmup.milestone&limit=100')).json.data as Fields[];
    const events = await Promise.all(listed.toReversed().map(({ id }) => who.got('GET', `/v1/events/${String(id)}`)));
    return events.map(({ data }) => (data as Fields)['milestone']);
  };

  test('it is off until it is started, and its settings are changed and checked', async () => {
    assert.deepEqual(await get(), {
      mailbox_id: mailbox,
      enabled: false,
      paused: false,
      strategy: 'normal',
      target_daily_volume: 40,
      reply_rate: 30,
      language: 'en',
      day: 0,
      today: { target: null, sent: 0, reason: null },
      exchange: {
        allow_same_organization: false,
        allow_other_organizations: false,
        partners: 0,
        low_value_partners: 0,
        seeds: 0,
        blocked_reason: 'warmup_off',
        blocked_detail: 'Nothing is sent, because warm-up is off.',
        next_at: null,
      },
      hold: null,
      started_at: null,
      milestones: [],
    });
    for (const [strategy, target] of [
      ['gentle', 20],
      ['fast', 50],
    ] as const)
      assert.equal((await tenant.got('PATCH', path, { strategy }))['target_daily_volume'], target);
    const change = { strategy: 'fast', target_daily_volume: 8, reply_rate: 0, language: 'de' };
    const changed = await tenant.got('PATCH', path, change);
    assert.deepEqual({ ...changed, ...change, enabled: false }, changed);
    const started = await tenant.got('PATCH', path, { enabled: true });
    assert.deepEqual(
      [started['enabled'], started['started_at'] !== null, todayOf(started)],
      [true, true, [8, 'target']],
    );
    assert.deepEqual((await tenant.got('GET', `/v1/mailboxes/${mailbox}`))['warmup'], { enabled: true });
    for (const [body, field] of [
      [{ target_daily_volume: 0 }, 'target_daily_volume'],
      [{ target_daily_volume: 101 }, 'target_daily_volume'],
      [{ reply_rate: 0.3 }, 'reply_rate'],
      [{ language: 'tlh' }, 'language'],
      [{ ramp: 'fast', strategy: 'gentle' }, 'ramp'],
      [{ volume: 3 }, 'volume'],
    ] as const) {
      const refused = await tenant.api('PATCH', path, body);
      assert.equal(refused.status, 422, refused.text);
      assert.match(String(refused.json.error?.message), new RegExp(`^Invalid request: ${field}: `));
    }
    const off = await tenant.got('PATCH', path, { enabled: false });
    assert.deepEqual([off['enabled'], todayOf(off)], [false, [null, null]]);
  });

  test('pausing and resuming may be repeated; a pause keeps what may be sent', async () => {
    for (const paused of [true, true]) assert.equal((await tenant.got('POST', `${path}/pause`))['paused'], paused);
    assert.equal((await get())['enabled'], false);
    for (const _ of [1, 2]) {
      const resumed = await tenant.got('POST', `${path}/resume`);
      assert.deepEqual([resumed['enabled'], resumed['paused'], todayOf(resumed)], [true, false, [5, 'ramp']]);
    }
    assert.deepEqual(todayOf(await tenant.got('POST', `${path}/pause`)), [5, 'ramp']);
    await add({ sent: 5 });
    await nextDay();
    await untilDay(0, 'paused');
  });

  test('a day on which something was sent counts, and one without anything, or with spam, does not', async () => {
    await nextMonday();
    await tenant.got('POST', `${path}/resume`);
    await add({ sent: 3 });
    await nextDay();
    await untilDay(1, null);
    assert.deepEqual(todayOf(await get()), [6, 'ramp']);
    await nextDay();
    await untilDay(1, 'nothing_sent');
    await add({ sent: 10, inboxed: 7, spam: 3 });
    await nextDay();
    await untilDay(1, 'spam_placement');
    await add({ sent: 3 });
    await nextDay();
    await untilDay(2, null);
    await add({ sent: 3 });
    await nextDay();
    await untilToday(2, 'weekend');
    assert.equal((await get())['day'], 3);
  });

  test('trouble cuts the volume in the transaction of the band, and a person lets a blocked mailbox begin again', async () => {
    await nextMonday();
    await tenant.got('PATCH', path, { enabled: true, strategy: 'fast' });
    await add({ sent: 60, inboxed: 40, spam: 10 });
    await untilToday(5, 'watch');
    await add({ inboxed: 0, spam: 20 });
    await untilToday(0, 'quarantine');
    await scene.clock.leap(49 * hourMs);
    await untilToday(3, 'probation');
    await add({ spam: 60 });
    await untilToday(0, 'blocked');
    await tenant.got('POST', `${path}/resume`);
    await untilToday(3, 'probation');
    await scene.clock.leap(49 * hourMs);
    await add({ sent: 30, inboxed: 30 });
    await scene.product.until(async () => (await get())['hold'] === 'health', 'the days did not count');
    await untilToday(10, 'ramp');
    assert.deepEqual(new Set(await milestones(tenant)), new Set(['first_inbox', 'recovered', 'health_90']));
  });

  describe('in a sandbox', () => {
    let sandbox: Caller;
    before(async () => {
      const live = await scene.product.tenant();
      const { key } = await live.got('POST', '/v1/keys', { name: 'trial', sandbox: true });
      sandbox = callerOf(live.url, String(key));
    });

    test('its clock moves warm-up: a month passes in seconds, and each milestone is one event', async () => {
      mailbox = await connect(sandbox);
      path = `/v1/mailboxes/${mailbox}/warmup`;
      await sandbox.got('POST', `${path}/resume`);
      await sandbox.got('POST', '/v1/sandbox/clock', { advance_seconds: (31 * dayMs) / 1_000 });
      await scene.product.until(
        async () => (await sandbox.got('GET', '/v1/sandbox/clock'))['advancing'] === false,
        'a month has passed',
      );
      const shown = await get(sandbox);
      assert.deepEqual([shown['day'], shown['hold']], [0, 'nothing_sent']);
      assert.deepEqual(await milestones(sandbox), ['day_7', 'day_14', 'day_30']);
      assert.deepEqual(
        (shown['milestones'] as Fields[]).map(({ name }) => name),
        ['day_7', 'day_14', 'day_30'],
      );
    });
  });
});
