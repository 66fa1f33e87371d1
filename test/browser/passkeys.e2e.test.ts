import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { browserScene, noBrowser, testPassword } from '../harness/browser.ts';

describe('passkeys in the dashboard', { skip: noBrowser }, () => {
  const scene = browserScene();

  test('a person adds a passkey, signs in with it, renames it and removes it', async () => {
    const tenant = await scene.product.tenant();
    await scene.ownerOf(tenant);
    const { page, context, faults, assertAccessible, shoot } = await scene.window();
    const devTools = await context.newCDPSession(page);
    await devTools.send('WebAuthn.enable');
    const { authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
      },
    });
    // A passkey is for a host name: the test calls an IP address otherwise.
    const { url } = scene.product.app;
    await page.goto(`${url}/settings/security`);
    await page.getByLabel('Email').fill(`owner@${tenant.organization.slug}.example`);
    await page.getByLabel('Password').fill(testPassword);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Add passkey' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Laptop');
    await dialog.getByLabel('Your password').fill('wrong');
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.getByText('is wrong').waitFor();
    await dialog.getByLabel('Your password').fill(testPassword);
    await dialog.getByRole('button', { name: 'Continue' }).click();
    const row = page.getByRole('table', { name: 'Passkeys' }).getByRole('row', { name: 'Laptop' });
    await row.waitFor();
    await shoot('settings-security-passkeys-light');
    await assertAccessible();
    const desk = page.viewportSize() ?? assert.fail();
    await page.setViewportSize({ width: 390, height: 844 });
    await shoot('settings-security-passkeys-phone');
    await assertAccessible();
    await page.setViewportSize(desk);

    await context.clearCookies();
    await page.goto(`${url}/settings/security`);
    const button = page.getByRole('button', { name: 'Sign in with a passkey' });
    await button.waitFor();
    await shoot('sign-in-passkey-light');
    await assertAccessible();
    faults.length = 0;
    await devTools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await button.click();
    await page.getByRole('alert').getByText('No passkey was chosen').waitFor();
    await devTools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
    await button.click();
    await page.waitForURL(/\/settings\/security/);
    assert.ok(!(await row.textContent())?.includes('–'), 'it shows when it was last used');

    await row.getByRole('button', { name: 'Rename Laptop' }).click();
    await dialog.getByLabel('Name').fill('Phone');
    await dialog.getByRole('button', { name: 'Rename' }).click();
    const renamed = page.getByRole('table', { name: 'Passkeys' }).getByRole('row', { name: 'Phone' });
    await renamed.getByRole('button', { name: 'Remove…' }).click();
    await dialog.getByRole('button', { name: 'Remove passkey' }).click();
    await page.getByText('No passkeys').waitFor();

    await context.clearCookies();
    await page.goto(`${url}/sign-in`);
    await button.click();
    await page.getByRole('alert').getByText('The passkey is not accepted').waitFor();
    faults.length = 0;
  });

  test('the page of an IP address offers no passkeys, because browsers have none there', async () => {
    const { page } = await scene.window();
    await page.goto('/sign-in');
    await page.getByRole('button', { name: 'Continue' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Sign in with a passkey' }).count(), 0);
  });
});
