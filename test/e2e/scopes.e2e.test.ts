import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, test } from 'node:test';
import { grants, scopeNames } from '../../src/auth/index.ts';
import { scopesOf } from '../../src/http/route.ts';
import type { Route, Scope } from '../../src/http/route.ts';
import type { Caller } from '../harness/caller.ts';
import { callerOf } from '../harness/caller.ts';
import { assertRefused } from '../harness/edge-routes.ts';
import { installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';
import { bodyOf, nativeRoutes, namesRecord, operationsOn, perform } from './records.ts';
import type { Operation } from './records.ts';

describe('keys and scopes', () => {
  const scene = installationScene(() => ({
    config: { roles: ['api'] },
    // Nothing answers for tracking domains.
    resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
  }));
  let mine: Tenant;
  let operations: readonly Operation[];
  before(async () => {
    mine = await scene.product.tenant();
    const routes = nativeRoutes(scene.product.app);
    const others = routes.filter((route) => !namesRecord(route));
    operations = [
      ...(await operationsOn(scene.product, routes, mine)),
      ...(await Promise.all(
        others.map(async (route) => ({
          route,
          path: route.path.replace(':organization', mine.organization.id).replace(':provider', 'google'),
          body: await bodyOf(route, mine),
        })),
      )),
    ];
    assert.equal(operations.length, routes.length);
  });

  const named = ({ method, path }: Route): string => `${method} ${path}`;
  /** Creates a key with every scope except this one. */
  const callerWithout = (scope: Scope): Promise<Caller> =>
    mine.withKey({ scopes: scopeNames.filter((each) => !grants([each], scope)) });

  test('every route except the public ones refuses a call without a key or with an unknown one', async () => {
    const open = operations.filter(({ route }) => route.scope === null).map(({ route }) => route.path);
    assert.deepEqual(open.sort(), [
      '/.well-known/webhook-keys',
      '/.well-known/webhook-keys/:organization',
      '/healthz',
      '/metrics',
      '/readyz',
      '/t/c/:token',
      '/t/h/:token',
      '/t/o/:token',
      '/u/:token',
      '/u/:token',
      '/u/:token/undo',
      '/v1/invitations/accept',
      '/v1/oauth/:provider/callback',
      '/v1/password-resets',
      '/v1/password-resets/accept',
      '/v1/portal-sessions',
      '/v1/sessions',
      '/v1/sessions/passkey',
      '/v1/sessions/passkey/options',
    ]);
    const [nobody, guesser] = [callerOf(mine.url, ''), callerOf(mine.url, `otr_live_${'x'.repeat(43)}`)];
    for (const operation of operations) {
      if (operation.route.scope === null) {
        const { path } = operation.route;
        // Nobody has started an authorization, and no link was written.
        const signsIn =
          /^\/v1\/(sessions|invitations|portal-sessions|password-resets\/accept)/.test(path) &&
          !path.endsWith('/options');
        const expected = signsIn
          ? 401
          : path === '/v1/password-resets'
            ? 202
            : path.startsWith('/v1/oauth/')
              ? 400
              : /^\/(u|t\/[ch])\//.test(path)
                ? 404
                : 200;
        assert.equal((await perform(nobody, operation)).status, expected, named(operation.route));
        continue;
      }
      for (const who of [nobody, guesser]) {
        const answer = await perform(who, operation);
        assertRefused(answer, 401, 'unauthorized');
        assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
      }
    }
  });

  test('every route refuses a key that lacks one required scope and names that scope', async () => {
    const tried = new Set<Scope>();
    for (const operation of operations) {
      for (const scope of scopesOf(operation.route)) {
        tried.add(scope);
        const { message } = assertRefused(await perform(await callerWithout(scope), operation), 403, 'forbidden');
        assert.ok(message.startsWith(`This needs the scope ${scope};`), `${named(operation.route)}: ${message}`);
      }
    }
    assert.ok(tried.size >= 9, [...tried].join(', '));
  });

  test("every route of the vendors' APIs refuses a key that lacks a scope", async () => {
    const vendors = scene.product.app.routes.filter(({ surface }) => surface !== undefined);
    assert.ok(vendors.some((route) => scopesOf(route).length > 1));
    for (const route of vendors) {
      for (const scope of scopesOf(route)) {
        const { url, key } = await callerWithout(scope);
        const headers = [{ authorization: `Bearer ${key}` }, { 'x-api-key': key }].find(
          (each) => route.surface?.presentedKey(each) === key,
        );
        const { status, text } = await callerOf(url, '').api(
          route.method,
          route.path.replace(/:\w+/, 'x'),
          undefined,
          headers,
        );
        assert.ok(
          status === 403 && text.includes(`This needs the scope ${scope};`),
          `${named(route)}: ${status} ${text}`,
        );
      }
    }
  });

  test('the routes that need several scopes match the table in docs/security.md', async () => {
    const page = await readFile(new URL('../../docs/security.md', import.meta.url), 'utf8');
    const [table = ''] = (page.split('| call | needs | because |\n')[1] ?? '').split('\n\n');
    const quoted = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
    const line = (call: string, needs: readonly string[]): string => `${call} needs ${needs.toSorted().join(', ')}`;
    const said = table.split('\n').flatMap((row) => {
      const [, calls, needs] = row.split('|');
      return quoted(calls).map((call) => line(call, quoted(needs)));
    });
    // Driftwood's calls have names; other calls are identified by method and path.
    const nameOf = ({ method, path }: Route): string =>
      /^\/api\/(\w+-[\w-]+)$/.exec(path)?.[1] ?? `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`;
    const asked = scene.product.app.routes
      .filter((route) => scopesOf(route).length > 1)
      .map((route) => line(nameOf(route), scopesOf(route)));
    assert.deepEqual(new Set(said), new Set(asked));
  });

  test('the error for a key that lacks several scopes names exactly those', async () => {
    const operation = operations.find(({ route }) => route.path.endsWith('/export')) ?? assert.fail();
    const { message } = assertRefused(
      await perform(await mine.withKey({ scopes: ['contacts:read', 'events:read'] }), operation),
      403,
      'forbidden',
    );
    assert.equal(
      message,
      'This needs the scopes crm:read, suppressions:read, mailboxes:read, campaigns:read, inbound:read; the key has contacts:read, events:read.',
    );
  });

  test('a key with only the required scopes is accepted', async () => {
    const guarded = operations.filter(({ route }) => scopesOf(route).length > 0);
    // Calls that change or delete a record come last, so that the others find it.
    for (const operation of guarded.sort(
      (a, b) => Number(a.route.method === 'DELETE') - Number(b.route.method === 'DELETE'),
    )) {
      const { status, text } = await perform(await mine.withKey({ scopes: scopesOf(operation.route) }), operation);
      // Only a sandbox has a clock of its own.
      if (operation.path === '/v1/sandbox/clock') assert.match(text, /Only the clock of a sandbox/);
      else assert.ok(status !== 401 && status !== 403, `${named(operation.route)}: ${status} ${text}`);
    }
  });

  test('a key grants only scopes that it has', async () => {
    const maker = await mine.withKey({
      scopes: ['keys:write', 'events:read'],
      expiresAt: new Date(scene.clock.now() + 3_600_000),
    });
    assert.match(
      assertRefused(await maker.api('POST', '/v1/keys', { name: 'x', scopes: ['events:write'] }), 403, 'forbidden')
        .message,
      /events:write/,
    );
    const later = new Date(scene.clock.now() + 7_200_000).toISOString();
    const { details } = assertRefused(
      await maker.api('POST', '/v1/keys', { name: 'x', expires_at: later }),
      422,
      'validation_failed',
    );
    assert.match(details['expires_at'] ?? '', /not be later/);
    const made = await maker.got('POST', '/v1/keys', { name: 'x' });
    assert.deepEqual(made['scopes'], ['keys:write', 'events:read']);
    assert.equal(made['expires_at'], new Date(scene.clock.now() + 3_600_000).toISOString());
  });
});
