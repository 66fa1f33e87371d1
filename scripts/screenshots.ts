/**
 * Takes the screenshots of README.md: starts a new installation in a temporary folder, fills it with sample data, and opens its pages in
 * Chromium. Takes about two minutes.
 *
 *     npm run screenshots
 */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { fill } from './sample-data/fill.ts';
import { startReceiver } from './sample-data/webhooks.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const pictures = join(root, 'docs', 'images');
const programs = [process.env['OUTRIDER_TEST_CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'];
const key = `otr_live_${'s'.repeat(43)}`;
const settleMs = 1_500;

/** Name of the picture → what is opened, and whether it is in the sandbox. */
const shots: Readonly<Record<string, { readonly inSandbox?: true; open(page: Page): Promise<unknown> }>> = {
  overview: { open: (page) => page.goto('/') },
  delivery: {
    async open(page) {
      await page.goto('/deliveries?status_code=500');
      await page.locator('[data-index="0"]').click();
    },
  },
  campaign: {
    inSandbox: true,
    async open(page) {
      await page.goto('/campaigns');
      await page.getByRole('row', { name: /Nordic/ }).click();
    },
  },
  inbox: {
    inSandbox: true,
    async open(page) {
      await page.goto('/inbox');
      await page.getByText('+interested@').first().waitFor();
      await page.keyboard.press('j');
    },
  },
};

/** Starts the product. @returns its address and the token of the link with which the first person signs up */
async function start(folder: string) {
  const child: ChildProcessByStdio<null, Readable, null> = spawn(process.execPath, ['bin/outrider.mjs', 'dev'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      OUTRIDER_DATA_DIR: folder,
      OUTRIDER_HOST: '127.0.0.1',
      OUTRIDER_PORT: '0',
      OUTRIDER_BOOTSTRAP_KEY: key,
      OUTRIDER_LOG_LEVEL: 'warn',
    },
  });
  for await (const line of createInterface(child.stdout)) {
    const found = /(http:\/\/[^/\s]+)\/setup#token=(\S+)/.exec(line);
    if (found === null) continue;
    const [, url = '', token = ''] = found;
    child.stdout.resume();
    return { child, url, token };
  }
  throw new Error('The product did not print the link for the first account.');
}

async function signUp(url: string, token: string): Promise<string> {
  const answer = await fetch(`${url}/v1/invitations/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({
      token,
      email: 'ingrid@solbakken.example',
      name: 'Ingrid Solbakken',
      password: 'correct horse battery staple',
    }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

const executablePath = programs.find((path) => existsSync(path));
if (executablePath === undefined) throw new Error('Chromium is not installed (apt-get install chromium).');
const folder = await mkdtemp(join(tmpdir(), 'outrider-screenshots-'));
const receiver = await startReceiver();
const { child, url, token } = await start(folder);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const where = { baseUrl: url, apiKey: key };
  await fill(where, { contacts: 2_000, events: 1_500, receiverUrl: receiver.url }, console.log);
  const [name = '', value = ''] = (await signUp(url, token)).split('=');
  mkdirSync(pictures, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ baseURL: url, colorScheme, viewport: { width: 1280, height: 800 } });
    await context.addCookies([{ name, value, url }]);
    const page = await context.newPage();
    for (const [shot, { inSandbox, open }] of Object.entries(shots)) {
      await page.goto('/');
      const sandbox = page.getByRole('switch', { name: /sandbox/i });
      if ((await sandbox.isChecked()) !== (inSandbox === true)) await sandbox.click();
      await open(page);
      await page.waitForTimeout(settleMs);
      await page.screenshot({ path: join(pictures, `${shot}-${colorScheme}.png`) });
      console.log(`${shot}, ${colorScheme}`);
    }
    await context.close();
  }
} finally {
  await browser.close();
  receiver.close();
  child.kill('SIGTERM');
  await once(child, 'close');
  await rm(folder, { recursive: true, force: true });
}
