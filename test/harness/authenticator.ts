/** An authenticator with one passkey (ES256, attestation `none`), and what a browser makes of it (WebAuthn Level 3). */
import { generateKeyPairSync, hash, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';

/** What differs from an honest browser and authenticator. */
export interface Forged {
  readonly origin?: string;
  readonly crossOrigin?: boolean;
  readonly type?: string;
  readonly rpId?: string;
  /** Flags of the authenticator data (§6.1): user present 1, user verified 4. */
  readonly flags?: number;
  readonly counter?: number;
  readonly userHandle?: string;
  /** Attests with this key (ES256) and certificate, as DER. */
  readonly attestedBy?: { readonly privateKey: KeyObject; readonly certificate: Buffer };
}

export interface CreationOptions {
  readonly challenge: string;
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string };
}

export interface RequestOptions {
  readonly challenge: string;
  readonly rpId: string;
}

const verified = 1 | 4;
const attested = 64;
const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const big16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
const big32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

export type Authenticator = ReturnType<typeof createAuthenticator>;

/** @param origin of the page @param idBytes of the credential id */
export function createAuthenticator(origin: string, id: Buffer = randomBytes(16)) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  // COSE (RFC 9053 §7.1): EC2, ES256, P-256, x, y.
  const coseKey = isoCBOR.encode(
    new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Uint8Array.from(Buffer.from(x, 'base64url'))],
      [-3, Uint8Array.from(Buffer.from(y, 'base64url'))],
    ]),
  );
  let counter = 0;
  let handle = '';

  const clientDataOf = (challenge: string, type: string, forged: Forged): Buffer =>
    Buffer.from(
      JSON.stringify({
        type: forged.type ?? type,
        challenge,
        origin: forged.origin ?? origin,
        crossOrigin: forged.crossOrigin ?? false,
      }),
    );
  const dataOf = (rpId: string, flags: number, forged: Forged): Buffer => {
    counter = forged.counter ?? counter + 1;
    return Buffer.concat([
      hash('sha256', forged.rpId ?? rpId, 'buffer'),
      Buffer.from([forged.flags ?? flags]),
      big32(counter),
    ]);
  };
  const named = { id: base64url(id), rawId: base64url(id), type: 'public-key' };

  return {
    id,
    /** As `navigator.credentials.create`. */
    create({ challenge, rp, user }: CreationOptions, forged: Forged = {}) {
      handle = user.id;
      const flags = (forged.flags ?? verified) | attested;
      const data = Buffer.concat([
        dataOf(rp.id, flags, { ...forged, flags }),
        Buffer.alloc(16),
        big16(id.length),
        id,
        coseKey,
      ]);
      const clientData = clientDataOf(challenge, 'webauthn.create', forged);
      const { attestedBy } = forged;
      const statement = new Map<string, unknown>();
      if (attestedBy !== undefined) {
        const signed = Buffer.concat([data, hash('sha256', clientData, 'buffer')]);
        statement.set('alg', -7);
        statement.set('sig', Uint8Array.from(sign('sha256', signed, attestedBy.privateKey)));
        statement.set('x5c', [Uint8Array.from(attestedBy.certificate)]);
      }
      const attestation = new Map<string, unknown>([
        ['fmt', attestedBy === undefined ? 'none' : 'packed'],
        ['attStmt', statement],
        ['authData', Uint8Array.from(data)],
      ]);
      return {
        ...named,
        response: {
          clientDataJSON: base64url(clientData),
          attestationObject: base64url(isoCBOR.encode(attestation as Parameters<typeof isoCBOR.encode>[0])),
          transports: ['internal'],
          publicKeyAlgorithm: -7,
        },
        authenticatorAttachment: 'platform',
        clientExtensionResults: {},
      };
    },
    /** As `navigator.credentials.get`. */
    get({ challenge, rpId }: RequestOptions, forged: Forged = {}) {
      const data = dataOf(rpId, verified, forged);
      const clientData = clientDataOf(challenge, 'webauthn.get', forged);
      const signature = sign('sha256', Buffer.concat([data, hash('sha256', clientData, 'buffer')]), privateKey);
      return {
        ...named,
        response: {
          clientDataJSON: base64url(clientData),
          authenticatorData: base64url(data),
          signature: base64url(signature),
          userHandle: forged.userHandle ?? handle,
        },
        authenticatorAttachment: 'platform',
        clientExtensionResults: {},
      };
    },
  };
}
