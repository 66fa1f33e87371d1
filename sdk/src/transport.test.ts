import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { Outrider } from './outrider.ts';
import { OutriderConnectionError, OutriderError } from './outrider-error.ts';
import { Resources } from './resources.ts';
import type { Timing } from './timing.ts';
import { etagOf, Transport } from './transport.ts';
import type { CreateOptions, OutriderOptions } from './transport.ts';

interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Answer = (response: ServerResponse, call: Call) => void;

/** Waits end immediately and are recorded; a deadline expires only when the test fires its timer. */
class TestTiming implements Timing {
  readonly waits: number[] = [];
  readonly timers = new Set<() => void>();
  nowMs = Date.UTC(2026, 0, 5, 9);
  readonly #deadlineMs: number;

  constructor(deadlineMs: number) {
    this.#deadlineMs = deadlineMs;
  }

  now(): number {
    return this.nowMs;
  }

  random(): number {
    return 1;
  }

  after(ms: number, callback: () => void): () => void {
    if (ms === this.#deadlineMs) {
      this.timers.add(callback);
      return () => void this.timers.delete(callback);
    }
    this.waits.push(ms);
    this.nowMs += ms;
    queueMicrotask(callback);
    return () => {};
  }
}

/** Starts a server that sends these responses in turn and repeats the last one. */
async function scene(context: TestContext, answers: readonly Answer[], options: Partial<OutriderOptions> = {}) {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      calls.push(call);
      answers[Math.min(calls.length, answers.length) - 1]?.(response, call);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const timing = new TestTiming(options.timeoutMs ?? 60_000);
  return {
    calls,
    timing,
    baseUrl,
    outrider: new Resources(new Transport({ baseUrl, apiKey: 'otr_test_1', ...options }, timing)),
  };
}

const answer =
  (status: number, body: unknown = { data: {} }, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req-1', ...headers });
    response.end(status === 204 ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  };
const fault = (status: number, code: string, headers?: Record<string, string>): Answer =>
  answer(status, { error: { code, message: `It is ${code}.`, details: { field: 'is wrong' } } }, headers);
const hangUp: Answer = (response) => response.destroy();

async function failure(promise: Promise<unknown>): Promise<OutriderError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof OutriderError, String(error));
    return error;
  }
  assert.fail('the call succeeded');
}

const event = { event: 'order.paid', data: { id: 1 } };

describe('the client', () => {
  test('a call sends the API key and a JSON body, and returns the data of the response', async (context) => {
    const { calls, outrider } = await scene(context, [answer(200, { data: { id: 'e1' } }), answer(204)]);
    assert.deepEqual(await outrider.webhooks.create({ target_url: 'https://a.example', events: ['*'] }), { id: 'e1' });
    assert.equal(await outrider.webhooks.delete('a/b?c#d'), undefined);
    const [create, remove] = calls;
    assert.deepEqual(
      [create?.method, create?.url, create?.headers.authorization],
      ['POST', '/v1/webhooks', 'Bearer otr_test_1'],
    );
    assert.equal(create?.headers['content-type'], 'application/json');
    assert.equal(create?.body, '{"target_url":"https://a.example","events":["*"]}');
    assert.deepEqual(
      [remove?.method, remove?.url, remove?.body, remove?.headers['content-type']],
      ['DELETE', '/v1/webhooks/a%2Fb%3Fc%23d', '', undefined],
    );
  });

  test('fields next to data are merged into the record', async (context) => {
    const { outrider } = await scene(context, [answer(200, { data: { id: 'w1' }, released: 3 })]);
    assert.deepEqual(await outrider.webhooks.enable('w1'), { id: 'w1', released: 3 });
  });

  test('the path of the base URL is kept', async (context) => {
    const { calls, baseUrl } = await scene(context, [answer(200)]);
    await new Outrider({ baseUrl: `${baseUrl}/outrider/`, apiKey: 'k' }).webhooks.get('w1');
    assert.equal(calls[0]?.url, '/outrider/v1/webhooks/w1');
  });

  test('a path parameter that would change the path throws before anything is sent', async (context) => {
    const { calls, outrider } = await scene(context, [answer(204)]);
    for (const id of ['', '.', '..', undefined as unknown as string])
      await assert.rejects(outrider.webhooks.delete(id), TypeError);
    assert.equal(calls.length, 0);
  });

  test('an invalid base URL or API key throws when the client is created', () => {
    for (const options of [
      { baseUrl: 'outrider', apiKey: 'k' },
      { baseUrl: 'https://a.example', apiKey: '' },
      { baseUrl: 'https://a.example' },
      { baseUrl: '', apiKey: 'k' },
      { baseUrl: undefined as unknown as string, apiKey: 'k' },
      { baseUrl: 'localhost:8080', apiKey: 'k' },
      { baseUrl: 'ftp://a.example', apiKey: 'k' },
      { baseUrl: 'https://otr_live_1@a.example', apiKey: 'k' },
      { baseUrl: 'https://a.example/?v=1', apiKey: 'k' },
      { baseUrl: 'https://a.example/#top', apiKey: 'k' },
      { baseUrl: 'https://a.example', apiKey: 'otr_live_…' },
      { baseUrl: 'https://a.example', apiKey: 'otr_live_1\r\nx: y' },
    ]) {
      assert.throws(() => new Outrider(options), TypeError);
    }
  });

  test('a file that is not text, bytes, a Blob or a stream throws before anything is sent', async (context) => {
    const { calls, outrider } = await scene(context, []);
    for (const file of [{ path: 'a.csv' }, ['a,b'], null, undefined, 7, new URLSearchParams('a=b')]) {
      await assert.rejects(
        outrider.imports.uploadFile('i1', file as unknown as string),
        /^TypeError: file must be text, bytes, a Blob or a stream\.$/,
      );
    }
    assert.equal(calls.length, 0);
  });

  test('serializing the client does not reveal the API key', () => {
    const outrider = new Outrider({ baseUrl: 'https://a.example', apiKey: 'otr_live_secret' });
    assert.equal(JSON.stringify(outrider).includes('secret'), false);
  });

  test('an error carries the status, code, message and details of the API', async (context) => {
    const { outrider } = await scene(context, [fault(422, 'validation_failed')]);
    const error = await failure(outrider.webhooks.create({ target_url: '', events: [] }));
    assert.deepEqual(
      [error.name, error.status, error.code, error.message],
      ['OutriderError', 422, 'validation_failed', 'It is validation_failed.'],
    );
    assert.deepEqual(
      [error.details, error.requestId, error.retryAfterSeconds],
      [{ field: 'is wrong' }, 'req-1', undefined],
    );
  });

  test('a response that is not from the API is an error with code unexpected_answer', async (context) => {
    const { outrider } = await scene(context, [
      answer(200, '<html>'),
      answer(201, 'null'),
      answer(200, '{}'),
      answer(403, '<html>'),
      answer(404, '[]'),
      answer(500, '"no"'),
    ]);
    for (const status of [200, 201, 200, 403, 404, 500]) {
      const error = await failure(outrider.webhooks.get('w1'));
      assert.deepEqual([error.status, error.code, error.details], [status, 'unexpected_answer', {}]);
    }
  });

  test('a redirect is not followed, so the API key stays with the server', async (context) => {
    const elsewhere = await scene(context, [answer(200)]);
    const { outrider } = await scene(context, [answer(307, {}, { location: `${elsewhere.baseUrl}/v1/webhooks/w1` })], {
      maxRetries: 0,
    });
    assert.equal((await failure(outrider.webhooks.get('w1'))).code, 'connection_failed');
    assert.equal(elsewhere.calls.length, 0);
  });
});

describe('retries', () => {
  test('a failed read is retried with growing delays until it succeeds', async (context) => {
    const { calls, timing, outrider } = await scene(context, [
      hangUp,
      answer(503),
      answer(502),
      answer(200, { data: { id: 'w1' } }),
    ]);
    assert.equal((await outrider.webhooks.get('w1')).id, 'w1');
    assert.equal(calls.length, 4);
    assert.deepEqual(timing.waits, [500, 1_000, 2_000]);
    assert.equal(timing.timers.size, 0);
  });

  test('a call is retried at most maxRetries times', async (context) => {
    const { calls, outrider } = await scene(context, [fault(503, 'unavailable')], { maxRetries: 2 });
    assert.equal((await failure(outrider.webhooks.get('w1'))).code, 'unavailable');
    assert.equal(calls.length, 3);
  });

  test('permanent errors are not retried', async (context) => {
    for (const status of [400, 401, 403, 404, 409, 422, 500, 501]) {
      const { calls, outrider } = await scene(context, [fault(status, 'x')]);
      await failure(outrider.webhooks.get('w1'));
      assert.equal(calls.length, 1, String(status));
    }
  });

  test('Retry-After sets the delay, in seconds or as a date', async (context) => {
    const atMs = Date.UTC(2026, 0, 5, 9) + 20_000;
    const { timing, outrider } = await scene(context, [
      fault(429, 'rate_limit', { 'retry-after': '7' }),
      fault(429, 'rate_limit', { 'retry-after': new Date(atMs).toUTCString() }),
      fault(429, 'rate_limit', { 'retry-after': 'soon' }),
      answer(200),
    ]);
    await outrider.webhooks.get('w1');
    assert.deepEqual(timing.waits, [7_000, 13_000, 2_000]);
  });

  test('a Retry-After past the deadline fails immediately', async (context) => {
    const { calls, timing, outrider } = await scene(context, [fault(429, 'rate_limit', { 'retry-after': '61' })]);
    const error = await failure(outrider.webhooks.get('w1'));
    assert.deepEqual([error.code, error.retryAfterSeconds, calls.length, timing.waits], ['rate_limit', 61, 1, []]);
  });

  test('a write without a response is not retried, because it may have taken effect', async (context) => {
    for (const [first, code] of [
      [hangUp, 'connection_failed'],
      [fault(502, 'bad'), 'bad'],
      [fault(503, 'unavailable'), 'unavailable'],
    ] as const) {
      const { calls, outrider } = await scene(context, [first, answer(200)]);
      const error = await failure(outrider.webhooks.update('w1', { events: ['*'] }));
      assert.deepEqual(
        [error.code, calls.length, error instanceof OutriderConnectionError],
        [code, 1, code === 'connection_failed'],
      );
      await outrider.webhooks.delete('w1');
    }
  });

  test('an idempotency key on an operation that ignores it does not make it retryable', async (context) => {
    const { calls, outrider } = await scene(context, [hangUp]);
    const options: CreateOptions = { idempotencyKey: 'k1' };
    await failure(outrider.webhooks.update('w1', { events: ['*'] }, options));
    assert.deepEqual([calls.length, calls[0]?.headers['idempotency-key']], [1, undefined]);
  });

  test('a creation is retried with its key, also while an earlier attempt is in progress', async (context) => {
    const busy = fault(409, 'conflict', { 'retry-after': '1' });
    const { calls, outrider } = await scene(context, [hangUp, busy, answer(201, { data: { id: 'c1' } })]);
    assert.equal((await outrider.companies.create({ name: 'Engines' })).id, 'c1');
    assert.equal(new Set(calls.map(({ headers }) => headers['idempotency-key'])).size, 1);
    const { calls: others, outrider: other } = await scene(context, [fault(409, 'conflict')]);
    await failure(other.companies.create({ name: 'Engines' }));
    assert.deepEqual([calls.length, others.length], [3, 1]);
  });

  test('a change names the state of the record on which it was made', async (context) => {
    const template = answer(200, { data: { id: 't1', body: 'Hi' } }, { etag: '"1"' });
    const { calls, outrider } = await scene(context, [template]);
    const read = await outrider.templates.get('t1');
    assert.equal(etagOf(read), '"1"');
    await outrider.templates.update('t1', { body: 'Hello' }, { ifMatch: read });
    await outrider.templates.delete('t1', { ifMatch: '*' });
    await assert.rejects(outrider.templates.update('t1', { body: '' }, { ifMatch: { ...read } }), TypeError);
    assert.deepEqual(
      calls.map(({ headers }) => headers['if-match']),
      [undefined, '"1"', '*'],
    );
  });

  test('a write is retried after 429, because the server did nothing', async (context) => {
    const { calls, outrider } = await scene(context, [
      fault(429, 'rate_limit', { 'retry-after': '1' }),
      answer(201, { data: { id: 'w1' } }),
    ]);
    assert.equal((await outrider.webhooks.create({ target_url: 'https://a.example', events: ['*'] })).id, 'w1');
    assert.equal(calls.length, 2);
  });

  test('each publishing call has its own idempotency key, which its retries reuse', async (context) => {
    const { calls, outrider } = await scene(context, [hangUp, fault(503, 'unavailable'), answer(202)]);
    await outrider.events.publish(event);
    await outrider.events.publish(event);
    await outrider.events.publish(event, { idempotencyKey: 'in_1042' });
    await outrider.events.publishBatch({ events: [event] });
    const keys = calls.map((call) => call.headers['idempotency-key']);
    assert.equal(new Set(keys.slice(0, 3)).size, 1);
    assert.equal(new Set(keys).size, 4);
    assert.equal(keys[4], 'in_1042');
    for (const key of keys) assert.match(String(key), /^[\x21-\x7e]{6,255}$/);
    for (const idempotencyKey of ['', 'ключ', 'a\r\nb: c'])
      await assert.rejects(outrider.events.publish(event, { idempotencyKey }), TypeError);
  });

  test('idempotency keys are unique without crypto.randomUUID', async (context) => {
    const { calls, outrider } = await scene(context, [answer(202)]);
    const crypto = Object.getOwnPropertyDescriptor(globalThis, 'crypto') ?? assert.fail();
    context.after(() => void Object.defineProperty(globalThis, 'crypto', crypto));
    Object.defineProperty(globalThis, 'crypto', { value: undefined, configurable: true });
    await outrider.events.publish(event);
    assert.match(String(calls[0]?.headers['idempotency-key']), /^[a-z0-9]+(-[a-z0-9]+){3}$/);
  });
});

describe('timeouts and aborts', () => {
  test('a call ends at its deadline, before the response and while reading it', async (context) => {
    const never: Answer = () => {
      for (const expire of timing.timers) expire();
    };
    const begun: Answer = (response) => {
      response.writeHead(200);
      response.write('{"data"', () => never(response, { method: '', url: '', headers: {}, body: '' }));
    };
    const { calls, timing, outrider } = await scene(context, [never, begun], { timeoutMs: 5_000 });
    for (const _ of ['no response', 'half a response']) {
      const error = await failure(outrider.webhooks.get('w1'));
      assert.ok(error instanceof OutriderConnectionError);
      assert.deepEqual(
        [error.code, error.message],
        ['timeout', 'No response to GET /v1/webhooks/{id} within 5000 ms.'],
      );
    }
    assert.equal(calls.length, 2);
    assert.equal(timing.timers.size, 0);
  });

  test("a call rejects with the reason of the caller's signal when aborted before, during or between attempts", async (context) => {
    const stop = new AbortController();
    const { calls, timing, outrider } = await scene(context, [() => stop.abort(new Error('enough'))]);
    await assert.rejects(
      outrider.webhooks.get('w1', { signal: AbortSignal.abort(new Error('not at all')) }),
      /not at all/,
    );
    assert.equal(calls.length, 0);
    await assert.rejects(outrider.webhooks.get('w1', { signal: stop.signal }), /enough/);
    assert.equal(timing.timers.size, 0);

    const waiting = new AbortController();
    const other = await scene(context, [answer(503)]);
    other.timing.after = (ms) => {
      if (ms !== 60_000) queueMicrotask(() => waiting.abort(new Error('while it waited')));
      return () => {};
    };
    await assert.rejects(other.outrider.webhooks.get('w1', { signal: waiting.signal }), /while it waited/);
    assert.equal(other.calls.length, 1);
  });
});

describe('lists', () => {
  const numbered =
    (total: number): Answer =>
    (response, { url }) => {
      const query = new URL(url, 'http://x').searchParams;
      const [page, size] = [Number(query.get('page') ?? 1), Number(query.get('page_size') ?? 25)];
      const data = Array.from({ length: Math.max(0, Math.min(size, total - (page - 1) * size)) }, (_, index) => ({
        id: String((page - 1) * size + index),
      }));
      answer(200, { data, page, page_size: size, total })(response, { method: '', url, headers: {}, body: '' });
    };

  test('numbered pages are loaded in order, without a request past the last page', async (context) => {
    for (const [total, pages] of [
      [0, 1],
      [4, 1],
      [5, 2],
      [8, 2],
      [9, 3],
    ] as const) {
      const { calls, outrider } = await scene(context, [numbered(total)]);
      const ids: string[] = [];
      for await (const webhook of outrider.webhooks.list({ page_size: 4 })) ids.push(webhook.id);
      assert.deepEqual(
        ids,
        Array.from({ length: total }, (_, index) => String(index)),
      );
      assert.equal(calls.length, pages);
    }
  });

  test('a list with total_capped is read to its end', async (context) => {
    const page = (number: number, ids: string[]): Answer =>
      answer(200, { data: ids.map((id) => ({ id })), page: number, page_size: 2, total: 2, total_capped: true });
    const { calls, outrider } = await scene(context, [page(1, ['1', '2']), page(2, ['3', '4']), page(3, [])]);
    const ids: string[] = [];
    for await (const { id } of outrider.webhooks.list({ page_size: 2 })) ids.push(id);
    assert.deepEqual([ids, calls.length], [['1', '2', '3', '4'], 3]);
  });

  test('iteration can start at a page and stop early', async (context) => {
    const { calls, outrider } = await scene(context, [numbered(100)]);
    for await (const webhook of outrider.webhooks.list({ page: 3, page_size: 10 })) {
      if (webhook.id === '20') break;
    }
    assert.deepEqual(
      calls.map(({ url }) => url),
      ['/v1/webhooks?page=3&page_size=10'],
    );
    assert.equal((await outrider.webhooks.list({ page_size: 10 }).page()).total, 100);
  });

  test('cursors are followed to the end, across empty pages, with the same query', async (context) => {
    const page = (ids: string[], next: string | null): Answer =>
      answer(200, { data: ids.map((id) => ({ id })), next_cursor: next });
    const { calls, outrider } = await scene(context, [page(['1', '2'], 'c1'), page([], 'c2'), page(['3'], null)]);
    const sizes: number[] = [];
    for await (const { data } of outrider.deliveries.list('w1', { status: 'failed', limit: 2 }).pages())
      sizes.push(data.length);
    assert.deepEqual(sizes, [2, 0, 1]);
    assert.deepEqual(
      calls.map(({ url }) => url),
      ['', '&cursor=c1', '&cursor=c2'].map((cursor) => `/v1/webhooks/w1/deliveries?status=failed&limit=2${cursor}`),
    );
  });

  test('a page that fails permanently ends the iteration with its error', async (context) => {
    const { outrider } = await scene(context, [
      answer(200, { data: [{ id: '1' }], next_cursor: 'c1' }),
      fault(401, 'unauthorized'),
    ]);
    const reading = (async () => {
      for await (const _ of outrider.events.list());
    })();
    assert.equal((await failure(reading)).code, 'unauthorized');
  });
});
