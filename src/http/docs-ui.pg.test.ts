import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertRefused } from '../../test/harness/edge-routes.ts';
import { openEdge, openTestTenancy, rawExchange } from '../../test/harness/edge.ts';
import type { Edge, TestTenancy } from '../../test/harness/edge.ts';
import { authRoutes } from '../auth/routes.ts';
import { docsUiRoutes } from './docs-ui.ts';
import { vendors } from '../vendors/wires.ts';
import { createRateLimiter } from './rate-limit.ts';
import { openApiDocument, openApiRoutes } from './openapi.ts';

let tenancy: TestTenancy;
let edge: Edge;
before(async () => {
  tenancy = await openTestTenancy();
  const routes = [
    ...authRoutes(
      tenancy,
      async () => {},
      createRateLimiter({ db: tenancy.db, clock: tenancy.clock, processes: () => 1 }),
      { begin: () => assert.fail('only described') },
    ),
    ...docsUiRoutes(vendors),
  ];
  routes.push(...openApiRoutes(vendors, () => openApiDocument({ routes, version: '1.0.0' })));
  edge = await openEdge(tenancy, routes);
});
after(async () => {
  await edge.close();
  await tenancy.close();
});

test('the page and every file it refers to are served with their types, and the policy forbids everything else', async () => {
  const page = await edge.call('GET', '/docs/api');
  assert.equal(page.status, 200);
  const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(
    ([, file]) => new URL(file ?? '', `${edge.url}/docs/api`).pathname,
  );
  assert.equal(files.length, 6);
  const types: Record<string, string> = {
    js: 'text/javascript; charset=utf-8',
    css: 'text/css; charset=utf-8',
    png: 'image/png',
  };
  for (const file of files) {
    const answer = await edge.call('GET', file);
    assert.equal(answer.status, 200, file);
    assert.equal(answer.headers.get('content-type'), types[file.split('.').at(-1) ?? '']);
    assert.ok(answer.text.length > 100, file);
  }
  for (const path of ['/docs/api', ...files]) {
    const { headers } = await edge.call('GET', path);
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
  }
  assert.doesNotMatch(
    page.text,
    /<script>|<style|style=|onload=|https?:\/\//,
    'nothing inline, nothing from elsewhere',
  );
});

test('the initializer refers to the document, which is served with its type and without authentication', async () => {
  const script = (await edge.call('GET', '/docs/api/initializer.js')).text;
  const offered = JSON.parse(/urls: (\[.*\])/.exec(script)?.[1] ?? '[]') as { name: string; url: string }[];
  assert.deepEqual(
    offered.map(({ name }) => name),
    ['outrider', ...vendors],
  );
  assert.equal(new URL(offered[0]?.url ?? '', `${edge.url}/docs/api`).pathname, '/v1/openapi.json');
  for (const { url } of offered)
    assert.equal((await edge.call('GET', new URL(url, `${edge.url}/docs/api`).pathname)).status, 200, url);
  assertRefused(await edge.call('GET', '/v1/openapi/other.json'), 404, 'not_found');
  assert.match(script, /persistAuthorization: false/);
  const answer = await edge.call('GET', '/v1/openapi.json');
  assert.equal(answer.headers.get('content-type'), 'application/json; charset=utf-8');
  assert.equal(answer.json['openapi'], '3.1.0');
  assert.equal(answer.headers.get('x-ratelimit-limit'), '600');
  assert.ok('/v1/openapi.json' in (answer.json['paths'] as object));
});

test('/ redirects to the page, and the error for an unknown path mentions it', async () => {
  const [head, body] = (await rawExchange(edge.port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).split(
    '\r\n\r\n',
  );
  assert.match(head ?? '', /^HTTP\/1\.1 302 [\s\S]*\nlocation: docs\/api\r?\n/i);
  assert.equal(body, 'The API is described at /docs/api.\n');
  const { error } = (await edge.call('GET', '/v1/nothing')).json;
  assert.match((error as { message: string }).message, /The API is described at \/docs\/api\.$/);
});

test('a file that the browser already has is answered with 304', async () => {
  for (const path of ['/docs/api', '/docs/api/swagger-ui-bundle.js']) {
    const first = await edge.call('GET', path);
    const etag = first.headers.get('etag') ?? '';
    assert.match(etag, /^"[\w-]{22}"$/);
    for (const given of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await edge.call('GET', path, { headers: { 'if-none-match': given } });
      assert.deepEqual([again.status, again.text, again.headers.get('etag')], [304, '', etag]);
    }
    assert.equal((await edge.call('GET', path, { headers: { 'if-none-match': '"other"' } })).status, 200);
  }
});

test('only the listed files are served', async () => {
  for (const file of [
    'package.json',
    'index.html',
    'swagger-ui-bundle.js.map',
    'index.js',
    'LICENSE',
    '__proto__',
    'constructor',
    'toString',
    '..%2fpackage.json',
    '..%2f..%2f..%2fpackage.json',
    '%2e%2e%2fpackage.json',
  ]) {
    const answer = await edge.call('GET', `/docs/api/${file}`);
    assert.equal(answer.status, 404, file);
    assert.equal(answer.json.error?.code, 'not_found');
  }
  for (const path of [
    '/docs/api/../../package.json',
    '/docs/api/swagger-ui.css/..',
    '/docs/api//etc/passwd',
    '/docs/api/..\\package.json',
  ]) {
    assert.match(
      await rawExchange(edge.port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
      /^HTTP\/1\.1 404 /,
      path,
    );
  }
  assertRefused(await edge.call('GET', '/docs'), 404, 'not_found');
  const slash = await edge.call('GET', '/docs/api/');
  assert.equal(slash.status, 308);
  assert.equal(new URL(slash.headers.get('location') ?? '', `${edge.url}/docs/api/`).pathname, '/docs/api');
});
