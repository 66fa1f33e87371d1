import { signingSecret } from '../../delivery/sign.ts';
import type { Wire } from '../../delivery/wire.ts';

const charactersMin = 16;
const charactersMax = 256;
/** Standard Webhooks 1.0.0, "Signature scheme": keys of 24 to 64 bytes. */
const keyBytesMin = 24;
const keyBytesMax = 64;
const standardForm = `whsec_ followed by ${keyBytesMin} to ${keyBytesMax} bytes in base64`;

/** What a caller should know of a secret that is accepted. */
export const secretWarnings = (secret: string): readonly string[] =>
  signingSecret(secret).key === null
    ? [
        `secret is not base64, so deliveries carry no webhook-signature, only the signature of the dialect. For both, use ${standardForm}.`,
      ]
    : [];

/** Is this a secret of the form that the Standard Webhooks libraries take? */
export function isStandardSecret(secret: string): boolean {
  const { key } = signingSecret(secret);
  const bytes = key?.symmetricKeySize ?? 0;
  return secret.startsWith('whsec_') && bytes >= keyBytesMin && bytes <= keyBytesMax;
}

/** What is wrong with a secret that a caller brings along. */
export function secretProblem(secret: string, wire: Wire): string | undefined {
  const least = wire.ownSecret === 'any' ? 1 : charactersMin;
  if (secret.length < least || secret.length > charactersMax || !/^[!-~]+$/.test(secret))
    return `must be ${least} to ${charactersMax} printable characters without spaces`;
  const standard = wire.ownSecret === 'standard' || (wire.ownSecret === 'strong' && secret.startsWith('whsec_'));
  if (standard && !isStandardSecret(secret)) return `must be ${standardForm}`;
  return undefined;
}

/** Enough to recognise a secret by, and never more than a quarter of it. */
export const prefixOf = (secret: string): string => secret.slice(0, Math.min(10, Math.floor(secret.length / 4)));
