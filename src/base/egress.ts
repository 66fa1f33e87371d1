/**
 * Decides which addresses may be called. Customers choose the hosts that the server connects to, so without this guard they could make it
 * call its own database, its neighbours, or a cloud's metadata service.
 *
 * The rule lists what is allowed, not what is forbidden: an address passes only if it is clearly global unicast, or if the operator
 * allows it. It is applied to a URL and its addresses when an endpoint is created, and again for each connection, which goes to an address
 * that passed (connect-checked.ts).
 */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { parseCidr, parseIp } from './cidr.ts';
import type { Cidr } from './cidr.ts';
import { systemClock } from './clock.ts';
import type { EgressProxy } from './egress-proxy.ts';
import type { Clock } from './clock.ts';
import { own } from './own.ts';

export interface EgressPolicy {
  /** The operator's exceptions: these may be called, whatever kind of address they are. */
  readonly allow: readonly Cidr[];
  readonly allowHttp: boolean;
  /** HTTP goes through it, to the addresses that were checked here. Undefined: connections are direct. */
  readonly proxy?: EgressProxy | undefined;
}

export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Returns every address of a host name; rejects if there is none. Lookups are limited per `organization`. */
export type Resolve = (host: string, organization?: string) => Promise<readonly ResolvedAddress[]>;

/** `reason` is a predicate that continues the address, host or URL it is about: "is the private address 10.0.0.5". */
export interface Refusal {
  readonly ok: false;
  readonly reason: string;
  /** The setting with which the operator can allow it; undefined if none does. */
  readonly setting?: string;
  /** For the operator's log only. Callers must not learn it: it may name an address inside the network. */
  readonly detail?: string;
}

export type Resolution =
  | { readonly ok: true; readonly addresses: readonly ResolvedAddress[] }
  /** `dns`: the lookup failed, a later one may succeed. `egress`: the host has an address that must not be called. */
  | (Refusal & { readonly cause: 'dns' | 'egress' });

const urlCharactersMax = 2048;

/** True only for clearly global unicast addresses. False for a text that is not an address. */
export function isPublicAddress(address: string): boolean {
  const parsed = parseAddress(address);
  return parsed !== undefined && specialKind(parsed) === undefined;
}

export function checkAddress(address: string, policy: EgressPolicy): { readonly ok: true } | Refusal {
  const refused = refusedAddress(address, policy);
  return refused === undefined ? { ok: true } : { ok: false, reason: `is ${refused}`, ...exception(address, policy) };
}

/** The setting that allows an address. */
function exception(address: string, policy: EgressPolicy): Pick<Refusal, 'setting'> {
  const parsed = parseAddress(address);
  if (parsed === undefined) return {};
  const embedded = embeddedAddresses(parsed)
    .filter((inside) => !isAllowed(inside, policy))
    .map(String);
  return {
    setting: `OUTRIDER_EGRESS_ALLOW=${[address, ...embedded].join(',')}${specialKind(parsed) === 'loopback' ? asInDevelopment : ''}`,
  };
}

const asInDevelopment = ', as npm run dev does';

/** True if the operator allows the address explicitly: for connections that are too open for the Internet. */
export function isException(address: string, policy: EgressPolicy): boolean {
  const parsed = parseAddress(address);
  return parsed !== undefined && isListed(parsed, policy) && refusedAddress(address, policy) === undefined;
}

/** Describes an address that must not be called: "the private address 10.0.0.5". */
function refusedAddress(address: string, policy: EgressPolicy): string | undefined {
  const parsed = parseAddress(address);
  if (parsed === undefined) return `"${address}", which is not an address`;
  // A packet to this address ends at the IPv4 address inside it.
  const embedded = embeddedAddresses(parsed).find((inside) => !isAllowed(inside, policy));
  if (isListed(parsed, policy))
    return embedded === undefined ? undefined : `the address ${address}, which leads to ${embedded.toString()}`;
  const kind = specialKind(parsed) ?? (embedded === undefined ? undefined : 'tunnel');
  return kind === undefined ? undefined : `the ${kind} address ${address}`;
}

const isListed = (address: ipaddr.IPv4 | ipaddr.IPv6, policy: EgressPolicy): boolean =>
  policy.allow.some(({ base, prefix }) => base.kind() === address.kind() && address.match(base, prefix));

const isAllowed = (address: ipaddr.IPv4 | ipaddr.IPv6, policy: EgressPolicy): boolean =>
  specialKind(address) === undefined || isListed(address, policy);

const isIn = (address: ipaddr.IPv6, range: Cidr): boolean =>
  range.base.kind() === 'ipv6' && address.match(range.base, range.prefix);

const nat64 = [parseCidr('64:ff9b::/96'), parseCidr('64:ff9b:1::/48')];
const sixToFour = parseCidr('2002::/16');
const teredo = parseCidr('2001::/32');
/** IPv4-compatible (RFC 4291 §2.5.5.1) and IPv4-translated (RFC 2765 §2.1). */
const suffixed = [parseCidr('::/96'), parseCidr('::ffff:0:0:0/96')];

/** RFC 6052 §2.2: the positions of the four bytes for each prefix length. Byte 8 is skipped, and the bytes after them are zero. */
const nat64Layouts: readonly (readonly [number, number, number, number])[] = [
  [6, 7, 9, 10],
  [7, 9, 10, 11],
  [9, 10, 11, 12],
  [12, 13, 14, 15],
];

/** Returns the IPv4 addresses that an IPv6 address leads to by NAT64, 6to4, Teredo or ISATAP, or that it represents. */
function embeddedAddresses(address: ipaddr.IPv4 | ipaddr.IPv6): readonly ipaddr.IPv4[] {
  if (address instanceof ipaddr.IPv4) return [];
  const bytes = address.toByteArray();
  const at = (...places: readonly number[]): ipaddr.IPv4 => new ipaddr.IPv4(places.map((place) => bytes[place] ?? 0));
  if (nat64.some((range) => isIn(address, range))) {
    // Each network chooses its prefix length, so every layout that the address can have counts.
    const found = nat64Layouts
      .filter(([, , , last]) => bytes[8] === 0 && bytes.slice(last + 1).every((byte) => byte === 0))
      .map((places) => at(...places))
      .filter((inside) => inside.toString() !== '0.0.0.0');
    return found.length === 0 ? [at(12, 13, 14, 15)] : found;
  }
  if (isIn(address, sixToFour)) return [at(2, 3, 4, 5)];
  if (isIn(address, teredo)) return [at(4, 5, 6, 7), new ipaddr.IPv4(bytes.slice(12).map((byte) => 255 - byte))];
  const [, , , , first, second] = address.parts;
  const isIsatap = ((first ?? 0) & 0xfdff) === 0 && second === 0x5efe;
  if (address.range() === 'loopback' || address.range() === 'unspecified') return [];
  return isIsatap || suffixed.some((range) => isIn(address, range)) ? [at(12, 13, 14, 15)] : [];
}

/** Accepts strict spelling only; the URL parser has normalized all others. */
function parseAddress(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  return isIP(address) === 0 ? undefined : parseIp(address);
}

const globalUnicast = parseCidr('2000::/3');

/** Addresses in the global range that are not part of the Internet. */
const specialRanges: readonly { readonly kind: string; readonly range: Cidr }[] = [
  // Azure's platform services, seen from inside a virtual machine (learn.microsoft.com, "What is IP address 168.63.129.16?").
  { kind: 'cloud platform', range: parseCidr('168.63.129.16/32') },
  // 6bone, returned to IANA in 2006 (RFC 3701).
  { kind: 'reserved', range: parseCidr('3ffe::/16') },
];

/** Replacements for ipaddr.js's names that do not fit "the … address". Ranges: IANA special-purpose registries (RFC 6890). */
const kindWords: Readonly<Record<string, string>> = {
  ipv4Mapped: 'IPv4-mapped',
  linkLocal: 'link-local',
  carrierGradeNat: 'carrier-grade NAT',
  uniqueLocal: 'private',
  deprecatedSiteLocal: 'site-local',
  rfc6145: 'IPv4-translated',
  rfc6052: 'NAT64',
  teredo: 'Teredo',
  amt: 'multicast tunnel',
  as112: 'AS112',
  as112v6: 'AS112',
  deprecatedOrchid: 'ORCHID',
  orchid2: 'ORCHID',
  droneRemoteIdProtocolEntityTags: 'drone identity',
  segmentRouting: 'segment routing',
};

/** Returns the kind of a special address; undefined for an ordinary public one. */
function specialKind(address: ipaddr.IPv4 | ipaddr.IPv6): string | undefined {
  const range: string = address.range();
  if (range !== 'unicast') return own(kindWords, range) ?? range;
  if (address instanceof ipaddr.IPv6) {
    // A zone names an interface of this machine, so the address is not global.
    if (address.zoneId !== undefined) return 'link-local';
    // ipaddr.js has no name for ::/96, nor for the 7/8 of all addresses that IANA has not allocated.
    if (address.parts.slice(0, 6).every((part) => part === 0)) return 'IPv4-compatible';
    if (!address.match(globalUnicast.base, globalUnicast.prefix)) return 'reserved';
  }
  return specialRanges.find(
    ({ range: { base, prefix } }) => base.kind() === address.kind() && address.match(base, prefix),
  )?.kind;
}

/**
 * Checks a receiver's URL as far as possible without the network. The WHATWG parser turns every spelling of an address (decimal, octal,
 * hexadecimal, short, percent-encoded, full-width, with a trailing dot) into the one that is checked.
 *
 * @example
 * checkUrl('https://10.0.0.5/hook', policy) // { ok: false, reason: 'is the private address 10.0.0.5', setting: 'OUTRIDER_EGRESS_ALLOW=10.0.0.5' }
 */
export function checkUrl(text: string, policy: EgressPolicy): { readonly ok: true; readonly url: URL } | Refusal {
  if (text.length > urlCharactersMax) return { ok: false, reason: `is longer than ${urlCharactersMax} characters` };
  if (!URL.canParse(text)) return { ok: false, reason: 'is not a valid URL' };
  const url = new URL(text);
  const reason = schemeReason(url, policy) ?? partsReason(url) ?? nameReason(url.hostname);
  if (reason !== undefined) {
    return {
      ok: false,
      reason,
      ...(url.protocol === 'http:' && !policy.allowHttp
        ? { setting: `OUTRIDER_ALLOW_HTTP_ENDPOINTS=true${asInDevelopment}` }
        : {}),
    };
  }
  return refusedHost(url.hostname, policy) ?? { ok: true, url };
}

function schemeReason(url: URL, policy: EgressPolicy): string | undefined {
  if (url.protocol === 'https:' || (policy.allowHttp && url.protocol === 'http:')) return undefined;
  return policy.allowHttp ? 'must start with https:// or http://' : 'must start with https://';
}

function partsReason(url: URL): string | undefined {
  if (url.username !== '' || url.password !== '') return 'must not contain a user name or password';
  if (url.hash !== '') return 'must not contain a fragment (the part after "#"), which is never sent';
  if (url.port === '0') return 'has port 0, on which nothing can listen';
  return url.href.length > urlCharactersMax ? `is longer than ${urlCharactersMax} characters` : undefined;
}

/** Refuses what cannot be a name in the DNS (RFC 1035 §2.3.4). Characters that host names should not have, such as `_`, do occur there. */
function nameReason(hostname: string): string | undefined {
  const host = withoutBrackets(hostname);
  if (isIP(host) !== 0) return undefined;
  const name = withoutFinalDot(host);
  if (name === '') return 'has no host';
  const labels = name.split('.');
  if (labels.includes('')) return 'has a host name with an empty label (two consecutive dots)';
  if (name.length > 253) return 'has a host name longer than 253 characters';
  return labels.some((label) => label.length > 63)
    ? 'has a host name with a label longer than 63 characters'
    : undefined;
}

function refusedHost(hostname: string, policy: EgressPolicy): Refusal | undefined {
  const host = withoutBrackets(hostname);
  if (isIP(host) !== 0) {
    const checked = checkAddress(host, policy);
    return checked.ok ? undefined : checked;
  }
  const name = withoutFinalDot(host);
  // RFC 6761 §6.3: these names mean this machine, whatever a resolver returns.
  if (name !== 'localhost' && !name.endsWith('.localhost')) return undefined;
  if (['127.0.0.1', '::1'].some((address) => refusedAddress(address, policy) === undefined)) return undefined;
  return {
    ok: false,
    reason: 'is a name of this machine (localhost)',
    setting: `OUTRIDER_EGRESS_ALLOW=127.0.0.0/8,::1${asInDevelopment}`,
  };
}

const withoutFinalDot = (host: string): string => (host.endsWith('.') ? host.slice(0, -1) : host);

/** An IPv6 address as it stands in a URL, without its brackets. */
export function withoutBrackets(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

/**
 * Returns the addresses of a host (a name, or an address as in a URL) if all of them may be called. One that must not be called refuses
 * the whole host: a name with a public and a private address is an attack, not a mistake. Never rejects.
 * @param options `timeoutMs` (default 5 s) limits the lookup.
 */
export async function resolveChecked(
  host: string,
  policy: EgressPolicy,
  resolve: Resolve,
  {
    timeoutMs = 5_000,
    clock = systemClock,
    organization = '',
  }: { readonly timeoutMs?: number; readonly clock?: Clock; readonly organization?: string } = {},
): Promise<Resolution> {
  const literal = withoutBrackets(host);
  const family = isIP(literal);
  if (family !== 0) {
    const checked = checkAddress(literal, policy);
    return checked.ok
      ? { ok: true, addresses: [{ address: literal, family: family === 6 ? 6 : 4 }] }
      : { ...checked, cause: 'egress' };
  }
  const found = await within(resolve(literal, organization), timeoutMs, clock).catch((error: unknown) => error);
  if (found === timedOut) return { ok: false, cause: 'dns', reason: `was not resolved within ${timeoutMs / 1000} s` };
  if (!Array.isArray(found)) return { ok: false, cause: 'dns', reason: unresolvedReason(found) };
  const addresses: readonly ResolvedAddress[] = found;
  if (addresses.length === 0) return { ok: false, cause: 'dns', reason: 'has no address' };
  for (const { address } of addresses) {
    const refused = refusedAddress(address, policy);
    if (refused !== undefined) {
      const { setting } = exception(address, policy);
      const detail = `resolves to ${refused}${setting === undefined ? '' : ` (allowed by ${setting})`}`;
      return { ok: false, cause: 'egress', reason: 'resolves to an address that is not allowed', detail };
    }
  }
  return { ok: true, addresses };
}

function unresolvedReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return code === 'ENOTFOUND' || code === 'ENODATA'
    ? `does not exist in the DNS (${code})`
    : `could not be resolved (${code})`;
}

const timedOut = Symbol('timed out');

async function within<T>(promise: Promise<T>, timeoutMs: number, clock: Clock): Promise<T | typeof timedOut> {
  let timer: unknown;
  const deadline = new Promise<typeof timedOut>((resolve) => {
    timer = clock.setTimer(() => resolve(timedOut), timeoutMs);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clock.clearTimer(timer);
  }
}
