import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { callerOf } from '../../../test/harness/caller.ts';
import type { Caller, Fields } from '../../../test/harness/caller.ts';
import { assertRefused } from '../../../test/harness/edge-routes.ts';
import type { Answer } from '../../../test/harness/edge.ts';
import { eventually } from '../../../test/harness/clock.ts';
import { makeMailbox, makeSent } from '../../../test/harness/imap-scene.ts';
import { installationScene, startInstallation } from '../../../test/harness/installation.ts';
import { startSns } from '../../../test/harness/sns.ts';
import type { Sns } from '../../../test/harness/sns.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import { setPlan } from '../../auth/index.ts';
import { sql } from '../../db/sql.ts';
import { catalogue } from '../../events/catalogue.ts';
import { providerEventTypes } from './provider.ts';
import { dayMs } from '../../base/clock.ts';

/** The sample in MailPanda's documentation. */
function verifyWebhook(body: string, signature: string, secret: string): boolean {
  const expected = crypto.createHmac('sha256', secret).update(body).digest('hex');
  return crypto.timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
}

const example = {
  type: 'email.bounced',
  email_id: 'msg_abc123def456',
  recipient: 'invalid@example.com',
  timestamp: '2026-01-05T08:15:00Z',
};
const received = '{"received":true}';
let count = 0;
/** A different event each time. */
const bounce = (more: object = {}): Fields => ({ ...example, email_id: `msg_${(count += 1)}`, ...more });

interface Source {
  readonly id: string;
  readonly path: string;
  readonly secret: string;
}

describe('provider events', () => {
  /** Stands for the hosts of Amazon SNS. */
  let sns: Sns;
  const scene = installationScene(async () => {
    sns = await startSns();
    return { originOf: (host) => (host.startsWith('sns.') ? sns.origin : `https://${host}`) };
  });
  after(() => sns.close());
  let mine: Tenant;
  let nobody: Caller;
  let source: Source;
  before(async () => {
    mine = await scene.product.tenant();
    nobody = callerOf(mine.url, '');
    source = await register(mine);
  });

  const register = async (who: Caller): Promise<Source> =>
    (await who.got('POST', '/v1/inbound-sources', { provider: 'generic', name: 'Relay' })) as unknown as Source;
  const sign = (body: string, secret: string): Record<string, string> => ({
    'x-webhook-signature': crypto.createHmac('sha256', secret).update(body).digest('hex'),
  });
  /** Posts as a provider does: signed, without a key. */
  const post = (event: unknown, by = source, who = nobody): Promise<Answer> => {
    const body = typeof event === 'string' ? event : JSON.stringify(event);
    return who.api('POST', by.path, body, sign(body, by.secret));
  };
  const refused = (answer: Answer, status: number, message: RegExp): void => {
    assert.equal(answer.status, status, answer.text);
    const { error, ...rest } = JSON.parse(answer.text) as { error: string };
    assert.deepEqual(rest, {});
    assert.match(error, message);
  };
  const inbound = async (query = '', who: Caller = mine): Promise<{ data: Fields[]; next_cursor: string | null }> =>
    (await who.api('GET', `/v1/inbound-events?limit=100${query}`)).json as unknown as {
      data: Fields[];
      next_cursor: string | null;
    };
  const stored = (): Promise<{ events: number; inbound: number }[]> =>
    scene.product.db.query(
      sql<{
        events: number;
        inbound: number;
      }>`SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM inbound_events) AS inbound`,
    );

  test('a source of a workspace reports about the workspace only; another workspace does not see it', async () => {
    const bound = async (name: string): Promise<Caller & { readonly workspaceId: string }> => {
      const workspaceId = await mine.workspace(name);
      return { ...(await mine.withKey({ workspaceId })), workspaceId };
    };
    const [one, other] = [await bound('one'), await bound('other')];
    const own = await register(one);
    const sentBy = async (who: Caller): Promise<string> => {
      const email = { email: `${who.key.slice(-8).toLowerCase()}@sender.example`, provider: 'capture' };
      const mailbox = await who.got('POST', '/v1/mailboxes', email);
      const mail = { mailbox_id: mailbox['id'], to: 'both@reader.example', subject: 'x', text: 'x' };
      return String((await who.got('POST', '/v1/messages', mail))['id']);
    };
    const [ofOne, ofOther] = [await sentBy(one), await sentBy(other)];
    const report = (email_id: string): Fields => ({
      ...example,
      bounce_type: 'hard',
      email_id,
      recipient: 'both@reader.example',
    });
    for (const id of [ofOne, ofOther]) assert.equal((await post(report(id), own)).text, received);
    // The same report, by a key of the other workspace.
    assert.equal((await other.api('POST', '/api/webhooks', report(ofOther))).status, 200);
    const seen = async (who: Caller): Promise<unknown[]> =>
      (await inbound('', who)).data.map((each) => [each['email_id'], each['workspace_id'], each['matched']]);
    assert.deepEqual(await seen(one), [
      [ofOther, one.workspaceId, false],
      [ofOne, one.workspaceId, true],
    ]);
    assert.deepEqual(await seen(other), [[ofOther, other.workspaceId, true]]);
    assert.deepEqual((await inbound(`&workspace_id=${other.workspaceId}`)).data.length, 1);
    const suppressed = (await mine.api('GET', '/v1/suppressions?search=both@reader.example')).json.data as Fields[];
    assert.deepEqual(
      new Set(suppressed.map((each) => each['workspace_id'])),
      new Set([one.workspaceId, other.workspaceId]),
    );
    const [event] = (await one.api('GET', '/v1/events?event=email.bounced&limit=1')).json.data as Fields[];
    assert.equal(event?.['workspace_id'], one.workspaceId);
    const path = `/v1/inbound-sources/${own.id}`;
    assertRefused(await other.api('DELETE', path), 404, 'not_found');
    assert.equal((await one.got('GET', path))['workspace_id'], one.workspaceId);
    assert.equal((await mine.api('DELETE', path)).status, 204);
  });

  test('a signed bounce is delivered once to a MailPanda endpoint as email.bounce and listed as unmatched', async () => {
    const receiver = await scene.receive();
    const who = await scene.product.tenant();
    const secret = 'whsec_your_secret_key_here';
    assert.equal(
      (await who.api('POST', '/api/webhooks/manage', { url: receiver.url, events: 'bounce', secret })).status,
      201,
    );
    const relay = await register(who);
    const event = { ...example, bounce_type: 'hard', reason: 'mailbox does not exist', colour: 'red' };
    for (let repeat = 0; repeat < 3; repeat += 1) {
      const answer = await post(event, relay);
      assert.deepEqual([answer.status, answer.text], [200, received]);
    }
    await post({ ...event, email_id: 'another' }, relay);
    await eventually(() => receiver.arrivals.length === 2, 'both arrived');
    const arrival = receiver.arrivals.find(({ body }) => body.includes(example.email_id)) ?? assert.fail();
    assert.ok(verifyWebhook(arrival.body, String(arrival.headers['x-webhook-signature']), secret));
    assert.deepEqual(JSON.parse(arrival.body), {
      event: 'email.bounce',
      timestamp: '2026-01-05T08:15:00.000Z',
      data: {
        email_id: example.email_id,
        recipient: example.recipient,
        campaign_id: null,
        bounce_type: 'hard',
        reason: 'mailbox does not exist',
      },
    });

    const { data } = await inbound('&matched=false', who);
    assert.deepEqual(
      data.map(({ email_id: id }) => id),
      ['another', example.email_id],
    );
    const [, first] = data;
    assert.deepEqual(
      { ...first, id: '', event_id: '' },
      {
        id: '',
        source_id: relay.id,
        workspace_id: null,
        provider: 'generic',
        type: 'email.bounced',
        email_id: example.email_id,
        recipient: example.recipient,
        occurred_at: '2026-01-05T08:15:00.000Z',
        received_at: new Date(scene.clock.now()).toISOString(),
        matched: false,
        event_id: '',
      },
    );
    assert.equal((await who.got('GET', `/v1/events/${String(first?.['event_id'])}`))['event'], 'email.bounced');
    const [row] = await scene.product.db.query(
      sql<{ payload: Buffer }>`SELECT payload FROM inbound_events WHERE id = ${String(first?.['id'])}`,
    );
    assert.equal(row?.payload.toString(), JSON.stringify(event));
  });

  test('events of every type have every field of the catalogue; unknown values are null', async () => {
    for (const type of providerEventTypes) {
      const event = bounce({ type });
      assert.equal((await post(event)).text, received);
      const [{ event_id: id } = {}] = (await inbound()).data;
      const { data } = (await mine.got('GET', `/v1/events/${String(id)}`)) as { data: Fields };
      const shape = catalogue[type].data;
      assert.deepEqual(shape.strict().parse(data), data, type);
      assert.deepEqual(Object.keys(data).sort(), Object.keys(shape.shape).sort(), type);
      const known = Object.entries(data).filter(([, value]) => value !== null);
      assert.deepEqual(Object.fromEntries(known), {
        email_id: event['email_id'],
        recipient: example.recipient,
        occurred_at: '2026-01-05T08:15:00.000Z',
      });
    }
  });

  test('an event without a time happened now; a time without a zone is UTC', async () => {
    await post(bounce({ timestamp: undefined, recipient: undefined }));
    await post(bounce({ timestamp: '2026-01-05T07:00:00' }));
    const [second, first] = (await inbound()).data;
    assert.deepEqual([first?.['occurred_at'], first?.['recipient']], [new Date(scene.clock.now()).toISOString(), null]);
    assert.equal(second?.['occurred_at'], '2026-01-05T07:00:00.000Z');
  });

  test('bodies of 100 bytes and of 250 KiB are stored byte for byte', async () => {
    for (const bytes of [100, 250 * 1024]) {
      // Spaces that parsing would lose, and two-byte characters.
      const head = `{"type": "email.opened", "email_id": "m${(count += 1)}", "x": "`;
      const text = `${head}${'é'.repeat((bytes - head.length - 2) / 2)}"}`;
      assert.ok(Math.abs(Buffer.byteLength(text) - bytes) <= 1);
      assert.equal((await post(text)).text, received);
      const [row] = await scene.product.db.query(
        sql<{ payload: Buffer }>`SELECT payload FROM inbound_events ORDER BY id DESC LIMIT 1`,
      );
      assert.equal(row?.payload.toString(), text);
    }
    refused(await post(bounce({ x: 'a'.repeat(2 * 1024 * 1024) })), 413, /exceeds the limit/);
  });

  test("posts to a source count against the source's quota only, not the organization's", async () => {
    const who = await scene.product.tenant({ plan: 'growth' });
    const by = await register(who);
    const left = ({ headers }: Answer): number => Number(headers.get('x-ratelimit-remaining'));
    const before = left(await who.api('GET', '/v1/webhooks'));
    const posts = [
      await post(bounce(), by),
      await post(bounce(), { ...by, secret: 'another' }),
      await nobody.api('POST', by.path, '{'),
    ];
    assert.deepEqual(
      posts.map((answer) => [answer.status, left(answer)]),
      [
        [200, 4_999],
        [401, 4_998],
        [400, 4_997],
      ],
    );
    assert.equal(left(await who.api('GET', '/v1/webhooks')), before - 1);
  });

  test('a request of a source is logged with its source_id and without a key_id', async () => {
    await post(bounce());
    const line = scene.product.logged.findLast((each) => each['route'] === '/api/webhooks');
    assert.deepEqual([line?.['source_id'], line?.['key_id']], [source.id, undefined]);
    const report = scene.product.logged.findLast((each) => each['msg'] === 'inbound.received');
    assert.deepEqual(
      [report?.['provider'], report?.['source_id'], report?.['events'], report?.['matched']],
      ['generic', source.id, 1, 0],
    );
  });

  test('concurrent posts of the same event to two processes store one row and emit one event', async () => {
    const other = await startInstallation({ databaseUrl: scene.product.db.url, clock: scene.clock });
    scene.finally(() => other.stop());
    const receiver = await scene.receive();
    await mine.register(receiver.url, { dialect: 'standard', events: ['email.complained'] });
    for (const timestamp of [example.timestamp, undefined]) {
      const event = bounce({ type: 'email.complained', timestamp });
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          post(event, source, callerOf(index % 2 === 0 ? mine.url : other.url, '')),
        ),
      );
      assert.deepEqual([...new Set(answers.map(({ status, text }) => `${status} ${text}`))], [`200 ${received}`]);
      const rows = (await inbound()).data.filter(({ email_id: id }) => id === event['email_id']);
      assert.equal(rows.length, 1);
      await eventually(
        () => receiver.arrivals.some(({ body }) => body.includes(`"${String(event['email_id'])}"`)),
        'it arrived',
      );
    }
    const events = await scene.product.db.query(
      sql`SELECT FROM events WHERE type = 'email.complained' AND organization_id = ${mine.organization.id}`,
    );
    // The test of every type emits one of them.
    assert.equal(events.length, 3);
    assert.equal(receiver.arrivals.length, 2);
  });

  test('dedupe keys are hashed with a key of the organization, so they cannot be guessed', async () => {
    const who = await scene.product.tenant();
    const event = bounce();
    await post(event, await register(who));
    await post(event, source);
    const rows = await scene.product.db.query(
      sql<{ dedupe_key: Buffer }>`SELECT dedupe_key FROM inbound_events WHERE email_id = ${String(event['email_id'])}`,
    );
    assert.equal(rows.length, 2);
    assert.equal(new Set(rows.map(({ dedupe_key: key }) => key.toString('hex'))).size, 2);
  });

  describe('authentication', () => {
    test('a key with inbound:write, as Bearer or X-API-Key, may post for its organization', async () => {
      const who = await scene.product.tenant();
      const writer = await who.withKey({ scopes: ['inbound:write'] });
      const [one, two] = [bounce(), bounce()];
      assert.equal((await writer.api('POST', '/api/webhooks', one)).text, received);
      assert.equal((await nobody.api('POST', '/api/webhooks', two, { 'x-api-key': writer.key })).text, received);
      // URLs of earlier versions have no tag.
      assert.equal((await post(bounce(), { ...source, path: `/api/webhooks?source=${source.id}` })).text, received);
      // With a key, the source is ignored, whichever organization it belongs to.
      assert.equal((await writer.api('POST', source.path, two)).text, received);
      const { data } = await inbound('', who);
      assert.deepEqual(
        data.map(({ email_id: id, source_id: by }) => [id, by]),
        [
          [two['email_id'], null],
          [one['email_id'], null],
        ],
      );
      refused(
        await (await who.withKey({ scopes: ['webhooks:write', 'events:write'] })).api('POST', '/api/webhooks', one),
        403,
        /inbound:write/,
      );
    });

    test('other callers are rejected; an unknown source and a bad signature get the same response, and nothing is stored', async () => {
      const rows = await stored();
      const body = JSON.stringify(bounce());
      const good = sign(body, source.secret);
      const stranger = await scene.product.tenant();
      const theirs = await register(stranger);
      const says = async (path: string, headers: Record<string, string>, sent = body): Promise<string> => {
        const { status, text, headers: answered } = await nobody.api('POST', path, sent, headers);
        return `${status} ${text} ${answered.get('www-authenticate')}`;
      };
      const answers = await Promise.all([
        says(source.path, {}),
        says(source.path, sign(body, theirs.secret)),
        says(source.path, good, `${body} `),
        says(source.path, { 'x-webhook-signature': `sha256=${good['x-webhook-signature']}` }),
        says(source.path, sign('{}', 'x'), '{}'),
        says(theirs.path, good),
        says('/api/webhooks?source=0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22', good),
        says('/api/webhooks?source=', good),
        says("/api/webhooks?source='--", good),
        says(`/api/webhooks?source=${stranger.organization.tag}_${source.id}`, good),
        says(`/api/webhooks?source=_${source.id}`, good),
        says(`${source.path}&source=${theirs.id}`, good),
      ]);
      assert.deepEqual(
        [...new Set(answers)],
        [
          '401 {"error":"The inbound source is unknown, or the request does not prove that it comes from this source."} Bearer',
        ],
      );
      refused(await nobody.api('POST', '/api/webhooks', body, good), 401, /Send an API key/);
      refused(
        await nobody.api('POST', source.path, body, { ...good, 'x-api-key': 'otr_live_nonsense' }),
        401,
        /unknown/,
      );
      await stranger.api('DELETE', `/v1/inbound-sources/${theirs.id}`);
      refused(await post(bounce(), theirs), 401, /unknown/);
      assert.deepEqual(await stored(), rows);
    });

    test('a source acts for its organization under its plan, and in the sandbox if it belongs to one', async () => {
      const who = await scene.product.tenant();
      const sandbox = callerOf(
        who.url,
        String((await who.got('POST', '/v1/keys', { name: 'sandbox', sandbox: true }))['key']),
      );
      const test = await register(sandbox);
      assert.equal((await post(bounce(), test)).text, received);
      assert.equal((await inbound('', sandbox)).data.length, 1);
      assert.equal((await inbound('', who)).data.length, 0);
      const live = await register(who);
      await setPlan(scene.product.tenancy, who.organization.slug, 'starter');
      refused(await post(bounce(), live), 403, /plan/);
    });
  });

  test('an invalid post is rejected with one message and stores nothing', async () => {
    const rows = await stored();
    refused(await post('{"type":'), 400, /not valid JSON/);
    refused(await post([bounce()]), 422, /^body: must be an object$/);
    refused(await post({}), 422, /^type: is required; email_id: is required$/);
    refused(await post(bounce({ type: 'email.lost' })), 422, /^type: must be one of/);
    for (const timestamp of ['yesterday', '2026-02-30T00:00:00Z', '1999-01-01T00:00:00Z', '2999-01-01T00:00:00Z', 7])
      refused(await post(bounce({ timestamp })), 422, /^timestamp: must be/);
    refused(
      await nobody.api('POST', `${source.path}&colour=red`, bounce(), sign('', '')),
      422,
      /^colour: unknown field$/,
    );
    const text = JSON.stringify(bounce());
    refused(
      await nobody.api('POST', source.path, text, { ...sign(text, source.secret), 'content-type': 'text/html' }),
      400,
      /application\/json/,
    );
    assert.deepEqual(await stored(), rows);
  });

  test('sources show their secret once, are listed in pages, invisible to other organizations and limited to 100', async () => {
    const who = await scene.product.tenant();
    const made = await who.api('POST', '/v1/inbound-sources', { provider: 'generic', name: '  Relay in Frankfurt ' });
    assert.equal(made.headers.get('cache-control'), 'no-store');
    const { secret, ...shown } = made.json.data as unknown as Fields & Source;
    assert.match(secret, /^[\da-f]{64}$/);
    assert.deepEqual(shown, {
      id: shown.id,
      workspace_id: null,
      provider: 'generic',
      name: 'Relay in Frankfurt',
      path: `/api/webhooks?source=${who.organization.tag}_${shown.id}`,
      username: null,
      public_key: null,
      topic_arn: null,
      previous_secret_expires_at: null,
      created_at: new Date(scene.clock.now()).toISOString(),
    });
    assert.equal(made.headers.get('location'), `/v1/inbound-sources/${shown.id}`);
    assert.deepEqual(await who.got('GET', `/v1/inbound-sources/${shown.id}`), shown);
    const [row] = await scene.product.db.query(
      sql<{ sealed: Buffer }>`SELECT secret_sealed AS sealed FROM inbound_sources WHERE id = ${shown.id}`,
    );
    assert.ok(row !== undefined && !row.sealed.includes(secret) && !row.sealed.includes(Buffer.from(secret, 'hex')));
    assert.equal(
      (
        await scene.product.tenancy.vault.open(scene.product.db, who.organization.id, row.sealed, 'inbound secret')
      ).toString(),
      JSON.stringify({ material: { secret } }),
    );

    for (const bad of [
      {},
      { provider: 'resend', name: 'x' },
      { provider: 'generic', name: ' ' },
      { provider: 'generic', name: 'x', secret: 'own' },
    ])
      assertRefused(await who.api('POST', '/v1/inbound-sources', bad), 422, 'validation_failed');
    await Promise.all(Array.from({ length: 99 }, () => register(who)));
    assertRefused(await who.api('POST', '/v1/inbound-sources', { provider: 'generic', name: 'x' }), 409, 'conflict');
    const page = (await who.api('GET', '/v1/inbound-sources?page=2&page_size=60')).json as unknown as {
      data: Fields[];
      total: number;
    };
    assert.deepEqual([page.data.length, page.total, page.data.at(-1)?.['id']], [40, 100, shown.id]);
    assert.ok(!JSON.stringify(page).includes('"secret"'));

    assertRefused(await mine.api('DELETE', `/v1/inbound-sources/${shown.id}`), 404, 'not_found');
    assert.equal((await who.api('DELETE', `/v1/inbound-sources/${shown.id}`)).status, 204);
    assertRefused(await who.api('DELETE', `/v1/inbound-sources/${shown.id}`), 404, 'not_found');
  });

  test('events are listed by cursor, type and match; a page of a rare type reads a limited number of rows', async () => {
    const who = await scene.product.tenant();
    const relay = await register(who);
    for (const type of ['email.sent', 'email.opened', 'email.sent']) await post(bounce({ type }), relay);
    const types = async (query: string): Promise<unknown[]> => (await inbound(query, who)).data.map(({ type }) => type);
    assert.deepEqual(await types(''), ['email.sent', 'email.opened', 'email.sent']);
    assert.deepEqual(await types('&type=email.opened'), ['email.opened']);
    assert.deepEqual(await types('&type=email.sent&matched=false'), ['email.sent', 'email.sent']);
    assert.deepEqual(await types('&matched=true'), []);
    const first = (await who.api('GET', '/v1/inbound-events?limit=2')).json as unknown as {
      data: Fields[];
      next_cursor: string;
    };
    assert.deepEqual(await types(`&cursor=${first.next_cursor}`), ['email.sent']);
    for (const bad of ['type=email.lost', 'matched=maybe', 'cursor=x', 'colour=red'])
      assertRefused(await who.api('GET', `/v1/inbound-events?${bad}`), 422, 'validation_failed');

    const base = scene.clock.now() + 1_000;
    await scene.product.db.execute(sql`
      INSERT INTO inbound_events (organization_id, id, provider, dedupe_key, type, email_id, occurred_at, received_at, payload, matched)
      SELECT ${who.organization.id}, (lpad(to_hex(${base}::bigint + n), 12, '0') || '70008000000000000000')::uuid, 'generic', int4send(n), 'email.delivered', 'x', now(),
        ${new Date(base)}::timestamptz, '', true
      FROM generate_series(1, 4500) n`);
    const pages: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await inbound(`&matched=false${cursor === '' ? '' : `&cursor=${cursor}`}`, who);
      pages.push(page.data.length);
      cursor = page.next_cursor;
    }
    assert.deepEqual(pages, [0, 0, 3]);
  });

  test('only events past the retention are deleted', async () => {
    const days = 30;
    const start = scene.clock.now();
    scene.finally(() => scene.clock.set(start));
    const who = await scene.product.tenant();
    const relay = await register(who);
    await scene.product.db.execute(sql`
      INSERT INTO inbound_events (organization_id, id, provider, dedupe_key, type, email_id, occurred_at, received_at, payload, matched)
      SELECT ${who.organization.id}, gen_random_uuid(), 'generic', int4send(n), 'email.delivered', 'x', now(), ${new Date(start - (days - 2) * dayMs)}::timestamptz, '', false
      FROM generate_series(1, 2500) n`);
    await post(bounce(), relay);
    const left = async (): Promise<number> =>
      (
        await scene.product.db.query(
          sql<{ n: number }>`SELECT count(*) AS n FROM inbound_events WHERE organization_id = ${who.organization.id}`,
        )
      )[0]?.n ?? -1;
    assert.equal(await left(), 2_501);
    await scene.clock.advance(60_000);
    assert.equal(await left(), 2_501);
    scene.clock.set(start + 2 * dayMs + 120_000);
    await eventually(async () => {
      await scene.clock.advance(60_000);
      return (await left()) === 1;
    }, 'the old events are deleted');
    assert.equal((await inbound('', who)).data.length, 1);
  });

  describe('posts of providers', () => {
    const registered = async (who: Caller, provider: string, more: Fields = {}): Promise<Source> =>
      (await who.got('POST', '/v1/inbound-sources', { provider, name: provider, ...more })) as unknown as Source;
    const send = (by: { path: string }, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
      nobody.api('POST', by.path, typeof body === 'string' ? body : JSON.stringify(body), headers);
    const suppressions = async (who: Caller): Promise<unknown> =>
      ((await who.api('GET', '/v1/suppressions')).json as unknown as { total: number }).total;
    const byFirst = ([one]: readonly unknown[], [other]: readonly unknown[]): number =>
      String(one).localeCompare(String(other));
    const basic = (user: string, password: string): Record<string, string> => ({
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    });

    test('a report ends leads and settles messages of its own organization, and suppresses with the evidence', async () => {
      const { product, clock } = scene;
      const [who, stranger] = [await product.tenant(), await product.tenant()];
      const mailbox = await makeMailbox(product, { organizationId: who.organization.id, email: 'nora@sender.example' });
      const campaign = await who.got('POST', '/v1/campaigns', {
        name: 'Spring',
        verification: 'off',
        sequence: [
          { subject: 'Hi', body: 'Hello' },
          { body: 'Again', delay_days: 3 },
        ],
      });
      const step = String((campaign['sequence'] as Fields[])[0]?.['id']);
      const names = ['gone', 'blocked', 'angry', 'out', 'full', 'fine'];
      const people = names.map((name) => `${name}@${name}.example`);
      const { data } = (
        await who.api('POST', '/v1/contacts', {
          lawful_basis: 'legitimate_interests',
          contacts: people.map((email) => ({ email })),
        })
      ).json as unknown as { data: Fields[] };
      const path = `/v1/campaigns/${String(campaign['id'])}/leads`;
      await who.got('POST', path, { contact_ids: data.map(({ id }) => id) });
      const leads = async (): Promise<Fields[]> => (await who.api('GET', `${path}?limit=100`)).json.data as Fields[];
      const messages = new Map<string, string>();
      for (const { email, id } of await leads()) {
        const [name = ''] = String(email).split('@');
        const message = await makeSent(product, mailbox, {
          messageId: `<${name}@sender.example>`,
          to: String(email),
          purpose: 'campaign',
        });
        await product.db.execute(
          sql`UPDATE messages SET lead_id = ${String(id)}, campaign_id = ${String(campaign['id'])}, step_id = ${step}, step = 1 WHERE id = ${message}`,
        );
        messages.set(name, message);
      }
      const timestamp = Math.floor(clock.now() / 1_000);
      const event = (kind: string, name: string, more: Fields = {}): Fields => ({
        event: kind,
        email: `${name}@${name}.example`,
        timestamp: String(timestamp),
        sg_event_id: `${kind} ${name}`,
        'smtp-id': `<${name}@sender.example>`,
        ...more,
      });
      const body = JSON.stringify([
        event('delivered', 'gone'),
        event('bounce', 'gone', { type: 'bounce', reason: '550 5.1.1 User unknown' }),
        event('bounce', 'gone', { type: 'bounce', reason: '550 5.1.1 User unknown' }),
        // Called a bounce, and a refusal of the sender.
        event('bounce', 'blocked', {
          type: 'bounce',
          reason: '550 5.7.1 Message blocked, see https://spamhaus.example',
        }),
        event('spamreport', 'angry'),
        event('unsubscribe', 'out'),
        event('bounce', 'full', { type: 'bounce', reason: '452 4.2.2 Mailbox full' }),
        event('deferred', 'fine', { response: '451 4.3.2 Try again', status: '4.3.2' }),
        event('delivered', 'fine'),
        event('open', 'fine', { useragent: 'Mozilla/5.0 (Macintosh)', sg_machine_open: true, ip: '203.0.113.9' }),
        event('unsubscribe', 'unknown', { 'smtp-id': '<unknown@sender.example>' }),
        // Somebody else's failure does not touch the message.
        event('bounce', 'alias', {
          type: 'bounce',
          reason: '550 5.1.1 User unknown',
          'smtp-id': '<fine@sender.example>',
        }),
        event('jumped', 'fine'),
      ]);
      const keys = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const public_key = keys.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
      const headers = {
        'x-twilio-email-event-webhook-timestamp': String(timestamp),
        'x-twilio-email-event-webhook-signature': crypto
          .sign('sha256', Buffer.from(`${timestamp}${body}\r\n`), keys.privateKey)
          .toString('base64'),
      };
      const [mineToo, theirs] = [
        await registered(who, 'sendgrid', { public_key }),
        await registered(stranger, 'sendgrid', { public_key }),
      ];
      // The line break at the end is signed, too.
      refused(await send(theirs, body, headers), 401, /prove/);
      assert.equal((await send(theirs, `${body}\r\n`, headers)).text, received);
      const status = async (): Promise<Fields> =>
        Object.fromEntries(
          (await leads()).map((lead) => [String(lead['email']).replace(/@.*/, ''), lead['status']]),
        ) as Fields;
      // Another organization's report is about no message of ours.
      assert.deepEqual(
        Object.values(await status()),
        names.map(() => 'queued'),
      );
      assert.deepEqual((await inbound('&matched=true', stranger)).data, []);
      assert.equal(await suppressions(who), 0);

      for (let repeat = 0; repeat < 2; repeat += 1)
        assert.equal((await send(mineToo, `${body}\r\n`, headers)).text, received);
      assert.deepEqual(await status(), {
        gone: 'bounced',
        blocked: 'bounced',
        angry: 'complained',
        out: 'unsubscribed',
        full: 'bounced',
        fine: 'queued',
      });
      const sent = await product.db.query(
        sql<{
          id: string;
          status: string;
        }>`SELECT id, status FROM messages WHERE organization_id = ${who.organization.id} AND direction = 'outbound'`,
      );
      assert.deepEqual(
        Object.fromEntries(names.map((name) => [name, sent.find(({ id }) => id === messages.get(name))?.status])),
        { gone: 'bounced', blocked: 'bounced', angry: 'sent', out: 'sent', full: 'bounced', fine: 'delivered' },
      );
      const [figures] = await product.db.query(sql<Record<string, number>>`
        SELECT sum(bounced_hard)::int AS hard, sum(bounced_soft)::int AS soft, sum(blocked)::int AS blocked, sum(complained)::int AS complained, sum(unsubscribed)::int AS unsubscribed,
          sum(delivered)::int AS delivered FROM campaign_stats WHERE campaign_id = ${String(campaign['id'])}`);
      assert.deepEqual({ ...figures }, { hard: 1, soft: 1, blocked: 1, complained: 1, unsubscribed: 1, delivered: 1 });
      const reports = (await inbound('', who)).data;
      assert.equal(reports.length, 12);
      const { events } = await who.got('GET', `/v1/messages/${String(messages.get('fine'))}`);
      const [delay] = (events as Fields[]).filter(({ kind }) => kind === 'reported_delayed');
      assert.deepEqual(delay?.['detail'], {
        source: 'provider_report',
        status: '4.3.2',
        answer: '451 4.3.2 Try again',
      });
      const suppressed = (await who.api('GET', '/v1/suppressions')).json.data as unknown as Fields[];
      assert.deepEqual(
        suppressed.map((each) => [each['email'], each['reason'], each['message_id']]).toSorted(byFirst),
        [
          ['alias@alias.example', 'hard_bounce', null],
          ['angry@angry.example', 'complaint', messages.get('angry')],
          ['gone@gone.example', 'hard_bounce', messages.get('gone')],
          ['out@out.example', 'unsubscribed', messages.get('out')],
          ['unknown@unknown.example', 'unsubscribed', null],
        ],
      );
      for (const each of suppressed) {
        const evidence = await who.got('GET', `/v1/inbound-events/${String(each['inbound_event_id'])}`);
        assert.equal((evidence['payload'] as Fields)['email'], each['email']);
      }
      const types = Object.groupBy(reports, ({ type }) => String(type));
      assert.deepEqual([types['email.unknown']?.[0]?.['event_id'], types['email.bounced']?.length], [null, 4]);
      const emitted = async (type: string, name: string): Promise<Fields> => {
        const report = types[type]?.find(({ recipient }) => recipient === `${name}@${name}.example`);
        return (await who.got('GET', `/v1/events/${String(report?.['event_id'])}`))['data'] as Fields;
      };
      const { email_id: emailId, bounce_type: kind, reason, cause } = await emitted('email.bounced', 'blocked');
      assert.deepEqual([emailId, kind, reason, cause], [messages.get('blocked'), 'soft', 'block', 'blocked']);
      const { verdict, reasons, machine, campaign_id: campaignId } = await emitted('email.opened', 'fine');
      assert.deepEqual([verdict, reasons, machine, campaignId], ['machine', ['provider'], true, campaign['id']]);
      // What is emitted is what was reported, once.
      const log = (await who.api('GET', '/v1/events?event=email.*&limit=100')).json.data as unknown as Fields[];
      assert.equal(log.length, reports.filter((each) => each['event_id'] !== null).length);
    });

    test('Amazon SNS: only the topic of the source is confirmed and read, with a certificate that is fetched once', async () => {
      const who = await scene.product.tenant();
      const topic = 'arn:aws:sns:eu-west-1:123456789012:ses-events';
      const by = await registered(who, 'ses', { topic_arn: topic });
      const at = new Date(scene.clock.now()).toISOString();
      const headers = (type: string) => ({
        'content-type': 'text/plain; charset=UTF-8',
        'x-amz-sns-message-type': type,
      });
      const about = (more: Readonly<Record<string, string>>): Record<string, string> => ({
        TopicArn: topic,
        Timestamp: at,
        MessageId: crypto.randomUUID(),
        ...more,
      });
      const confirmation = (more: Readonly<Record<string, string>> = {}): string =>
        sns.signed({
          ...about({ Type: 'SubscriptionConfirmation', Message: 'You have chosen', Token: 'abc' }),
          SubscribeURL: `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${more['TopicArn'] ?? topic}&Token=abc`,
          ...more,
        });
      const bounce = {
        notificationType: 'Bounce',
        bounce: {
          bounceType: 'Permanent',
          bouncedRecipients: [{ emailAddress: 'a@a.example' }, { emailAddress: 'b@b.example' }],
        },
        mail: { messageId: 'x', timestamp: at, destination: ['a@a.example', 'b@b.example', 'c@c.example'] },
      };
      const notice = (more: Readonly<Record<string, string>> = {}, version?: '1' | '2'): string =>
        sns.signed(about({ Type: 'Notification', Message: JSON.stringify(bounce), ...more }), version);

      refused(
        await send(by, confirmation({ TopicArn: `${topic}-other` }), headers('SubscriptionConfirmation')),
        401,
        /prove/,
      );
      refused(await send(by, notice({ Timestamp: '2026-01-05T07:00:00.000Z' }), headers('Notification')), 401, /prove/);
      const elsewhere = { SigningCertURL: 'https://sns.us-east-1.amazonaws.com/cert.pem' };
      refused(
        await send(by, JSON.stringify({ ...JSON.parse(notice()), ...elsewhere }), headers('Notification')),
        401,
        /prove/,
      );
      assert.deepEqual(sns.asked, []);
      assert.equal((await send(by, confirmation(), headers('SubscriptionConfirmation'))).text, received);
      assert.deepEqual(
        sns.asked.map((asked) => new URL(asked, sns.origin).pathname),
        ['/SimpleNotificationService-1.pem', '/'],
      );
      assert.equal((await send(by, notice({}, '1'), headers('Notification'))).text, received);
      assert.equal((await send(by, notice({ Subject: 'With one' }), headers('Notification'))).text, received);
      refused(await send(by, notice().replace('b@b', 'z@z'), headers('Notification')), 401, /prove/);
      // A subscription is not agreed to twice for a URL of somebody else.
      assert.equal(
        (await send(by, confirmation({ SubscribeURL: 'https://example.com/' }), headers('SubscriptionConfirmation')))
          .text,
        received,
      );
      assert.equal(sns.asked.length, 2);
      // Certificates that do not exist are fetched a limited number of times; other organizations are not held up by it.
      const named = (n: number): object => ({
        SigningCertURL: `https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-x${n}.pem`,
      });
      const forged = (source: Source, n: number) =>
        send(source, JSON.stringify({ ...JSON.parse(notice()), ...named(n) }), headers('Notification'));
      for (let n = 0; n < 18; n += 1) refused(await forged(by, n), 401, /prove/);
      refused(await forged(by, 18), 503, /Post again later/);
      const other = await registered(await scene.product.tenant(), 'ses', { topic_arn: topic });
      refused(await forged(other, 19), 401, /prove/);
      const { data } = await inbound('&type=email.bounced', who);
      assert.deepEqual(
        data.map(({ recipient }) => String(recipient)).toSorted((one, other) => one.localeCompare(other)),
        ['a@a.example', 'a@a.example', 'b@b.example', 'b@b.example'],
      );
      assert.equal(await suppressions(who), 2);
    });

    test('Mailgun: a token is taken once; the same post again changes nothing, also once its signature is old', async () => {
      const who = await scene.product.tenant();
      const start = scene.clock.now();
      scene.finally(() => scene.clock.set(start));
      const secret = 'key-5af1507e5e86fdb000391081';
      const by = await registered(who, 'mailgun', { secret });
      const post = (event: Fields, { token = 'f5cb251c1bc908842eedac3ee0a34c06', ageMs = 0 } = {}): Fields => {
        const timestamp = String(Math.floor((start - ageMs) / 1_000));
        const signature = crypto
          .createHmac('sha256', secret)
          .update(timestamp + token)
          .digest('hex');
        return {
          signature: { timestamp, token, signature },
          'event-data': { event: 'complained', id: 'one', recipient: 'a@a.example', ...event },
        };
      };
      refused(await send(by, post({}, { ageMs: 301_000 })), 401, /prove/);
      refused(await send(by, post({}, { ageMs: -301_000 })), 401, /prove/);
      const answers = await Promise.all([1, 2, 3].map(() => send(by, post({}))));
      assert.deepEqual(
        answers.map((answer) => answer.text),
        [received, received, received],
      );
      const forged = post({ id: 'two', recipient: 'b@b.example' });
      refused(await send(by, forged), 401, /prove/);
      // The same event with another signature is a repeat.
      assert.equal((await send(by, post({}, { token: '0123456789abcdef0123456789abcdef' }))).text, received);
      scene.clock.set(start + 3_600_000);
      assert.equal((await send(by, post({}))).text, received);
      refused(await send(by, forged), 401, /prove/);
      refused(await send(by, post({ id: 'three' }, { token: 'fedcba9876543210fedcba9876543210' })), 401, /prove/);
      assert.equal((await inbound('', who)).data.length, 1);
      assert.equal(await suppressions(who), 1);
    });

    test('what names no message and no recipient is refused, and left out of a post with others', async () => {
      const who = await scene.product.tenant();
      const brevo = await registered(who, 'brevo');
      const key = crypto.randomBytes(24);
      const resend = await registered(who, 'resend', { secret: `whsec_${key.toString('base64')}` });
      const start = scene.clock.now();
      scene.finally(() => scene.clock.set(start));
      const signed = (body: unknown, id: string = crypto.randomUUID()): Promise<Answer> => {
        const [text, at] = [JSON.stringify(body), Math.floor(start / 1_000)];
        const signature = crypto.createHmac('sha256', key).update(`${id}.${at}.${text}`).digest('base64');
        return send(resend, text, {
          'svix-id': id,
          'svix-timestamp': String(at),
          'svix-signature': `v1,${signature}`,
        });
      };
      refused(await signed({ type: 'email.delivered' }), 422, /^body: must name the message or its recipient$/);
      const batch = [{ event: 'delivered' }, { event: 'spam', email: 'ada@lovelace.example' }];
      refused(await send(brevo, [batch[0]], basic('outrider', brevo.secret)), 422, /must name/);
      assert.deepEqual((await inbound('', who)).data, []);
      // Other news of a provider is stored as it is.
      for (const answer of [
        await signed({ type: 'domain.created' }),
        await signed({ type: 'email.sent', data: { email_id: 'e1' } }),
        await send(brevo, batch, basic('outrider', brevo.secret)),
      ])
        assert.deepEqual([answer.status, answer.text], [200, received]);
      assert.deepEqual(
        (await inbound('', who)).data.map(({ type, email_id: id, recipient }) => [type, id, recipient]),
        [
          ['email.complained', '', 'ada@lovelace.example'],
          ['email.sent', 'e1', null],
          ['email.unknown', '', null],
        ],
      );
      // A repeat of a stored post may be old, a new post not.
      const post = [{ type: 'email.sent', data: { email_id: 'e2' } }, crypto.randomUUID()] as const;
      assert.equal((await signed(...post)).text, received);
      scene.clock.set(start + 3_600_000);
      assert.equal((await signed(...post)).text, received);
      refused(await signed(post[0]), 401, /prove/);
      assert.equal((await inbound('', who)).data.length, 4);
    });

    test('a password proves posts in a header or in the URL; after a rotation the old one is accepted for the overlap', async () => {
      const who = await scene.product.tenant();
      const start = scene.clock.now();
      scene.finally(() => scene.clock.set(start));
      const by = await registered(who, 'postmark');
      assert.match(by.secret, /^[\da-f]{64}$/);
      const delivery = {
        RecordType: 'Delivery',
        MessageID: 'm',
        Recipient: 'a@a.example',
        DeliveredAt: '2026-01-05T08:58:30Z',
      };
      const status = async (password: string, how: 'header' | 'url' = 'header'): Promise<number> =>
        (
          await (how === 'url'
            ? send({ path: `${by.path}&token=${password}` }, delivery)
            : send(by, delivery, basic('outrider', password)))
        ).status;
      assert.deepEqual(
        [await status(by.secret), await status(by.secret, 'url'), await status('wrong'), await status('', 'url')],
        [200, 200, 401, 401],
      );
      assert.equal((await send(by, delivery)).status, 401);
      assert.equal((await send(by, delivery, basic('other', by.secret))).status, 401);
      const path = `/v1/inbound-sources/${by.id}/rotate-secret`;
      const rotated = await who.got('POST', path, {
        password: 's3cret-of-mine',
        username: 'hook',
        overlap_seconds: 60,
      });
      assert.deepEqual(
        [rotated['secret'], rotated['username'], rotated['previous_secret_expires_at']],
        [null, 'hook', new Date(start + 60_000).toISOString()],
      );
      assert.equal((await send(by, delivery, basic('hook', 's3cret-of-mine'))).status, 200);
      assert.equal(await status(by.secret), 200);
      scene.clock.set(start + 61_000);
      assert.equal(await status(by.secret), 401);
      assert.equal((await who.got('GET', `/v1/inbound-sources/${by.id}`))['previous_secret_expires_at'], null);
      // The same event each time.
      assert.equal((await inbound('', who)).data.length, 1);
    });

    test('bad material is refused by field, and a large body before it is read', async () => {
      const who = await scene.product.tenant();
      const ed25519 = crypto
        .generateKeyPairSync('ed25519')
        .publicKey.export({ format: 'der', type: 'spki' })
        .toString('base64');
      for (const [field, body] of [
        ['secret', { provider: 'resend' }],
        ['secret', { provider: 'resend', secret: 'whsec_****1234' }],
        ['public_key', { provider: 'sendgrid', public_key: ed25519 }],
        ['public_key', { provider: 'sendgrid', public_key: 'not a key' }],
        ['topic_arn', { provider: 'ses', topic_arn: 'arn:aws:sqs:eu-west-1:123456789012:x' }],
        ['secret', { provider: 'mailgun' }],
        ['secret', { provider: 'postmark', secret: 'not used' }],
        ['username', { provider: 'brevo', username: 'with:colon' }],
        ['password', { provider: 'brevo', password: 'short' }],
      ] as const) {
        const answer = await who.api('POST', '/v1/inbound-sources', { name: 'x', ...body });
        assertRefused(answer, 422, 'validation_failed');
        assert.match(answer.text, new RegExp(`"details":\\{"${field}":`));
      }
      const by = await registered(who, 'brevo');
      const many = (count: number): string =>
        JSON.stringify(Array.from({ length: count }, () => ({ event: 'new', 'message-id': '<a@b.example>' })));
      refused(await send(by, 'x'.repeat(10 * 1024 * 1024), basic('outrider', by.secret)), 413, /limit/);
      refused(await send(by, many(5_001), basic('outrider', by.secret)), 422, /5000 events/);
      // The same item twice is one event; NUL characters and lone surrogates do not reach the database.
      const odd =
        '[{"event":"click","email":"\\u0000\\ud800","message-id":"\\u0000","ts_epoch":"1767603600000","link":"\\u0000"}]';
      assert.equal((await send(by, many(3), basic('outrider', by.secret))).text, received);
      assert.equal((await send(by, odd, basic('outrider', by.secret))).text, received);
      const { data } = await inbound('', who);
      assert.deepEqual(
        data.map(({ type, recipient, occurred_at: at }) => [type, recipient, at]),
        [
          ['email.clicked', '\ufffd', '2026-01-05T09:00:00.000Z'],
          ['email.unknown', null, new Date(scene.clock.now()).toISOString()],
        ],
      );
    });
  });
});
