import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { browserScene, noBrowser, testPassword } from '../harness/browser.ts';

describe('when the server, the session or the organization is gone', { skip: noBrowser }, () => {
  const scene = browserScene();

  test('an outage leaves the page as it was, says so, and ends by itself', async () => {
    const tenant = await scene.product.tenant();
    await tenant.got('POST', '/v1/events', { event: 'order.paid', data: {} });
    const { page, open, faults } = await scene.ownerOf(tenant);
    await open('/events');
    await page.route('**/*', (route) => route.abort('connectionrefused'));
    await page.getByText('The server does not answer.').waitFor();
    await page.getByRole('row', { name: /order\.paid/ }).waitFor();
    assert.equal(await page.getByText('Live', { exact: true }).count(), 0);
    // The script of this page was not loaded before.
    await page.getByRole('link', { name: 'Companies' }).click();
    await page.waitForURL(/\/companies/);
    assert.equal(await page.getByText('No companies yet').count(), 0);
    await page.unroute('**/*');
    await page.getByText('No companies yet').waitFor();
    await page.getByText('The server does not answer.').waitFor({ state: 'detached' });
    faults.length = 0;
  });

  test('a session that ends says so, and signing in opens the page again', async () => {
    const tenant = await scene.product.tenant();
    const { page, context, open, faults } = await scene.ownerOf(tenant);
    await open('/contacts?search=ada');
    await context.clearCookies();
    await page.getByRole('link', { name: 'Companies' }).click();
    await page.getByText('Your session has ended.').waitFor();
    faults.length = 0;
    await page.getByLabel('Email').fill(`owner@${tenant.organization.slug}.example`);
    await page.getByLabel('Password').fill(testPassword);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Companies', exact: true }).waitFor();
  });

  test('an organization and a workspace chosen by another person before do not lock anyone out', async () => {
    const stranger = await scene.product.tenant();
    const { page, open, faults } = await scene.ownerOf(await scene.product.tenant());
    await open('/contacts');
    await page.evaluate(`localStorage.setItem('outrider.organization', '${stranger.organization.id}')`);
    await page.evaluate(`localStorage.setItem('outrider.workspace', '${stranger.organization.id}')`);
    await open('/companies');
    await page.getByRole('heading', { name: 'Companies', exact: true }).waitFor();
    assert.equal(await page.evaluate('localStorage.getItem("outrider.organization")'), null);
    assert.equal(await page.evaluate('localStorage.getItem("outrider.workspace")'), null);
    faults.length = 0;
  });

  test('the first steps lead into a new sandbox, whose switch appears at once, and can be hidden', async () => {
    const tenant = await scene.product.tenant();
    const { page, open } = await scene.ownerOf(tenant);
    await open('/');
    await page.getByRole('link', { name: 'Create sandbox' }).click();
    const dialog = page.getByRole('dialog');
    assert.ok(await dialog.getByRole('checkbox', { name: /Key of the sandbox/ }).isChecked());
    await dialog.getByLabel('Name').fill('Tests');
    await dialog.getByRole('button', { name: 'Create key' }).click();
    const key = (await page.locator('.dialog code').textContent()) ?? '';
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByRole('switch', { name: 'Sandbox' }).waitFor();
    await open('/');
    await page.getByRole('button', { name: 'Open sandbox' }).click();
    await page.getByRole('link', { name: 'Captured mail' }).waitFor();
    assert.match(key, /^otr_test_/);
    await page.getByRole('button', { name: 'Hide' }).click();
    await page.getByText('Get started').waitFor({ state: 'detached' });
    await page.keyboard.press('z');
    await page.getByText('Get started').waitFor();
  });
});
