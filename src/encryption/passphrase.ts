import { randomBytes, scrypt } from 'node:crypto';
import { open, seal } from './cipher.ts';

/** A key sealed with a passphrase, in base64: AES-256-GCM with a key that scrypt (RFC 7914) derives from the passphrase. */
export interface SealedWithPassphrase {
  readonly salt: string;
  readonly sealed: string;
}

/** 128 MiB and about 0.3 s per guess: the strongest setting of OWASP's "Password Storage Cheat Sheet". */
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 2 ** 20 };

export async function sealWithPassphrase(
  key: Buffer,
  passphrase: string,
  context: string,
): Promise<SealedWithPassphrase> {
  const salt = randomBytes(16);
  return {
    salt: salt.toString('base64'),
    sealed: seal(await derive(passphrase, salt), key, context).toString('base64'),
  };
}

/** The key; undefined if the passphrase is wrong. */
export async function openWithPassphrase(
  { salt, sealed }: SealedWithPassphrase,
  passphrase: string,
  context: string,
): Promise<Buffer | undefined> {
  const key = await derive(passphrase, Buffer.from(salt, 'base64'));
  try {
    return open(key, Buffer.from(sealed, 'base64'), context);
  } catch {
    return undefined;
  }
}

const derive = (passphrase: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    // Keyboards produce different Unicode forms of the same text.
    scrypt(passphrase.normalize('NFKC'), salt, 32, cost, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
