import assert from 'node:assert/strict';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { describe, test } from 'node:test';
import { readProviderSamples, samplesSkipped as skip } from '../../../test/harness/provider-samples.ts';
import type { ProviderSample } from '../../../test/harness/provider-samples.ts';
import { ApiError } from '../../base/errors.ts';
import { failureOf, seenBy } from './judge.ts';
import type { Claim, Material, ProviderEvent } from './provider.ts';
import { providerOf } from './providers/registry.ts';

const materialOf = ({ verify }: ProviderSample): Material => ({
  ...(verify['secret'] === undefined ? {} : { secret: verify['secret'] }),
  ...(verify['signing_key'] === undefined ? {} : { secret: verify['signing_key'] }),
  ...(verify['public_key'] === undefined ? {} : { public_key: verify['public_key'] }),
  ...(verify['username'] === undefined ? {} : { username: verify['username'] }),
  ...(verify['password'] === undefined ? {} : { password: verify['password'] }),
  ...(verify['topic_arn'] === undefined ? {} : { topic_arn: verify['topic_arn'] }),
});

/** An event in the fields of the samples. Values from before a body was edited and signed again are not in the body, so they are not compared. */
const shown = (event: ProviderEvent): Record<string, unknown> => ({
  type: event.type.replace('email.', ''),
  recipient: event.recipient,
  message_id: event.emailId,
  event_id: event.eventId,
  at: event.occurredAtMs === undefined ? undefined : new Date(event.occurredAtMs).toISOString(),
  reason: event.answer,
  hard: event.hard,
  machine: seenBy(event).machine,
  url: event.details.url,
  user_agent: event.details.user_agent,
});

/** The seconds of all times in a text. */
const secondsIn = (text: string): Set<number> =>
  new Set([
    ...[...text.matchAll(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-][\d:]+)/g)].map(([at]) => Math.floor(Date.parse(at) / 1_000)),
    ...[...text.matchAll(/\b\d{10}(?:\d{3})?\b/g)].flatMap(([at]) => [Number(at), Math.floor(Number(at) / 1_000)]),
  ]);

describe('the samples of provider events', { skip }, () => {
  const cases = readProviderSamples();

  test('are accepted or refused, and read, as expected', async (t) => {
    const wrong: string[] = [];
    const right = new Map<string, number>();
    for (const each of cases) {
      const { id, provider: name, request, verify, now, expect } = each;
      if (each.after !== undefined) continue;
      const before = wrong.length;
      const provider = providerOf(name) ?? assert.fail(name);
      const raw = Buffer.from(request.body_base64, 'base64');
      const body: unknown = JSON.parse(raw.toString());
      if (!provider.recognise(request.headers, body)) wrong.push(`${id}: not recognised`);
      const { material } = provider.material(materialOf(each), () => 'random');
      const claim: Claim = {
        raw,
        body,
        headers: request.headers,
        token: undefined,
        nowMs: Date.parse(now),
        certificateKey: (url) => {
          if (verify.expect_no_fetch === true || url !== verify['cert_url']) wrong.push(`${id}: ${url} was fetched`);
          return Promise.resolve(
            createPublicKey(
              new X509Certificate(verify['cert_pem'] ?? '').publicKey.export({ type: 'spki', format: 'pem' }),
            ),
          );
        },
      };
      const isAccepted = await provider.verify(claim, material);
      if (isAccepted !== expect.accept) wrong.push(`${id}: ${isAccepted ? 'accepted' : 'refused'}`);
      if (isAccepted && expect.accept) {
        const events = provider.read(body, raw, request.headers);
        if (events.length !== expect.events.length) wrong.push(`${id}: ${events.length} events`);
        const text = raw.toString();
        events.forEach((event, index) => {
          const found = shown(event);
          for (const [field, value] of Object.entries(expect.events[index] ?? {})) {
            if (value === null || field === 'token') continue;
            if (field === 'at' && !secondsIn(text).has(Math.floor(Date.parse(String(value)) / 1_000))) continue;
            if (field === 'event_id' && !`${text}${JSON.stringify(request.headers)}`.includes(String(value))) continue;
            if (found[field] !== value) wrong.push(`${id}: ${field} is ${String(found[field])}, not ${String(value)}`);
          }
          // A provider's hard bounce stays one, unless its answer speaks of something else than the address.
          if (event.hard !== undefined && event.type === 'email.bounced') {
            const { type } = failureOf(event);
            if ((type === 'hard') !== event.hard) wrong.push(`${id}: ${type} bounce, ${event.answer}`);
          }
        });
      }
      if (wrong.length === before) right.set(name, (right.get(name) ?? 0) + 1);
    }
    t.diagnostic(
      [...Map.groupBy(cases, (each) => each.provider)]
        .map(([name, own]) => `${name} ${right.get(name) ?? 0} of ${own.length}`)
        .join(', '),
    );
    assert.deepEqual(wrong, []);
  });

  test('cut and with wrong bytes are refused, or read without a failure', async () => {
    let state = 7;
    const next = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (let index = 0; index < 300; index += 1) {
      const each = cases[index % cases.length] ?? assert.fail();
      const provider = providerOf(each.provider) ?? assert.fail(each.provider);
      const raw = Buffer.from(each.request.body_base64, 'base64');
      const variant = index % 2 === 0 ? raw.subarray(0, next(raw.length)) : raw;
      if (index % 2 === 1) for (let times = 1 + next(3); times > 0; times -= 1) raw[next(raw.length)] = 32 + next(95);
      const body = parsed(variant);
      if (body === undefined || !provider.recognise(each.request.headers, body)) continue;
      const { headers } = each.request;
      const { material } = provider.material(materialOf(each), () => 'random');
      const certificateKey = (): Promise<undefined> => Promise.resolve(undefined);
      const claim = { raw: variant, body, headers, token: undefined, nowMs: Date.parse(each.now), certificateKey };
      await provider.verify(claim, material);
      try {
        for (const event of provider.read(body, variant, headers)) void [failureOf(event), seenBy(event)];
      } catch (error) {
        assert.ok(error instanceof ApiError, String(error));
      }
    }
  });
});

function parsed(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString());
  } catch {
    return undefined;
  }
}
