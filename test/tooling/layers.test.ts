import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violations } from '../../scripts/check-imports.ts';
import type { Import } from '../../scripts/check-imports.ts';

const importing = (from: string, to: string, typeOnly = false): Import => ({ from, to, typeOnly, at: `${from}:1` });

const allowed: readonly Import[] = [
  importing('src/main.ts', 'src/webhooks/endpoints/routes.ts'),
  importing('src/main.ts', 'src/db/pool.ts'),
  importing('src/cli/keys.ts', 'src/auth/index.ts'),
  importing('src/vendors/defrost/routes.ts', 'src/webhooks/endpoints/index.ts'),
  importing('src/vendors/wires.ts', 'src/vendors/defrost/wire.ts'),
  importing('src/vendors/defrost/wire.ts', 'src/delivery/wire.ts', true),
  importing('src/vendors/defrost/wire.ts', 'src/base/json-text.ts'),
  importing('src/vendors/defrost/wire.ts', 'node:crypto'),
  importing('src/webhooks/endpoints/routes.ts', 'src/http/route.ts'),
  importing('src/webhooks/endpoints/routes.ts', 'src/events/index.ts'),
  importing('src/webhooks/endpoints/routes.ts', 'src/webhooks/endpoints/queries.ts'),
  importing('src/webhooks/deliveries/routes.ts', 'src/webhooks/endpoints/index.ts'),
  importing('src/events/emit.ts', 'src/delivery/queue/queries.ts'),
  importing('src/delivery/engine.ts', 'src/delivery/queue/queries.ts'),
  importing('src/db/pool.ts', 'src/base/errors.ts'),
  importing('src/events/type-schema.ts', 'ajv/dist/2020.js'),
  importing('src/db/pool.pg.test.ts', 'test/harness/database.ts'),
  importing('src/delivery/transport/sender.test.ts', 'src/webhooks/endpoints/routes.ts'),
];

test('imports of a folder below, through its index.ts, are allowed', () => {
  assert.deepEqual(violations(allowed), []);
});

const refused: Readonly<Record<string, Import>> = {
  'the engine imports a slice above it': importing('src/delivery/engine.ts', 'src/webhooks/endpoints/index.ts'),
  'the engine imports a type of a slice above it': importing(
    'src/delivery/engine.ts',
    'src/webhooks/endpoints/index.ts',
    true,
  ),
  'the engine imports a vendor': importing('src/delivery/subscriptions.ts', 'src/vendors/wires.ts'),
  'a slice imports an inner file of another': importing('src/webhooks/endpoints/routes.ts', 'src/events/emit.ts'),
  'a slice imports the routes of another': importing('src/webhooks/endpoints/routes.ts', 'src/events/routes.ts'),
  'a slice imports an inner file of a sibling': importing(
    'src/webhooks/deliveries/routes.ts',
    'src/webhooks/endpoints/queries.ts',
  ),
  'the command line imports an inner file of a slice': importing('src/cli/keys.ts', 'src/auth/queries.ts'),
  'the HTTP layer imports a slice': importing('src/http/route.ts', 'src/auth/index.ts'),
  'the database layer imports the engine': importing('src/db/pool.ts', 'src/delivery/state.ts'),
  'the base imports the database layer': importing('src/base/clock.ts', 'src/db/pool.ts'),
  'a file belongs to no layer': importing('src/helpers/text.ts', 'src/base/errors.ts'),
  'a wire imports a value': importing('src/vendors/defrost/wire.ts', 'src/base/errors.ts'),
  'a wire imports the network': importing('src/vendors/defrost/wire.ts', 'node:http'),
  'a wire imports a package': importing('src/vendors/defrost/wire.ts', 'undici'),
  'the product imports the test harness': importing('src/db/pool.ts', 'test/harness/database.ts'),
  'the product imports a test': importing('src/db/pool.ts', 'src/db/pool.test.ts'),
};

for (const [title, wrong] of Object.entries(refused)) {
  test(`a violation: ${title}`, () => {
    const lines = violations([...allowed, wrong]).filter((line) => !line.startsWith('cycle of folders: '));
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.ok(lines[0]?.startsWith(`${wrong.at} imports ${wrong.to}: `), lines[0]);
  });
}

test('a cycle of files is found, also outside src and through types', () => {
  const cycle = [
    importing('test/a.ts', 'test/b.ts'),
    importing('test/b.ts', 'test/c.ts', true),
    importing('test/c.ts', 'test/a.ts'),
  ];
  assert.deepEqual(violations(cycle), ['cycle of files: test/a.ts → test/b.ts → test/c.ts → test/a.ts']);
  assert.deepEqual(violations(cycle.slice(1)), []);
});

test('folders that import each other through different files form a cycle', () => {
  const both = [
    importing('src/events/emit.ts', 'src/alerts/index.ts'),
    importing('src/alerts/outbox.ts', 'src/events/index.ts'),
  ];
  assert.deepEqual(violations(both), ['cycle of folders: src/events → src/alerts → src/events']);
});

test('a folder and a file beside it that import each other form a cycle', () => {
  const both = [
    importing('src/delivery/engine.ts', 'src/delivery/queue/queries.ts'),
    importing('src/delivery/queue/settler.ts', 'src/delivery/engine.ts', true),
  ];
  assert.deepEqual(violations(both), [
    'cycle of folders: src/delivery/engine.ts → src/delivery/queue → src/delivery/engine.ts',
  ]);
});
