import { Resolver } from 'node:dns/promises';

/** `none`: the name does not exist, or has no record of this type. `failed`: no name server gave an answer; it says nothing about the name. */
export type Lookup<T> =
  | { readonly kind: 'found'; readonly records: readonly T[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly reason: string };

export interface Exchange {
  readonly exchange: string;
  readonly priority: number;
}

export interface Service {
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** Reads records of the DNS. No function rejects. For addresses to connect to, use `createResolver`. */
export interface DnsRecords {
  /** Each record as one text (RFC 7208 §3.3). */
  txt(name: string): Promise<Lookup<string>>;
  /** By ascending priority. */
  mx(name: string): Promise<Lookup<Exchange>>;
  /** By ascending priority, then by descending weight (RFC 2782). */
  srv(name: string): Promise<Lookup<Service>>;
  cname(name: string): Promise<Lookup<string>>;
  /** IPv4 addresses, or IPv6 addresses if there are none. */
  address(name: string): Promise<Lookup<string>>;
}

/** Milliseconds that one try waits. */
const tryMs = 2_000;
const tries = 2;
const missing = ['ENOTFOUND', 'ENODATA', 'EBADNAME'];

/**
 * Creates a reader without a cache.
 * @param servers name servers as `address:port`; the system's by default
 * @example
 * await createDnsRecords().mx('example.com'); // { kind: 'found', records: [{ exchange: 'mail.example.com', priority: 10 }] }
 */
export function createDnsRecords(servers?: readonly string[]): DnsRecords {
  async function ask<T>(query: (resolver: Resolver) => Promise<readonly T[]>): Promise<Lookup<T>> {
    const resolver = new Resolver({ timeout: tryMs, tries });
    if (servers !== undefined) resolver.setServers([...servers]);
    try {
      const records = await query(resolver);
      return records.length === 0 ? { kind: 'none' } : { kind: 'found', records };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
      return missing.includes(code) ? { kind: 'none' } : { kind: 'failed', reason: code };
    }
  }
  return {
    txt: (name) => ask(async (resolver) => (await resolver.resolveTxt(name)).map((parts) => parts.join(''))),
    mx: (name) =>
      ask(async (resolver) => {
        const records = await resolver.resolveMx(name);
        return records
          .map(({ exchange, priority }) => ({ exchange, priority }))
          .toSorted((one, other) => one.priority - other.priority);
      }),
    srv: (name) =>
      ask(async (resolver) => {
        const records = await resolver.resolveSrv(name);
        return records
          .map((record): Service => ({
            name: record.name,
            port: record.port,
            priority: record.priority,
            weight: record.weight,
          }))
          .toSorted((one, other) => one.priority - other.priority || other.weight - one.weight);
      }),
    cname: (name) => ask((resolver) => resolver.resolveCname(name)),
    address: async (name) => {
      const ipv4 = await ask((resolver) => resolver.resolve4(name));
      return ipv4.kind === 'none' ? ask((resolver) => resolver.resolve6(name)) : ipv4;
    },
  };
}
