import { createHmac, randomBytes } from 'node:crypto';
import type { SigningSecret } from '../delivery/wire.ts';

/** HMAC-SHA256 (RFC 2104) over these parts one after the other, keyed by the secret's characters as they are, in hexadecimal. */
export function hmacHex({ textKey }: SigningSecret, ...parts: readonly (string | Buffer)[]): string {
  const hmac = createHmac('sha256', textKey);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}

/** `whsec_` and 32 random bytes in base64: the form the Standard Webhooks libraries take as it is. */
export const newStandardSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
