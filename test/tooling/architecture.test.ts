/** The map in ARCHITECTURE.md matches the tree. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { layers } from '../../scripts/check-imports.ts';

const root = new URL('../../', import.meta.url);
const page = await readFile(new URL('ARCHITECTURE.md', root), 'utf8');
const [, map = ''] = /\n## Layers\n(.*?)\n## /s.exec(page) ?? [];
const named = (text: string): string[] => [...text.matchAll(/`(src\/[^`*]+)`/g)].map(([, path = '']) => path);

test('every path that ARCHITECTURE.md names exists', () => {
  for (const path of named(page)) assert.ok(existsSync(new URL(path, root)), path);
});

test('the map lists every layer of src, from the top down, and every slice', async () => {
  const listed = named(map);
  const entries = layers.flat().filter((entry) => existsSync(new URL(`src/${entry}`, root)));
  assert.deepEqual([...new Set(listed.map((path) => path.split('/')[1]))], entries);
  const files = await readdir(fileURLToPath(new URL('src', root)), { recursive: true });
  const slices = files
    .map((file) => posix.join('src', ...file.split(/[\\/]/)))
    .filter((file) => posix.basename(file) === 'index.ts')
    .map(posix.dirname);
  // Slices that are all alike, such as those in `src/vendors`, are listed by their folder; `src/webhooks` by the folders in it.
  for (const slice of slices)
    assert.ok(
      listed.some((path) => path === slice || path === posix.dirname(slice) || posix.dirname(path) === slice),
      slice,
    );
});

test('a file of the dashboard has at most 300 lines', async () => {
  const folder = fileURLToPath(new URL('dashboard/src', root));
  for (const file of await readdir(folder, { recursive: true })) {
    if (!/\.(tsx?|css)$/.test(file)) continue;
    const lines = (await readFile(posix.join(folder, file), 'utf8')).split('\n').length - 1;
    assert.ok(lines <= 300, `${file} has ${lines} lines`);
  }
});
