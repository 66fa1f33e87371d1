import { createHmac, randomBytes } from 'node:crypto';

/** HMAC-SHA256 (RFC 2104) over a body, keyed by the secret's characters as they are. */
export const hmacHex = (secret: string, body: Buffer): string => createHmac('sha256', secret).update(body).digest('hex');

/** `whsec_` and 32 random bytes in base64: the form the Standard Webhooks libraries take as it is. */
export const newStandardSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
