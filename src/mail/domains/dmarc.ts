import { getDomain } from 'tldts';
import type { DnsRecords } from '../../base/dns-records.ts';
import { shortened, tagsOf } from './check.ts';
import type { Check } from './check.ts';

/** What the DNS says of a domain's DMARC (RFC 7489). */
export interface DmarcReading {
  /** Where the records were found: the domain, or its organizational domain. */
  readonly at: string;
  /** All records that begin with `v=DMARC1`. */
  readonly records: readonly string[];
  readonly failed: boolean;
}

const isDmarc = (text: string): boolean => /^v=DMARC1\s*(?:;|$)/.test(text);

/** The organizational domain (RFC 7489 §3.2), by the Public Suffix List. */
const organizationalDomain = (domain: string): string => getDomain(domain, { allowPrivateDomains: true }) ?? domain;

/** Reads the record of a domain, or of its organizational domain (RFC 7489 §6.6.3). */
export async function readDmarc(dns: DnsRecords, domain: string): Promise<DmarcReading> {
  const above = organizationalDomain(domain);
  for (const at of above === domain ? [domain] : [domain, above]) {
    const lookup = await dns.txt(`_dmarc.${at}`);
    if (lookup.kind === 'failed') return { at, records: [], failed: true };
    const records = lookup.kind === 'found' ? shortened(lookup.records.filter(isDmarc)) : [];
    if (records.length > 0) return { at, records, failed: false };
  }
  return { at: domain, records: [], failed: false };
}

/** How a DMARC record treats mail that fails. */
export interface DmarcPolicy {
  readonly policy: string | null;
  /** `r`: the organizational domain may align, `s`: only the same one. */
  readonly dkimAlignment: string;
  readonly spfAlignment: string;
  /** Where reports are sent. */
  readonly reports: readonly string[];
}

/** @param domain of the address; its subdomain policy counts if the record is of the organizational domain */
export function policyOf({ at, records: [record] }: DmarcReading, domain: string): DmarcPolicy | undefined {
  if (record === undefined) return undefined;
  const tags = tagsOf(record);
  const policy = (at === domain ? undefined : tags.get('sp')) ?? tags.get('p');
  return {
    policy: policy?.toLowerCase() ?? null,
    dkimAlignment: tags.get('adkim')?.toLowerCase() ?? 'r',
    spfAlignment: tags.get('aspf')?.toLowerCase() ?? 'r',
    reports: (tags.get('rua') ?? '')
      .split(',')
      .map((uri) => uri.trim())
      .filter((uri) => uri !== ''),
  };
}

export function judgeDmarc(reading: DmarcReading, domain: string): Check {
  const verdict = (status: Check['status'], fix: string | null): Check => ({
    status,
    found: reading.records,
    expected: `One TXT record at _dmarc.${domain}, such as "v=DMARC1; p=quarantine; rua=mailto:dmarc@${domain}"`,
    fix,
  });
  if (reading.failed) return verdict('unknown', 'A name server did not answer. Look again in some minutes.');
  const policy = policyOf(reading, domain);
  if (policy === undefined)
    return verdict('warning', 'Add the record, with p=none at first: large providers expect one from bulk senders.');
  if (reading.records.length > 1) return verdict('failing', 'Keep one DMARC record: receivers ignore several.');
  if (policy.policy === null || !['none', 'quarantine', 'reject'].includes(policy.policy))
    return verdict('failing', 'Set p= to none, quarantine or reject: receivers ignore the record.');
  if (policy.policy === 'none')
    return verdict(
      'warning',
      policy.reports.length === 0
        ? 'Add rua=, read the reports, and raise the policy to quarantine once all own mail passes.'
        : 'Raise the policy to quarantine once the reports show that all own mail passes.',
    );
  return verdict('ok', null);
}
