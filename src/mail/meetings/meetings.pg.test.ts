import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { erase, finished } from '../../../test/harness/erasures.ts';
import { makeMailbox, rawMessage } from '../../../test/harness/imap-scene.ts';
import type { MadeMailbox } from '../../../test/harness/imap-scene.ts';
import { startInstallation } from '../../../test/harness/installation.ts';
import type { Installation, Tenant } from '../../../test/harness/installation.ts';
import { dayMs, minuteMs } from '../../base/clock.ts';
import { sql } from '../../db/sql.ts';

const email = 'ada@lovelace.example';

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
