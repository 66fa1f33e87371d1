import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/**
 * Secrets at rest: AES-256-GCM (NIST SP 800-38D) with one data key per organization, which is wrapped by the master key.
 * A sealed value is version (1 byte) ‖ nonce (12) ‖ tag (16) ‖ ciphertext; the context is authenticated, so a value
 * cannot be moved to another organization or column.
 */
const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

export interface MasterKey {
  /** First 16 hex digits of a SHA-256 of the key: identifies the key without revealing it. */
  readonly id: string;
  readonly key: Buffer;
}

export function masterKeyOf(base64: string): MasterKey {
  const key = Buffer.from(base64, 'base64');
  if (key.length !== 32) throw new Error('The master key must be 32 bytes in base64.');
  return { key, id: createHash('sha256').update('outrider master key').update(key).digest('hex').slice(0, 16) };
}

export const newKey = (): Buffer => randomBytes(32);

/**
 * Encrypts a value for one context. @see open
 * @example
 * const sealed = seal(key, 'secret', 'endpoint secret');
 * open(key, sealed, 'endpoint secret').toString(); // 'secret'
 */
export function seal(key: Buffer | KeyObject, plaintext: string | Buffer, context: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.from([version]), nonce, cipher.getAuthTag(), body]);
}

/** Decrypts a sealed value. @throws Error if the key or the context differs, or the value was changed */
export function open(key: Buffer | KeyObject, sealed: Buffer, context: string): Buffer {
  if (sealed[0] !== version || sealed.length < 1 + nonceBytes + tagBytes) throw new Error('Not a sealed value.');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + nonceBytes));
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(1 + nonceBytes + tagBytes)), decipher.final()]);
}
