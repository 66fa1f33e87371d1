import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from '../../db/sql.ts';
import { sendingScene } from '../../../test/harness/sending-scene.ts';

describe('a copy in Sent', () => {
  const scene = sendingScene();

  test('is filed of a message, and not of a self-test or of warm-up mail', async () => {
    const { product, clock } = scene;
    const { db, mail } = product;
    const box = await scene.outbox({}, { savesSent: false });
    // Nothing listens there: a copy that is tried leaves a note.
    const imap = JSON.stringify({ host: '127.0.0.1', port: 1, security: 'none', username: 'ada' });
    await db.execute(sql`UPDATE mailboxes SET imap = ${imap}::jsonb WHERE id = ${box.mailbox}`);
    const [mailbox] = await mail.mailboxes.settingsOf(db, [box.mailbox]);
    assert.ok(mailbox !== undefined);
    const to = { email: 'ada@self.example', key: 'ada@self.example', domain: 'self.example' };
    const content = { subject: 'Self-test', text: 'Hello', html: null, headers: {} };
    const [selfTest = ''] = await db.transaction((tx) =>
      mail.sending.enqueue(tx, [{ mailbox, purpose: 'self_test', to, content }]),
    );
    await box.until(selfTest, 'sent');
    const message = await box.send();
    await box.until(message, 'sent');
    const noted = () =>
      db.query(sql<{ message_id: string }>`SELECT message_id FROM message_history WHERE kind = 'copy_failed'`);
    await product.until(async () => {
      if ((await noted()).length > 0) return true;
      await clock.advance(1_000);
      return false;
    }, 'the copy is noted');
    assert.deepEqual(await noted(), [{ message_id: message }]);
  });
});
