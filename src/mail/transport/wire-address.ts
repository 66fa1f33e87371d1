import { domainToASCII } from 'node:url';

/** Characters that would end the command, or the address in it. */
const unsafe = /[\p{Cc}\s<>]/u;

/**
 * An address as it is written into SMTP commands: its domain in A-labels (RFC 5890).
 *
 * @returns undefined for a text that is not an address, or would be another command
 */
export function wireAddress(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  if (at < 1 || unsafe.test(address)) return undefined;
  const domain = address.slice(at + 1);
  const ascii = domain.startsWith('[') ? domain : domainToASCII(domain);
  return ascii === '' ? undefined : `${address.slice(0, at)}@${ascii}`;
}

/** Whether a server must have SMTPUTF8 (RFC 6531) for an address of `wireAddress`. */
export const isInternational = (address: string): boolean => /[\u0080-\uFFFF]/.test(address);
