import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { compose } from '../../src/app.ts';
import { readConfig } from '../../src/base/config.ts';
import { vendors } from '../../src/vendors/wires.ts';
import { openApiFaults } from '../harness/openapi-faults.ts';
import { masterKeyOf } from '../../src/encryption/cipher.ts';

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly webhooks: object;
}
interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, { readonly content?: object }>>;
}

// Composing the app opens no connection.
const config = readConfig({ OUTRIDER_LOG_LEVEL: 'silent' });
const app = compose({
  config,
  databaseUrl: 'postgres://localhost/none',
  masterKey: masterKeyOf(Buffer.alloc(32).toString('base64')),
});
const nameOf = (vendor: string | undefined): string =>
  vendor === undefined ? 'openapi.json' : `openapi/${vendor}.json`;
const read = async (vendor: string | undefined): Promise<Document> =>
  JSON.parse(await readFile(new URL(`../../docs/${nameOf(vendor)}`, import.meta.url), 'utf8')) as Document;

for (const vendor of [undefined, ...vendors]) {
  test(`docs/${nameOf(vendor)} is valid and documents every route`, async () => {
    const document = await read(vendor);
    // The pages of docs/dialects show examples of the vendors' requests.
    const faults = openApiFaults({ ...document }).filter(
      (fault) => vendor === undefined || !fault.endsWith('its body has no example'),
    );
    assert.deepEqual(faults, []);
    const routes = app.routes.filter((route) => route.surface?.name === vendor && route.undocumented !== true);
    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    assert.deepEqual(
      new Set(described),
      new Set(routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)),
    );
    assert.ok(Object.keys(document.webhooks).length > 0);
    for (const item of Object.values(document.paths)) {
      for (const operation of Object.values(item)) {
        for (const status of ['405', '408', '431'])
          assert.ok(status in operation.responses, `${operation.operationId} ${status}`);
      }
    }
  });
}

test('the document describes the CSV response of import errors and the 404 of a replay', async () => {
  const { paths } = await read(undefined);
  assert.deepEqual(Object.keys(paths['/v1/imports/{id}/errors']?.['get']?.responses['200']?.content ?? {}), [
    'application/json',
    'text/csv',
  ]);
  assert.ok(paths['/v1/replays']?.['post']?.responses['404'] !== undefined);
});
