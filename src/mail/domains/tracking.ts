import type { DnsRecords } from '../../base/dns-records.ts';
import type { Check } from './check.ts';

/**
 * Checks that a tracking host leads to this installation.
 * @param target the host under which the installation is reached; undefined if the operator has not set OUTRIDER_PUBLIC_URL
 */
export async function checkTracking(dns: DnsRecords, host: string, target: string | undefined): Promise<Check> {
  const lookup = await dns.cname(host);
  const found = lookup.kind === 'found' ? lookup.records.map((name) => name.toLowerCase().replace(/\.$/, '')) : [];
  const verdict = (status: Check['status'], fix: string | null): Check => ({
    status,
    found,
    expected: `A CNAME record of ${host} to ${target ?? 'the host of this installation'}`,
    fix,
  });
  if (lookup.kind === 'failed') return verdict('unknown', 'A name server did not answer. Look again in some minutes.');
  if (target === undefined)
    return verdict('unknown', 'The operator must set OUTRIDER_PUBLIC_URL, so that the target of the record is known.');
  if (found.includes(target)) return verdict('ok', null);
  if (found.length > 0) return verdict('failing', `Change the CNAME record of ${host} to ${target}.`);
  const address = await dns.address(host);
  if (address.kind === 'failed') return verdict('unknown', 'A name server did not answer. Look again in some minutes.');
  return address.kind === 'found'
    ? verdict('warning', `Use a CNAME record to ${target}, unless the address of ${host} is a proxy in front of it.`)
    : verdict('failing', `Add a CNAME record of ${host} to ${target}.`);
}
