import { isIP } from 'node:net';
import { domainOf } from '../../base/email-address.ts';
import { withoutBrackets } from '../../base/egress.ts';

const example = 'such as links.hopper.example';

/**
 * Reads the name of a host for links.
 * @param taken names of this installation, which all organizations share
 * @example
 * readHost('Links.Hopper.example', []) // { host: 'links.hopper.example' }
 */
export function readHost(
  given: string,
  taken: readonly string[],
): { readonly host: string } | { readonly problem: string } {
  const text = given.trim();
  if (text.length > 253) return { problem: 'must have at most 253 characters' };
  if (isIP(withoutBrackets(text)) !== 0) return { problem: `must be a host name, not an address, ${example}` };
  if (text.includes('*')) return { problem: `must be one host name without *, ${example}` };
  if (/[/:?#@]/.test(text))
    return { problem: `must be the host name alone, without https://, a port or a path, ${example}` };
  const host = domainOf(text);
  if (host === undefined) return { problem: `must be a host name with a domain, ${example}` };
  if (taken.includes(host))
    return { problem: `must be a host of your own domain: ${host} is the host of this installation` };
  return { host };
}
