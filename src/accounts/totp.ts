import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

/** Time-based one-time passwords with the parameters that every authenticator app has: SHA-1, 6 digits, 30 s (RFC 6238). */
const stepMs = 30_000;
const digits = 6;
/** Codes of the neighbouring steps count, too: a person types for some seconds, and clocks differ (RFC 6238 §5.2). */
const drift = 1;
const secretBytes = 20;

const base32Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 §6, without padding, as apps expect it. */
export function base32(bytes: Buffer): string {
  let bits = 0;
  let value = 0;
  let text = '';
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += base32Alphabet[(value >>> (bits - 5)) & 31];
  }
  return bits > 0 ? text + base32Alphabet[(value << (5 - bits)) & 31] : text;
}

export const mintSecret = (): Buffer => randomBytes(secretBytes);

/** The code of a step (RFC 4226 §5.3). */
export function codeAt(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits).padStart(digits, '0');
}

export const stepOf = (nowMs: number): number => Math.floor(nowMs / stepMs);

/** The step after `lastStep` whose code this is; undefined: none. */
export function stepWith(secret: Buffer, code: string, nowMs: number, lastStep: number): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const now = stepOf(nowMs);
  for (let step = now - drift; step <= now + drift; step += 1)
    if (step > lastStep && step >= 0 && timingSafeEqual(Buffer.from(code), Buffer.from(codeAt(secret, step))))
      return step;
  return undefined;
}

/** What a QR code contains (the Key Uri Format of Google Authenticator). */
export function otpauthUri(secret: Buffer, email: string, issuer: string): string {
  const query = new URLSearchParams({ secret: base32(secret), issuer });
  return `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(email)}?${query.toString()}`;
}

/** Without letters and digits that look alike. 16 of 31 characters: 79 bits. */
const recoveryAlphabet = 'abcdefghjkmnpqrstuvwxyz23456789';

export function mintRecoveryCode(): string {
  const text = Array.from({ length: 16 }, () => recoveryAlphabet[randomInt(recoveryAlphabet.length)]).join('');
  return text.replaceAll(/(.{4})(?=.)/g, '$1-');
}

/** As people type it. */
export const plainRecoveryCode = (code: string): string => code.toLowerCase().replaceAll(/[\s-]/g, '');
