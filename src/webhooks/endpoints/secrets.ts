import { signingSecret } from '../../delivery/sign.ts';
import type { Wire } from '../../delivery/wire.ts';

const charactersMin = 16;
const charactersMax = 256;
/** Standard Webhooks 1.0.0, "Signature scheme": keys of 24 to 64 bytes. */
const keyBytesMin = 24;
const keyBytesMax = 64;
const standardForm = `whsec_ followed by ${keyBytesMin} to ${keyBytesMax} bytes in base64`;

/** Warnings about an accepted secret. */
export const secretWarnings = (secret: string): readonly string[] =>
  signingSecret(secret).key === null
    ? [
        `secret is not base64, so deliveries have no webhook-signature header, only the dialect's signature. For both, use ${standardForm}.`,
      ]
    : [];

/** Whether the Standard Webhooks libraries accept this secret. */
export function isStandardSecret(secret: string): boolean {
  const { key } = signingSecret(secret);
  const bytes = key?.symmetricKeySize ?? 0;
  return secret.startsWith('whsec_') && bytes >= keyBytesMin && bytes <= keyBytesMax;
}

/** The fault of a caller's own secret; undefined: none. */
export function secretProblem(secret: string, wire: Wire): string | undefined {
  const least = wire.ownSecret === 'any' ? 1 : charactersMin;
  if (secret.length < least || secret.length > charactersMax || !/^[!-~]+$/.test(secret))
    return `must be ${least} to ${charactersMax} printable characters without spaces`;
  const standard = wire.ownSecret === 'standard' || (wire.ownSecret === 'strong' && secret.startsWith('whsec_'));
  if (standard && !isStandardSecret(secret)) return `must be ${standardForm}`;
  return undefined;
}

/** Enough to recognize a secret, and at most a quarter of it. */
export const prefixOf = (secret: string): string => secret.slice(0, Math.min(10, Math.floor(secret.length / 4)));
