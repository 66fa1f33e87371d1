import type { Clock } from '../../base/clock.ts';
import { minuteMs } from '../../base/clock.ts';
import type { DnsRecords } from '../../base/dns-records.ts';
import type { Ids, OrganizationId } from '../../base/ids.ts';
import type { Database, Queryable } from '../../db/pool.ts';
import { knownSelectors, latestReadings, prune, readings, record, saveSelector } from './queries.ts';
import type { CheckRow } from './queries.ts';
import { isAuthFailing, isComplete, judge, readDomain } from './reading.ts';
import type { Checks, Reading } from './reading.ts';

export interface DomainsOptions {
  readonly db: Database;
  readonly dns: DnsRecords;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** What was read of a domain, and when. */
export interface DomainReading {
  readonly reading: Reading;
  readonly at: Date;
}

/** A domain that receivers cannot authenticate. */
export interface AuthFailure {
  /** When that was seen first, without a better reading since. */
  readonly since: Date;
  /** When it was seen last. A reading without an answer does not count. */
  readonly seenAt: Date;
}

/** A reading is used again for this long. */
const freshMs = 5 * minuteMs;
const historyMax = 100;

export type Domains = ReturnType<typeof createDomains>;

/** Reads what the DNS says of sending domains, and remembers it. */
export function createDomains({ db, dns, clock, ids }: DomainsOptions) {
  return {
    /** Reads a domain, at most once in 5 minutes. A reading that is incomplete because of the DNS is not stored. */
    async read(organization: OrganizationId, domain: string): Promise<DomainReading> {
      const [latest] = await readings(db, organization, domain, 1);
      if (latest !== undefined && clock.now() - latest.last_seen_at.getTime() < freshMs)
        return { reading: latest.result, at: latest.last_seen_at };
      const reading = await readDomain({ dns, clock }, domain, await knownSelectors(db, organization, domain));
      const at = new Date(clock.now());
      if (isComplete(reading) && (await record(db, { id: ids.next(), organization, domain }, reading, at)))
        await prune(db, organization, domain, historyMax);
      return { reading, at };
    },

    /** What was read of a domain, a row for each change, the newest first. */
    history: (organization: OrganizationId, domain: string): Promise<CheckRow[]> =>
      readings(db, organization, domain, historyMax),

    /** What the last stored readings of domains mean. One without a reading is missing. Reads nothing from the DNS. */
    async known(
      on: Queryable,
      organization: OrganizationId,
      domains: readonly string[],
    ): Promise<ReadonlyMap<string, Checks>> {
      const rows = domains.length === 0 ? [] : await latestReadings(on, organization, domains);
      return new Map(rows.map(({ domain, result }) => [domain, judge(result, domain)]));
    },

    /**
     * Since when SPF, DKIM or DMARC of a domain fails, by its stored readings; undefined if it does not, or if nothing is known. Reads
     * nothing from the DNS. For a gate: it fails for 72 h if `seenAt - since` is at least that.
     */
    async authFailingSince(organization: OrganizationId, domain: string): Promise<AuthFailure | undefined> {
      const rows = await readings(db, organization, domain, historyMax);
      const better = rows.findIndex(({ result }) => !isAuthFailing(result, domain));
      const failing = better < 0 ? rows : rows.slice(0, better);
      const [newest, oldest] = [failing[0], failing.at(-1)];
      return newest === undefined || oldest === undefined
        ? undefined
        : { since: oldest.first_seen_at, seenAt: newest.last_seen_at };
    },

    /** Remembers a selector with which a message of the domain was signed. Ignores one that cannot be a name in the DNS. */
    async learnSelector(on: Queryable, organization: OrganizationId, domain: string, selector: string): Promise<void> {
      if (/^[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}$/.test(selector))
        await saveSelector(on, organization, domain, selector.toLowerCase(), new Date(clock.now()));
    },
  };
}
