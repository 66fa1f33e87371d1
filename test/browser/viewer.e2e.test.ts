import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addMail } from '../../scripts/sample-data/mail.ts';
import { addRecords } from '../../scripts/sample-data/records.ts';
import { Outrider } from '../../sdk/src/index.ts';
import { browserScene, noBrowser } from '../harness/browser.ts';
import type { Window } from '../harness/browser.ts';
import { callerOf } from '../harness/caller.ts';
import type { Caller, Fields } from '../harness/caller.ts';

const lists = [
  '/',
  '/inbox',
  '/campaigns',
  '/mailboxes',
  '/mailboxes/new',
  '/captured',
  '/contacts',
  '/companies',
  '/activities',
  '/projects',
  '/segments',
  '/imports',
  '/imports/new',
  '/suppressions',
  '/deliveries',
  '/events',
  '/settings/api',
  '/settings/people',
  '/settings/workspaces',
  '/settings/tracking',
  '/settings/data',
  '/settings/alerts',
  '/settings/audit',
];

/** What begins a change. Opening, copying, filtering and exporting are reading. */
const changes =
  /^(Add(?! a filter)|Approve|Archive|Change|Connect|Create|Delete|Disconnect|Edit|Enable|Erase|Find its|Forward|Import|Invite|Launch|Leave|Lift|Merge|Move|New|Pause|Portal|Publish|Rejoin|Remove(?! filter)|Replay|Reply|Restore|Resume|Retry|Revoke|Rotate|Save|Send|Start|Suppress|Test|Use the|Verify|Withdraw)/;

/** Names of what can be pressed or written in. */
const controls = `[...document.querySelectorAll('main button:enabled, main a.btn, main textarea:enabled')]
  .map((each) => each.getAttribute('aria-label') ?? each.textContent)`;

/** Opens each page as a viewer: nothing is refused, and nothing offers a change. */
async function assertReadOnly({ page, open }: Window, paths: readonly string[]): Promise<void> {
  const refused: string[] = [];
  page.on('response', (response) => {
    if (response.status() === 403) refused.push(`${response.request().method()} ${response.url()}`);
  });
  for (const path of paths) {
    await open(path);
    const words = (await page.evaluate(controls)) as string[];
    assert.deepEqual([words.filter((word) => changes.test(word)), refused], [[], []], path);
  }
}

describe('a viewer in the dashboard', { skip: noBrowser }, () => {
  const scene = browserScene();

  test('is offered no change where nothing is yet', async () => {
    await assertReadOnly(await scene.viewerOf(await scene.product.tenant()), lists);
  });

  async function sandboxOf(key: unknown): Promise<Caller> {
    const api = new Outrider({ baseUrl: scene.product.url, apiKey: String(key) });
    await addRecords(api, 20);
    await addMail(api, 9);
    const sandbox = callerOf(scene.product.url, String(key));
    await sandbox.register((await scene.receive()).url);
    await sandbox.publish('order.paid', { amount: 40 });
    await sandbox.got('POST', '/v1/tracking-domains', { host: 'links.hopper.example' });
    return sandbox;
  }

  test('is offered no change of records, mail and deliveries', async () => {
    const tenant = await scene.product.tenant();
    const { key } = await tenant.got('POST', '/v1/keys', { name: 'trial', scopes: ['*'], sandbox: true });
    const sandbox = await sandboxOf(key);
    const { organization } = await sandbox.got('GET', '/v1/me');
    const window = await scene.viewerOf(tenant);
    await window.context.addInitScript(
      `localStorage.setItem('outrider.organization', '${String((organization as Fields)['id'])}')`,
    );
    const idOf = async (path: string): Promise<string> =>
      String(((await sandbox.api('GET', path)).json.data as Fields[])[0]?.['id']);
    const campaign = await idOf('/v1/campaigns?status=active');
    const mailbox = `/mailboxes/${await idOf('/v1/mailboxes')}`;
    await assertReadOnly(window, [
      ...lists,
      `/inbox?view=all&open=${await idOf('/v1/replies')}`,
      `/campaigns/${campaign}`,
      `/campaigns/${campaign}?tab=leads&open=${await idOf(`/v1/campaigns/${campaign}/leads`)}`,
      `/campaigns/${campaign}?tab=sequence`,
      `/campaigns/${campaign}?tab=skipped`,
      `/campaigns/${await idOf('/v1/campaigns?status=draft')}/edit`,
      mailbox,
      `${mailbox}?tab=connection`,
      `${mailbox}?tab=warmup`,
      `${mailbox}?tab=messages&open=${await idOf('/v1/messages')}`,
      `${mailbox}?tab=settings`,
      `/captured?open=${await idOf('/v1/captured-messages')}`,
      `/contacts?open=${await idOf('/v1/contacts')}`,
      `/contacts/${await idOf('/v1/contacts')}`,
      `/companies/${await idOf('/v1/companies')}`,
      `/projects/${await idOf('/v1/projects')}`,
      `/segments/${await idOf('/v1/segments')}`,
      `/imports/${await idOf('/v1/imports')}`,
      `/deliveries?open=${await idOf('/v1/deliveries')}`,
      `/events/${await idOf('/v1/events')}`,
      `/webhooks/${await idOf('/v1/webhooks')}`,
      `/settings/tracking?open=${await idOf('/v1/tracking-domains')}`,
    ]);
  });
});
