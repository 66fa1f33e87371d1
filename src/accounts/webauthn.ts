import type { WebAuthnCredential } from '@simplewebauthn/server';
import { z } from 'zod';

/** Whom a passkey is for: the origin of the public URL, and its host. */
export interface RelyingParty {
  readonly origin: string;
  readonly id: string;
}

export const relyingPartyAt = (publicUrl: string): RelyingParty => {
  const { origin, hostname } = new URL(publicUrl);
  return { origin, id: hostname };
};

/** What a browser made of the options, as the JSON of WebAuthn. */
interface Signed<Response> {
  readonly id: string;
  readonly rawId: string;
  readonly type: 'public-key';
  readonly response: Response & { readonly clientDataJSON: string };
}
export type Registration = Signed<{
  readonly attestationObject: string;
  readonly transports?: string[] | undefined;
}>;
export type Authentication = Signed<{
  readonly authenticatorData: string;
  readonly signature: string;
  readonly userHandle?: string | null | undefined;
}>;

/** ES256, EdDSA, RS256 (COSE): what authenticators have. */
export const algorithms = [-7, -8, -257] as const;
/** WebAuthn §4. */
const credentialIdBytesMax = 1_023;

const clientData = z.object({ challenge: z.string(), crossOrigin: z.literal(false).optional() });

/** The challenge that a browser had signed; undefined: none, or in a frame of another origin. */
export function challengeIn(clientDataJSON: string): string | undefined {
  try {
    return clientData.parse(JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString())).challenge;
  } catch {
    return undefined;
  }
}

/** What the browser must have signed. */
interface Expected {
  readonly challenge: string;
  readonly party: RelyingParty;
}

/** The library throws for whatever is wrong. */
async function orNothing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

/** @returns the new credential, or undefined if anything is wrong */
export async function verifyRegistration(
  { response, ...named }: Registration,
  { challenge, party }: Expected,
): Promise<WebAuthnCredential | undefined> {
  const { clientDataJSON, attestationObject } = response;
  // Loaded here: it takes 0.2 s and 26 MB, which a start does not need.
  const [{ verifyRegistrationResponse }, { decodeAttestationObject }] = await Promise.all([
    import('@simplewebauthn/server'),
    import('@simplewebauthn/server/helpers'),
  ]);
  return orNothing(async () => {
    const attestation = decodeAttestationObject(Buffer.from(attestationObject, 'base64url'));
    // Certificates are not asked for. The library would fetch the revocation lists that they name, past the egress guard.
    const format = attestation.get('fmt');
    if (format !== 'none' && (format !== 'packed' || attestation.get('attStmt').get('x5c') !== undefined))
      return undefined;
    const { registrationInfo } = await verifyRegistrationResponse({
      response: { ...named, response: { clientDataJSON, attestationObject }, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...algorithms],
    });
    const credential = registrationInfo?.credential;
    if (credential === undefined || Buffer.from(credential.id, 'base64url').length > credentialIdBytesMax)
      return undefined;
    return credential;
  });
}

/** @returns the new count of signatures, or undefined if anything is wrong, such as a count that did not grow */
export async function verifyAuthentication(
  { response, ...named }: Authentication,
  credential: WebAuthnCredential,
  { challenge, party }: Expected,
): Promise<number | undefined> {
  const { clientDataJSON, authenticatorData, signature } = response;
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  return orNothing(async () => {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...named, response: { clientDataJSON, authenticatorData, signature }, clientExtensionResults: {} },
      credential,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
    });
    return verified ? authenticationInfo.newCounter : undefined;
  });
}
