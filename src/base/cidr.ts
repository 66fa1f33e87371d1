import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A range of addresses. `prefix`: its length in bits. */
export interface Cidr {
  readonly base: ipaddr.IPv4 | ipaddr.IPv6;
  readonly prefix: number;
}

/**
 * Parses comma-separated CIDR ranges or single addresses, IPv4 or IPv6.
 * @throws Error naming the part that is wrong.
 * @example
 * isWithin('10.1.2.3', parseCidrs('10.0.0.0/8,fd00::/8')) // true
 */
export function parseCidrs(text: string): readonly Cidr[] {
  return text.trim() === '' ? [] : text.split(',').map((part) => parseCidr(part.trim()));
}

export function parseCidr(text: string): Cidr {
  const [address = '', prefixText, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || address.includes('%') || rest.length > 0) {
    throw new Error(`"${text}" is not an address range; write it like 10.0.0.0/8 or fd00::/8`);
  }
  const base = parseIp(address);
  const bits = family === 4 ? 32 : 128;
  // An IPv4-mapped range becomes its IPv4 range; a shorter prefix would contain more than that.
  const mappedBits = family === 6 && base instanceof ipaddr.IPv4 ? 96 : 0;
  const prefix = prefixText === undefined ? bits : Number(prefixText);
  if ((prefixText !== undefined && !/^\d{1,3}$/.test(prefixText)) || prefix > bits || prefix < mappedBits) {
    throw new Error(`"${text}" is not an address range; the number after the slash must be ${mappedBits} to ${bits}`);
  }
  return { base, prefix: prefix - mappedBits };
}

/** Parses an address. IPv4-mapped addresses become IPv4. */
export function parseIp(address: string): ipaddr.IPv4 | ipaddr.IPv6 {
  // ipaddr.js reads ::1.2.3.4 as ::ffff:1.2.3.4, which is a different address (RFC 4291 §2.5.5); written with 0:: it does not.
  const parsed = ipaddr.parse(address.replace(/^::(?=\d+\.)/, '0::'));
  return parsed instanceof ipaddr.IPv6 && parsed.zoneId === undefined && parsed.isIPv4MappedAddress()
    ? parsed.toIPv4Address()
    : parsed;
}

/** Whether one of the ranges contains the address. False for a text that is not an address. */
export function isWithin(address: string, ranges: readonly Cidr[]): boolean {
  if (isIP(address) === 0) return false;
  const parsed = parseIp(address);
  return ranges.some(({ base, prefix }) => base.kind() === parsed.kind() && parsed.match(base, prefix));
}
