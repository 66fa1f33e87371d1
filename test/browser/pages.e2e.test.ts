import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inviteOwner } from '../../src/accounts/index.ts';
import { browserScene, noBrowser, testPassword } from '../harness/browser.ts';
import type { Fields } from '../harness/caller.ts';
import { passwordAt } from '../harness/totp.ts';

/** Pages that are not walked with data in another file. */
const everyPage = [
  '/',
  '/inbox',
  '/campaigns',
  '/mailboxes',
  '/mailboxes/new',
  '/captured',
  '/settings',
  '/settings/people',
  '/settings/workspaces',
  '/settings/security',
];

describe('the dashboard', { skip: noBrowser }, () => {
  const scene = browserScene();

  test('asks who you are, and opens the page you wanted', async () => {
    const tenant = await scene.product.tenant();
    await scene.ownerOf(tenant);
    const { page, faults, assertAccessible } = await scene.window();
    await page.goto('/contacts?search=ada');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await assertAccessible();
    await page.getByLabel('Email').fill(`owner@${tenant.organization.slug}.example`);
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('alert').waitFor();
    faults.length = 0;
    await page.getByLabel('Password').fill(testPassword);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(/\/contacts\?search=ada/);
    await page.getByRole('navigation', { name: 'Main', exact: true }).waitFor();
  });

  test("the operator's link makes an owner's account, and a wrong link says so", async () => {
    const tenant = await scene.product.tenant();
    const token = await inviteOwner(scene.product.tenancy, tenant.organization.id);
    const { page, faults, assertAccessible } = await scene.window();
    await page.goto(`/setup#token=${token}x`);
    const fill = async (): Promise<void> => {
      await page.getByLabel('Email').fill('ada@setup.example');
      await page.getByLabel('Name').fill('Ada');
      await page.getByLabel('Password').fill(testPassword);
      await page.getByRole('button', { name: 'Continue' }).click();
    };
    await fill();
    await page.getByRole('alert').waitFor();
    await assertAccessible();
    faults.length = 0;
    await page.goto('/sign-in');
    await page.goto(`/setup#token=${token}`);
    await fill();
    await page.getByRole('navigation', { name: 'Main', exact: true }).waitFor();
  });

  test('is reached by keys', async () => {
    const { page, open } = await scene.ownerOf(await scene.product.tenant());
    await open('/');
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.waitForURL(/\/contacts/);
    await page.keyboard.press('/');
    await page.getByRole('combobox', { name: 'Search or jump to' }).fill('deliv');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/deliveries/);
    await page.keyboard.press('/');
    await page.getByRole('combobox', { name: 'Search or jump to' }).fill('audit');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Audit log' }).waitFor();
  });

  for (const [name, look] of [
    ['light', {}],
    ['dark', { dark: true }],
    ['phone', { phone: true }],
  ] as const)
    test(`looks right: ${name}`, async () => {
      const { open, shoot, assertAccessible } = await scene.ownerOf(await scene.product.tenant(), look);
      for (const path of name === 'light' ? everyPage : ['/', '/settings/security', '/mailboxes/new']) {
        await open(path);
        await shoot(`${path.replaceAll('/', '-').slice(1) || 'overview'}-${name}`);
        await assertAccessible();
      }
    });

  test('people are invited, and a password gets a second factor', async () => {
    const { page, open } = await scene.ownerOf(await scene.product.tenant());
    await open('/settings/people');
    await page.keyboard.press('c');
    await page.getByRole('dialog').getByLabel('Email').fill('grace@hopper.example');
    await page.getByRole('button', { name: 'Create invitation' }).click();
    const link = (await page.locator('.dialog code').textContent()) ?? '';
    assert.match(link, /\/invitation#token=/);
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByRole('table', { name: 'Invitations' }).getByText('grace@hopper.example').waitFor();
    await open('/settings/security');
    await page.getByRole('button', { name: 'Switch on' }).click();
    await page.getByLabel('Your password').fill(testPassword);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('img', { name: 'QR code of the secret' }).waitFor();
    const secret = (await page.locator('.dialog code').textContent()) ?? '';
    await page.getByRole('textbox', { name: 'Code' }).fill(passwordAt(secret, Date.now()));
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('Each works once').waitFor();
    await page.getByRole('button', { name: 'I have stored them' }).click();
    await page.getByText('On', { exact: true }).waitFor();
  });

  test('a customer manages the endpoints of one workspace in the portal', async () => {
    const tenant = await scene.product.tenant();
    const workspace = await tenant.workspace('Brimmond GmbH');
    await tenant.got('POST', '/v1/event-types', { name: 'order.paid', description: 'An order was paid.' });
    await tenant.got('PUT', '/v1/portal-brand', { name: 'Vermeer', color: '#b45309', logo: null });
    const receiver = await scene.receive();
    const { url } = await tenant.got('POST', `/v1/workspaces/${workspace}/portal-links`, {});
    const { page, faults, assertAccessible, shoot } = await scene.window();
    await page.goto(String(url));
    await page.getByText('No endpoints yet').waitFor();
    await page.getByRole('button', { name: 'Add endpoint' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('URL').fill(receiver.url);
    await dialog.getByLabel('Everything, also types that come later').uncheck();
    await dialog.getByLabel('Search event types').fill('order');
    await dialog.getByText('An order was paid.').waitFor();
    await dialog.getByLabel('All of order').check();
    const button = dialog.getByRole('button', { name: 'Add endpoint' });
    const color = await page.evaluate("getComputedStyle(document.querySelector('.dialog .primary')).backgroundColor");
    assert.equal(color, 'rgb(180, 83, 9)', 'of the brand');
    await shoot('portal-add-light');
    await assertAccessible();
    await button.click();
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText(/Delivered, 20\d in/).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Deliveries' }).click();
    await page.getByRole('row', { name: /webhook\.test/ }).waitFor();
    await shoot('portal-light');
    await assertAccessible();
    const [endpoint] = (await tenant.api('GET', '/v1/webhooks')).json.data as Fields[];
    assert.equal(endpoint?.['workspace_id'], workspace);
    assert.deepEqual(endpoint?.['events'], ['order.*']);
    assert.deepEqual(faults, []);
    await page.reload();
    await page.getByText('This link does not work any more.').waitFor();
    faults.length = 0;
  });
});
