import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { hourMs } from '../../base/clock.ts';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import { connect, indexPlans } from '../../db/pool.ts';
import type { Queryable } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import { counting } from '../../../test/harness/pages-read.ts';
import { sendingScene } from '../../../test/harness/sending-scene.ts';
import { countsOf, dueMessages, mailboxUses, nextDue, organizationUses, takeDue } from './claim-queries.ts';
import { lateness, listMessages, nextUnknown, takeUnknown } from './message-queries.ts';

const rows = 100_000;

describe('the cost of sending', () => {
  const scene = sendingScene(() => ({ config: { roles: ['api'] } }));

  /** Messages that wait in one mailbox, half of them for a slot, and reservations of the past days. */
  async function fill(mailbox: MailboxId, organization: OrganizationId, now: number): Promise<void> {
    const { db } = scene.product;
    await db.execute(sql`
      INSERT INTO messages (id, organization_id, mailbox_id, direction, status, purpose, priority, message_id, from_address, to_address, party_key, party_domain, content, due_at, blocked_reason, created_at)
      SELECT gen_random_uuid(), ${organization}, ${mailbox}, 'outbound', 'claimed', 'campaign', 1 + n % 3, n || '@waiting', 'a@b.example', 'c@d.example', 'c@d.example',
        'domain-' || n % 100, '', ${new Date(now)}::timestamptz + (n - ${rows / 2}) * interval '1 second', CASE WHEN n > ${rows / 2} THEN 'domain_hourly_limit' END, ${new Date(now)}
      FROM generate_series(1, ${rows}) n`);
    await db.execute(sql`
      INSERT INTO send_reservations (message_id, organization_id, mailbox_id, party_domain, at)
      SELECT gen_random_uuid(), ${organization}, ${mailbox}, 'domain-' || n % 100, ${new Date(now)}::timestamptz - n * interval '5 seconds' FROM generate_series(1, 20000) n`);
    await db.execute(sql`
      INSERT INTO mailbox_pace (mailbox_id, organization_id, next_at) VALUES (${mailbox}, ${organization}, ${new Date(now)}) ON CONFLICT DO NOTHING`);
  }

  test('messages of a lead, a campaign or a contact are found by their index, whatever the organization has', async () => {
    const { product, clock } = scene;
    const { mailbox, tenant } = await scene.outbox();
    const organization = tenant.organization.id;
    await product.db.execute(sql`
      INSERT INTO messages (id, organization_id, mailbox_id, direction, status, purpose, priority, message_id, from_address, to_address, party_key, party_domain, content, campaign_id, lead_id,
        contact_id, created_at)
      SELECT gen_random_uuid(), ${organization}, ${mailbox}, 'outbound', 'sent', 'campaign', 1, n || '@sent', 'a@b.example', 'c@d.example', 'c@d.example', 'd.example', '',
        md5('c' || n % 1000)::uuid, md5('l' || n % 1000)::uuid, md5('p' || n % 1000)::uuid, ${new Date(clock.now())}
      FROM generate_series(1, 10000) n`);
    const [own] = await product.db.query(
      sql<
        Record<'campaign' | 'lead' | 'contact', string>
      >`SELECT md5('c7')::uuid AS campaign, md5('l7')::uuid AS lead, md5('p7')::uuid AS contact`,
    );
    const none = { campaignId: null, leadId: null, contactId: null, mailboxId: null, status: null, direction: null };
    const db = connect(product.app.parts.deps.db.url, { max: 1 });
    try {
      for (const analyzed of [false, true]) {
        if (analyzed) await product.db.script('ANALYZE messages');
        for (const filter of [
          { leadId: own?.lead ?? null },
          { campaignId: own?.campaign ?? null },
          { contactId: own?.contact ?? null },
        ]) {
          const counted = counting(db);
          const reach = { organizationId: organization, workspaceId: undefined };
          await listMessages(counted.db, reach, { ...none, ...filter }, { limit: 100 });
          assert.ok(counted.pages() < 200, `${JSON.stringify(filter)} reads ${counted.pages()} pages`);
        }
      }
    } finally {
      await db.close();
    }
  });

  test('M19: a claim reads what is due, not what waits, whatever the statistics are', async () => {
    const { product, clock } = scene;
    const { mailbox, tenant } = await scene.outbox();
    const now = clock.now();
    const organization = tenant.organization.id;
    // As autovacuum samples tables that are often empty.
    await product.db.script('ANALYZE messages, send_reservations, mailbox_pace');
    await fill(mailbox, organization, now);
    const holder = randomUUID();
    await product.db.execute(sql`INSERT INTO delivery_holders (id) VALUES (${holder})`);
    const db = connect(product.app.parts.deps.db.url, { max: 1, settings: indexPlans });
    try {
      for (const analyzed of [false, true]) {
        if (analyzed) await product.db.script('VACUUM ANALYZE messages, send_reservations, mailbox_pace');
        const at = new Date(now);
        const since = new Date(now - hourMs);
        const limit = { owner: mailbox, domain: 'domain-1', limit: 10, now: at, since };
        const asked = [{ mailboxId: mailbox, dailyLimit: 50, governedLimit: 20, now: at, since }];
        const reads: Record<string, (on: Queryable) => Promise<unknown>> = {
          due: (on) => dueMessages(on as never, asked, 1),
          counts: (on) => countsOf(on as never, asked),
          uses: (on) => mailboxUses(on as never, [limit]),
          shared: (on) => organizationUses(on as never, [{ ...limit, owner: organization }]),
          take: (on) => takeDue(on, holder, at, 100),
          next: (on) => nextDue(on, at),
          unknown: (on) => takeUnknown(on, at, at, 16),
          nextUnknown: (on) => nextUnknown(on, at).catch(() => undefined),
          late: (on) => lateness(on, at),
        };
        for (const [name, read] of Object.entries(reads)) {
          const counted = counting(db);
          await read(counted.db);
          assert.ok(
            counted.pages() < 200,
            `${name} reads ${counted.pages()} pages${analyzed ? '' : ' before ANALYZE'}`,
          );
        }
      }
    } finally {
      await db.close();
    }
  });
});
