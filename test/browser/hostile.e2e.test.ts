import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { browserScene, noBrowser } from '../harness/browser.ts';
import type { Fields } from '../harness/caller.ts';

/** What runs if any page puts it into its markup, an attribute or a script. */
const hostile = `"'><img src=x onerror="window.owned=1"><script>window.owned=1</script><a href="javascript:window.owned=1">`;
const short = '<img src=x onerror=window.owned=1>';

describe('text of people and receivers in the dashboard', { skip: noBrowser }, () => {
  const scene = browserScene();

  test('stays text on every page', async () => {
    const tenant = await scene.product.tenant();
    const receiver = await scene.receive((_arrival, response) =>
      response.writeHead(500, { 'content-type': 'text/html', 'x-note': short }).end(hostile),
    );
    const made = async (path: string, body: Fields): Promise<string> =>
      String((await tenant.got('POST', path, body))['id']);
    await tenant.got('POST', '/v1/custom-fields', { entity: 'contact', key: 'note', label: short, type: 'text' });
    const company = await made('/v1/companies', { name: hostile, industry: short, notes: hostile, city: short });
    const { data } = (
      await tenant.api('POST', '/v1/contacts', {
        lawful_basis: 'consent',
        contacts: [
          {
            email: 'ada@lovelace.example',
            first_name: hostile,
            last_name: short,
            job_title: short,
            notes: hostile,
            tags: [short],
            company_id: company,
            custom_fields: { note: hostile },
          },
        ],
      })
    ).json as { data: Fields[] };
    const contact = String(data[0]?.['id']);
    const project = await made('/v1/projects', {
      name: hostile,
      description: hostile,
      notes: hostile,
      assigned_name: short,
      company_id: company,
    });
    await made('/v1/activities', {
      activity_type: 'note',
      contact_id: contact,
      metadata: { notes: hostile },
    });
    const filter = { field: 'first_name', op: 'eq', value: hostile };
    const segment = await made('/v1/segments', { name: hostile, entity: 'contact', filter });
    await made('/v1/sources', { name: short });
    await made('/v1/topics', { name: hostile, description: hostile });
    await made('/v1/templates', { name: hostile, subject: short, body: hostile });
    await made('/v1/workspaces', { name: hostile.slice(0, 100) });
    await made('/v1/keys', { name: short });
    await tenant.got('PUT', '/v1/portal-brand', { name: short, color: '#3b5bdb', logo: null });
    await tenant.got('POST', '/v1/event-types', { name: 'order.odd', description: hostile });
    const endpoint = await made('/v1/webhooks', {
      target_url: `${receiver.url}/%3Cimg%20src=x%20onerror=window.owned=1%3E`,
      events: ['order.*'],
      description: hostile,
      headers: { 'x-note': short },
    });
    const mailbox = await made('/v1/mailboxes', {
      email: 'grace@hopper.example',
      provider: 'capture',
      display_name: short,
      signature: hostile,
    });
    const campaign = await made('/v1/campaigns', {
      name: hostile.slice(0, 100),
      mailbox_ids: [mailbox],
      contact_ids: [contact],
      sequence: [{ name: short, subject: hostile, body: hostile }],
    });
    const event = await tenant.publish('order.odd', { [short]: hostile, url: 'javascript:window.owned=1' });
    await scene.product.until(
      async () => (await tenant.deliveries({ id: endpoint }))[0]?.attempt_count === 1,
      'the receiver has answered',
    );
    const delivery = (await tenant.deliveries({ id: endpoint }))[0]?.id ?? assert.fail();

    const { page, open, context } = await scene.ownerOf(tenant);
    page.on('dialog', () => assert.fail('a dialog was opened'));
    const named: Readonly<Record<string, boolean>> = {
      '/': false,
      '/contacts': true,
      [`/contacts?open=${contact}`]: true,
      [`/contacts/${contact}`]: true,
      '/companies': true,
      [`/companies/${company}`]: true,
      '/activities': true,
      '/projects': true,
      [`/projects/${project}`]: true,
      '/segments': true,
      [`/segments/${segment}`]: true,
      '/imports/new': false,
      '/campaigns': true,
      [`/campaigns/${campaign}`]: true,
      [`/campaigns/${campaign}?tab=leads`]: false,
      [`/campaigns/${campaign}/edit`]: true,
      '/mailboxes': false,
      [`/mailboxes/${mailbox}?tab=settings`]: true,
      '/deliveries': false,
      [`/deliveries/${delivery}`]: true,
      '/events': false,
      [`/events/${event.id}`]: true,
      [`/webhooks/${endpoint}`]: true,
      '/settings/api': true,
      '/settings/workspaces': true,
      '/settings/data': false,
      '/settings/audit': false,
    };
    for (const [path, shows] of Object.entries(named)) {
      await open(path);
      // Folded parts, such as the answer of a receiver.
      for (const summary of await page.locator('summary').all()) await summary.click();
      assert.equal(await page.evaluate('window.owned'), undefined, path);
      const found = await page.evaluate(
        `document.body.innerText.includes('window.owned') || [...document.querySelectorAll('input, textarea')].some(({ value }) => value.includes('window.owned'))`,
      );
      if (shows) assert.ok(found, `${path} shows the text`);
      const links = await page.locator('a[href^="javascript:"], img[src="x"]').count();
      assert.equal(links, 0, path);
    }
    await context.close();
  });
});
