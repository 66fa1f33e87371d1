import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** `rawBody`: the received bytes, before parsing. */
export function verifyWarmySender(secret: string, headers: IncomingHttpHeaders, rawBody: Buffer): boolean {
  // t=<unix milliseconds>,v1=<hex>; during a rotation there is a second v1, by the old secret.
  const parts = String(headers['x-warmy-signature']).split(',');
  const sentAt = parts.find((part) => part.startsWith('t='))?.slice(2);
  const age = Math.abs(Date.now() - Number(sentAt));
  if (!(age <= 300_000)) return false; // too old: a replayed request
  const signed = Buffer.concat([Buffer.from(`${sentAt}.`), rawBody]);
  const expected = Buffer.from(`v1=${createHmac('sha256', secret).update(signed).digest('hex')}`);
  const given = parts.map((part) => Buffer.from(part));
  return given.some((one) => one.length === expected.length && timingSafeEqual(one, expected));
}
