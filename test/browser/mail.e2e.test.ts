import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { browserScene, noBrowser } from '../harness/browser.ts';
import type { Tenant } from '../harness/installation.ts';

const hostile = `<p>Hello</p><script>document.title = 'owned'</script><img src="https://tracker.example/p.png" onerror="alert(1)">`;

/** A mailbox that sends to nobody, a captured message with hostile HTML, and a reply to it. */
async function correspond(tenant: Tenant, until: (done: () => Promise<boolean>, what: string) => Promise<unknown>) {
  const mailbox = await tenant.got('POST', '/v1/mailboxes', {
    email: 'grace@hopper.example',
    provider: 'capture',
    display_name: '<img src=x onerror=alert(1)>',
  });
  await tenant.got('POST', '/v1/messages', {
    mailbox_id: mailbox['id'],
    to: 'ada@lovelace.example',
    subject: '<b>Labels</b>',
    text: 'Hello',
    html: hostile,
  });
  let captured = '';
  await until(async () => {
    const { data } = (await tenant.api('GET', '/v1/captured-messages')).json as { data: { id: string }[] };
    captured = data[0]?.id ?? '';
    return captured !== '';
  }, 'the message is captured');
  const reply = await tenant.got('POST', `/v1/captured-messages/${captured}/reply`, {
    text: 'Sounds great, I am interested. <script>alert(1)</script>',
  });
  return { captured, reply: String(reply['id']) };
}

describe('mail in the dashboard', { skip: noBrowser }, () => {
  const scene = browserScene();

  test('hostile mail does nothing; a reply is read, corrected and done by keys', async () => {
    const tenant = await scene.product.tenant();
    const { captured, reply } = await correspond(tenant, (done, what) => scene.product.until(done, what));
    const { page, open, faults } = await scene.ownerOf(tenant);
    await open(`/captured?open=${captured}`);
    await page.getByRole('button', { name: 'HTML' }).click();
    const frame = page.frameLocator('iframe.mailframe');
    await frame.getByText('Hello').waitFor();
    assert.equal(await frame.locator('script, img, [onerror]').count(), 0);
    assert.equal(await page.locator('iframe.mailframe').getAttribute('sandbox'), '');
    await open(`/inbox?open=${reply}`);
    await page.getByText('Sounds great, I am interested. <script>').first().waitFor();
    await page.keyboard.press('3');
    await page.getByText('Decided by person').waitFor();
    await page.keyboard.press('e');
    await page.getByText('No reply to answer').waitFor();
    const { is_read: done, classification } = await tenant.got('GET', `/v1/replies/${reply}`);
    assert.deepEqual([done, classification], [true, 'question']);
    // The browser says what the policy of the frame kept out.
    assert.ok(
      faults.every((fault) => /Content.Security.Policy|Blocked script/i.test(fault)),
      faults.join('\n'),
    );
    faults.length = 0;
  });
});
