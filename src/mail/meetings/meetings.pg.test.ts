import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { callerOf } from '../../../test/harness/caller.ts';
import type { Fields } from '../../../test/harness/caller.ts';
import { assertRefused } from '../../../test/harness/edge-routes.ts';
import type { Answer } from '../../../test/harness/edge.ts';
import { erase, finished } from '../../../test/harness/erasures.ts';
import { makeMailbox, rawMessage } from '../../../test/harness/imap-scene.ts';
import type { MadeMailbox } from '../../../test/harness/imap-scene.ts';
import { startInstallation } from '../../../test/harness/installation.ts';
import type { Installation, Tenant } from '../../../test/harness/installation.ts';
import { dayMs, hourMs, minuteMs } from '../../base/clock.ts';
import { sql } from '../../db/sql.ts';

interface Source {
  readonly path: string;
  readonly secret: string;
}

const email = 'ada@lovelace.example';
const hmac = (text: string, secret: string): string => createHmac('sha256', secret).update(text).digest('hex');

describe('meetings', () => {
  let product: Installation;
  let tenant: Tenant;
  before(async () => {
    product = await startInstallation();
  });
  after(() => product.stop());
  beforeEach(async () => {
    tenant = await product.tenant();
  });

  const iso = (ms: number): string => new Date(ms).toISOString();
  const inDays = (days: number): string => iso(product.clock.now() + days * dayMs);
  const rows = async (path: string, who: { api: Tenant['api'] } = tenant): Promise<Fields[]> =>
    (await who.api('GET', path)).json.data as Fields[];

  /** A campaign with leads of these addresses. @returns its path, and the leads' ids */
  async function campaign(emails: readonly string[], more: Fields = {}): Promise<{ path: string; leads: string[] }> {
    const added = await tenant.api('POST', '/v1/contacts', {
      lawful_basis: 'legitimate_interests',
      contacts: emails.map((each) => ({ email: each })),
    });
    const ids = (added.json.data as Fields[]).map((contact) => contact['id']);
    const { id } = await tenant.got('POST', '/v1/campaigns', {
      name: 'Spring',
      verification: 'off',
      sequence: [{ subject: 'Hi', body: 'https://cal.example/grace?metadata[lead]={{lead_token}}' }],
      contact_ids: ids,
      ...more,
    });
    const path = `/v1/campaigns/${String(id)}`;
    const leads = await rows(`${path}/leads`);
    return { path, leads: emails.map((each) => String(leads.find((lead) => lead['email'] === each)?.['id'])) };
  }

  const register = async (provider: string): Promise<Source> =>
    (await tenant.got('POST', '/v1/inbound-sources', { provider, name: provider })) as unknown as Source;
  const nobody = () => callerOf(tenant.url, '');

  const cal = (trigger: string, payload: Fields = {}, createdAt = product.clock.now()): Fields => ({
    triggerEvent: trigger,
    createdAt: iso(createdAt),
    payload: {
      uid: 'cal-1',
      iCalUID: 'cal-1@cal.example',
      title: 'Introduction',
      startTime: inDays(2),
      endTime: iso(product.clock.now() + 2 * dayMs + hourMs / 2),
      attendees: [{ email, name: 'Ada', timeZone: 'Europe/London' }],
      metadata: { videoCallUrl: 'https://meet.example/1' },
      ...payload,
    },
  });
  const postCal = (source: Source, body: Fields, secret = source.secret): Promise<Answer> => {
    const text = JSON.stringify(body);
    return nobody().api('POST', source.path, text, { 'x-cal-signature-256': hmac(text, secret) });
  };
  const emitted = async (): Promise<unknown[]> =>
    (
      await product.db.query(
        sql<{ type: string; data: Fields }>`
          SELECT type, convert_from(data, 'UTF8')::jsonb AS data FROM events WHERE organization_id = ${tenant.organization.id} AND type LIKE 'meeting.%' ORDER BY id`,
      )
    ).map(({ type, data }) => [type, data['starts_at'], data['lead_id'], data['source']]);
  const statusOf = async (id: string): Promise<unknown[]> => {
    const { status, blocked_reason: reason } = await tenant.got('GET', `/v1/leads/${id}`);
    return [status, reason];
  };

  test('booked with Cal.com stop the lead, its company and what other campaigns have for it; moves and cancellations follow', async () => {
    const first = await campaign([email, 'charles@lovelace.example', 'mary@somerville.example'], {
      stop: { on_reply: true, company: 'campaign' },
    });
    const second = await campaign([email]);
    const source = await register('calcom');
    const booked = cal('BOOKING_CREATED', {
      metadata: { lead: first.leads[0], videoCallUrl: 'https://meet.example/1' },
    });
    // At the same time, and once more.
    for (const answer of await Promise.all([postCal(source, booked), postCal(source, booked)]))
      assert.equal(answer.status, 200, answer.text);
    assert.equal((await postCal(source, booked)).status, 200);
    assert.deepEqual(await Promise.all([...first.leads, ...second.leads].map(statusOf)), [
      ['meeting_booked', null],
      ['skipped', 'company_meeting'],
      ['queued', null],
      ['skipped', 'meeting_booked'],
    ]);
    const metrics = async (path: string): Promise<unknown> =>
      ((await tenant.got('GET', path))['metrics'] as Fields)['meetings'];
    assert.deepEqual([await metrics(first.path), await metrics(second.path)], [1, 0]);
    const [meeting, ...others] = await rows(`/v1/meetings?lead_id=${first.leads[0] ?? ''}`);
    assert.deepEqual(others, []);
    const {
      id,
      workspace_id: _,
      campaign_id: __,
      contact_id: ___,
      created_at: ____,
      updated_at: _____,
      ...shown
    } = meeting ?? {};
    assert.deepEqual(shown, {
      status: 'booked',
      lead_id: first.leads[0],
      email,
      starts_at: inDays(2),
      ends_at: iso(product.clock.now() + 2 * dayMs + hourMs / 2),
      timezone: 'Europe/London',
      title: 'Introduction',
      location: 'https://meet.example/1',
      source: 'calcom',
      external_id: 'cal-1',
    });

    await product.clock.advance(minuteMs);
    const moved = cal('BOOKING_RESCHEDULED', {
      uid: 'cal-2',
      iCalUID: 'cal-1@cal.example',
      rescheduleUid: 'cal-1',
      startTime: inDays(3),
    });
    await postCal(source, moved);
    // The older report again, and of a meeting that was replaced.
    await postCal(source, booked);
    await product.clock.advance(minuteMs);
    await postCal(source, cal('BOOKING_CANCELLED', { uid: 'cal-2', startTime: inDays(3) }));
    await postCal(source, moved);
    assert.equal((await tenant.got('GET', `/v1/meetings/${String(id)}`))['status'], 'cancelled');
    assert.deepEqual(
      (await emitted()).map((event) => (event as unknown[])[0]),
      ['meeting.booked', 'meeting.rescheduled', 'meeting.cancelled'],
    );
    assert.deepEqual(await statusOf(first.leads[0] ?? ''), ['meeting_booked', null]);
  });

  test('of a forged, old or malformed post are not stored; of other triggers, nothing is', async () => {
    const source = await register('calcom');
    await campaign([email]);
    const now = product.clock.now();
    assert.equal((await postCal(source, cal('BOOKING_CREATED'), 'another secret')).status, 401);
    assert.equal((await postCal(source, cal('BOOKING_CREATED', {}, now - 2 * dayMs))).status, 401);
    assert.equal((await postCal(source, cal('BOOKING_CREATED', {}, now + hourMs))).status, 401);
    assert.equal((await postCal(source, cal('BOOKING_CREATED', { startTime: 'tomorrow' }))).status, 422);
    assert.equal((await postCal(source, cal('BOOKING_REQUESTED'))).status, 200);
    assert.equal((await postCal(source, { triggerEvent: 'PING' })).status, 200);
    // A cancellation that overtakes its booking.
    const booked = cal('BOOKING_CREATED', {}, now - minuteMs);
    assert.equal((await postCal(source, cal('BOOKING_CANCELLED'))).status, 200);
    assert.equal((await postCal(source, booked)).status, 200);
    assert.deepEqual(await emitted(), []);
  });

  test('booked with Calendly are moved by a cancellation and a booking; the link names a lead with another address', async () => {
    const { leads } = await campaign([email]);
    const source = await register('calendly');
    const post = (event: string, payload: Fields, atMs = product.clock.now()): Promise<Answer> => {
      const body = JSON.stringify({
        event,
        created_at: iso(product.clock.now()),
        payload: {
          email: 'ada@home.example',
          timezone: 'Europe/London',
          tracking: { utm_content: leads[0] },
          scheduled_event: {
            name: 'Introduction',
            start_time: inDays(1),
            end_time: inDays(2),
            location: { type: 'physical', location: 'Here' },
          },
          ...payload,
        },
      });
      const t = String(Math.floor(atMs / 1_000));
      return nobody().api('POST', source.path, body, {
        'calendly-webhook-signature': `t=${t},v1=${hmac(`${t}.${body}`, source.secret)}`,
      });
    };
    assert.equal(
      (await post('invitee.created', { uri: 'https://c.example/1' }, product.clock.now() - hourMs)).status,
      401,
    );
    assert.equal((await post('invitee.created', { uri: 'https://c.example/1' })).status, 200);
    const start = inDays(4);
    await product.clock.advance(minuteMs);
    await post('invitee.canceled', {
      uri: 'https://c.example/1',
      rescheduled: true,
      new_invitee: 'https://c.example/2',
    });
    await post('invitee.created', {
      uri: 'https://c.example/2',
      old_invitee: 'https://c.example/1',
      scheduled_event: { name: 'Introduction', start_time: start },
    });
    assert.deepEqual(
      (await emitted()).map((event) => (event as unknown[]).slice(0, 3)),
      [
        ['meeting.booked', iso(product.clock.now() - minuteMs + dayMs), leads[0]],
        ['meeting.rescheduled', start, leads[0]],
      ],
    );
    assert.deepEqual(await statusOf(leads[0] ?? ''), ['meeting_booked', null]);
  });

  test('of the generic format come signed or with a key; one that matches nobody is stored without a lead', async () => {
    const post = (body: Fields) => tenant.api('POST', '/api/webhooks', body);
    assert.equal(
      (await post({ type: 'meeting.booked', meeting_id: 'm1', email: 'x@y.example', starts_at: inDays(1) })).status,
      200,
    );
    const bad = await post({ type: 'meeting.booked', meeting_id: 'm1', starts_at: 'soon' });
    assert.equal(bad.status, 422, bad.text);
    for (const [end, said] of [
      [inDays(0), /^ends_at: must not be before starts_at$/],
      ['late', /^ends_at: must be an ISO 8601 time/],
    ] as const) {
      const wrong = await post({ type: 'meeting.rescheduled', meeting_id: 'm1', starts_at: inDays(1), ends_at: end });
      assert.equal(wrong.status, 422, wrong.text);
      assert.match((JSON.parse(wrong.text) as { error: string }).error, said);
    }
    const [meeting] = await rows('/v1/meetings?status=booked');
    assert.deepEqual([meeting?.['lead_id'], meeting?.['contact_id'], meeting?.['email']], [null, null, 'x@y.example']);
    const stranger = await product.tenant();
    const bound = await tenant.withKey({ workspaceId: await tenant.workspace('Other') });
    for (const who of [stranger, bound]) {
      assertRefused(await who.api('GET', `/v1/meetings/${String(meeting?.['id'])}`), 404, 'not_found');
      assert.deepEqual(await rows('/v1/meetings', who), []);
    }
  });

  describe('in a mailbox', () => {
    let mailbox: MadeMailbox;
    beforeEach(async () => {
      mailbox = await makeMailbox(product, { organizationId: tenant.organization.id, email: 'grace@hopper.example' });
    });
    let count = 0;
    /** Ada mails a calendar to Grace. */
    async function mailed({
      method = 'REQUEST',
      uid = 'u1',
      days = 2,
      answer = 'NEEDS-ACTION',
      from = email,
    } = {}): Promise<void> {
      const basic = (text: string): string => text.replaceAll(/[-:]|\.\d+/g, '');
      const calendar = [
        'BEGIN:VCALENDAR',
        `METHOD:${method}`,
        'BEGIN:VEVENT',
        `UID:${uid}`,
        `DTSTAMP:${basic(iso(product.clock.now()))}`,
        `DTSTART:${basic(inDays(days))}`,
        'DURATION:PT30M',
        `ORGANIZER:mailto:${method === 'REPLY' ? mailbox.email : from}`,
        `ATTENDEE;PARTSTAT=${answer}:mailto:${method === 'REPLY' ? from : mailbox.email}`,
        'END:VEVENT',
        'END:VCALENDAR',
        '',
      ].join('\r\n');
      const headers = {
        From: from,
        'Message-ID': `<${(count += 1)}@lovelace.example>`,
        'Content-Type': `text/calendar; method=${method}; charset=utf-8`,
      };
      const outcome = await product.mail.receiving.received({
        organizationId: tenant.organization.id,
        mailboxId: mailbox.id,
        folder: 'inbox',
        raw: rawMessage(headers, calendar),
        receivedAt: new Date(product.clock.now()),
      });
      assert.ok(['stored', 'unmatched'].includes(outcome.kind));
    }

    test('are invitations by a lead, and its answers to ours; what others mail about them does not count', async () => {
      const { leads } = await campaign([email, 'mary@somerville.example']);
      await mailed({ from: 'stranger@elsewhere.example', uid: 'other' });
      await mailed({ method: 'REPLY', answer: 'ACCEPTED' });
      await mailed({ method: 'REPLY', answer: 'ACCEPTED' });
      await product.clock.advance(minuteMs);
      await mailed({ method: 'REQUEST', days: 3 });
      await product.clock.advance(minuteMs);
      await mailed({ method: 'CANCEL', from: 'mary@somerville.example' });
      await mailed({ method: 'REPLY', answer: 'DECLINED', days: 3 });
      assert.deepEqual(
        (await emitted()).map((event) => (event as unknown[])[0]),
        ['meeting.booked', 'meeting.rescheduled', 'meeting.cancelled'],
      );
      assert.deepEqual(await Promise.all(leads.map(statusOf)), [
        ['meeting_booked', null],
        ['queued', null],
      ]);
    });

    test('are the same as those of the calendar that made them', async () => {
      await campaign([email]);
      const source = await register('calcom');
      await postCal(source, cal('BOOKING_CREATED', { startTime: inDays(2) }));
      await mailed({ method: 'REPLY', answer: 'ACCEPTED', uid: 'cal-1@cal.example' });
      // Under an id that Cal.com did not report, but at the same time.
      await mailed({ method: 'REPLY', answer: 'ACCEPTED', uid: 'elsewhere' });
      assert.equal((await emitted()).length, 1);
      assert.equal((await rows('/v1/meetings')).length, 1);
    });

    test('are sealed, exported, and erased with the person; later reports bring nothing back', async () => {
      await campaign([email]);
      await mailed();
      const [contact] = await rows(`/v1/contacts?search=${email}`);
      const id = String(contact?.['id']);
      const [row] = await product.db.query(
        sql<{ details: Buffer }>`SELECT details FROM meetings WHERE organization_id = ${tenant.organization.id}`,
      );
      assert.ok(!row?.details.includes('ada'));
      const exported = await tenant.got('POST', `/v1/contacts/${id}/export`);
      assert.equal((exported['meetings'] as Fields[])[0]?.['email'], email);
      await finished(product, tenant, (await erase(tenant, id)).id);
      await product.clock.advance(minuteMs);
      await mailed({ days: 9 });
      const [meeting, ...others] = await rows('/v1/meetings');
      assert.deepEqual(others, []);
      assert.deepEqual([meeting?.['email'], meeting?.['contact_id'], meeting?.['external_id']], [null, null, null]);
    });
  });
});
