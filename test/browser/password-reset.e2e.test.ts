import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import PostalMime from 'postal-mime';
import { browserScene, noBrowser, testPassword } from '../harness/browser.ts';
import { eventually } from '../harness/clock.ts';
import { startSmtp } from '../harness/smtp.ts';
import type { SmtpServer } from '../harness/smtp.ts';

describe('a forgotten password in the dashboard', { skip: noBrowser }, () => {
  let smtp: SmtpServer;
  const scene = browserScene(async () => {
    smtp = await startSmtp();
    return { config: { smtpUrl: smtp.url } };
  });
  after(() => smtp.close());

  test('a person asks for a link, opens the mailed one and sets a new password', async () => {
    const tenant = await scene.product.tenant();
    const email = `owner@${tenant.organization.slug}.example`;
    await scene.ownerOf(tenant);
    const { page, faults, assertAccessible, shoot } = await scene.window();
    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.getByRole('heading', { name: 'Forgot your password?' }).waitFor();
    await page.getByText('outrider reset-password').waitFor();
    await assertAccessible();
    await shoot('forgot-password-light');
    await page.getByLabel('Email').fill(email);
    await page.getByRole('button', { name: 'Mail me a link' }).click();
    await page.getByText(`If ${email} has an account`).waitFor();
    await assertAccessible();
    await eventually(() => smtp.mails.length === 1, 'the mail arrived');
    const { text = '' } = await PostalMime.parse(smtp.mails[0]?.text ?? '');
    const [, path = ''] = /http:\/\/[^/]+(\/reset#token=[\w-]{43})/.exec(text) ?? assert.fail(text);

    await page.goto(path);
    await page.getByRole('heading', { name: 'Set a new password' }).waitFor();
    await page.getByLabel('Password').fill('seven lean herons at dusk');
    await assertAccessible();
    await shoot('reset-light');
    await page.setViewportSize({ width: 390, height: 844 });
    await assertAccessible();
    await shoot('reset-phone');
    await page.getByRole('button', { name: 'Set password' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();

    // The link worked once, and the old password does not work.
    await page.context().clearCookies();
    await page.goto('/sign-in');
    await page.goto(path);
    await page.getByLabel('Password').fill('seven lean herons at dusk');
    await page.getByRole('button', { name: 'Set password' }).click();
    await page.getByRole('alert').getByText('was used already').waitFor();
    await page.goto('/sign-in');
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill(testPassword);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('alert').getByText('is wrong').waitFor();
    await page.goto('/reset');
    await page.getByText('The link is not complete').waitFor();
    await assertAccessible();
    // Refused calls are logged by the browser.
    faults.length = 0;
  });

  test('an invitation is mailed, and the page says so', async () => {
    const tenant = await scene.product.tenant();
    const { open } = await scene.ownerOf(tenant);
    const page = await open('/settings/people');
    await page.getByRole('button', { name: 'Invite' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Email').fill('grace@example.com');
    await dialog.getByRole('button', { name: 'Create invitation' }).click();
    await dialog.getByText('The link is also on its way to grace@example.com').waitFor();
    await eventually(() => smtp.mails.some(({ to }) => to.includes('grace@example.com')), 'the mail arrived');
  });
});
