import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { browserScene, noBrowser } from '../harness/browser.ts';
import type { Fields } from '../harness/caller.ts';
import { always } from '../harness/sandbox.ts';

describe('a campaign in the dashboard', { skip: noBrowser }, () => {
  const scene = browserScene();

  test('is written, checked with a real lead, launched, paused and resumed', async () => {
    const tenant = await scene.product.tenant();
    await tenant.got('POST', '/v1/mailboxes', { email: 'grace@hopper.example', provider: 'capture' });
    await tenant.api('POST', '/v1/contacts', {
      lawful_basis: 'consent',
      contacts: [{ email: 'ada@lovelace.example', first_name: 'Ada', company_name: 'Analytical Engines' }],
    });
    const { page, open, faults, shoot, assertAccessible } = await scene.ownerOf(tenant);
    await open('/campaigns');
    await page.getByRole('button', { name: 'New campaign' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Labels for autumn');
    await dialog.getByRole('button', { name: 'Create draft' }).click();
    await page.waitForURL(/\/campaigns\/[^/]+\/edit/);
    const [, id = ''] = /campaigns\/([^/]+)\/edit/.exec(page.url()) ?? [];
    await tenant.got('PATCH', `/v1/campaigns/${id}`, { schedule: { timezone: 'UTC', windows: [always] } });
    await page.reload();

    // Without a lead it cannot be launched, and the page says why.
    const launch = page.getByRole('button', { name: 'Launch…' });
    await page.getByText(/error to fix before it can be launched/).waitFor();
    assert.ok(await launch.isDisabled());
    await page.getByRole('button', { name: 'Add leads' }).click();
    await dialog.getByText('One address').click();
    await dialog.getByLabel('Address').fill('ada@lovelace.example');
    await dialog.getByRole('button', { name: 'Add leads' }).click();
    await page.getByText('1 lead added.').waitFor();
    await page.getByLabel('Addresses to contact').selectOption({ label: 'Any, without a check' });

    // The preview is the message that this lead gets.
    const preview = page.getByRole('region', { name: 'Preview' });
    await preview.getByText('A question about Analytical Engines').waitFor();
    await page.getByLabel('Body').fill('Hi {{ first_name }},\n\n40 labels for 12 euros?');
    await preview.getByText('Hi Ada,').waitFor();
    await page.getByRole('button', { name: 'Add a step' }).click();
    await page.getByRole('heading', { name: 'Step 2' }).waitFor();
    await page.getByLabel('Body').fill('Hi {{ first_name }}, did you see my mail?');
    await preview.getByText('did you see my mail?').waitFor();
    await page.getByRole('button', { name: 'Variant' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await scene.product.until(async () => {
      const { sequence } = (await tenant.got('GET', `/v1/campaigns/${id}`)) as { sequence: { variants: Fields[] }[] };
      return sequence[1]?.variants.length === 2;
    }, 'the variants are saved');
    await shoot('mail-campaign-builder-light');
    await assertAccessible();

    await scene.product.until(async () => launch.isEnabled(), 'nothing is to be fixed');
    await launch.click();
    await dialog.getByText(/At most 2 messages to each of 1 lead/).waitFor();
    await dialog.getByRole('button', { name: 'Launch to 1 lead' }).click();
    await page.waitForURL(new RegExp(`/campaigns/${id}$`));
    await page.getByText('Active').first().waitFor();
    const funnel = page.getByRole('listitem').filter({ hasText: 'Contacted' });
    await funnel.getByText('100 %').waitFor();
    await page.getByRole('link', { name: /^Leads/ }).click();
    await page.getByRole('row', { name: /ada@lovelace\.example.*1 of 2/ }).click();
    await page.getByRole('complementary').getByText('ada@lovelace.example').first().waitFor();
    await shoot('mail-campaign-leads-light');

    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('is paused.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('sends again.').waitFor();
    assert.equal((await tenant.got('GET', `/v1/campaigns/${id}`))['status'], 'active');
    await open('/captured');
    await page.getByText('A question about Analytical Engines').first().click();
    await page.getByText('40 labels for 12 euros?').first().waitFor();
    await assertAccessible();
    assert.deepEqual(faults, []);
  });
});
