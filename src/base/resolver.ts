/**
 * Resolves host names without libuv's thread pool. getaddrinfo occupies one of its four threads for as long as a name server does not
 * answer, so a few such names would block every lookup of this process, and its file access and hashing with them.
 */
import { Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import type { Resolve, ResolvedAddress } from './egress.ts';

export interface ResolverOptions {
  readonly clock?: Clock;
  /** Name servers as `address:port`; the system's by default. */
  readonly servers?: readonly string[];
  readonly hostsFile?: string;
  readonly resolvConf?: string;
}

type Found = { readonly addresses: readonly ResolvedAddress[] } | { readonly error: Error };
type Cached = Found & { readonly untilMs: number };
type Answer = { readonly addresses: readonly ResolvedAddress[]; readonly ttlMs: number } | { readonly error: Error };

/** Lookups of one organization at the same time; further ones wait. */
const lookupsMax = 2;
/** Shorter than the time to connect, so that lookups queued after one with an unresponsive name server still get their turn. */
const lookupMs = 2_000;
/** How much longer the second address family may take than the first: some name servers never answer for IPv6. */
const secondFamilyMs = 300;
/** Bounds of a TTL: short enough to follow a receiver that moves, long enough to avoid a lookup per connection. */
const ttlMinMs = 5_000;
const ttlMaxMs = 300_000;
const missingMs = 10_000;
const silentMs = 30_000;
const cachedMax = 10_000;

const systemHosts = process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts';

/**
 * Creates a resolver with a cache. The hosts file comes first, then the cache, then the name servers.
 *
 * @example
 * const resolve = createResolver();
 * await resolve('example.com', organizationId); // [{ address: '93.184.215.14', family: 4 }]
 */
export function createResolver({
  clock = systemClock,
  servers,
  hostsFile = systemHosts,
  resolvConf = '/etc/resolv.conf',
}: ResolverOptions = {}): Resolve {
  const cache = new Map<string, Cached>();
  const running = new Map<string, Promise<Found>>();
  let hosts = { text: '', untilMs: 0 };
  const turns = new Map<string, { active: number; readonly waiting: (() => void)[] }>();

  async function inTurn(organization: string, work: () => Promise<Cached>): Promise<Cached> {
    let mine = turns.get(organization);
    if (mine === undefined) turns.set(organization, (mine = { active: 0, waiting: [] }));
    const { waiting } = mine;
    if (mine.active >= lookupsMax) await new Promise<void>((resolve) => waiting.push(resolve));
    else mine.active += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next !== undefined) next();
      else if (--mine.active === 0) turns.delete(organization);
    }
  }

  /** Looks up the names to try until one exists; all of them within `lookupMs`. */
  async function find(host: string): Promise<Cached> {
    const resolver = new Resolver({ timeout: lookupMs / 2, tries: 2 });
    if (servers !== undefined) resolver.setServers([...servers]);
    let late = false;
    const deadline = setTimeout(() => {
      late = true;
      resolver.cancel();
    }, lookupMs);
    try {
      let error = failure('ENOTFOUND');
      for (const name of await namesToTry(host, resolvConf)) {
        const found = await ask(resolver, name);
        if ('addresses' in found) return { addresses: found.addresses, untilMs: clock.now() + found.ttlMs };
        error = found.error;
        if (late || !isMissing(error)) break;
      }
      if (late) error = failure('ETIMEOUT');
      return { error, untilMs: clock.now() + (isMissing(error) ? missingMs : silentMs) };
    } finally {
      clearTimeout(deadline);
    }
  }

  return async (host, organization = '') => {
    const name = host.toLowerCase().replace(/\.$/, '');
    if (hosts.untilMs <= clock.now())
      hosts = { text: await readFile(hostsFile, 'utf8').catch(() => ''), untilMs: clock.now() + ttlMinMs };
    const local = localAddresses(name, hosts.text);
    if (local.length > 0) return local;
    const cached = cache.get(name);
    let found: Found | undefined = cached !== undefined && clock.now() < cached.untilMs ? cached : undefined;
    if (found === undefined) {
      // Per organization, so that none waits for the turns of another.
      const key = `${organization} ${name}`;
      let asking = running.get(key);
      if (asking === undefined) {
        asking = inTurn(organization, () => find(host))
          .then((fresh) => {
            cache.delete(name);
            cache.set(name, fresh);
            for (const oldest of cache.keys()) {
              if (cache.size <= cachedMax) break;
              cache.delete(oldest);
            }
            return fresh;
          })
          .finally(() => running.delete(key));
        running.set(key, asking);
      }
      found = await asking;
    }
    if ('error' in found) throw found.error;
    return found.addresses;
  };
}

/** Queries both address families at the same time and returns IPv4 first: without an IPv6 network, its addresses would cost a timeout. */
async function ask(resolver: Resolver, name: string): Promise<Answer> {
  let second: NodeJS.Timeout | undefined;
  const timed = async (
    family: 4 | 6,
  ): Promise<readonly { readonly address: string; readonly family: 4 | 6; readonly ttl: number }[]> => {
    const records = await (family === 4
      ? resolver.resolve4(name, { ttl: true })
      : resolver.resolve6(name, { ttl: true }));
    if (records.length > 0) second ??= setTimeout(() => resolver.cancel(), secondFamilyMs);
    return records.map(({ address, ttl }) => ({ address, family, ttl }));
  };
  const answers = await Promise.allSettled([timed(4), timed(6)]);
  clearTimeout(second);
  const records = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (records.length > 0) {
    const ttlMs = Math.min(...records.map(({ ttl }) => ttl)) * 1_000;
    return {
      addresses: records.map(({ address, family }) => ({ address, family })),
      ttlMs: Math.min(Math.max(ttlMs, ttlMinMs), ttlMaxMs),
    };
  }
  const errors = answers.flatMap((answer): Error[] =>
    answer.status === 'rejected' && answer.reason instanceof Error ? [answer.reason] : [],
  );
  // One family may not exist while the query for the other failed.
  return { error: errors.find((error) => !isMissing(error)) ?? errors[0] ?? failure('ENODATA') };
}

const failure = (code: string): Error => Object.assign(new Error(code), { code });

const isMissing = (error: Error): boolean =>
  'code' in error && (error.code === 'ENOTFOUND' || error.code === 'ENODATA');

/** As in resolv.conf(5): a name with fewer dots than `ndots` is tried in the search domains first, any other as written. */
async function namesToTry(host: string, resolvConf: string): Promise<readonly string[]> {
  if (host.endsWith('.')) return [host.slice(0, -1)];
  const text = await readFile(resolvConf, 'utf8').catch(() => '');
  const domains = [...text.matchAll(/^\s*(?:search|domain)[ \t]+(.+)$/gm)].at(-1)?.[1]?.trim().split(/\s+/) ?? [];
  const ndots = Number(/^\s*options\b.*\bndots:(\d+)/m.exec(text)?.[1] ?? 1);
  const searched = domains.filter((domain) => domain !== '.').map((domain) => `${host}.${domain}`);
  return host.split('.').length - 1 < ndots ? [...searched, host] : [host, ...searched];
}

function localAddresses(name: string, text: string): readonly ResolvedAddress[] {
  const found: ResolvedAddress[] = [];
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/);
    const family = isIP(address);
    if (family !== 0 && names.includes(name)) found.push({ address, family: family === 6 ? 6 : 4 });
  }
  // RFC 6761 §6.3: these names are never looked up in the DNS.
  if (found.length === 0 && (name === 'localhost' || name.endsWith('.localhost')))
    return [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ];
  return found;
}
