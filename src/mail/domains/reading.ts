import type { DnsRecords, Lookup } from '../../base/dns-records.ts';
import type { Clock } from '../../base/clock.ts';
import { worst } from './check.ts';
import type { Check } from './check.ts';
import { judgeDkim, readDkim } from './dkim.ts';
import type { DkimReadings } from './dkim.ts';
import { judgeDmarc, readDmarc } from './dmarc.ts';
import type { DmarcReading } from './dmarc.ts';
import { judgeMx, readMx } from './mx.ts';
import type { MxReading } from './mx.ts';
import { judgeSpf, readSpf } from './spf.ts';
import type { SpfReading } from './spf.ts';

/** What the DNS says of a domain: equal as long as its records are. */
export interface Reading {
  readonly mx: MxReading;
  readonly spf: SpfReading;
  readonly dkim: DkimReadings;
  readonly dmarc: DmarcReading;
}

/** Hostile name servers could make a chain of lookups last for minutes. */
const deadlineMs = 15_000;

/** Reads all records of a domain within 15 s. @param selectors DKIM selectors that are known to be used */
export async function readDomain(
  { dns, clock }: { readonly dns: DnsRecords; readonly clock: Clock },
  domain: string,
  selectors: readonly string[],
): Promise<Reading> {
  const late = Promise.withResolvers<Lookup<never>>();
  const timer = clock.setTimer(() => late.resolve({ kind: 'failed', reason: 'ETIMEOUT' }), deadlineMs);
  const within = <T>(lookup: Promise<Lookup<T>>): Promise<Lookup<T>> => Promise.race([lookup, late.promise]);
  const bounded: DnsRecords = {
    txt: (name) => within(dns.txt(name)),
    mx: (name) => within(dns.mx(name)),
    srv: (name) => within(dns.srv(name)),
    cname: (name) => within(dns.cname(name)),
    address: (name) => within(dns.address(name)),
  };
  try {
    const [mx, spf, dkim, dmarc] = await Promise.all([
      readMx(bounded, domain),
      readSpf(bounded, domain),
      readDkim(bounded, domain, selectors),
      readDmarc(bounded, domain),
    ]);
    return { mx, spf, dkim, dmarc };
  } finally {
    clock.clearTimer(timer);
  }
}

/** Whether every name server answered; otherwise the reading says nothing about a change. */
export const isComplete = ({ mx, spf, dkim, dmarc }: Reading): boolean =>
  !(mx.failed || spf.failed || dkim.failed || dmarc.failed);

export type Checks = Readonly<Record<'mx' | 'spf' | 'dkim' | 'dmarc', Check>>;

/** @param smtpHost by which the mailbox sends */
export const judge = (reading: Reading, domain: string, smtpHost?: string): Checks => ({
  mx: judgeMx(reading.mx),
  spf: judgeSpf(reading.spf, smtpHost),
  dkim: judgeDkim(reading.dkim),
  dmarc: judgeDmarc(reading.dmarc, domain),
});

/** Whether receivers can tell that mail of the domain is not genuine: SPF, DKIM or DMARC fails. */
export function isAuthFailing(reading: Reading, domain: string, smtpHost?: string): boolean {
  const { spf, dkim, dmarc } = judge(reading, domain, smtpHost);
  return worst([spf, dkim, dmarc]) === 'failing';
}
