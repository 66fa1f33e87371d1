import { codeAt, stepOf } from '../../src/accounts/totp.ts';

/** The one-time password of a secret in base32 (RFC 4648 §6). */
export function passwordAt(secret: string, nowMs: number): string {
  const bits = Array.from(secret)
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const bytes = bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [];
  return codeAt(Buffer.from(bytes), stepOf(nowMs));
}
