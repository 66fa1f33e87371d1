import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addEndpoints, publish, startReceiver } from '../../scripts/sample-data/webhooks.ts';
import { Outrider } from '../../sdk/src/index.ts';
import { browserScene, noBrowser } from '../harness/browser.ts';
import type { Fields } from '../harness/caller.ts';
import type { Tenant } from '../harness/installation.ts';

describe('webhooks in the dashboard', { skip: noBrowser }, () => {
  const scene = browserScene();

  const keyOf = async (tenant: Tenant): Promise<string> =>
    String((await tenant.got('POST', '/v1/keys', { name: 'samples', scopes: ['*'] }))['key']);

  /** A tenant with endpoints of every kind and deliveries that ended. */
  async function withDeliveries(): Promise<Tenant> {
    const tenant = await scene.product.tenant();
    const receiver = await startReceiver();
    scene.finally(() => {
      receiver.close();
    });
    const api = new Outrider({ baseUrl: scene.product.url, apiKey: await keyOf(tenant) });
    const workspace = await api.workspaces.create({ name: 'Brimmond GmbH' });
    await addEndpoints(api, receiver.url, [workspace.id]);
    await publish(api, 60);
    await scene.product.until(async () => {
      const { json } = await tenant.api('GET', '/v1/deliveries?status=pending&limit=100');
      return (json.data as Fields[]).every(({ attempt_count: count }) => Number(count) > 0);
    }, 'every delivery was tried');
    return tenant;
  }

  test('a key is shown once, and can be revoked', async () => {
    const { page, open } = await scene.ownerOf(await scene.product.tenant());
    await open('/settings/api');
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByLabel('Name').fill('CRM sync');
    await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
    const key = (await page.locator('.dialog code').textContent()) ?? '';
    assert.match(key, /^otr_live_/);
    await page.getByRole('button', { name: 'Copy' }).click();
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), key);
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByText('CRM sync').waitFor();
    assert.ok(!(await page.content()).includes(key), 'the key is not on the page any more');
    await page
      .getByRole('row', { name: /CRM sync/ })
      .getByRole('button', { name: 'Revoke…' })
      .click();
    await page.getByRole('button', { name: 'Revoke key' }).click();
    await page
      .getByRole('row', { name: /CRM sync/ })
      .getByText('Revoked')
      .waitFor();
  });

  test('an endpoint is added, tested, paused, rotated and deleted', async () => {
    const { page, open, faults } = await scene.ownerOf(await scene.product.tenant());
    const receiver = await scene.receive();
    await open('/settings/api');
    await page.getByRole('main').getByRole('button', { name: 'Add endpoint' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('URL').fill('https://10.0.0.4/hook');
    await dialog.getByRole('button', { name: 'Add endpoint' }).click();
    await dialog.getByText(/private|not allowed/i).waitFor();
    faults.length = 0;
    await dialog.getByLabel('URL').fill(receiver.url);
    await dialog.getByRole('button', { name: 'Add endpoint' }).click();
    await page.getByText('Your receiver verifies signatures with it.').waitFor();
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText(/Delivered, 20\d in/).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('row', { name: /127\.0\.0\.1/ }).click();
    await page.waitForURL(/\/webhooks\//);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Rotate secret…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate secret' }).click();
    await page.getByText('New signing secret').waitFor();
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('button', { name: 'Delete endpoint' }).click();
    await page.getByText('No endpoints yet').waitFor();
  });

  test('a failure is explained, retried and replayed; what receivers answer stays text', async () => {
    const tenant = await withDeliveries();
    const { page, open } = await scene.ownerOf(tenant);
    await page.exposeFunction('alert', () => assert.fail('a script of a receiver ran'));
    const endpoints = (await tenant.api('GET', '/v1/webhooks?page_size=100')).json.data as Fields[];
    const legacy = endpoints.find(({ target_url: url }) => String(url).includes('/html/'));
    await open(`/webhooks/${String(legacy?.['id'])}`);
    await page.getByText('The receiver failed while it handled the event').first().waitFor();
    await page.getByRole('table', { name: 'Deliveries' }).getByRole('row').nth(1).click();
    await page.getByRole('link', { name: 'Page' }).click();
    await page.waitForURL(/\/deliveries\//);
    await page.getByText('Response', { exact: true }).first().click();
    await page.getByText('<script>alert(1)</script>').first().waitFor();
    await page.getByRole('button', { name: 'Retry now' }).click();
    await page.getByText('It is being delivered again.').waitFor();
    await page.getByRole('button', { name: 'curl' }).click();
    await page.getByText(/^curl -i/).waitFor();
    await open(
      `/webhooks/${String(endpoints.find(({ description }) => description === 'Main subscriber')?.['id'])}?tab=replays`,
    );
    await page.getByRole('button', { name: 'Replay a range' }).click();
    await page.getByLabel('Which').selectOption('delivered');
    await page.getByText(/^[\d,]+ deliveries will be sent\.$/).waitFor();
    await page.getByRole('button', { name: /^Replay \d+/ }).click();
    await page.getByText('Completed').waitFor();
  });

  test('the page of keys and endpoints shows what is used of the plan', async () => {
    const { page, open } = await scene.ownerOf(await scene.product.tenant({ plan: 'growth' }));
    await open('/settings/api');
    await page.getByText(/^[1-9]\d* of 5,000 requests used this minute$/).waitFor();
  });

  test('an event is published and found', async () => {
    const { page, open } = await scene.ownerOf(await scene.product.tenant());
    await open('/events');
    await page.keyboard.press('c');
    await page.getByRole('combobox', { name: 'Type' }).fill('parcel.lost');
    await page.getByLabel('Data (JSON)').fill('{"note": "<img src=x onerror=alert(1)>"}');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByText('<img src=x onerror=alert(1)>').waitFor();
    await page.getByRole('link', { name: 'Page' }).click();
    await page.getByRole('heading', { name: 'parcel.lost' }).waitFor();
  });

  let tenant: Tenant | undefined;
  for (const [name, look] of [
    ['light', {}],
    ['dark', { dark: true }],
    ['phone', { phone: true }],
  ] as const)
    test(`looks right: ${name}`, async () => {
      tenant ??= await withDeliveries();
      const { page, shoot, assertAccessible } = await scene.ownerOf(tenant, look);
      const endpoints = (await tenant.api('GET', '/v1/webhooks?page_size=100')).json.data as Fields[];
      const mixed = endpoints.find(({ target_url: url }) => String(url).includes('/html/'));
      const [failed] = (await tenant.api('GET', `/v1/webhooks/${String(mixed?.['id'])}/deliveries`)).json
        .data as Fields[];
      for (const [file, path] of [
        ['settings', '/settings/api'],
        ['endpoint', `/webhooks/${String(mixed?.['id'])}`],
        ['endpoint-settings', `/webhooks/${String(mixed?.['id'])}?tab=settings`],
        ['deliveries', '/deliveries'],
        ['deliveries-pane', `/deliveries?open=${String(failed?.['id'])}`],
        ['delivery', `/deliveries/${String(failed?.['id'])}`],
        ['events', `/events?open=${String(failed?.['event_id'])}`],
      ] as const) {
        // The colors of dark are those of the same components.
        if (name === 'dark' && !['settings', 'endpoint', 'delivery'].includes(file)) continue;
        // Lists of live deliveries are never idle.
        await page.goto(path);
        await page.waitForSelector('h1');
        await page.locator('table:visible, .timeline:visible, .kv:visible').first().waitFor();
        await page.waitForFunction('!document.querySelector("[aria-busy]")');
        await shoot(`webhooks-${file}-${name}`);
        await assertAccessible();
      }
    });
});
