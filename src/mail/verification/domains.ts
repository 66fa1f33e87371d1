import type { Clock } from '../../base/clock.ts';
import { dayMs, hourMs } from '../../base/clock.ts';
import type { DnsRecords } from '../../base/dns-records.ts';
import type { Queryable } from '../../db/pool.ts';
import { providerOfExchanger } from '../autoconfig/index.ts';
import { domainsOf, saveDomains } from './queries.ts';
import type { DomainRow } from './queries.ts';
import type { DomainKind } from './verdict.ts';

export interface DomainFacts {
  readonly kind: DomainKind;
  /** Who receives the mail of the domain; null: not known. */
  readonly provider: string | null;
}

const freshMs = 7 * dayMs;
/** After a look-up without an answer. */
const unknownMs = hourMs;
const concurrentMax = 20;
/** After so many look-ups without any answer, the DNS is unreachable, and the others are not tried. */
const silentMax = 3 * concurrentMax;

export interface DomainsOptions {
  readonly db: Queryable;
  readonly clock: Pick<Clock, 'now'>;
  readonly dns: DnsRecords;
}

/**
 * What the DNS says of recipients' domains, from memory if it was asked in the last seven days. Each look-up has the deadline of `DnsRecords`.
 * @returns facts of every domain
 */
export async function readDomains(
  { db, clock, dns }: DomainsOptions,
  domains: readonly string[],
): Promise<ReadonlyMap<string, DomainFacts>> {
  const now = clock.now();
  const known = new Map<string, DomainFacts>();
  const stale = new Set(domains);
  for (const { domain, kind, provider, checked_at: at } of await domainsOf(db, domains)) {
    known.set(domain, { kind, provider });
    if (now - at.getTime() < (kind === 'unknown' ? unknownMs : freshMs)) stale.delete(domain);
  }
  const asked = await lookUp(dns, [...stale]);
  if (asked.size > 0)
    await saveDomains(
      db,
      [...asked].map(([domain, facts]): DomainRow => ({ domain, ...facts, checked_at: new Date(now) })),
    );
  for (const [domain, facts] of asked) if (facts.kind !== 'unknown' || !known.has(domain)) known.set(domain, facts);
  return new Map(domains.map((domain) => [domain, known.get(domain) ?? { kind: 'unknown', provider: null }]));
}

/** Domains that were not asked because nothing answers are left out. */
async function lookUp(dns: DnsRecords, domains: readonly string[]): Promise<ReadonlyMap<string, DomainFacts>> {
  const found = new Map<string, DomainFacts>();
  const queue = domains.values();
  let answers = 0;
  async function work(): Promise<void> {
    for (const domain of queue) {
      if (answers === 0 && found.size >= silentMax) return;
      const facts = await ask(dns, domain);
      if (facts.kind !== 'unknown') answers += 1;
      found.set(domain, facts);
    }
  }
  await Promise.all(Array.from({ length: concurrentMax }, work));
  return found;
}

async function ask(dns: DnsRecords, domain: string): Promise<DomainFacts> {
  const exchangers = await dns.mx(domain);
  if (exchangers.kind === 'failed') return { kind: 'unknown', provider: null };
  if (exchangers.kind === 'found') {
    const names = exchangers.records.map(({ exchange }) => exchange);
    // RFC 7505: a null MX is the only one.
    if (names.every((name) => name === '' || name === '.')) return { kind: 'null_mx', provider: null };
    const provider = names.map(providerOfExchanger).find((name) => name !== undefined);
    return { kind: 'mail', provider: provider ?? 'other' };
  }
  const address = await dns.address(domain);
  if (address.kind === 'failed') return { kind: 'unknown', provider: null };
  return address.kind === 'found' ? { kind: 'fallback', provider: 'other' } : { kind: 'none', provider: null };
}

/** Whose mail addresses are, of the domains that were looked up. */
export const providersOf = async (on: Queryable, domains: readonly string[]): Promise<ReadonlyMap<string, string>> =>
  new Map(
    (await domainsOf(on, domains)).flatMap(({ domain, provider }) =>
      provider === null ? [] : [[domain, provider] as const],
    ),
  );
