import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** `rawBody`: the received bytes, before parsing. */
export function verifyDriftwood(secret: string, headers: IncomingHttpHeaders, rawBody: Buffer): boolean {
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(rawBody).digest('hex')}`);
  const given = Buffer.from(String(headers['x-driftwood-signature'] ?? ''));
  return given.length === expected.length && timingSafeEqual(given, expected);
}
