import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { asTimePasses, startInstallation } from '../../../test/harness/installation.ts';
import type { Installation, Tenant } from '../../../test/harness/installation.ts';
import { TestClock } from '../../../test/harness/clock.ts';
import { makeMailbox } from '../../../test/harness/imap-scene.ts';
import type { MadeMailbox } from '../../../test/harness/imap-scene.ts';
import { mailServersMissing, startMailServers } from '../../../test/harness/mail-servers.ts';
import type { MailServers } from '../../../test/harness/mail-servers.ts';
import { sql } from '../../db/sql.ts';

describe('a self-test over Postfix and Dovecot', { skip: mailServersMissing() ?? false }, () => {
  let servers: MailServers;
  let product: Installation;
  let tenant: Tenant;
  before(async () => {
    servers = await startMailServers({ filesSentOf: ['alice@one.test'] });
    product = await startInstallation({ clock: new TestClock(Date.now()) });
    tenant = await product.tenant();
  });
  after(async () => {
    await product.stop();
    await servers.stop();
  });

  async function mailboxOf(email: string): Promise<MadeMailbox> {
    const at = { host: '127.0.0.1', security: 'none', username: email } as const;
    const mailbox = await makeMailbox(product, {
      organizationId: tenant.organization.id,
      email,
      smtp: { ...at, port: servers.submission.plain },
      imap: { ...at, port: servers.imap.plain },
      login: { password: servers.password },
    });
    await product.mail.mailboxes.reportConnected('imap', [mailbox.id]);
    return mailbox;
  }

  for (const [email, files] of [
    ['alice@one.test', true],
    ['bob@two.test', false],
  ] as const)
    test(`shows that the provider of ${email} ${files ? 'files' : 'does not file'} copies in Sent`, async () => {
      const mailbox = await mailboxOf(email);
      const path = `/v1/mailboxes/${mailbox.id}/self-test`;
      assert.equal((await tenant.api('GET', path)).json.data, null);
      const begun = await tenant.got('POST', path);
      assert.equal(begun['status'], 'sending');
      assert.equal((await tenant.got('POST', path))['id'], begun['id']);
      const shown = () => tenant.got('GET', path);
      // INBOX and Sent are read in any order.
      const isRead = async (): Promise<boolean> => {
        const { status, filed_in_sent: filed } = await shown();
        return status === 'done' && filed !== null;
      };
      // The folder of sent messages is looked at every 5 minutes.
      await asTimePasses(product, isRead, 'the copies are read', 2_000);
      const { status, folder, message_id: messageId, filed_in_sent: filed } = await shown();
      assert.deepEqual([status, folder, filed], ['done', 'inbox', files]);
      assert.equal((messageId as Record<string, unknown>)['rewritten'], false);
      const [row] = await product.db.query(
        sql<{ saves_sent: boolean }>`SELECT saves_sent FROM mailboxes WHERE id = ${mailbox.id}`,
      );
      assert.equal(row?.saves_sent, files);
      assert.deepEqual(product.errors, []);
    });
});
