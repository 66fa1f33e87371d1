/** WarmySender's calls for mailboxes, their warm-up, statistics and health, as its pages describe them. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { z } from 'zod';
import { revokeKey } from '../../src/auth/index.ts';
import type { KeyId } from '../../src/base/ids.ts';
import { sql } from '../../src/db/sql.ts';
import type { Caller, Fields } from '../harness/caller.ts';
import { installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';
import { send } from './requests.ts';
import type { Answered } from './requests.ts';

const count = z.int();
const share = z.number().nullable();
const warmup = z.strictObject({
  enabled: z.boolean(),
  paused: z.boolean(),
  strategy: z.enum(['gentle', 'normal', 'fast']),
  targetDailyVolume: count.min(1).max(100),
  replyRate: count,
  language: z.string(),
  day: count,
  today: z.strictObject({ target: count.nullable(), sent: count, reason: z.string().nullable() }),
  hold: z.string().nullable(),
  startedAt: z.iso.datetime().nullable(),
  milestones: z.array(z.strictObject({ name: z.string(), at: z.iso.datetime() })),
});
const health = z.strictObject({
  score: count.nullable(),
  band: z.enum(['healthy', 'watch', 'quarantine', 'blocked']).nullable(),
  since: z.iso.datetime().nullable(),
  parts: z
    .array(
      z.strictObject({
        name: z.string(),
        weight: count,
        value: share,
        rate: share,
        sample: count,
        sampleMin: count,
      }),
    )
    .length(5),
  trend: z.strictObject({
    direction: z.string().nullable(),
    change: count.nullable(),
    days: z.array(z.strictObject({ date: z.iso.date(), score: count.nullable() })).length(7),
  }),
  action: z.string().nullable(),
  measuredAt: z.iso.datetime().nullable(),
});
const stats = z
  .array(
    z.strictObject({
      date: z.iso.date(),
      warmup: z.strictObject({
        sent: count,
        received: count,
        inboxed: count,
        spam: count,
        rescued: count,
        replied: count,
      }),
      campaign: z.strictObject({ sent: count, bounced: count, replied: count }),
    }),
  )
  .length(30);

/** Every call for one mailbox. The last one ends it. */
const calls = [
  ['GET', '', undefined, 'mailboxes:read'],
  ['GET', '/warmup', undefined, 'warmup:read'],
  ['PATCH', '/warmup', { targetDailyVolume: 25, ramp: 'gentle', replyRate: 40, language: 'fr' }, 'warmup:write'],
  ['POST', '/warmup/pause', undefined, 'warmup:write'],
  ['POST', '/warmup/resume', undefined, 'warmup:write'],
  ['GET', '/stats', undefined, 'mailboxes:read'],
  ['GET', '/health', undefined, 'mailboxes:read'],
  ['PATCH', '', { displayName: 'Grace' }, 'mailboxes:write'],
  ['DELETE', '', undefined, 'mailboxes:write'],
] as const;

describe("WarmySender's calls for a mailbox", () => {
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));
  let tenant: Tenant;
  before(async () => {
    tenant = await scene.product.tenant();
  });
  const path = '/api/v1/mailboxes';
  const call = (who: Caller, method: string, below: string, body?: unknown): Promise<Answered> =>
    send(who.url, { method, path: `${path}${below}`, body }, { authorization: `Bearer ${who.key}` });
  const json = ({ text }: Answered): { data: unknown; error: Fields } =>
    JSON.parse(text) as { data: unknown; error: Fields };
  let made = 0;
  async function make(who: Caller): Promise<string> {
    const answer = await call(who, 'POST', '', { email: `w${(made += 1)}@hopper.example`, provider: 'capture' });
    assert.equal(answer.status, 201, answer.text);
    return `/${String((json(answer).data as Fields)['id'])}`;
  }
  function assertRefused(answer: Answered, status: number, code: string): void {
    assert.equal(answer.status, status, answer.text);
    assert.deepEqual(Object.keys(json(answer)), ['error']);
    assert.equal(json(answer).error['code'], code);
  }
  const shown = async (schema: z.ZodType, method: string, below: string, body?: unknown): Promise<Fields> => {
    const answer = await call(tenant, method, below, body);
    assert.equal(answer.status, 200, answer.text);
    return z.strictObject({ data: schema }).parse(json(answer)).data as Fields;
  };

  test('warm-up, statistics and health have exactly the documented fields', async () => {
    const below = await make(tenant);
    assert.equal((await shown(warmup, 'GET', `${below}/warmup`))['enabled'], false);
    const settings = { targetDailyVolume: 25, replyRate: 40, language: 'fr' };
    const changed = await shown(warmup, 'PATCH', `${below}/warmup`, { ...settings, ramp: 'gentle' });
    assert.deepEqual({ ...changed, ...settings, strategy: 'gentle', enabled: false }, changed);
    for (const [act, paused, target] of [
      ['pause', true, null],
      ['resume', false, 3],
      ['resume', false, 3],
      ['pause', true, 3],
      ['pause', true, 3],
    ] as const) {
      const after = await shown(warmup, 'POST', `${below}/warmup/${act}`);
      assert.deepEqual([after['paused'], (after['today'] as Fields)['target']], [paused, target], act);
    }
    assert.deepEqual((await shown(health, 'GET', `${below}/health`))['band'], null);
    await shown(stats, 'GET', `${below}/stats`);
    const { data } = json(await call(tenant, 'GET', '?warmup_enabled=true'));
    assert.deepEqual(
      (data as Fields[]).map((row) => [`/${String(row['id'])}`, row['warmupEnabled']]),
      [[below, true]],
    );
    const others = json(await call(tenant, 'GET', '?warmup_enabled=false')).data as Fields[];
    assert.ok(others.every((row) => row['warmupEnabled'] === false));
  });

  test('settings are checked, and an error names the field', async () => {
    const below = await make(tenant);
    for (const [body, field] of [
      [{ targetDailyVolume: 0 }, 'targetDailyVolume'],
      [{ targetDailyVolume: 101 }, 'targetDailyVolume'],
      [{ replyRate: 101 }, 'replyRate'],
      [{ ramp: 'sudden' }, 'ramp'],
      [{ language: 'xx' }, 'language'],
      [{ target_daily_volume: 5 }, 'target_daily_volume'],
    ] as const) {
      const answer = await call(tenant, 'PATCH', `${below}/warmup`, body);
      assertRefused(answer, 422, 'validation_failed');
      assert.match(String(json(answer).error['message']), new RegExp(`${field}: `));
    }
    assertRefused(await call(tenant, 'GET', `${below}/stats?days=400`), 422, 'validation_failed');
  });

  test('every call counts against the 1,000 of its key and says what is left, and needs its scope', async () => {
    const below = await make(tenant);
    const key = await tenant.withKey({});
    for (const [index, [method, rest, body]] of calls.entries()) {
      const { status, headers, text } = await call(key, method, `${below}${rest}`, body);
      assert.ok(status < 300, text);
      assert.deepEqual(
        [headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-remaining')],
        ['1000', String(999 - index)],
      );
      assert.ok(Number(headers.get('x-ratelimit-reset')) * 1_000 > scene.clock.now());
    }
    const next = await make(tenant);
    for (const [method, rest, body, scope] of calls.toReversed()) {
      const others = ['mailboxes:read', 'mailboxes:write', 'warmup:read', 'warmup:write'].filter(
        (one) => one !== scope,
      );
      const refused = await call(await tenant.withKey({ scopes: others }), method, `${next}${rest}`, body);
      assertRefused(refused, 403, 'forbidden');
      assert.match(refused.text, new RegExp(scope));
    }
    for (const [method, rest, body, scope] of calls)
      assert.ok((await call(await tenant.withKey({ scopes: [scope] }), method, `${next}${rest}`, body)).status < 300);
  });

  test('a revoked key is refused at once by every call', async () => {
    const below = await make(tenant);
    const { key } = await tenant.withKey({ name: 'to be revoked' });
    const revoked: Caller = { ...tenant, key };
    assert.equal((await call(revoked, 'GET', below)).status, 200);
    const [row = assert.fail()] = await scene.product.db.query(sql<{ id: KeyId }>`
      SELECT id FROM api_keys WHERE organization_id = ${tenant.organization.id} AND name = 'to be revoked'`);
    assert.equal((await tenant.api('DELETE', `/v1/keys/${row.id}`)).status, 204);
    for (const [method, rest, body] of calls)
      assertRefused(await call(revoked, method, `${below}${rest}`, body), 401, 'unauthorized');
    for (const [method, body] of [
      ['GET', undefined],
      ['POST', { email: 'late@hopper.example', provider: 'capture' }],
    ] as const)
      assertRefused(await call(revoked, method, '', body), 401, 'unauthorized');
    assert.equal(await revokeKey(scene.product.tenancy, row.id), false, 'it is revoked already');
  });

  test('a sandbox key and a live one see nothing of each other', async () => {
    const sandbox = await tenant.withKey({ sandbox: true });
    const [live, trial] = [await make(tenant), await make(sandbox)];
    for (const [method, rest, body] of calls) {
      assertRefused(await call(sandbox, method, `${live}${rest}`, body), 404, 'not_found');
      assertRefused(await call(tenant, method, `${trial}${rest}`, body), 404, 'not_found');
    }
    const idsOf = async (who: Caller): Promise<unknown[]> =>
      (json(await call(who, 'GET', '?limit=100')).data as Fields[]).map(({ id }) => `/${String(id)}`);
    assert.deepEqual(await idsOf(sandbox), [trial]);
    assert.ok((await idsOf(tenant)).includes(live) && !(await idsOf(tenant)).includes(trial));
  });
});
