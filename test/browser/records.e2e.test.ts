import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addRecords } from '../../scripts/sample-data/records.ts';
import { Outrider } from '../../sdk/src/index.ts';
import { browserScene, noBrowser } from '../harness/browser.ts';
import type { Fields } from '../harness/caller.ts';
import type { Tenant } from '../harness/installation.ts';

describe('records in the dashboard', { skip: noBrowser }, () => {
  const scene = browserScene();

  async function withRecords(): Promise<Tenant> {
    const tenant = await scene.product.tenant();
    const { key } = await tenant.got('POST', '/v1/keys', { name: 'samples', scopes: ['*'] });
    await addRecords(new Outrider({ baseUrl: scene.product.url, apiKey: String(key) }), 260);
    return tenant;
  }

  test('a contact is added, tagged, merged, deleted and restored', async () => {
    const { page, open } = await scene.ownerOf(await scene.product.tenant());
    await open('/contacts');
    for (const [first, email] of [
      ['<img src=x onerror=alert(1)>', 'ada@lovelace.example'],
      ['مريم', 'maryam@lovelace.example'],
    ] as const) {
      await page.keyboard.press('c');
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Email').fill(email);
      await dialog.getByLabel('First name').fill(first);
      await dialog.getByRole('button', { name: 'Add contact' }).click();
      await page.getByRole('complementary').getByText(email).waitFor();
      await page.keyboard.press('Escape');
    }
    await page.getByRole('row', { name: /ada@lovelace/ }).click();
    await page.getByLabel('Add a tag').fill('vip');
    await page.getByLabel('Add a tag').press('Enter');
    await page.getByRole('button', { name: 'Remove tag vip' }).waitFor();
    await page.getByRole('link', { name: 'Page' }).click();
    await page.getByRole('heading', { name: '<img src=x onerror=alert(1)>' }).waitFor();
    await page.getByRole('button', { name: 'Merge…' }).click();
    await page.getByRole('dialog').getByPlaceholder('Search').fill('maryam');
    await page.getByRole('radio').check();
    await page.getByRole('button', { name: 'Merge', exact: true }).click();
    await page.getByText('maryam@lovelace.example').first().waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Merge undone').waitFor();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.waitForURL(/\/contacts$/);
    await page.getByText('Contact deleted').waitFor();
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await page.getByText('Contact restored').waitFor();
  });

  test('a CSV is mapped, tried and imported', async () => {
    const tenant = await scene.product.tenant();
    const { page, open } = await scene.ownerOf(tenant);
    await open('/imports/new');
    await page.getByLabel('CSV file').setInputFiles({
      name: 'leads.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('Work mail;Given\n"ada@lovelace.example";"Ada; Countess"\nnobody;\n'),
    });
    await page.getByLabel('Field of Work mail').selectOption('email');
    await page.getByLabel('Field of Given').selectOption('first_name');
    await page.getByLabel('Lawful basis').selectOption('consent');
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByText('1 would be created').waitFor();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('Completed').waitFor();
    await page.getByRole('table', { name: 'Rejected rows' }).getByText('nobody').waitFor();
    const { json } = await tenant.api('GET', '/v1/contacts');
    assert.deepEqual(
      (json.data as Fields[]).map(({ first_name: first }) => first),
      ['Ada; Countess'],
    );
  });

  test('a segment is built; its mistake is named', async () => {
    const tenant = await withRecords();
    const { page, open, faults } = await scene.ownerOf(tenant);
    await open('/segments');
    await page.keyboard.press('c');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('VIP');
    await dialog.getByLabel('Field 1').selectOption('created_at');
    await dialog.getByLabel('Operator 1').selectOption('gte');
    await dialog.getByLabel('Value 1').fill('yesterday');
    await dialog.getByRole('button', { name: 'Add segment' }).click();
    await dialog.getByRole('alert').waitFor();
    faults.length = 0;
    await dialog.getByLabel('Field 1').selectOption('tags');
    await dialog.getByLabel('Operator 1').selectOption('eq');
    await dialog.getByLabel('Value 1').fill('vip');
    await dialog.getByRole('button', { name: 'Add segment' }).click();
    await page.getByText('contacts match').waitFor();
    await page.getByRole('table', { name: 'Records' }).getByRole('row').nth(20).waitFor();
  });

  test('contacts are filtered by source and by segment, and ordered, all in the URL', async () => {
    const tenant = await scene.product.tenant();
    const { id: source } = await tenant.got('POST', '/v1/sources', { name: 'Trade fair' });
    const { id: segment } = await tenant.got('POST', '/v1/segments', {
      name: 'VIP',
      entity: 'contact',
      filter: { field: 'tags', op: 'eq', value: 'vip' },
    });
    await tenant.api('POST', '/v1/contacts', {
      lawful_basis: 'consent',
      contacts: [
        { email: 'ada@lovelace.example', source_id: source },
        { email: 'grace@hopper.example', tags: ['vip'] },
        { email: 'mary@somerville.example', tags: ['vip'], source_id: source },
      ],
    });
    const { page, open } = await scene.ownerOf(tenant);
    await open('/contacts');
    const row = (name: string) => page.getByRole('row', { name: new RegExp(name) });
    await row('ada@').waitFor();
    await page.getByLabel('Add a filter').selectOption({ label: 'Trade fair' });
    await row('grace@').waitFor({ state: 'detached' });
    assert.equal(new URL(page.url()).searchParams.get('source_id'), source);
    await page.getByLabel('Add a filter').selectOption({ label: 'VIP' });
    await row('ada@').waitFor({ state: 'detached' });
    await row('mary@').waitFor();
    assert.equal(new URL(page.url()).search, `?source_id=${String(source)}&segment_id=${String(segment)}`);
    await page.getByRole('button', { name: 'Remove filter Source' }).click();
    await row('grace@').waitFor();
    // Words are not looked for in a segment.
    await page.getByRole('searchbox').fill('ada');
    await page.keyboard.press('Enter');
    await row('ada@').waitFor();
    await page.waitForURL(/\?search=ada$/);
    await page.getByRole('searchbox').fill('');
    await page.keyboard.press('Enter');
    await row('grace@').waitFor();
    await page.getByLabel('Order').selectOption({ label: 'Oldest first' });
    await page.waitForURL(/sort=created_at/);
    await page.getByRole('columnheader', { name: 'Created' }).waitFor();
    // Words are found newest first only; without them, the chosen order is back.
    await page.getByRole('searchbox').fill('grace');
    await page.keyboard.press('Enter');
    await row('ada@').waitFor({ state: 'detached' });
    await row('grace@').waitFor();
    assert.equal(await page.getByLabel('Order').isDisabled(), true);
    await page.goBack();
    await row('ada@').waitFor();
    assert.equal(await page.getByLabel('Order').inputValue(), 'created_at');
  });

  test('a person is suppressed and leaves a topic; each is taken back', async () => {
    const tenant = await scene.product.tenant();
    await tenant.got('POST', '/v1/topics', { name: 'Product news' });
    const { json } = await tenant.api('POST', '/v1/contacts', {
      lawful_basis: 'consent',
      contacts: [{ email: 'ada@lovelace.example' }],
    });
    const [contact] = json.data as Fields[];
    const { page, open, shoot, assertAccessible } = await scene.ownerOf(tenant);
    await open(`/contacts/${String(contact?.['id'])}`);
    const undo = page.getByRole('button', { name: 'Undo' }).first();
    const blocked = page.getByText('No mail is sent to this person.');
    await page.getByRole('button', { name: 'Suppress…' }).click();
    await page.getByRole('dialog').getByLabel('Reason').selectOption({ label: 'The person complained' });
    await page.getByRole('button', { name: 'Suppress', exact: true }).click();
    await blocked.waitFor();
    await shoot('records-contact-suppressed-light');
    await assertAccessible();
    await undo.click();
    await blocked.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Suppress…' }).click();
    await page.getByRole('button', { name: 'Suppress', exact: true }).click();
    await page.getByRole('button', { name: 'Lift' }).click();
    await blocked.waitFor({ state: 'detached' });
    await undo.click();
    await blocked.waitFor();
    await page.getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('button', { name: 'Rejoin' }).waitFor();
    await undo.click();
    await page.getByText('Receives it').waitFor();
    const { page: read, open: openToRead } = await scene.viewerOf(tenant);
    await openToRead(`/contacts/${String(contact?.['id'])}`);
    await read.getByText('Receives it').waitFor();
    for (const word of ['Lift', 'Leave', 'Suppress…', 'Erase…', 'Merge…', 'Change'])
      assert.equal(await read.getByRole('button', { name: word }).count(), 0, word);
  });

  let tenant: Tenant | undefined;
  for (const [name, look] of [
    ['light', {}],
    ['dark', { dark: true }],
    ['phone', { phone: true }],
  ] as const)
    test(`looks right: ${name}`, async () => {
      const shown = (tenant ??= await withRecords());
      const { open, shoot, assertAccessible } = await scene.ownerOf(shown, look);
      const first = async (path: string): Promise<string> =>
        String(((await shown.api('GET', path)).json.data as Fields[])[0]?.['id']);
      for (const [file, path] of [
        ['contacts', '/contacts'],
        ['contacts-pane', `/contacts?open=${await first('/v1/contacts')}`],
        ['contact', `/contacts/${await first('/v1/contacts?search=person-3@')}`],
        ['companies', '/companies'],
        ['company', `/companies/${await first('/v1/companies')}`],
        ['activities', '/activities'],
        ['projects', '/projects'],
        ['project', `/projects/${await first('/v1/projects')}`],
        ['segments', '/segments'],
        ['segment', `/segments/${await first('/v1/segments')}`],
        ['imports', '/imports'],
        ['import', `/imports/${await first('/v1/imports')}`],
        ['import-wizard', '/imports/new'],
        ['suppressions', '/suppressions'],
      ] as const) {
        // The colors of dark are those of the same components.
        if (name === 'dark' && !['contacts-pane', 'contact', 'import-wizard', 'suppressions'].includes(file)) continue;
        await open(path);
        await shoot(`records-${file}-${name}`);
        await assertAccessible();
      }
    });
});
