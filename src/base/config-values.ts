import { accessSync, constants } from 'node:fs';
import { isIP } from 'node:net';
import { parseCidrs } from './cidr.ts';

/* How the values of settings are written: each function returns the value, or throws an Error whose message says what is expected. */

export const integer =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max)
      throw new Error(`expected a whole number from ${min} to ${max}`);
    return value;
  };

export const boolean = (text: string): boolean => {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  throw new Error('expected true or false');
};

const url =
  (...protocols: readonly string[]) =>
  (text: string): string => {
    const beginnings = protocols.map((protocol) => `${protocol}//`);
    if (!beginnings.some((beginning) => text.toLowerCase().startsWith(beginning)))
      throw new Error(`expected a URL that starts with ${beginnings.join(' or ')}`);
    if (!URL.canParse(text))
      throw new Error(
        'expected a host, and after a colon its port; in a user name or password write # / ? @ : and % percent-encoded',
      );
    return text;
  };

/** As `url`, without credentials, query and fragment. */
export function publicUrl(text: string): string {
  const { username, search, hash, pathname } = new URL(url('http:', 'https:')(text));
  if (username !== '' || search !== '' || hash !== '')
    throw new Error('expected a URL without credentials, query and fragment, such as https://outrider.example.com');
  // Paths are appended to it, so it must not end with a slash.
  return pathname === '/' ? new URL(text).origin : text.replace(/\/+$/, '');
}

const sslModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

/** Refuses settings that the driver would ignore, or report only on connecting. */
export function databaseUrl(text: string): string {
  const { hostname, username, password, pathname, searchParams } = new URL(url('postgres:', 'postgresql:')(text));
  const shape = 'expected one server and one database, such as postgres://user:password@db.example.com:5432/outrider';
  if (hostname.includes(',') || pathname.slice(1).includes('/')) throw new Error(shape);
  if ([username, password, pathname].some((part) => !isPercentEncoded(part)))
    throw new Error('a % in the user, the password or the database must be written as %25');
  const sslMode = searchParams.get('sslmode');
  if (sslMode !== null && !sslModes.includes(sslMode))
    throw new Error(`expected sslmode to be one of ${sslModes.join(', ')}`);
  for (const name of ['sslrootcert', 'sslcert', 'sslkey']) {
    const file = searchParams.get(name);
    if (file !== null && !isReadable(file)) throw new Error(`${name} must name a file that this account can read`);
  }
  return text;
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function isPercentEncoded(text: string): boolean {
  try {
    return decodeURIComponent(text) !== undefined;
  } catch {
    return false;
  }
}

/** A proxy for outgoing HTTP. */
export function proxyUrl(text: string): string {
  const { hostname, username, password, pathname, search, hash } = new URL(url('http:', 'https:')(text));
  if (hostname === '' || pathname !== '/' || search !== '' || hash !== '')
    throw new Error('expected a proxy, such as http://user:password@proxy.example.com:3128');
  if (![username, password].every(isPercentEncoded))
    throw new Error('a % in the user or the password must be written as %25');
  return text;
}

export function smtpUrl(text: string): string {
  const { hostname, username, password, pathname } = new URL(url('smtp:', 'smtps:')(text));
  if (hostname === '' || !['', '/'].includes(pathname))
    throw new Error('expected a server, such as smtps://user:password@mail.example.com:465');
  if (![username, password].every(isPercentEncoded))
    throw new Error('a % in the user or the password must be written as %25');
  return text;
}

/** One mailbox, with or without a display name (RFC 5322 §3.4). A comma outside quotes would separate two. */
const mailbox =
  /^(?:(?:"[^"\p{Cc}]*"\s*|[^"<>()@,;:\p{Cc}]*)<[^\s"<>()@,;:]+@[a-z0-9.-]+>|[^\s"<>()@,;:]+@[a-z0-9.-]+)$/iu;

export function smtpFrom(text: string): string {
  if (!mailbox.test(text.trim()))
    throw new Error('expected one address, such as alerts@example.com or Outrider <alerts@example.com>');
  return text.trim();
}

/** An address as it is written into commands, whose domain is a public name. */
export function probeFrom(text: string): string {
  if (!/^[a-z0-9._+-]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i.test(text) || text.length > 254)
    throw new Error('expected an address at a domain of yours, such as probe@verify.example.com');
  return text;
}

/** An address or a host name without scheme and port, as `listen` takes it. */
export function host(text: string): string {
  if (isIP(text.split('%', 1)[0] ?? '') === 0 && !/^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(text))
    throw new Error('expected an address or a host name without a port, such as 0.0.0.0, ::1 or localhost');
  return text;
}

export function path(text: string): string {
  if (text.includes('\0') || text.trim() === '') throw new Error('expected the path of a folder');
  return text;
}

/** A client id or secret of an OAuth provider (RFC 6749 appendix A: visible ASCII characters). */
export function credential(text: string): string {
  if (!/^[!-~]{1,500}$/.test(text)) throw new Error('expected visible ASCII characters without spaces');
  return text;
}

/** Only checks the text; it is parsed again where it is used. */
export function cidrs(text: string): string {
  parseCidrs(text);
  return text;
}

/** Origins of web pages, as browsers send them (RFC 6454 §6.2). */
export const origins = (text: string): readonly string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => {
      if (!/^https?:\/\//i.test(each) || !URL.canParse(each) || new URL(each).origin !== each.toLowerCase())
        throw new Error(
          'expected a comma-separated list of origins, each with a scheme, a host and perhaps a port, such as https://app.example.com',
        );
      return each.toLowerCase();
    });

/** As `origins`, for pages that call the API: unlike the policy of a frame, CORS knows no wildcard within an origin. */
export function exactOrigins(text: string): readonly string[] {
  const list = origins(text);
  if (list.some((each) => each.includes('*'))) throw new Error('expected exact origins, without *: name each one');
  return list;
}
