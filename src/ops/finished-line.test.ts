import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { endpointOf, itemOf } from '../../test/harness/deliveries.ts';
import { opened, requestTo, senderOf, writing } from '../../test/harness/sending.ts';
import type { Outcome } from '../delivery/retry.ts';
import type { SendResult } from '../delivery/transport/sender.ts';
import { compileFilter } from '../delivery/filter.ts';
import { signingSecret } from '../delivery/sign.ts';
import { createFinishedLine } from './finished-line.ts';
import { redacted } from '../base/log.ts';

/** The product writes lines without redaction, so the test's logger censors every field named here. */
function linesOf(results: readonly (readonly [SendResult, Outcome])[], hide: readonly string[] = []): string[] {
  const lines: string[] = [];
  const write = createFinishedLine(
    pino({ level: 'debug', redact: [...hide] }, { write: (line: string) => void lines.push(line) }),
  );
  for (const [result, outcome] of results) {
    const endpoint = endpointOf({
      url: new URL('https://user:password-4711@receiver.example:8443/path-4711?token=query-4711#hash-4711'),
      headers: { authorization: 'Bearer header-4711', 'x-api-key': 'header-4711' },
      secret: signingSecret('secret-4711-secret'),
      previousSecret: {
        secret: signingSecret('previous-4711-secret'),
        expiresAtMs: Number.MAX_SAFE_INTEGER,
        signsAlone: false,
      },
      filter: compileFilter({ 'data.secret': 'filter-4711' }),
    });
    write({
      endpoint,
      item: itemOf(endpoint, 0, { data: Buffer.from('{"password":"data-4711"}') }),
      attempt: 1,
      outcome,
      result,
      startedAtMs: Date.now(),
    });
  }
  return lines;
}

const answer = (statusCode: number): SendResult => ({
  kind: 'answered',
  statusCode,
  headers: { 'set-cookie': 'answer-4711' },
  body: 'body-4711',
  bodyTruncated: false,
  durationMs: 3.2,
  retryAfter: 'after-4711',
});

test('a finished delivery is logged without redaction: none of its fields can contain a secret', async () => {
  const receiver = await opened(writing('HTTP/1.1 broken-4711\r\n\r\n'));
  const send = (settings: Parameters<typeof requestTo>[1]): Promise<SendResult> =>
    senderOf().send(requestTo(receiver, settings));
  const retry = { kind: 'retry', atMs: Date.now() } as const;
  const failed = { kind: 'failed', why: 'exhausted' } as const;
  const results: readonly (readonly [SendResult, Outcome])[] = [
    [answer(204), { kind: 'delivered' }],
    [answer(302), retry],
    [answer(500), failed],
    // Messages of Node and undici for a header that cannot be sent, an invalid response, and a forbidden address.
    [await send({ headers: { 'x-token': 'token-4711\r\n' } }), failed],
    [await send({ path: '/path-4711?token=query-4711' }), retry],
    [await send({ host: '192.0.2.1', path: '/path-4711' }), failed],
  ];
  const lines = linesOf(results);
  assert.equal(lines.length, results.length);
  assert.doesNotMatch(lines.join(''), /4711/);
  for (const line of lines) {
    // Redaction matches names of fields and of their members: without such a field and without members, it finds nothing.
    const fields = Object.entries(JSON.parse(line) as Record<string, unknown>);
    for (const [name, value] of fields) {
      assert.ok(!redacted.includes(name), name);
      assert.ok(['string', 'number'].includes(typeof value), `${name} is one value`);
    }
  }
});

test('logging a finished delivery skips redaction, which costs a sixth of its allocation', () => {
  const [line = ''] = linesOf([[answer(204), { kind: 'delivered' }]], ['host']);
  assert.match(line, /"host":"receiver\.example:8443"/);
});
