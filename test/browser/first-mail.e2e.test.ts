import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { browserScene, noBrowser } from '../harness/browser.ts';

describe('the way to a first mail', { skip: noBrowser }, () => {
  const scene = browserScene();

  test('an import names the columns that it leaves out, until each has a choice', async () => {
    const { page, open } = await scene.ownerOf(await scene.product.tenant());
    await open('/imports/new');
    await page.getByLabel('CSV file').setInputFiles({
      name: 'leads.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('Email,Vorname,Ort\nada@lovelace.example,Ada,Oslo\n'),
    });
    await page.getByLabel('Lawful basis').selectOption({ label: 'Consent' });
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByText('2 columns are not imported: Vorname, Ort.').waitFor();
    await page.getByLabel('Field of Vorname').selectOption('first_name');
    await page.getByLabel('Field of Ort').selectOption({ label: 'ignore' });
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByText('1 would be created').waitFor();
    assert.equal(await page.getByText('not imported').count(), 0);
  });

  test('the capture box keeps the address that was typed', async () => {
    const { page, open } = await scene.ownerOf(await scene.product.tenant());
    await open('/mailboxes/new');
    await page.getByLabel('Address of the mailbox').fill('grace@hopper.example');
    await page.getByRole('button', { name: /capture box/ }).click();
    assert.equal(await page.getByLabel('Address', { exact: true }).inputValue(), 'grace@hopper.example');
    await page.getByRole('button', { name: 'Connect the mailbox' }).click();
    await page.getByText('grace@hopper.example is connected.').waitFor();
  });

  test('leads are added by tag', async () => {
    const tenant = await scene.product.tenant();
    await tenant.api('POST', '/v1/contacts', {
      lawful_basis: 'consent',
      contacts: [{ email: 'ada@lovelace.example', tags: ['nordic'] }],
    });
    const { id } = await tenant.got('POST', '/v1/campaigns', {
      name: 'Autumn',
      sequence: [{ subject: 'Labels', body: 'Hello' }],
    });
    const { page, open } = await scene.ownerOf(tenant);
    await open(`/campaigns/${String(id)}/edit`);
    await page.getByRole('button', { name: 'Add leads' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Tag').fill('nordic');
    await dialog.getByRole('button', { name: 'Add leads' }).click();
    await page.getByText('The contacts are added in the background.').waitFor();
    await dialog.waitFor({ state: 'detached' });
  });
});
