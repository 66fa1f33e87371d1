import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violations } from '../../scripts/check-imports.ts';
import type { Import } from '../../scripts/check-imports.ts';

const importing = (from: string, to: string, typeOnly = false): Import => ({ from, to, typeOnly, at: `${from}:1` });

const allowed: readonly Import[] = [
  importing('src/main.ts', 'src/webhooks/endpoints/routes.ts'),
  importing('src/main.ts', 'src/db/pool.ts'),
  importing('src/dialects/defrost/routes.ts', 'src/webhooks/endpoints/index.ts'),
  importing('src/webhooks/endpoints/routes.ts', 'src/http/route.ts'),
  importing('src/webhooks/endpoints/routes.ts', 'src/events/index.ts'),
  importing('src/webhooks/endpoints/routes.ts', 'src/webhooks/endpoints/queries.ts'),
  importing('src/events/emit.ts', 'src/delivery/queue/queries.ts'),
  importing('src/delivery/transport/sender.ts', 'src/vendors/wires.ts'),
  importing('src/vendors/wires.ts', 'src/vendors/defrost/wire.ts'),
  importing('src/vendors/defrost/wire.ts', 'src/delivery/wire.ts', true),
  importing('src/vendors/defrost/wire.ts', 'node:crypto'),
  importing('src/db/pool.ts', 'src/base/errors.ts'),
  importing('src/events/type-schema.ts', 'ajv/dist/2020.js'),
  importing('src/db/pool.pg.test.ts', 'test/harness/database.ts'),
  importing('src/delivery/transport/sender.test.ts', 'src/webhooks/endpoints/routes.ts'),
];

test('imports that point down, through doors, are allowed', () => {
  assert.deepEqual(violations(allowed), []);
});

const refused: Readonly<Record<string, Import>> = {
  'the engine and a slice': importing('src/delivery/transport/sender.ts', 'src/webhooks/endpoints/index.ts'),
  'the engine and a slice, for its type': importing('src/delivery/transport/sender.ts', 'src/webhooks/endpoints/index.ts', true),
  'a slice and the inside of another': importing('src/webhooks/endpoints/routes.ts', 'src/events/emit.ts'),
  'a slice and the routes of another': importing('src/webhooks/endpoints/routes.ts', 'src/events/routes.ts'),
  'an edge and the inside of a slice': importing('src/cli/keys.ts', 'src/auth/queries.ts'),
  'a slice and the server': importing('src/webhooks/endpoints/routes.ts', 'src/http/server.ts'),
  'a route library and a slice': importing('src/http/route.ts', 'src/auth/index.ts'),
  'the database and the engine': importing('src/db/pool.ts', 'src/delivery/state.ts'),
  'the ground and the database': importing('src/base/clock.ts', 'src/db/pool.ts'),
  'a dialect and a value': importing('src/vendors/defrost/wire.ts', 'src/base/errors.ts'),
  'a dialect and the network': importing('src/vendors/defrost/wire.ts', 'node:http'),
  'a dialect and a package': importing('src/vendors/defrost/wire.ts', 'undici'),
  'the product and its tests': importing('src/db/pool.ts', 'test/harness/database.ts'),
  'the product and a test beside it': importing('src/db/pool.ts', 'src/db/pool.test.ts'),
};

for (const [title, wrong] of Object.entries(refused)) {
  test(`refused: ${title}`, () => {
    const lines = violations([...allowed, wrong]);
    assert.equal(lines.length, 1);
    assert.ok(lines[0]?.startsWith(`${wrong.at} imports ${wrong.to}: `), lines[0]);
  });
}

test('a circle of files is found, wherever it lies', () => {
  const circle = [
    importing('test/a.ts', 'test/b.ts'),
    importing('test/b.ts', 'test/c.ts', true),
    importing('test/c.ts', 'test/a.ts'),
  ];
  assert.deepEqual(violations(circle), ['a circle of imports: test/a.ts → test/b.ts → test/c.ts → test/a.ts']);
  assert.deepEqual(violations(circle.slice(1)), []);
});

test('slices that lean on each other through different files are found', () => {
  const both = [
    importing('src/auth/keys.ts', 'src/events/index.ts'),
    importing('src/events/emit.ts', 'src/auth/index.ts'),
  ];
  assert.deepEqual(violations(both), ['slices lean on each other: src/auth → src/events → src/auth']);
});
