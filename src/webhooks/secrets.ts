import { signingSecret } from '../delivery/sign.ts';
import type { Wire } from '../delivery/wire.ts';

const charactersMin = 16;
const charactersMax = 256;
/** Standard Webhooks 1.0.0, "Signature scheme": keys of 24 to 64 bytes. */
const keyBytesMin = 24;
const keyBytesMax = 64;
const standardForm = `whsec_ followed by ${keyBytesMin} to ${keyBytesMax} bytes in base64`;

/** Is this a secret of the form that the Standard Webhooks libraries take? */
export function isStandardSecret(secret: string): boolean {
  const { key } = signingSecret(secret);
  const bytes = key?.symmetricKeySize ?? 0;
  return secret.startsWith('whsec_') && bytes >= keyBytesMin && bytes <= keyBytesMax;
}

/** The `standard` dialect has no signature but the one that needs such a key. */
export const needsStandardSecret = (wire: Wire): boolean => wire.name === 'standard';

/** What is wrong with a secret that a caller brings along. */
export function secretProblem(secret: string, wire: Wire): string | undefined {
  if (secret.length < charactersMin || secret.length > charactersMax || !/^[!-~]+$/.test(secret))
    return `must be ${charactersMin} to ${charactersMax} printable characters without spaces`;
  if ((secret.startsWith('whsec_') || needsStandardSecret(wire)) && !isStandardSecret(secret)) return `must be ${standardForm}`;
  return undefined;
}

/** Enough to recognise a secret by, and never more than a quarter of it. */
export const prefixOf = (secret: string): string => secret.slice(0, Math.min(10, Math.floor(secret.length / 4)));
