import { describe, test } from 'node:test';
import { inviteOwner } from '../../src/accounts/index.ts';
import { browserScene, noBrowser, testPassword } from '../harness/browser.ts';

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
  });

  for (const [name, look] of [
    ['light', {}],
    ['dark', { dark: true }],
    ['phone', { phone: true }],
  ] as const)
    test(`looks right: ${name}`, async () => {
      const { open, shoot, assertAccessible } = await scene.ownerOf(await scene.product.tenant(), look);
      for (const path of ['/', '/settings/security']) {
        await open(path);
        await shoot(`${path.replaceAll('/', '-').slice(1) || 'overview'}-${name}`);
        await assertAccessible();
      }
    });
});
