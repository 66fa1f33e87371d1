import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startFaultSmtp } from '../../../test/harness/fault-smtp.ts';
import type { FaultSmtp } from '../../../test/harness/fault-smtp.ts';
import type { Fields } from '../../../test/harness/caller.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import { makeSenderMailbox } from '../../../test/harness/sender-mailboxes.ts';

describe('sending a message', () => {
  const scene = installationScene();

  async function start(): Promise<FaultSmtp> {
    const smtp = await startFaultSmtp();
    scene.finally(() => smtp.close());
    return smtp;
  }

  test('M1: a message is accepted, sent once, and its events are emitted', async () => {
    const { product } = scene;
    const tenant = await product.tenant();
    const smtp = await start();
    const mailbox = await makeSenderMailbox(product, { organizationId: tenant.organization.id, port: smtp.port });
    const sent = await tenant.got('POST', '/v1/messages', {
      mailbox_id: mailbox,
      to: 'ada@lovelace.example',
      subject: 'Hi',
      text: 'Hello Ada',
    });
    assert.equal(sent['status'], 'claimed');
    await product.until(
      async () => (await tenant.got('GET', `/v1/messages/${String(sent['id'])}`))['status'] === 'sent',
      'sent',
    );
    assert.equal(smtp.messages.length, 1);
    assert.equal(smtp.messages[0]?.messageId, sent['message_id']);
    const listed = (await tenant.api('GET', '/v1/events?event=email.*&limit=100')).json.data as Fields[];
    assert.deepEqual(
      listed.map(({ event }) => event),
      ['email.delivered', 'email.sent'],
    );
    assert.deepEqual(product.errors, []);
  });
});
