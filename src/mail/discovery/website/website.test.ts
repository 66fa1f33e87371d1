import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { parseCidrs } from '../../../base/cidr.ts';
import { fetchChecked } from '../../../base/fetch-checked.ts';
import { TestClock } from '../../../../test/harness/clock.ts';
import { crawl, pagesMax, requestsMax } from './crawl.ts';
import { readPage } from './page.ts';
import { peopleOf } from './people.ts';
import { readRobots } from './robots.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const html =
  (body: string): Answer =>
  (_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end(body);
const redirect =
  (to: string): Answer =>
  (_request, response) =>
    response.writeHead(302, { location: to }).end();

const home = `<html><head><meta name="description" content="Engines that compute">
  <script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"Organization","name":"Lovelace Ltd","telephone":"+44 20 7946 0010",
    "address":{"@type":"PostalAddress","addressCountry":"GB","addressLocality":"London"},"numberOfEmployees":{"minValue":11,"maxValue":50}}]}</script></head>
  <body><a href="/team">Our team</a> <a href="/kontakt">Kontakt</a> <a href="/private/impressum">Impressum</a> <a href="/blog">Blog</a>
  <p>Write to info@lovelace.example<br>or to somebody@gmail.com</p></body></html>`;
const team = `<script type="application/ld+json">{"@type":"Person","name":"Ada King Lovelace","jobTitle":"Head of Research","email":"mailto:ada@lovelace.example",
  "sameAs":"https://www.linkedin.com/in/ada"}</script><a href="mailto:Ada@Lovelace.example?subject=Hi">Ada</a><script>var x = "hidden@lovelace.example"</script>`;

describe("a company's website", () => {
  const pages = new Map<string, Answer>();
  const requested: string[] = [];
  const server = createServer((request, response) => {
    requested.push(request.url ?? '');
    (pages.get(request.url ?? '') ?? ((_: IncomingMessage, to: ServerResponse) => to.writeHead(404).end()))(
      request,
      response,
    );
  });
  let origin: string;
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  let clock: TestClock;
  /** A crawl whose pauses move the clock. A request ends after 8 s of it. */
  async function crawled(site: Readonly<Record<string, Answer>>) {
    pages.clear();
    requested.length = 0;
    for (const [path, answer] of Object.entries(site)) pages.set(path, answer);
    clock = new TestClock(0);
    const pauses: number[] = [];
    const { pages: found, problems } = await crawl(
      {
        fetch: (url, bytesMax) =>
          fetchChecked(
            url,
            {},
            {
              policy: { allow: parseCidrs('127.0.0.1/32'), allowHttp: true },
              resolve: () => Promise.resolve([{ address: '10.0.0.5', family: 4 }]),
              clock,
              bytesMax,
              timeoutMs: 8_000,
            },
          ),
        async pause(_host, delayMs) {
          pauses.push(delayMs);
          await clock.advance(delayMs);
          return true;
        },
        now: clock.now,
        product: 'OutriderBot',
        originOf: () => origin,
        signal: new AbortController().signal,
      },
      'lovelace.example',
    );
    return { found, problems, pauses, people: peopleOf('lovelace.example', found, 0) };
  }

  test('names people with an address of the domain, with the page that says so, and what the company says of itself', async () => {
    const { people, pauses, problems } = await crawled({
      '/robots.txt': (_request, response) => response.end('User-agent: *\nDisallow: /private/\nCrawl-delay: 2'),
      '/': html(home),
      '/team': html(team),
      '/kontakt': html('<a href="tel:+44%2020%207946%200011">Call</a> info@lovelace.example'),
      '/private/impressum': html('secret@lovelace.example'),
    });
    assert.deepEqual(
      people.map(({ externalId, url }) => [externalId, url]),
      [
        ['ada@lovelace.example', `${origin}/team`],
        ['info@lovelace.example', `${origin}/`],
      ],
    );
    assert.deepEqual(people[0]?.fields, {
      first_name: 'Ada King',
      last_name: 'Lovelace',
      job_title: 'Head of Research',
      phone: '+44 20 7946 0010',
      company_name: 'Lovelace Ltd',
      linkedin_url: 'https://www.linkedin.com/in/ada',
      website: 'https://lovelace.example',
      city: 'London',
      country: 'GB',
    });
    assert.deepEqual(people[0]?.traits.employees, { min: 11, max: 50 });
    assert.deepEqual(requested, ['/robots.txt', '/', '/kontakt', '/team']);
    assert.deepEqual(pauses, [1_000, 2_000, 2_000, 2_000]);
    assert.deepEqual(problems, ['lovelace.example: robots.txt does not allow /private/impressum.']);
  });

  test('stays bounded: endless links, a page of a gigabyte, a slow drip, redirects in a circle or to other hosts', async () => {
    const endless: Record<string, Answer> = { '/': html('<a href="/contact/1">Contact</a><a href="/team/1">Team</a>') };
    for (let page = 1; page < 40; page += 1) {
      endless[`/contact/${page}`] = html(
        `${`<a href="/contact/${page + 1}">Contact</a>`.repeat(600)}c${page}@lovelace.example`,
      );
      endless[`/team/${page}`] = html(`<a href="/team/${page + 1}">Team</a>`);
    }
    const { found } = await crawled(endless);
    assert.equal(found.length, pagesMax);
    assert.equal(requested.length, pagesMax + 1);
    assert.equal(clock.now(), (pagesMax + 1) * 1_000);

    let written = 0;
    const huge: Answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      const chunk = Buffer.alloc(64 * 1024, 'x');
      const more = (): void => {
        while (!response.destroyed && written < 1024 ** 3) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    };
    // A byte a second, each in time, the page never.
    const drip: Answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      const more = (): void => {
        if (!response.destroyed) response.write('x', () => void clock.advance(1_000).then(more));
      };
      more();
    };
    const trapped = await crawled({
      '/': html(
        `<a href="/contact">c</a><a href="/team">t</a><a href="/impressum">i</a><a href="/kontakt">k</a><a href="/people">p</a><a href="/imprint">i</a>
        <a href="/contact.pdf">f</a><a href="http://10.0.0.1/team">t</a>`,
      ),
      '/contact': huge,
      '/team': drip,
      '/impressum': redirect('http://169.254.169.254/latest/meta-data'),
      // Of the site, at an address that must not be called.
      '/people': redirect('https://internal.lovelace.example/people'),
      '/imprint': redirect('https://other.example/imprint'),
      '/kontakt': redirect('/kontakt'),
      '/contact.pdf': (_request, response) =>
        response.writeHead(200, { 'content-type': 'application/pdf' }).end('info@lovelace.example'),
    });
    assert.deepEqual([trapped.found.length, trapped.people.length], [1, 0]);
    assert.ok(written < 64 * 1024 ** 2, `${written} bytes were sent`);
    assert.ok(requested.length <= requestsMax, requested.join(' '));
    assert.ok(clock.now() <= 70_000, `${clock.now()} ms`);
    assert.deepEqual(trapped.problems, [
      `lovelace.example: ${new URL(origin).host} sent more than 1048576 bytes.`,
      `lovelace.example: ${new URL(origin).host} did not answer within 8 s.`,
      'lovelace.example: /impressum redirects to another site.',
    ]);
    const inside = await crawled({ '/': redirect('https://internal.lovelace.example/') });
    assert.deepEqual(inside.problems, [
      'lovelace.example: The host internal.lovelace.example resolves to an address that is not allowed.',
    ]);
  });

  test('is not read if its rules cannot be read, forbid it, or ask for too long pauses', async () => {
    for (const robots of [
      (_request: IncomingMessage, response: ServerResponse) => response.writeHead(503).end(),
      (_request: IncomingMessage, response: ServerResponse) => response.destroy(),
      (_request: IncomingMessage, response: ServerResponse) => response.end('User-agent: OutriderBot\nDisallow: /'),
      (_request: IncomingMessage, response: ServerResponse) => response.end('User-agent: *\nCrawl-delay: 60'),
      redirect('https://other.example/robots.txt'),
    ]) {
      const { found, problems } = await crawled({ '/robots.txt': robots, '/': html(home) });
      assert.deepEqual([found.length, problems.length], [0, 1]);
      assert.ok(!requested.includes('/'));
    }
  });

  test('robots.txt is read as RFC 9309 says', () => {
    const allowed = (text: string, ...paths: string[]): boolean[] =>
      paths.map((path) => readRobots(text, 'OutriderBot').isAllowed(path));
    const grouped =
      '\uFEFFUser-agent: other\nUSER-AGENT: outriderbot/2.1 # us\n\nDisallow: /a\nSitemap: x\nAllow: /a/b\nUser-agent: *\nDisallow: /\nUser-agent: OutriderBot\nDisallow: /c\nCrawl-delay: 2.5';
    assert.deepEqual(allowed(grouped, '/a', '/a/b/c', '/c?x=1', '/d'), [false, true, false, true]);
    assert.equal(readRobots(grouped, 'OutriderBot').delayMs, 2_500);
    assert.deepEqual(allowed('Disallow: /\nUser-agent: *\nDisallow:', '/'), [true]);
    const wild =
      'User-agent: *\r\nDisallow: /*.pdf$\rDisallow: /*/x*y\nDisallow: /t%65am\nAllow: /team\nDisallow: /\u00fc';
    assert.deepEqual(
      allowed(wild, '/a.pdf', '/a.pdf?b', '/.pdf.pdf', '/q/xzy/', '/x/y', '/team', '/%C3%BC', '/%c3%bcber'),
      [false, true, false, false, true, true, false, false],
    );
    // The examples of §2.2.3: characters that are encoded mean themselves.
    const verbatim = 'User-agent: *\nDisallow: /with-a-%2A.html\nDisallow: /foo-%24\nDisallow: /a$b\nDisallow: /x%2a$';
    assert.deepEqual(
      allowed(verbatim, '/with-a-*.html', '/with-a-b.html', '/foo-$', '/foo-', '/a$b', '/a', '/x*', '/x*y'),
      [false, true, false, true, false, true, false, true],
    );
    // As long patterns as there may be, which almost match.
    const hostile = `User-agent: *\n${`Disallow: /${'*a'.repeat(240)}b\n`.repeat(1_000)}`;
    assert.deepEqual(allowed(hostile, `/${'a'.repeat(1_900)}`), [true]);
    assert.deepEqual(allowed(`User-agent: *\n${'Disallow: /x\n'.repeat(5_001)}`, '/'), [false]);
    assert.deepEqual(allowed('User-agent: __proto__\nDisallow: /', '/'), [true]);
  });

  test('an address with invisible characters is none', () => {
    const people = ['bell\\u0007@lovelace.example', ' mailto:ada@lovelace.example '].map(
      (email) => `<script type="application/ld+json">{"@type":"Person","name":"Ada","email":"${email}"}</script>`,
    );
    assert.deepEqual(
      readPage(people.join('')).people.map(({ email }) => email),
      [null, 'ada@lovelace.example'],
    );
  });

  test('pages that are broken or hostile are read without harm', () => {
    const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
    const page = readPage(
      `<script type="application/ld+json">${deep}</script><script type="application/ld+json">{broken</script>` +
        `<a href="mailto:%E0%A4%A">x</a><a href="mailto:a@lovelace.example,b@lovelace.example">y</a>${'<div>'.repeat(20_000)}${'z@lovelace.example '.repeat(5_000)}`,
    );
    assert.deepEqual(page.emails, ['%E0%A4%A', 'a@lovelace.example', 'b@lovelace.example', 'z@lovelace.example']);
  });
});
