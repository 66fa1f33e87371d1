import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { withoutBrackets } from '../../base/egress.ts';
import type { Security, ServerSettings } from '../transport/transport.ts';
import type { Protocol } from './state.ts';

/** How a well-known port is protected. Other ports may use any. */
const ports: Readonly<Record<Protocol, ReadonlyMap<number, Security>>> = {
  // RFC 8314 §3.3 and RFC 6409 §3.1. Port 25 is for servers; some providers take submissions there.
  smtp: new Map([
    [465, 'tls'],
    [587, 'starttls'],
    [25, 'starttls'],
    [2525, 'starttls'],
  ]),
  imap: new Map([
    [993, 'tls'],
    [143, 'starttls'],
  ]),
};

const meanings: Readonly<Record<Security, string>> = {
  tls: 'TLS from the first byte',
  starttls: 'STARTTLS',
  none: 'no encryption',
};

const advice: Readonly<Record<Protocol, string>> = {
  smtp: 'use 465 with tls, or 587 with starttls',
  imap: 'use 993 with tls, or 143 with starttls',
};

const other = { smtp: 'imap', imap: 'smtp' } as const;

/** A host name as it is looked up, in ASCII and lower case, or an address without brackets; undefined if it cannot be one. */
export function hostOf(text: string): string | undefined {
  const given = withoutBrackets(text.trim());
  if (isIP(given) !== 0) return given.includes('%') ? undefined : given.toLowerCase();
  // `domainToASCII` would decode a percent sign and cut off a path.
  if (!/^[\p{L}\p{M}\p{N}._-]+$/u.test(given)) return undefined;
  const name = domainToASCII(given).replace(/\.$/, '');
  const labels = name.split('.');
  const isName =
    name !== '' && name.length <= 253 && labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?$/.test(label));
  // A last label of digits is an address in another spelling.
  return isName && !/^\d+$/.test(labels.at(-1) ?? '') ? name : undefined;
}

/**
 * Why a server cannot be used as it is given, by field; empty if nothing speaks against it.
 * @example
 * serverProblems('smtp', { host: 'smtp.example.com', port: 465, security: 'starttls' });
 * // { 'smtp.security': 'must be "tls" on port 465, which uses TLS from the first byte' }
 */
export function serverProblems(
  protocol: Protocol,
  { host, port, security }: Pick<ServerSettings, 'host' | 'port' | 'security'>,
): Readonly<Record<string, string>> {
  const problems: Record<string, string> = {};
  if (hostOf(host) === undefined)
    problems[`${protocol}.host`] =
      'must be the name or the address of a server, such as smtp.example.com, without a scheme, a port or a path';
  if (ports[other[protocol]].has(port)) {
    problems[`${protocol}.port`] = `is a port of ${other[protocol].toUpperCase()}; ${advice[protocol]}`;
  } else {
    const usual = ports[protocol].get(port);
    if (usual !== undefined && security !== 'none' && security !== usual)
      problems[`${protocol}.security`] = `must be "${usual}" on port ${port}, which uses ${meanings[usual]}`;
  }
  return problems;
}

/** Servers of providers that file sent messages by themselves. */
const savers = /(^|\.)(gmail|googlemail|office365|outlook|fastmail|messagingengine|zoho)\.(com|eu|in)$/;

/** Whether a server files what it sends in the Sent folder; null: not known. */
export const savesSent = (smtpHost: string): boolean | null => (savers.test(smtpHost) ? true : null);

/** The most a provider lets a mailbox send in a day, and what is set if nothing is said. */
export interface DailyLimits {
  readonly usual: number;
  readonly max: number;
  /** Whose limit it is. */
  readonly whose: string;
}

/**
 * Daily limits of a mailbox, by its provider. Sources: Google's and Microsoft's sending limits (support.google.com/a/answer/166852,
 * learn.microsoft.com, "Exchange Online limits").
 */
export function dailyLimits(domain: string, smtpHost: string | undefined): DailyLimits {
  if (domain === 'gmail.com' || domain === 'googlemail.com') return { usual: 30, max: 500, whose: 'Gmail' };
  if (smtpHost === 'smtp.gmail.com') return { usual: 50, max: 2_000, whose: 'Google Workspace' };
  return smtpHost === 'smtp.office365.com'
    ? { usual: 50, max: 10_000, whose: 'Microsoft 365' }
    : { usual: 50, max: 10_000, whose: 'this installation' };
}
