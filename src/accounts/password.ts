import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** The least and the most characters of a new password (NIST SP 800-63B-4 §3.1.1.2 asks for 15 without a second factor, and 64 at least). */
export const passwordMin = 12;
export const passwordMax = 128;

/** The cost that better-auth uses: 16 MiB and about 50 ms. */
const cost = { N: 16_384, r: 16, p: 1, maxmem: 64 * 1024 * 1024 };
const keyBytes = 64;

const derive = (password: string, salt: string): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(password.normalize('NFKC'), salt, keyBytes, cost, (error, key) =>
      error === null ? resolve(key) : reject(error),
    ),
  );

/** Hashes a password with scrypt (RFC 7914), in the format of better-auth: `salt:key` in hexadecimal digits. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16).toString('hex');
  return `${salt}:${(await derive(password, salt)).toString('hex')}`;
}

/** Of no password. */
const nobody = `${'0'.repeat(32)}:${'0'.repeat(2 * keyBytes)}`;

/** Whether the password has this hash. Without a hash it takes the same time, so that the time does not tell which accounts exist. */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [salt = '', key = ''] = (hash ?? nobody).split(':');
  const derived = await derive(password, salt);
  const stored = Buffer.from(key, 'hex');
  return stored.length === derived.length && timingSafeEqual(stored, derived) && hash !== undefined;
}
