import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserScene, noBrowser } from '../harness/browser.ts';
import type { Tenant } from '../harness/installation.ts';

describe('keyboard, history and width', { skip: noBrowser }, () => {
  const scene = browserScene();

  async function withEvents(): Promise<Tenant> {
    const tenant = await scene.product.tenant();
    for (const event of ['order.paid', 'order.shipped', 'order.refunded'])
      await tenant.got('POST', '/v1/events', { event, data: {} });
    return tenant;
  }
  const focused = (page: Page): Promise<string> => page.evaluate('document.activeElement.textContent');
  const rowOf = (page: Page, name: RegExp) => page.getByRole('row', { name });

  test('a detail opens and closes without losing the row, by keys and by the button', async () => {
    const { page, open } = await scene.ownerOf(await withEvents());
    await open('/events');
    await rowOf(page, /order\.paid/).focus();
    await page.keyboard.press('Enter');
    const detail = page.getByRole('complementary', { name: 'Detail' });
    await detail.waitFor();
    assert.match(await focused(page), /^order\.paid/);
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await detail.getByText('order.shipped').first().waitFor();
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'detached' });
    assert.match(await focused(page), /^order\.shipped/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Close detail' }).click();
    await detail.waitFor({ state: 'detached' });
    assert.match(await focused(page), /^order\.shipped/);
  });

  test('going back closes the detail, and takes back a filter', async () => {
    const { page, open } = await scene.ownerOf(await withEvents());
    await open('/events?unknown=1');
    await page.waitForURL(/\/events$/);
    const filter = page.getByLabel('Event type, such as contact.*');
    await filter.fill('order.*');
    await filter.press('Enter');
    await page.waitForURL(/event=order/);
    await rowOf(page, /order\.paid/).click();
    await page.waitForURL(/open=/);
    await page.goBack();
    await page.getByRole('complementary', { name: 'Detail' }).waitFor({ state: 'detached' });
    assert.match(page.url(), /event=order/);
    await page.goBack();
    await page.waitForURL(/\/events$/);
    await page.goForward();
    await page.waitForURL(/event=order/);
  });

  test('a dialog takes the focus to its first field, keeps the keys of the page out, and gives the focus back', async () => {
    const { page, open } = await scene.ownerOf(await scene.product.tenant());
    await open('/settings/api');
    await page.getByRole('button', { name: 'Create key' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    assert.equal(await page.evaluate('document.activeElement.name'), 'name');
    await dialog.getByRole('button', { name: 'Cancel' }).focus();
    await page.keyboard.press('c');
    assert.equal(await dialog.count(), 1);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.match(await focused(page), /Create key/);
  });

  test('the documentation is reached from the help, and the place of a page is marked', async () => {
    const { page, open, assertAccessible } = await scene.ownerOf(await scene.product.tenant());
    await open('/settings/people');
    const current = page.getByRole('navigation', { name: 'Main', exact: true }).locator('[aria-current]');
    assert.deepEqual(await current.allTextContents(), ['Settings']);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.keyboard.press('d');
    await page.getByText('Verify your first webhook').waitFor();
    assert.deepEqual(await current.allTextContents(), ['Docs']);
    await page.getByRole('link', { name: 'FoxReach' }).waitFor();
    await assertAccessible();
  });

  test('on a phone, roles can be changed and everything is behind "More"', async () => {
    const { page, open } = await scene.ownerOf(await scene.product.tenant(), { phone: true });
    await open('/settings/people');
    await page
      .getByRole('row', { name: /Ingrid/ })
      .getByRole('combobox')
      .waitFor();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Docs' }).waitFor();
    assert.equal(await page.getByRole('menuitem', { name: 'Captured mail' }).count(), 0);
  });

  test('a table keeps the name of its records in a narrow window', async () => {
    const tenant = await scene.product.tenant();
    const contacts = [{ email: 'anne@lovelace.example', first_name: 'Anne-Sophie' }];
    await tenant.got('POST', '/v1/contacts', { lawful_basis: 'consent', contacts });
    const { page, open, assertAccessible } = await scene.ownerOf(tenant);
    for (const width of [1024, 800]) {
      await page.setViewportSize({ width, height: 700 });
      await open('/contacts');
      const name = await page.getByRole('cell', { name: /Anne-Sophie/ }).boundingBox();
      assert.ok((name?.width ?? 0) > 200, `${width}: ${name?.width}`);
      await assertAccessible();
      await open('/settings/api');
      await assertAccessible();
    }
  });
});
