import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { TestClock } from '../../test/harness/clock.ts';
import type { EndpointId, OrganizationId } from '../base/ids.ts';
import { createAccessTokens } from './access-tokens.ts';
import type { ClientCredentials, Granted } from './access-tokens.ts';

const credentialsOf = (organization: string): ClientCredentials => ({
  organizationId: organization as OrganizationId,
  endpointId: `endpoint of ${organization}` as EndpointId,
  tokenUrl: 'https://auth.example/token',
  clientId: 'client',
  clientSecret: 'secret',
  scope: undefined,
  audience: undefined,
  authentication: 'basic',
  ca: undefined,
});

function scene(limits: { concurrentMax?: number; concurrentPerOrganizationMax?: number } = {}) {
  const clock = new TestClock();
  const requests: { readonly organization: string; readonly answer: (granted: Granted) => Promise<void> }[] = [];
  const tokens = createAccessTokens({
    clock,
    ...limits,
    request: ({ organizationId }) =>
      new Promise((resolve) =>
        requests.push({
          organization: organizationId,
          answer: async (granted) => {
            resolve(granted);
            await setImmediate();
          },
        }),
      ),
  });
  return { clock, requests, tokens };
}

const token = (text: string, expiresInSeconds?: number): Granted => ({ kind: 'token', token: text, expiresInSeconds });

describe('D23: access tokens', () => {
  test('concurrent calls share one request; the token is renewed before it expires, while the old one is used', async () => {
    const { clock, requests, tokens } = scene();
    const mine = credentialsOf('a');
    assert.equal(tokens.current(mine), undefined);
    const both = [tokens.obtain(mine), tokens.obtain(mine)];
    await setImmediate();
    assert.equal(requests.length, 1);
    await requests[0]?.answer(token('one', 3_600));
    assert.deepEqual(await Promise.all(both), [{ ok: true }, { ok: true }]);
    assert.equal(tokens.current(mine), 'one');
    await clock.advance(3_541_000);
    assert.equal(tokens.current(mine), 'one');
    await setImmediate();
    assert.equal(tokens.current(mine), 'one');
    assert.equal(requests.length, 2, 'one request renews it');
    await requests[1]?.answer(token('two', 3_600));
    assert.equal(tokens.current(mine), 'two');
    await clock.advance(3_600_000);
    assert.equal(tokens.current(mine), undefined);
  });

  test('a lifetime of 0 seconds counts as 10, so that a server is not asked for each delivery', async () => {
    const { clock, requests, tokens } = scene();
    const mine = credentialsOf('a');
    const obtained = tokens.obtain(mine);
    await setImmediate();
    await requests[0]?.answer(token('short', 0));
    await obtained;
    await clock.advance(9_000);
    assert.equal(tokens.current(mine), 'short');
    await clock.advance(2_000);
    assert.equal(tokens.current(mine), undefined);
  });

  test('after a failure the server is left alone for 10 s', async () => {
    const { clock, requests, tokens } = scene();
    const mine = credentialsOf('a');
    const failing = tokens.obtain(mine);
    await setImmediate();
    await requests[0]?.answer({ kind: 'refused', message: 'no' });
    assert.equal((await failing).ok, false);
    assert.deepEqual(await tokens.obtain(mine), { ok: false, message: 'no', durationMs: 0 });
    await clock.advance(10_000);
    void tokens.obtain(mine);
    await setImmediate();
    assert.equal(requests.length, 2);
  });

  test('a refused token is replaced only if it is 30 s old', async () => {
    const { clock, requests, tokens } = scene();
    const mine = credentialsOf('a');
    void tokens.obtain(mine);
    await setImmediate();
    await requests[0]?.answer(token('one', 3_600));
    assert.equal(tokens.refused(mine, 'one'), false);
    await clock.advance(30_000);
    assert.equal(tokens.refused(mine, 'one'), true);
    assert.equal(tokens.current(mine), undefined);
    assert.equal(tokens.refused(mine, 'one'), true, 'others that were sent with it are repeated, too');
  });

  test('token servers that never answer hold the share of their organization only', async () => {
    const { requests, tokens } = scene({ concurrentMax: 4, concurrentPerOrganizationMax: 2 });
    for (let n = 0; n < 10; n++) void tokens.obtain(credentialsOf('dead'));
    const other = tokens.obtain(credentialsOf('other'));
    await setImmediate();
    assert.deepEqual(
      requests.map(({ organization }) => organization),
      ['dead', 'dead', 'other'],
    );
    await requests[2]?.answer(token('t'));
    assert.deepEqual(await other, { ok: true });
    await requests[0]?.answer({ kind: 'refused', message: 'late' });
    assert.equal(requests.length, 4, 'the next one of the organization follows');
  });
});
