import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addMail } from '../../scripts/sample-data/mail.ts';
import { Outrider } from '../../sdk/src/index.ts';
import { browserScene, noBrowser } from '../harness/browser.ts';
import { callerOf } from '../harness/caller.ts';
import type { Caller, Fields } from '../harness/caller.ts';
import { startFaultSmtp } from '../harness/fault-smtp.ts';
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

/** The browser says what the policy of the frame kept out; it says nothing else. */
function assertBlocked(faults: string[]): void {
  assert.ok(
    faults.every((fault) => /Content.Security.Policy|Blocked script/i.test(fault)),
    faults.join('\n'),
  );
  faults.length = 0;
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
    assertBlocked(faults);
  });

  test('a reply is answered with a template, filled in for the person', async () => {
    const tenant = await scene.product.tenant();
    await tenant.api('POST', '/v1/contacts', {
      lawful_basis: 'consent',
      contacts: [
        { email: 'ada@lovelace.example', first_name: 'Ada', job_title: 'Countess', timezone: 'Europe/London' },
      ],
    });
    const body = '{Hello|Hi} {{ first_name | default: "there" }},\n{{ offer }}';
    await tenant.got('POST', '/v1/templates', { name: 'Offer', body });
    const { reply } = await correspond(tenant, (done, what) => scene.product.until(done, what));
    const { page, open, faults, assertAccessible } = await scene.ownerOf(tenant);
    await open(`/inbox?open=${reply}`);
    const person = page.getByRole('complementary', { name: 'Person' });
    await person.getByText('Countess').waitFor();
    await person.getByText(/in London$/).waitFor();
    await page.getByLabel('Insert a template').selectOption({ label: 'Offer' });
    const box = page.getByRole('textbox', { name: 'Reply' });
    assert.equal(await box.inputValue(), 'Hello Ada,\n{{ offer }}');
    await assertAccessible();
    assert.ok(await page.getByRole('button', { name: 'Send reply' }).isDisabled());
    await box.fill('Hello Ada, 40 labels for 12 euros.');
    await page.getByRole('button', { name: 'Send reply' }).click();
    await page.getByText('The reply is sent.').waitFor();
    await page.getByRole('region', { name: 'Messages' }).getByText('40 labels for 12 euros').waitFor();
    assertBlocked(faults);
  });

  test('a refused mailbox shows which stage failed, also when only connecting finds it', async () => {
    const smtp = await startFaultSmtp();
    scene.finally(() => smtp.close());
    const { page, open, faults, shoot, assertAccessible } = await scene.ownerOf(await scene.product.tenant());
    await open('/mailboxes/new');
    await page.getByLabel('Address of the mailbox').fill('grace@hopper.example');
    await page.getByRole('button', { name: 'Find its servers' }).click();
    const server = page.getByRole('group', { name: 'Sending (SMTP)' });
    await server.getByLabel('Host').fill('127.0.0.1');
    await server.getByLabel('Port').fill(String(smtp.port));
    await server.getByLabel('Encryption').selectOption('none');
    await server.getByLabel('User name').fill('grace');
    await server.getByLabel('Password').fill('secret');
    await page.getByLabel('Read replies and bounces').uncheck();
    await page.getByRole('button', { name: 'Test the connection' }).click();
    const signedIn = page.getByRole('status').getByRole('listitem').filter({ hasText: 'Signed in' });
    await signedIn.waitFor();
    smtp.faults = { auth: { kind: 'reply', code: 535, text: '5.7.8 Wrong password' } };
    await page.getByRole('button', { name: 'Connect the mailbox' }).click();
    await signedIn.getByText('535 5.7.8 Wrong password').waitFor();
    await page.getByText('nothing was stored').waitFor();
    await shoot('mail-connect-refused-light');
    await assertAccessible();
    faults.length = 0;
    smtp.faults = {};
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('nothing was sent').waitFor();
    await page.getByRole('button', { name: 'Connect the mailbox' }).click();
    await page.waitForURL(/\/mailboxes\/[0-9a-f-]{36}/);
  });

  test('a campaign sends in several hours a day', async () => {
    const tenant = await scene.product.tenant();
    const mailbox = await tenant.got('POST', '/v1/mailboxes', { email: 'grace@hopper.example', provider: 'capture' });
    const { id } = await tenant.got('POST', '/v1/campaigns', {
      name: 'Labels',
      mailbox_ids: [mailbox['id']],
      sequence: [{ subject: 'Labels', body: 'Hello' }],
      schedule: { timezone: 'Europe/Oslo', start: '09:00', end: '12:00', holidays: ['NO'] },
    });
    const path = `/v1/campaigns/${String(id)}`;
    const { page, open, shoot, assertAccessible } = await scene.ownerOf(tenant);
    await open(`/campaigns/${String(id)}/edit`);
    await page.getByRole('button', { name: 'Add hours' }).click();
    const second = page.getByRole('group', { name: 'Hours 2' });
    await second.getByLabel('To 2').fill('17:30');
    await second.getByLabel('To 2').blur();
    await second.getByLabel('Fri').uncheck();
    const windows = async (): Promise<unknown> => ((await tenant.got('GET', path))['schedule'] as Fields)['windows'];
    await scene.product.until(
      async () => JSON.stringify(await windows()).includes('"days":[1,2,3,4]'),
      'Friday is off',
    );
    assert.deepEqual(await windows(), [
      { days: [1, 2, 3, 4, 5], start: '09:00', end: '12:00' },
      { days: [1, 2, 3, 4], start: '13:00', end: '17:30' },
    ]);
    await second.scrollIntoViewIfNeeded();
    await shoot('mail-campaign-hours-light');
    await assertAccessible();
    await page.getByRole('link', { name: 'Overview' }).last().click();
    await page.getByText('Mon to Fri, 09:00 to 12:00; Mon to Thu, 13:00 to 17:30 in Europe/Oslo').waitFor();
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByRole('button', { name: 'Remove hours 1' }).click();
    await second.waitFor({ state: 'detached' });
    const { holidays } = (await tenant.got('GET', path))['schedule'] as Fields;
    assert.deepEqual(holidays, ['NO']);
  });

  let filled: Promise<{ tenant: Tenant; sandbox: Caller }> | undefined;
  /** A sandbox in which campaigns ran for two weeks. */
  async function withCampaigns(): Promise<{ tenant: Tenant; sandbox: Caller }> {
    const tenant = await scene.product.tenant();
    const { key } = await tenant.got('POST', '/v1/keys', { name: 'trial', scopes: ['*'], sandbox: true });
    await addMail(new Outrider({ baseUrl: scene.product.url, apiKey: String(key) }), 9);
    return { tenant, sandbox: callerOf(scene.product.url, String(key)) };
  }

  for (const [name, look] of [
    ['light', {}],
    ['dark', { dark: true }],
    ['phone', { phone: true }],
  ] as const)
    test(`looks right with data: ${name}`, async () => {
      const { tenant, sandbox } = await (filled ??= withCampaigns());
      const { context, open, shoot, assertAccessible } = await scene.ownerOf(tenant, look);
      const { organization } = await sandbox.got('GET', '/v1/me');
      await context.addInitScript(
        `localStorage.setItem('outrider.organization', '${String((organization as Fields)['id'])}')`,
      );
      const idOf = async (path: string, where: (row: Fields) => boolean = () => true): Promise<string> =>
        String(((await sandbox.api('GET', path)).json.data as Fields[]).find(where)?.['id']);
      const active = `/campaigns/${await idOf('/v1/campaigns', (row) => row['name'] === 'Trade fair follow-up')}`;
      const mailbox = `/mailboxes/${await idOf('/v1/mailboxes')}`;
      for (const [file, path] of [
        ['inbox', '/inbox?view=all'],
        ['campaigns', '/campaigns'],
        ['campaign', active],
        ['campaign-leads', `${active}?tab=leads`],
        ['campaign-sequence', `${active}?tab=sequence`],
        ['campaign-replies', `${active}?tab=replies`],
        ['campaign-skipped', `${active}?tab=skipped`],
        ['campaign-edit', `/campaigns/${await idOf('/v1/campaigns?status=draft')}/edit`],
        ['mailboxes', '/mailboxes'],
        ['mailbox', mailbox],
        ['mailbox-connection', `${mailbox}?tab=connection`],
        ['mailbox-warmup', `${mailbox}?tab=warmup`],
        ['mailbox-messages', `${mailbox}?tab=messages`],
        ['mailbox-settings', `${mailbox}?tab=settings`],
      ] as const) {
        const page = await open(path);
        if (file === 'inbox') {
          await page.getByRole('region', { name: 'List of replies' }).getByRole('link').first().click();
          await page.getByText('Decided by').waitFor();
        }
        await shoot(`mail-${file}-${name}`);
        await assertAccessible();
      }
    });
});
