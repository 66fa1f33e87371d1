import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { browserScene, noBrowser, testPassword } from '../harness/browser.ts';
import { eventually } from '../harness/clock.ts';

const pages = [
  '/',
  '/inbox',
  '/campaigns',
  '/mailboxes',
  '/contacts',
  '/companies',
  '/projects',
  '/segments',
  '/imports',
  '/suppressions',
  '/events',
  '/deliveries',
  '/activities',
  '/captured',
  '/settings/api',
  '/settings',
  '/settings/security',
  '/settings/tracking',
  '/settings/workspaces',
  '/settings/audit',
];

describe('a member who is limited to a workspace, in the dashboard', { skip: noBrowser }, () => {
  const scene = browserScene();

  test('is invited to it, finds only its records, and is freed', async () => {
    const tenant = await scene.product.tenant();
    await tenant.workspace('Northwind');
    const { open, assertAccessible, shoot } = await scene.ownerOf(tenant);
    const people = await open('/settings/people');
    await people.getByRole('button', { name: 'Invite' }).click();
    const dialog = people.getByRole('dialog');
    await dialog.getByLabel('Email').fill('grace@example.com');
    await dialog.getByLabel('Role').selectOption('admin');
    assert.equal(await dialog.getByLabel('Workspace').count(), 0);
    await dialog.getByLabel('Role').selectOption('member');
    await dialog.getByLabel('Workspace').selectOption('Northwind');
    await assertAccessible();
    await dialog.getByRole('button', { name: 'Create invitation' }).click();
    const link = (await dialog.getByText(/#token=/).textContent()) ?? '';
    assert.match(link, /\/invitation#token=[\w-]{43}$/);

    const grace = await scene.window();
    const { page } = grace;
    await page.goto(new URL(link).pathname + new URL(link).hash);
    await page.getByLabel('Name').fill('Grace');
    await page.getByLabel('Password').fill(testPassword);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.getByTitle('Organization and workspace').getByText('Northwind').waitFor();
    // Each page asks only for what the API answers: a refused call would fail the test.
    for (const path of pages) await grace.open(path);
    await grace.open('/settings');
    assert.equal(await page.getByRole('link', { name: 'People' }).count(), 0);

    await open('/settings/people');
    const select = people.getByLabel('Workspace of grace@example.com');
    await people.getByRole('row', { name: /Grace/ }).waitFor();
    assert.equal(await select.locator('option:checked').textContent(), 'Northwind');
    await assertAccessible();
    await shoot('settings-people-workspaces-light');
    await select.selectOption('All');
    // The page shows the choice before it is stored, and sessions follow with a notice.
    await eventually(async () => {
      await grace.open('/settings');
      return (await page.getByRole('link', { name: 'People' }).count()) > 0;
    }, 'she is freed');
    assert.equal(await select.inputValue(), '');
  });
});
