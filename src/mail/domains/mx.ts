import type { DnsRecords, Lookup } from '../../base/dns-records.ts';
import type { Check } from './check.ts';

/** What the DNS says of where a domain receives mail. */
export interface MxReading {
  /** `10 mail.example.com`, by priority. */
  readonly records: readonly string[];
  /** Without MX records, mail goes to the domain's own address (RFC 5321 §5.1). */
  readonly hasAddress: boolean;
  readonly failed: boolean;
}

export async function readMx(dns: DnsRecords, domain: string): Promise<MxReading> {
  const lookup = await dns.mx(domain);
  if (lookup.kind === 'found')
    return {
      records: lookup.records
        .toSorted((one, other) => one.priority - other.priority || one.exchange.localeCompare(other.exchange))
        .map(({ priority, exchange }) => `${priority} ${exchange}`),
      hasAddress: false,
      failed: false,
    };
  const address: Lookup<string> = lookup.kind === 'none' ? await dns.address(domain) : lookup;
  return { records: [], hasAddress: address.kind === 'found', failed: address.kind === 'failed' };
}

export function judgeMx({ records, hasAddress, failed }: MxReading): Check {
  const verdict = (status: Check['status'], fix: string | null): Check => ({
    status,
    found: records,
    expected: 'At least one MX record, so that replies and bounces arrive',
    fix,
  });
  if (failed) return verdict('unknown', 'A name server did not answer. Look again in some minutes.');
  // RFC 7505: a null MX.
  if (records.some((record) => /^\d+ \.?$/.test(record)))
    return verdict('failing', 'Replace the null MX record: the domain refuses all mail, and with it replies.');
  if (records.length > 0) return verdict('ok', null);
  return hasAddress
    ? verdict('warning', 'Add the MX records of the email provider: many senders refuse a domain without them.')
    : verdict('failing', 'Add the MX records of the email provider: the domain cannot receive replies.');
}
