import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { sql } from '../../src/db/sql.ts';
import { nameOf } from '../records.ts';
import { median, round, type Scenario } from '../scenario.ts';
import { api, makeEndpoint } from '../stage.ts';
import { fillLog, millions } from './log-size.ts';
import { load } from './records.ts';

const programs = [process.env['OUTRIDER_TEST_CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'];
const openings = 15;

const firstPaint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime";

/** From the request of the page to the first row that a person sees, in ms. */
async function openedMs(page: Page, path: string): Promise<number> {
  await page.goto('about:blank');
  const began = performance.now();
  await page.goto(path, { waitUntil: 'commit' });
  await page
    .locator('[data-index="0"]')
    .waitFor()
    .catch((error: unknown) => {
      throw new Error(`${path} showed no row.`, { cause: error });
    });
  return performance.now() - began;
}

export const pages: Scenario = {
  name: 'pages',
  about: `lists of the dashboard in Chromium with 1,000,000 contacts and ${millions} million deliveries`,
  async run(stage) {
    const executablePath = programs.find((path) => existsSync(path));
    if (executablePath === undefined) throw new Error('Chromium is not installed (apt-get install chromium).');
    const product = await stage.product();
    const endpoint = await makeEndpoint(product, `${stage.receiver.url}/ok`);
    const [organization] = await stage.db.query(sql<{ id: string }>`SELECT id FROM organizations LIMIT 1`);
    if (organization === undefined) throw new Error('The database has no organization.');
    const source = await api<{ data: { id: string } }>(product, 'POST', '/v1/sources', { name: 'old import' });
    await load(stage.db, organization.id, source.data.id);
    await fillLog(stage, { endpoint, organization: organization.id });
    const invited = await api<{ data: { token: string } }>(product, 'POST', '/v1/invitations', {
      email: 'owner@bench.test',
      role: 'owner',
    });
    const signedIn = await fetch(`${product.url}/v1/invitations/accept`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: invited.data.token, name: 'Owner', password: 'correct horse battery staple' }),
    });
    if (!signedIn.ok) throw new Error(await signedIn.text());
    const [name = '', value = ''] = (signedIn.headers.get('set-cookie') ?? '').split(';')[0]?.split('=') ?? [];
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    try {
      const context = await browser.newContext({ baseURL: product.url, viewport: { width: 1440, height: 900 } });
      await context.addCookies([{ name, value, url: product.url }]);
      const page = await context.newPage();
      const rows: { page: string; 'first paint ms': number; 'first ms': number; 'p50 ms': number }[] = [];
      for (const path of [
        '/contacts',
        `/contacts?search=${nameOf(3)}`,
        '/companies',
        '/deliveries',
        `/webhooks/${endpoint}`,
      ]) {
        const first = await openedMs(page, path);
        const times: number[] = [];
        const paints: number[] = [];
        for (let turn = 0; turn < openings; turn += 1) {
          times.push(await openedMs(page, path));
          paints.push(Number(await page.evaluate(firstPaint)));
        }
        const shown = path.replace(endpoint, '{id}');
        rows.push({
          page: shown,
          'first paint ms': round(median(paints)),
          'first ms': round(first),
          'p50 ms': round(median(times)),
        });
      }
      const slowest = Math.max(...rows.map((row) => row['p50 ms']));
      const claim = `every list opens in less than 300 ms (median of ${openings}; slowest ${slowest})`;
      return { rows, checks: [{ claim, passed: slowest < 300 }] };
    } finally {
      await browser.close();
      await product.stop();
    }
  },
};
