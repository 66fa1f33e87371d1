/** A real browser (Debian's Chromium) in front of the whole product. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import { inviteOwner } from '../../src/accounts/index.ts';
import { callerOf } from './caller.ts';
import { eventually, patienceMs, TestClock } from './clock.ts';
import { installationScene } from './installation.ts';
import type { InstallationOverrides, InstallationScene, Tenant } from './installation.ts';

const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const program = process.env['OUTRIDER_TEST_CHROMIUM'] ?? programs.find((path) => existsSync(path));
const built = existsSync(fileURLToPath(new URL('../../dashboard/dist/index.html', import.meta.url)));

/** Why tests of the dashboard are skipped; false: they run. @example describe('inbox', { skip: noBrowser }, () => {…}) */
export const noBrowser =
  program === undefined
    ? 'Chromium is not installed (apt-get install chromium)'
    : built
      ? false
      : 'the dashboard is not built (npm run build:dashboard)';

const screenshots = fileURLToPath(new URL('../../.screenshots/', import.meta.url));
const axeSource = (): string => readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const testPassword = 'correct horse battery staple';

export interface Look {
  readonly dark?: boolean;
  /** 390 × 844 with touch, as a phone. */
  readonly phone?: boolean;
}

/** A person's browser window. Its page fails the test when it logs an error or a script throws. */
export interface Window {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Opens a path of the dashboard, and waits until it has its data. */
  open(path: string): Promise<Page>;
  /** Saves the page to `.screenshots/NAME.png`. */
  shoot(name: string): Promise<void>;
  /** Fails when axe finds a serious or critical fault (WCAG 2.2 AA), or the page scrolls sideways. */
  assertAccessible(): Promise<void>;
  /** Errors that the page may log, such as those of a refused call; they are removed from what fails the test. */
  readonly faults: string[];
}

/** Nothing was loaded for this long: what a page has loaded asks for nothing more. */
const quietMs = 150;

/** @returns a function that waits until the page has loaded what it asks for; a stream of events has no end */
function idleOf(page: Page): () => Promise<void> {
  const loading = new Set<Request>();
  const ended = (request: Request): void => void loading.delete(request);
  page.on('request', (request) => {
    if (!request.url().includes('/v1/deliveries/stream')) loading.add(request);
  });
  page.on('requestfinished', ended).on('requestfailed', ended);
  return async () => {
    let since = performance.now();
    await eventually(async () => {
      // A busy machine may not have run yet what shows the answers and asks for more.
      await page.evaluate('new Promise((resolve) => requestIdleCallback(resolve))');
      if (loading.size > 0) since = performance.now();
      return performance.now() - since > quietMs;
    }, 'the page has loaded');
  };
}

export interface BrowserScene extends InstallationScene {
  /** A window in which nobody is signed in. */
  window(look?: Look): Promise<Window>;
  /** A window in which an owner of the tenant is signed in. */
  ownerOf(tenant: Tenant, look?: Look): Promise<Window>;
  /** A window in which a person is signed in who may only read. */
  viewerOf(tenant: Tenant, look?: Look): Promise<Window>;
}

/** Call it inside `describe`: one installation on the clock of the machine, and one browser. */
export function browserScene(
  options: () => InstallationOverrides | Promise<InstallationOverrides> = () => ({}),
): BrowserScene {
  const clock = new TestClock(Date.now());
  const scene = installationScene(async () => ({ clock, ...(await options()) }));
  const cookies = new Map<string, string>();
  const windows: Window[] = [];
  let browser: Browser;
  let ticking: NodeJS.Timeout;
  before(async () => {
    browser = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox', '--disable-gpu'] });
    // The product waits for its clock, a person for the product: it passes with the time of the machine.
    ticking = setInterval(() => void clock.advance(Math.max(0, Date.now() - clock.now())), 20);
  });
  after(async () => {
    clearInterval(ticking);
    await browser.close();
    assert.deepEqual(
      windows.flatMap(({ faults }) => faults),
      [],
      'no page logged an error',
    );
  });

  async function window({ dark = false, phone = false }: Look = {}): Promise<Window> {
    const context = await browser.newContext({
      baseURL: scene.product.url,
      colorScheme: dark ? 'dark' : 'light',
      viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
      hasTouch: phone,
      isMobile: phone,
      locale: 'en-GB',
      timezoneId: 'Europe/Oslo',
      reducedMotion: 'reduce',
    });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    context.setDefaultTimeout(patienceMs);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      // A record that was deleted may be asked for once more.
      if (message.type() === 'error' && !message.text().includes('status of 404'))
        faults.push(`${page.url()}: ${message.text()} ${message.location().url}`);
    });
    const idle = idleOf(page);
    const opened: Window = {
      page,
      context,
      faults,
      async open(path) {
        await page.goto(path);
        await page.waitForSelector('h1');
        await idle();
        return page;
      },
      async shoot(name) {
        mkdirSync(screenshots, { recursive: true });
        await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: false });
      },
      async assertAccessible() {
        // A policy without inline scripts holds for axe too: it is evaluated by the debugger.
        await page.evaluate(axeSource());
        const { violations } = (await page.evaluate(
          `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`,
        )) as AxeResults;
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        assert.deepEqual(
          serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' · ')}`),
          [],
          page.url(),
        );
        // While a page is being laid out, it may be wider for a moment.
        const fits = 'document.documentElement.scrollWidth === document.documentElement.clientWidth';
        await page.waitForFunction(fits).catch(async () => {
          const widest = await page.evaluate(
            '[...document.querySelectorAll("body *")].filter((each) => each.getBoundingClientRect().right > innerWidth).map((each) => each.outerHTML.slice(0, 120))[0] ?? ""',
          );
          assert.fail(`${page.url()} scrolls sideways: ${String(widest)}`);
        });
      },
    };
    windows.push(opened);
    scene.finally(() => context.close());
    return opened;
  }

  return {
    get product() {
      return scene.product;
    },
    clock,
    receive: scene.receive,
    finally: scene.finally,
    window,
    async ownerOf(tenant, look) {
      const { organization } = tenant;
      const token = (): Promise<string> => inviteOwner({ ...scene.product.tenancy, clock }, organization.id);
      const email = `owner@${organization.slug}.example`;
      return signedIn(await cookieOf(`owner ${organization.id}`, token, 'Ingrid Solbakken', { email }), look);
    },
    async viewerOf(tenant, look) {
      const email = `viewer@${tenant.organization.slug}.example`;
      const token = async (): Promise<string> =>
        String((await tenant.got('POST', '/v1/invitations', { email, role: 'viewer' }))['token']);
      return signedIn(await cookieOf(`viewer ${tenant.organization.id}`, token, 'Vera Lysne'), look);
    },
  };

  async function cookieOf(person: string, invite: () => Promise<string>, name: string, more = {}): Promise<string> {
    const cookie = cookies.get(person) ?? (await signUp(scene, { token: await invite(), name, ...more }));
    cookies.set(person, cookie);
    return cookie;
  }

  async function signedIn(cookie: string, look: Look | undefined): Promise<Window> {
    const opened = await window(look);
    const [name = '', value = ''] = cookie.split('=');
    await opened.context.addCookies([{ name, value, url: scene.product.url }]);
    return opened;
  }
}

/** Makes an account and returns the cookie of a session, as `name=value`. */
async function signUp(
  { product }: InstallationScene,
  account: { token: string; name: string; email?: string },
): Promise<string> {
  const answer = await callerOf(product.url, '').api(
    'POST',
    '/v1/invitations/accept',
    { ...account, password: testPassword },
    { 'sec-fetch-site': 'same-origin' },
  );
  assert.equal(answer.status, 201, answer.text);
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}
