import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dayMs, hourMs } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import { dueTimes } from '../leads/index.ts';
import { callerOf } from '../../../test/harness/caller.ts';
import type { Caller, Fields } from '../../../test/harness/caller.ts';
import { installationScene } from '../../../test/harness/installation.ts';

const always = { days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '23:59' };

describe('campaigns in a sandbox', () => {
  const scene = installationScene();

  /** A sandbox with a mailbox, and contacts that behave as their names say. */
  async function sandboxWith(names: readonly string[]) {
    const tenant = await scene.product.tenant();
    const { key } = await tenant.got('POST', '/v1/keys', { name: 'trial', sandbox: true });
    const sandbox = callerOf(tenant.url, String(key));
    const mailbox = await sandbox.got('POST', '/v1/mailboxes', {
      email: 'grace@hopper.example',
      provider: 'capture',
      work_hours: always,
    });
    const answer = await sandbox.api('POST', '/v1/contacts', {
      lawful_basis: 'legitimate_interests',
      contacts: names.map((name) => ({ email: `ada+${name}@simulator.test`, first_name: name, tags: ['spring'] })),
    });
    assert.ok(answer.status < 300, answer.text);
    const contacts = ((await sandbox.api('GET', '/v1/contacts')).json.data as Fields[]).map(({ id }) => id);
    return { sandbox, contacts, mailbox: mailbox['id'] };
  }

  async function advance(sandbox: Caller, ms: number): Promise<void> {
    await sandbox.got('POST', '/v1/sandbox/clock', { advance_seconds: ms / 1_000 });
    await scene.product.until(
      async () => (await sandbox.got('GET', '/v1/sandbox/clock'))['advancing'] === false,
      'the clock has arrived',
    );
  }

  const campaignOf = (mailbox: unknown, more: Fields): Fields => ({
    name: 'Spring launch',
    mailbox_ids: [mailbox],
    sequence: [
      { subject: 'Hello {{first_name}}', body: 'Hi {{first_name}}' },
      { body: 'Did you see this?', delay_days: 3 },
      { body: 'The last one', delay_days: 4 },
    ],
    schedule: { timezone: 'Etc/UTC', ...always },
    // They all have addresses of one domain.
    stop: { on_reply: true, company: 'off' },
    ...more,
  });

  test('an autolaunched campaign runs to its end: verified, started in time, stopped by what recipients do', async () => {
    const { product, clock } = scene;
    const { sandbox, mailbox } = await sandboxWith(['delivered', 'bounce', 'reply', 'ooo', 'unsubscribe']);
    const startMs = clock.now() + dayMs;
    const campaign = await sandbox.got(
      'POST',
      '/v1/campaigns?autolaunch=true',
      campaignOf(mailbox, { contact_filter: { tag: 'spring' }, starts_at: new Date(startMs).toISOString() }),
    );
    const path = `/v1/campaigns/${String(campaign['id'])}`;
    assert.equal(campaign['status'], 'draft');
    await advance(sandbox, 20 * dayMs);
    const ended = await sandbox.got('GET', path);
    assert.equal(ended['status'], 'completed', JSON.stringify(ended));
    assert.equal(ended['started_at'], new Date(startMs).toISOString());
    const leads = (await sandbox.api('GET', `${path}/leads?limit=100`)).json.data as Fields[];
    assert.deepEqual(
      Object.fromEntries(
        leads.map((lead) => [/\+(\w+)@/.exec(String(lead['email']))?.[1], [lead['status'], lead['step']]]),
      ),
      {
        delivered: ['finished', 3],
        bounce: ['bounced', 1],
        reply: ['replied', 1],
        ooo: ['finished', 3],
        unsubscribe: ['unsubscribed', 1],
      },
    );
    const skipped = (await sandbox.api('GET', `${path}/skipped-actions`)).json.data as Fields[];
    assert.deepEqual(
      Object.fromEntries(skipped.map(({ email, code }) => [/\+(\w+)@/.exec(String(email))?.[1], code])),
      { bounce: 'hard_bounced', reply: 'replied', unsubscribe: 'unsubscribed' },
    );
    assert.deepEqual(product.errors, []);
  });

  test('C17: a start that is missed by hours pauses, each lead has its reason; edits move what is due', async () => {
    const { sandbox, mailbox, contacts } = await sandboxWith(['delivered']);
    const late = await sandbox.got(
      'POST',
      '/v1/campaigns?autolaunch=true',
      campaignOf(mailbox, {
        contact_ids: contacts,
        starts_at: new Date(scene.clock.now() - 3 * hourMs).toISOString(),
        verification: 'off',
      }),
    );
    assert.deepEqual([late['status'], late['pause_reason']], ['paused', 'late_start']);
    const path = `/v1/campaigns/${String(late['id'])}`;
    const reasons = async (): Promise<unknown[]> =>
      ((await sandbox.api('GET', `${path}/skipped-actions`)).json.data as Fields[]).map((row) => [
        row['code'],
        row['until'],
      ]);
    assert.deepEqual(await reasons(), [['campaign_paused', null]]);
    assert.equal((await sandbox.got('GET', `${path}/forecast`))['reason'], 'campaign_paused');
    for (const [fields, reason] of [
      [{}, 'no_step'],
      [{ sequence: [{ subject: 'Hello', body: 'Hi' }] }, 'no_mailbox'],
      [{ sequence: [{ subject: 'Hello', body: 'Hi' }], mailbox_ids: [mailbox] }, 'no_lead'],
    ] as const) {
      const { id } = await sandbox.got('POST', '/v1/campaigns', { name: 'Empty', ...fields });
      const forecast = await sandbox.got('GET', `/v1/campaigns/${String(id)}/forecast`);
      assert.deepEqual([forecast['finishes_at'], forecast['reason'], forecast['days']], [null, reason, []]);
    }
    assert.equal((await sandbox.got('POST', `${path}/resume`))['status'], 'active');
    await advance(sandbox, hourMs);
    const [waiting] = (await sandbox.api('GET', `${path}/leads`)).json.data as Fields[];
    assert.deepEqual(await reasons(), [['delay', waiting?.['due_at']]]);
    const dueIn = async (): Promise<number> => {
      const [lead] = (await sandbox.api('GET', `${path}/leads`)).json.data as Fields[];
      const { now } = await sandbox.got('GET', '/v1/sandbox/clock');
      return Math.round((Date.parse(String(lead?.['due_at'])) - Date.parse(String(now))) / dayMs);
    };
    assert.equal(await dueIn(), 3);
    const steps = ((await sandbox.got('GET', path))['sequence'] as Fields[]).map(({ id, subject, body }, index) => ({
      id,
      subject,
      body,
      delay_days: index === 1 ? 9 : 0,
    }));
    const answer = await sandbox.api('PATCH', path, { sequence: steps });
    assert.equal(answer.status, 200, answer.text);
    await scene.product.until(async () => (await dueIn()) === 9, 'the lead is planned again');
    const shorter = await sandbox.api('PATCH', path, { sequence: steps.slice(0, 1) });
    assert.equal(shorter.status, 200, shorter.text);
    await scene.product.until(
      async () => (await sandbox.got('GET', path))['status'] === 'completed',
      'no step is left',
    );
    assert.deepEqual(scene.product.errors, []);
  });

  test('C7: the daily limit is left to the follow-ups of all mailboxes, as it was forecast', async () => {
    const { sandbox, mailbox, contacts } = await sandboxWith(['a', 'b', 'c', 'd']);
    const other = { email: 'alan@hopper.example', provider: 'capture', work_hours: always };
    const campaign = await sandbox.got(
      'POST',
      '/v1/campaigns',
      campaignOf(mailbox, {
        mailbox_ids: [mailbox, (await sandbox.got('POST', '/v1/mailboxes', other))['id']],
        contact_ids: contacts,
        sequence: [
          { subject: 'Hello', body: 'Hi' },
          { body: 'Again', delay_days: 1 },
        ],
        daily_limit: 2,
        verification: 'off',
        company_max: 0,
      }),
    );
    const path = `/v1/campaigns/${String(campaign['id'])}`;
    const { days, finishes_at: finishesAt, ...reason } = await sandbox.got('GET', `${path}/forecast`);
    assert.deepEqual(reason, { reason: null, detail: null, assumptions: ['nothing_changes', 'no_cooldown'] });
    const { forecast } = await sandbox.got('POST', `${path}/validate`);
    assert.deepEqual(forecast, { ...reason, finishes_at: finishesAt });
    await sandbox.got('PATCH', '/v1/organization/sending-limits', { daily_limit: 1 });
    const limited = await sandbox.got('GET', `${path}/forecast`);
    assert.deepEqual(
      (limited['days'] as Fields[]).map(({ sent }) => sent),
      Array.from({ length: 8 }, () => 1),
    );
    await sandbox.got('POST', `${path}/launch`);
    await advance(sandbox, hourMs);
    const { now } = await sandbox.got('GET', '/v1/sandbox/clock');
    const midnight = new Date(Math.ceil(Date.parse(String(now)) / dayMs) * dayMs).toISOString();
    const reasons = (await sandbox.api('GET', `${path}/skipped-actions`)).json.data as Fields[];
    assert.deepEqual(
      reasons.filter(({ code }) => code === 'organization_limit').map(({ until }) => until),
      [midnight, midnight, midnight],
    );
    assert.deepEqual(await sandbox.got('PATCH', '/v1/organization/sending-limits', { daily_limit: null }), {
      daily_limit: null,
      sent_today: null,
    });
    await advance(sandbox, hourMs);
    const waiting = ((await sandbox.api('GET', `${path}/leads?status=waiting`)).json.data as Fields[]).map((lead) => ({
      mailboxId: lead['mailbox_id'] as MailboxId,
      dueMs: Date.parse(String(lead['due_at'])),
    }));
    assert.equal(waiting.length, 2);
    const probes = waiting.map(({ mailboxId, dueMs }, index) => ({
      mailboxId,
      campaignId: String(campaign['id']),
      calendar: '',
      until: new Date(dueMs - index),
      most: 9,
    }));
    assert.deepEqual(
      (await dueTimes(scene.product.db, probes)).map((row) => [row.place, row.due_at.getTime()]),
      probes.flatMap(({ mailboxId, until }, index) =>
        waiting
          .filter((lead) => lead.mailboxId === mailboxId && lead.dueMs <= until.getTime())
          .map(({ dueMs }) => [index + 1, dueMs])
          .toSorted(([, one = 0], [, other = 0]) => one - other),
      ),
    );
    await advance(sandbox, 4 * dayMs);
    const ended = await sandbox.got('GET', path);
    assert.equal(ended['status'], 'completed', JSON.stringify(ended));
    const messages = (await sandbox.api('GET', `/v1/messages?campaign_id=${String(campaign['id'])}&limit=100`)).json
      .data as Fields[];
    const byDay = Map.groupBy(messages, (message) => String(message['sent_at']).slice(0, 10));
    assert.deepEqual(
      [...byDay]
        .map(([date, own]) => {
          const fresh = own.filter(({ step }) => step === 1).length;
          return { date, sent: own.length, new_leads: fresh, follow_ups: own.length - fresh };
        })
        .toSorted((a, b) => (a.date < b.date ? -1 : 1)),
      days,
    );
    assert.deepEqual(
      (days as Fields[]).map((day) => [day['new_leads'], day['follow_ups']]),
      [1, 2].flatMap(() => [
        [2, 0],
        [0, 2],
      ]),
    );
    const offMs = Date.parse(String(finishesAt)) - Date.parse(String(ended['completed_at']));
    assert.ok(Math.abs(offMs) < hourMs, `${offMs} ms`);
    const after = await sandbox.got('GET', `${path}/forecast`);
    assert.deepEqual([after['finishes_at'], after['reason'], after['days']], [null, 'campaign_ended', []]);
    assert.deepEqual(scene.product.errors, []);
  });

  test('a forecast counts with the limit of a company, and says why an end is not known', async () => {
    const { sandbox, mailbox, contacts } = await sandboxWith(['a', 'b', 'c']);
    const first = { subject: 'Hello', body: 'Hi' };
    const again = { body: 'Again', delay_days: 200 };
    const other = { email: 'alan@hopper.example', provider: 'capture', work_hours: always };
    const second = (await sandbox.got('POST', '/v1/mailboxes', other))['id'];
    const launched = async (more: Fields): Promise<string> => {
      const fields = { contact_ids: contacts, cooldown_days: 0, verification: 'off', ...more };
      const { id } = await sandbox.got('POST', '/v1/campaigns?autolaunch=true', campaignOf(mailbox, fields));
      return `/v1/campaigns/${String(id)}`;
    };
    const far = await launched({ sequence: [first, again, again] });
    const reasonOf = async (path: string) => (await sandbox.got('GET', `${path}/forecast`))['reason'];
    assert.equal(await reasonOf(far), 'too_far');
    assert.equal((await sandbox.got('POST', `${far}/pause`))['status'], 'paused');

    const mondays = Array.from({ length: 60 }, (_, week) => Date.UTC(2026, 0, 5) + week * 7 * dayMs);
    const dates = mondays.map((atMs) => new Date(atMs).toISOString().slice(0, 10));
    const closed = campaignOf(mailbox, { contact_ids: contacts, schedule: { timezone: 'Etc/UTC', days: [1], dates } });
    assert.equal(
      await reasonOf(`/v1/campaigns/${String((await sandbox.got('POST', '/v1/campaigns', closed))['id'])}`),
      'no_window',
    );

    const sequence = [first, { body: 'Again', delay_days: 0, delay_hours: 6 }];
    const path = await launched({ sequence, company_max: 1, mailbox_ids: [mailbox, second] });
    const { finishes_at: finishesAt, assumptions } = await sandbox.got('GET', `${path}/forecast`);
    assert.deepEqual(assumptions, ['nothing_changes']);
    await advance(sandbox, hourMs);
    const [contacted] = (await sandbox.api('GET', `${path}/leads?status=waiting`)).json.data as Fields[];
    const writer = `/v1/mailboxes/${String(contacted?.['mailbox_id'])}`;
    await sandbox.got('POST', `${writer}/pause`);
    assert.equal(await reasonOf(path), 'mailbox_unable');
    await sandbox.got('POST', `${writer}/resume`);
    await advance(sandbox, dayMs);
    const ended = await sandbox.got('GET', path);
    assert.equal(ended['status'], 'completed');
    const offMs = Date.parse(String(finishesAt)) - Date.parse(String(ended['completed_at']));
    assert.ok(Math.abs(offMs) < 4 * hourMs, `${offMs / hourMs} hours`);
    assert.deepEqual(scene.product.errors, []);
  });
});
