import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { browserScene, noBrowser } from '../harness/browser.ts';
import type { Tenant } from '../harness/installation.ts';

const pages = ['tracking', 'data', 'alerts', 'audit'] as const;

describe('settings in the dashboard', { skip: noBrowser }, () => {
  const scene = browserScene();

  test('a tracking host is added, refused by its check, and deleted', async () => {
    const tenant = await scene.product.tenant();
    const { page, open, shoot, assertAccessible } = await scene.ownerOf(tenant);
    await open('/settings/tracking');
    await page.keyboard.press('c');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Host').fill('links.hopper.example');
    await dialog.getByRole('button', { name: 'Add host' }).click();
    const pane = page.getByRole('complementary');
    await pane.getByText('_outrider.links.hopper.example').waitFor();
    await pane.getByRole('button', { name: 'Copy value of TXT' }).click();
    const copied = await page.evaluate('navigator.clipboard.readText()');
    assert.equal(copied, `outrider=${tenant.organization.tag}`);
    await pane.getByRole('button', { name: 'Verify' }).click();
    await pane.getByText('Name in the DNS').waitFor();
    await shoot('settings-tracking-host-light');
    await assertAccessible();
    await pane.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('button', { name: 'Delete host' }).click();
    await page.getByText('No tracking host yet').waitFor();
  });

  test('types of events are kept for less, the address of alerts and the limit of messages are set', async () => {
    const tenant = await scene.product.tenant();
    const { page, open, faults } = await scene.ownerOf(tenant);
    await open('/settings/data');
    await page.getByRole('button', { name: 'Add type' }).click();
    await page.getByRole('combobox', { name: 'Type 1' }).fill('reply.*');
    await page.getByLabel('Days 1').fill('7');
    await page.getByRole('button', { name: 'Save retention' }).click();
    await page.getByText('Saved').waitFor();
    assert.deepEqual((await tenant.got('GET', '/v1/event-retention'))['retention'], { 'reply.*': 7 });
    await page.getByRole('button', { name: 'Remove type 1' }).click();
    await page.getByRole('button', { name: 'Save retention' }).click();
    await page.getByText('No type is kept for less').waitFor();
    await page.getByLabel('Messages a day').fill('500');
    await page.getByRole('button', { name: 'Save limit' }).click();
    await page.getByText('500 a day').waitFor();
    await open('/settings/alerts');
    await page.getByLabel('Address').fill('ops@localhost');
    await page.getByRole('button', { name: 'Save address' }).click();
    await page.locator('.field .error').waitFor();
    faults.length = 0;
    await page.getByLabel('Address').fill('ops@hopper.example');
    await page.getByRole('button', { name: 'Save address' }).click();
    await page.getByText('Mailed to ops@hopper.example').waitFor();
  });

  test('the audit log names who did what', async () => {
    const tenant = await scene.product.tenant();
    const { page, open, shoot, assertAccessible } = await scene.ownerOf(tenant);
    await open('/settings/people');
    await page.keyboard.press('c');
    await page.getByRole('dialog').getByLabel('Email').fill('grace@hopper.example');
    await page.getByRole('button', { name: 'Create invitation' }).click();
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await tenant.got('POST', '/v1/keys', { name: 'billing', scopes: ['events:write'] });
    await tenant.publish('order.paid', {});
    await open('/settings/audit');
    await page.getByRole('row', { name: /Invited grace@hopper.example as member Ingrid Solbakken/ }).waitFor();
    await page.getByRole('row', { name: /Created the key “billing” Key “test”/ }).waitFor();
    await page.getByRole('row', { name: /Signed in as owner Ingrid Solbakken/ }).waitFor();
    assert.equal(await page.getByText('order.paid').count(), 0);
    await shoot('settings-audit-light');
    await assertAccessible();
    await page.getByLabel('Add a filter').selectOption({ label: 'People' });
    await page.getByText('Created the key').waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /Invited grace/ }).click();
    await page.getByRole('link', { name: 'Event', exact: true }).click();
    await page.waitForURL(/\/events\//);
  });

  let filled: Tenant | undefined;
  async function withSettings(): Promise<Tenant> {
    const tenant = await scene.product.tenant({ alertEmail: 'ops@hopper.example' });
    await tenant.got('POST', '/v1/tracking-domains', { host: 'links.hopper.example' });
    await tenant.got('PUT', '/v1/event-retention', { retention: { 'reply.*': 30, 'order.paid': 7 } });
    await tenant.got('POST', '/v1/topics', { name: 'Product news' });
    const [contact] = (
      await tenant.api('POST', '/v1/contacts', {
        lawful_basis: 'consent',
        contacts: [{ email: 'ada@lovelace.example' }],
      })
    ).json.data as { id: string }[];
    await tenant.got('POST', `/v1/contacts/${contact?.id}/erase`);
    return tenant;
  }

  for (const [name, look] of [
    ['light', {}],
    ['dark', { dark: true }],
    ['phone', { phone: true }],
  ] as const)
    test(`looks right: ${name}`, async () => {
      const { open, shoot, assertAccessible } = await scene.ownerOf((filled ??= await withSettings()), look);
      for (const path of pages) {
        await open(`/settings/${path}`);
        await shoot(`settings-${path}-${name}`);
        await assertAccessible();
      }
    });

  test('a viewer reads, and sees no button that would be refused', async () => {
    const tenant = (filled ??= await withSettings());
    const [host] = (await tenant.api('GET', '/v1/tracking-domains')).json.data as { id: string }[];
    const { page, open } = await scene.viewerOf(tenant);
    for (const path of [
      `/settings/tracking?open=${host?.id}`,
      '/settings/data',
      '/settings/alerts',
      '/settings/audit',
    ]) {
      await open(path);
      const main = page.getByRole('main');
      for (const word of [/^Add/, /^Save/, /^Verify/, /^Delete/]) {
        assert.equal(await main.getByRole('button', { name: word }).count(), 0, `${path}: ${word.source}`);
      }
    }
  });
});
