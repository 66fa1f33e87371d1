import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Wire } from '../../src/delivery/wire.ts';
import { canonicalTypes } from '../../src/base/event-types.ts';
import type { CanonicalType } from '../../src/base/event-types.ts';
import { dialectNames, dialects } from '../../src/vendors/wires.ts';
import { catalogue } from '../../src/events/catalogue.ts';
import { example } from '../../src/events/catalogue/built-in.ts';
import type { EventId, OrganizationId } from '../../src/base/ids.ts';

const run = promisify(execFile);
const sdk = fileURLToPath(new URL('..', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const tsc = join(root, 'node_modules', '.bin', 'tsc');

/** Another Node on this machine, version 18 or later, such as the one bundled with npm; undefined when there is none. */
async function olderNode(): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  for (const folder of folders) {
    const node = join(folder, 'node');
    const version = await run(node, ['--version']).catch(() => undefined);
    const major = Number(/^v(\d+)/.exec(version?.stdout ?? '')?.[1]);
    if (major >= 18 && version?.stdout.trim() !== process.version) return node;
  }
  return undefined;
}

/** The body of a delivery with the catalogue's example. */
const bodyOf = (wire: Wire, type: CanonicalType): string =>
  wire
    .body({
      id: example.event as EventId,
      organizationId: example.organization as OrganizationId,
      type,
      data: Buffer.from(JSON.stringify(catalogue[type].example)),
      occurredAtMs: 0,
      sandbox: false,
    })
    .toString();

const program = `
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { Outrider, OutriderConnectionError, OutriderError } from '@outrider/sdk';
import { verify, WebhookVerificationError } from '@outrider/sdk/webhooks';

const keys = new Set();
const server = createServer((request, response) => {
  keys.add(request.headers['idempotency-key']);
  response.writeHead(request.url === '/v1/events' ? 202 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ data: { id: 'e1' }, error: { code: 'not_found', message: 'No.', details: {} } }));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const outrider = new Outrider({ baseUrl: 'http://127.0.0.1:' + server.address().port, apiKey: 'otr_test_1' });
assert.equal((await outrider.events.publish({ event: 'order.paid', data: {} })).id, 'e1');
assert.equal((await outrider.events.publish({ event: 'order.paid', data: {} })).id, 'e1');
assert.equal(keys.size, 2);
await assert.rejects(outrider.webhooks.get('w1'), (error) => error instanceof OutriderError && error.code === 'not_found');
server.closeAllConnections?.();
server.close();
const alone = new Outrider({ baseUrl: 'http://127.0.0.1:1', apiKey: 'otr_test_1', maxRetries: 0 });
await assert.rejects(alone.webhooks.get('w1'), OutriderConnectionError);

const rawBody = '{"event":"email.open","timestamp":"2026-01-05T09:00:00Z","data":{}}';
const signature = createHmac('sha256', 'secret').update(rawBody).digest('hex');
const headers = new Headers({ 'X-Webhook-Signature': signature, 'webhook-id': 'e1' });
assert.equal(verify('mailpanda', { headers, rawBody, secret: 'secret' }).type, 'email.open');
assert.throws(() => verify('mailpanda', { headers, rawBody, secret: 'other' }), WebhookVerificationError);
console.log('works on ' + process.version);
`;

/** The program converted to CommonJS. */
const required = (text: string): string =>
  `(async () => {\n${text.replaceAll(/^import (.*) from '(.*)';$/gm, "const $1 = require('$2');")}\n})().catch((error) => { console.error(error); process.exit(1); });`;

/** The `.d.ts` files of a build, without those for `require`. */
const declarations = async (dist: string): Promise<string[]> =>
  (await readdir(dist, { recursive: true })).filter((file) => file.endsWith('.d.ts') && !file.startsWith('cjs'));

/** The code of each `@example`. Code that does not create a client gets a declaration of `outrider`. */
async function tsdocExamples(dist: string): Promise<string[]> {
  const texts = await Promise.all((await declarations(dist)).map((file) => readFile(join(dist, file), 'utf8')));
  return texts
    .flatMap((text) => [...text.matchAll(/@example\n *\* ```ts\n(.*?) *\* ```/gs)])
    .map(([, code = '']) => code.replaceAll(/^ *\* ?/gm, ''))
    .map((code) =>
      code.includes('new Outrider(')
        ? code
        : `import type { Outrider } from '@outrider/sdk';\ndeclare const outrider: Outrider;\n${code}`,
    );
}

describe('the built package', () => {
  let folder: string;
  let built: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'outrider-sdk-'));
    built = join(folder, 'node_modules', '@outrider', 'sdk');
    await mkdir(built, { recursive: true });
    await run(process.execPath, [join(sdk, 'build.mjs'), join(built, 'dist')]);
    await cp(join(sdk, 'package.json'), join(built, 'package.json'));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test('a JavaScript program can import and require it, on this Node and an older one', async () => {
    await writeFile(join(folder, 'program.js'), program);
    await writeFile(join(folder, 'program.cjs'), required(program));
    for (const node of [process.execPath, await olderNode()]) {
      if (node === undefined) continue;
      for (const file of ['program.js', 'program.cjs']) {
        const { stdout, stderr }: { stdout: string; stderr: string } = await run(node, [file], { cwd: folder });
        assert.match(stdout, /^works on v\d+/);
        assert.equal(stderr, '');
      }
    }
  });

  test('contains no tests, and only /webhooks imports a Node module', async () => {
    const all = (await readdir(join(built, 'dist'), { recursive: true })).filter(
      (file) => file.endsWith('.js') || file.endsWith('.ts'),
    );
    const files = all.filter((file) => !file.startsWith('cjs'));
    assert.deepEqual(
      new Set(all.filter((file) => file.startsWith('cjs')).map((file) => file.slice('cjs/'.length))),
      new Set(files),
    );
    assert.ok(
      files.includes('index.js') && files.includes('index.d.ts') && files.includes(join('webhooks', 'index.d.ts')),
      files.join(', '),
    );
    for (const file of files) {
      assert.doesNotMatch(file, /\.test\./);
      const text = await readFile(join(built, 'dist', file), 'utf8');
      const code = text.replaceAll(/\/\*.*?\*\//gs, '');
      for (const [, name = ''] of code.matchAll(/\bfrom '([^']+)'/g)) {
        assert.match(
          name,
          file.startsWith('webhooks') ? /^(\.\/[\w-]+\.(js|ts)|node:crypto)$/ : /^\.\/[\w-]+\.(js|ts)$/,
          `${file} imports ${name}`,
        );
      }
    }
  });

  test('the example of every event matches the generated types of each dialect', async () => {
    const lines = dialectNames.flatMap((dialect) =>
      canonicalTypes.flatMap((type, index) => {
        const name = dialects[dialect].eventName(type);
        if (name === undefined) return [];
        const { data } = JSON.parse(bodyOf(dialects[dialect], type)) as { data: unknown };
        return [`export const ${dialect}${index}: DialectEvents['${dialect}']['${name}'] = ${JSON.stringify(data)};`];
      }),
    );
    await writeFile(
      join(folder, 'events.ts'),
      `import type { DialectEvents } from '@outrider/sdk/webhooks';\n${lines.join('\n')}\n`,
    );
    const { stdout } = await run(tsc, [
      '--strict',
      '--noEmit',
      '--ignoreConfig',
      '--module',
      'nodenext',
      '--types',
      '',
      join(folder, 'events.ts'),
    ]).catch((error: unknown) => error as { stdout: string });
    assert.equal(stdout, '');
  });

  test('every exported class, method, function and hand-written type has an example', async () => {
    const read = (file: string): Promise<string> => readFile(join(built, 'dist', file), 'utf8');
    const indexes = `${await read('index.d.ts')}${await read(join('webhooks', 'index.d.ts'))}`;
    const exported = new Set([...indexes.matchAll(/\{ ([^}]+) \}/g)].flatMap(([, names = '']) => names.split(', ')));
    const member =
      /(?<doc>\/\*\*(?:(?!\*\/).)*\*\/\s*)?^(?:export (?:declare )?(?:class|function|type|interface) (?<name>\w+)| {4}(?!constructor)(?<method>\w+|\[Symbol\.asyncIterator\])\()/gms;
    const missing: string[] = [];
    for (const file of await declarations(join(built, 'dist'))) {
      const isResources = file === 'resources.d.ts';
      for (const { groups = {} } of (await read(file)).matchAll(member)) {
        const { doc = '', name, method } = groups;
        const isPublic =
          name === undefined ? isResources || file === 'list.d.ts' : isResources || exported.delete(name);
        if (isPublic && !doc.includes('@example')) missing.push(`${file}: ${name ?? method ?? ''}`);
      }
    }
    assert.deepEqual(missing, []);
    assert.deepEqual([...exported], [], 'exported, but not found');
  });

  test('the examples in the README and in TSDoc compile, for Node and for a bundler', async () => {
    const readme = await readFile(join(sdk, 'README.md'), 'utf8');
    const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
    assert.ok(examples.length >= 7, String(examples.length));
    const tsdoc = await tsdocExamples(join(built, 'dist'));
    assert.ok(tsdoc.length >= 150, String(tsdoc.length));
    for (const [index, code] of [...examples, ...tsdoc].entries())
      await writeFile(join(folder, `example-${index}.ts`), code);
    await symlink(join(root, 'node_modules', '@types'), join(folder, 'node_modules', '@types'), 'junction').catch(
      () => {},
    );
    const options = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      noEmit: true,
      target: 'es2022',
    };
    await writeFile(
      join(folder, 'required.cts'),
      "import { Outrider } from '@outrider/sdk';\nimport { verify } from '@outrider/sdk/webhooks';\nexport const both = [Outrider, verify];\n",
    );
    for (const how of [
      { module: 'nodenext', types: ['node'] },
      { module: 'esnext', moduleResolution: 'bundler', types: ['node'], lib: ['es2022', 'dom', 'dom.iterable'] },
    ]) {
      await writeFile(
        join(folder, 'tsconfig.json'),
        JSON.stringify({ compilerOptions: { ...options, ...how }, include: ['*.ts', '*.cts'] }),
      );
      const { stdout } = await run(tsc, ['-p', folder]).catch((error: unknown) => error as { stdout: string });
      assert.equal(stdout, '');
    }
  });
});
