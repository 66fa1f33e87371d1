import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** `rawBody`: the received bytes, before parsing. Afterwards, deduplicate by `webhook-id`: the event's id, the same in a replay. */
export function verifyStandard(secret: string, headers: IncomingHttpHeaders, rawBody: Buffer): boolean {
  const sentAt = String(headers['webhook-timestamp']);
  const age = Math.abs(Date.now() / 1000 - Number(sentAt));
  if (!(age <= 300)) return false; // too old: a replayed request
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = Buffer.concat([Buffer.from(`${String(headers['webhook-id'])}.${sentAt}.`), rawBody]);
  const expected = Buffer.from(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  // A list: during a rotation it also contains a signature by the old secret.
  const given = String(headers['webhook-signature'])
    .split(' ')
    .map((one) => Buffer.from(one));
  return given.some((one) => one.length === expected.length && timingSafeEqual(one, expected));
}
