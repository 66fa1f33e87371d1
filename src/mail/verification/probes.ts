import { randomBytes } from 'node:crypto';
import { dayMs, minuteMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import type { DnsRecords } from '../../base/dns-records.ts';
import type { FetchOptions } from '../../base/fetch-checked.ts';
import type { Queryable } from '../../db/pool.ts';
import { providerOfExchanger } from '../autoconfig/index.ts';
import type { Verdict } from '../leads/index.ts';
import { probeRecipients } from '../transport/smtp-probe.ts';
import type { Evidence } from '../transport/smtp-probe.ts';
import { isInternational } from '../transport/wire-address.ts';
import { probesOf, saveRandom, takeProbe } from './queries.ts';
import type { ProbeRow } from './queries.ts';
import type { Opinion } from './verdict.ts';

/** How recipients' servers are asked; undefined: they are not. */
export interface ProbeSettings {
  /** The sender that is named to them. */
  readonly from: string;
  /** 25, except in tests. */
  readonly port?: number;
}

export interface ProbesOptions {
  readonly db: Queryable;
  readonly clock: Clock;
  readonly dns: DnsRecords;
  readonly network: Pick<FetchOptions, 'policy' | 'resolve'>;
  readonly probe: ProbeSettings | undefined;
}

export interface Probed {
  readonly email: string;
  readonly domain: string;
  readonly provider: string | null;
}

/** The longest time for probes of one batch, besides that of one probe. */
export const probingMs = 20_000;
export const probeTimeoutMs = 10_000;
const concurrentMax = 5;
/** Between probes of a domain. */
const gapMs = minuteMs;
const freshMs = 30 * dayMs;
/** After a probe without evidence. */
const nothingMs = dayMs;
/** Providers that accept every recipient, or block clients that ask. */
const spared: ReadonlySet<string> = new Set(['google', 'microsoft', 'outlook', 'yahoo']);

/** What a server's answers mean: about a recipient that does not exist, then about the address. Pure. */
export function verdictOfProbe(random: Evidence, recipient: Evidence): Verdict {
  if (random === 'accepted') return 'risky';
  if (random === 'nothing') return 'unknown';
  return recipient === 'accepted' ? 'deliverable' : recipient === 'refused' ? 'undeliverable' : 'unknown';
}

/** What is known of a domain's server, if it is fresh. */
function knownRandom({ random_recipient: random, random_at: at }: ProbeRow, nowMs: number): Evidence | undefined {
  if (random === null || at === null) return undefined;
  return nowMs - at.getTime() < (random === 'nothing' ? nothingMs : freshMs) ? random : undefined;
}

/** Asks recipients' own servers whether they accept an address, if the operator wants that. */
export function createProbes({ db, clock, dns, network, probe }: ProbesOptions) {
  /** Probes a domain that is due. @returns undefined if one of the spared providers receives its mail now */
  async function probeDomain(
    settings: ProbeSettings,
    row: ProbeRow,
    email: string,
    signal: AbortSignal,
  ): Promise<{ readonly random: Evidence; readonly recipient: Evidence } | Opinion | undefined> {
    const { domain } = row;
    const nowMs = clock.now();
    if (!(await takeProbe(db, domain, new Date(nowMs), new Date(nowMs - gapMs)))) return later(gapMs);
    const exchangers = await dns.mx(domain);
    const names = exchangers.kind === 'found' ? exchangers.records.map(({ exchange }) => exchange) : [];
    const [host] = names;
    if (host === undefined) return later(gapMs);
    if (names.some((name) => spared.has(providerOfExchanger(name) ?? ''))) return undefined;
    const known = knownRandom(row, nowMs);
    const recipients = known === undefined ? [`outrider-${randomBytes(10).toString('hex')}@${domain}`, email] : [email];
    const { from, port = 25 } = settings;
    const evidence = await probeRecipients(
      { host, port, from, recipients, timeoutMs: probeTimeoutMs },
      { ...network, clock },
      signal,
    );
    if (signal.aborted) return later(gapMs);
    const random = known ?? evidence[0] ?? 'nothing';
    if (known === undefined) await saveRandom(db, domain, random, new Date(clock.now()));
    return { random, recipient: evidence[recipients.length - 1] ?? 'nothing' };
  }

  /**
   * Opinions of recipients' servers. One address of a domain is asked about in a minute; the others wait.
   * @param untilMs no probe starts later
   * @returns by address, without addresses that must not be asked about
   */
  return async function probesFor(
    addresses: readonly Probed[],
    untilMs: number,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Opinion>> {
    const opinions = new Map<string, Opinion>();
    const asked = addresses.filter(({ email, provider }) => !spared.has(provider ?? '') && !isInternational(email));
    if (probe === undefined || asked.length === 0) return opinions;
    const byDomain = Map.groupBy(asked, ({ domain }) => domain);
    const queue = (await probesOf(db, [...byDomain.keys()])).values();
    const work = async (): Promise<void> => {
      for (const row of queue) {
        const emails = (byDomain.get(row.domain) ?? []).map(({ email }) => email);
        const [first = ''] = emails;
        const nowMs = clock.now();
        const known = knownRandom(row, nowMs);
        const tell = (random: Evidence): void =>
          emails.forEach((email) => opinions.set(email, { verdict: verdictOfProbe(random, 'nothing') }));
        if (known !== undefined && known !== 'refused') {
          tell(known);
          continue;
        }
        const dueMs = (row.probed_at?.getTime() ?? -Infinity) + gapMs - nowMs;
        // If the domain is due but no time is left, its first address waits as long as its second.
        const waitMs = (place: number): number => (dueMs > 0 ? dueMs + place * gapMs : Math.max(place, 1) * gapMs);
        emails.forEach((email, place) => opinions.set(email, later(waitMs(place))));
        if (dueMs > 0 || nowMs >= untilMs || signal.aborted) continue;
        const outcome = await probeDomain(probe, row, first, signal);
        if (outcome === undefined) emails.forEach((email) => opinions.delete(email));
        else if (!('random' in outcome)) opinions.set(first, outcome);
        else if (outcome.random === 'refused')
          opinions.set(first, { verdict: verdictOfProbe(outcome.random, outcome.recipient) });
        else tell(outcome.random);
      }
    };
    await Promise.all(Array.from({ length: Math.min(concurrentMax, byDomain.size) }, work));
    return opinions;
  };
}

const later = (waitMs: number): Opinion => ({ waitMs, problem: "The recipient's server is asked later." });
