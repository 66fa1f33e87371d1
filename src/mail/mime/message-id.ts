import { domainOf } from '../../base/email-address.ts';
import { unreachable } from '../../base/errors.ts';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * The Message-ID of a message: the 26 characters of the id in base32 (RFC 4648 §6, lower case), and the sending domain. Nothing in it names
 * the product.
 * @param id a UUIDv7
 * @example
 * messageIdOf('0199c9f2-0a44-7e55-b0c3-91d2e7a6f525', 'lovelace.example') // '<agm4t4qkir7flmgdshjopjxveu@lovelace.example>'
 */
export function messageIdOf(id: string, domain: string): string {
  const ascii = domainOf(domain);
  if (ascii === undefined) throw unreachable(`no domain of a mailbox: ${domain}`);
  // 128 bits and two zeros are 26 groups of 5 bits.
  let bits = BigInt(`0x${id.replaceAll('-', '')}`) << 2n;
  let text = '';
  for (let index = 0; index < 26; index++, bits >>= 5n) text = `${alphabet[Number(bits & 31n)] ?? ''}${text}`;
  return `<${text}@${ascii}>`;
}
