/** Pure parts that several wires are made of. */
import { createHmac, randomBytes } from 'node:crypto';
import type { SigningSecret, Wire, WireEvent } from '../delivery/wire.ts';

const close = Buffer.from('}');

/**
 * A JSON object of `fields`, then `"data":` and the data's JSON: the event's own bytes, unparsed, or a text made from them.
 * For 1 KB of bytes this is 6 × as fast as parse, spread and stringify.
 */
export function envelope(fields: Readonly<Record<string, string | boolean>>, data: Buffer | string): Buffer {
  const head = `${JSON.stringify(fields).slice(0, -1)},"data":`;
  return typeof data === 'string' ? Buffer.from(`${head}${data}}`) : Buffer.concat([Buffer.from(head), data, close]);
}

/** The envelope `{event, timestamp, sandbox?, data}` of several vendors. `event` is the vendor's name of the event. */
export const namedEnvelope = (event: string, { occurredAtMs, sandbox }: WireEvent, data: Buffer | string): Buffer =>
  envelope({ event, timestamp: new Date(occurredAtMs).toISOString(), ...(sandbox ? { sandbox } : {}) }, data);

/** The hexadecimal HMAC-SHA256 (RFC 2104) of the concatenated parts, keyed by the secret's characters. */
export function hmacHex({ textKey }: SigningSecret, ...parts: readonly (string | Buffer)[]): string {
  const hmac = createHmac('sha256', textKey);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}

/** `whsec_` and 32 random bytes in base64: the form that the Standard Webhooks libraries take. */
const newStandardSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** What Outrider does where a vendor's pages do not say otherwise. */
export const defaults: Pick<
  Wire,
  'retryScheduleSeconds' | 'timeoutMs' | 'whenExhausted' | 'ownSecret' | 'headerPrefixes' | 'newSecret'
> = {
  retryScheduleSeconds: [60, 300, 1_800, 7_200, 43_200],
  timeoutMs: 15_000,
  whenExhausted: 'disableUnlessRecovered',
  ownSecret: 'strong',
  headerPrefixes: [],
  newSecret: newStandardSecret,
};
