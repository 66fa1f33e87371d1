import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** Characters of an organization's tag, with which each token begins. */
export const tagLength = 8;
const keyBytes = 16;
const macBytes = 8;
const payloadBytes = keyBytes + 1;
const encodedLength = Math.ceil(((payloadBytes + macBytes) * 4) / 3);
export const tokenLength = tagLength + encodedLength;

/** The number of the pixel, and that of the unsubscribe link. Those between are the message's links. */
export const pixelNumber = 0;
export const unsubscribeNumber = 255;
export const linksMax = unsubscribeNumber - 1;

/** What a token says: a link of the message with this send key. */
export interface Named {
  /** UUID. */
  readonly sendKey: string;
  readonly number: number;
}

/** A token whose MAC has not been checked yet. */
export interface ReadToken extends Named {
  readonly tag: string;
  readonly payload: Buffer;
  readonly mac: Buffer;
}

const macOf = (key: KeyObject, payload: Buffer): Buffer =>
  createHmac('sha256', key).update(payload).digest().subarray(0, macBytes);

/**
 * Writes a token: the organization's tag and base64url of send key (16 bytes), number (1 byte) and the first 8 bytes of their HMAC-SHA256.
 * @param key of the organization
 * @example
 * tokenOf(key, 'k3vq7m2a', { sendKey, number: pixelNumber })
 */
export function tokenOf(key: KeyObject, tag: string, { sendKey, number }: Named): string {
  const payload = Buffer.concat([Buffer.from(sendKey.replaceAll('-', ''), 'hex'), Buffer.from([number])]);
  return tag + Buffer.concat([payload, macOf(key, payload)]).toString('base64url');
}

/** Reads a token without checking it. @returns undefined if it does not have the form of one */
export function readToken(token: string): ReadToken | undefined {
  if (token.length !== tokenLength) return undefined;
  const encoded = token.slice(tagLength);
  const bytes = Buffer.from(encoded, 'base64url');
  // Each token has one spelling: no ignored characters, no spare bits.
  if (bytes.length !== payloadBytes + macBytes || bytes.toString('base64url') !== encoded) return undefined;
  const hex = bytes.toString('hex', 0, keyBytes);
  return {
    tag: token.slice(0, tagLength),
    sendKey: [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-'),
    number: bytes.readUInt8(keyBytes),
    payload: bytes.subarray(0, payloadBytes),
    mac: bytes.subarray(payloadBytes),
  };
}

/** Whether the organization with this key wrote the token; takes the same time for every token. */
export const isGenuine = ({ payload, mac }: ReadToken, key: KeyObject): boolean =>
  timingSafeEqual(macOf(key, payload), mac);
