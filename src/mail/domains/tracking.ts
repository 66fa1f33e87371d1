import type { DnsRecords } from '../../base/dns-records.ts';
import { shortened } from './check.ts';
import type { Check } from './check.ts';

/**
 * Checks that a tracking host leads to this installation: by a CNAME record, or by the same addresses.
 * @param target the host under which the installation is reached; undefined if the operator has not set OUTRIDER_PUBLIC_URL
 */
export async function checkTracking(dns: DnsRecords, host: string, target: string | undefined): Promise<Check> {
  const lookup = await dns.cname(host);
  const names = lookup.kind === 'found' ? lookup.records.map((name) => name.toLowerCase().replace(/\.$/, '')) : [];
  const verdict = (status: Check['status'], fix: string | null, found = names): Check => ({
    status,
    found: shortened(found),
    expected: `A CNAME record of ${host} to ${target ?? 'the host of this installation'}`,
    fix,
  });
  const unanswered = 'A name server did not answer. Look again in some minutes.';
  if (lookup.kind === 'failed') return verdict('unknown', unanswered);
  if (target === undefined)
    return verdict('unknown', 'The operator must set OUTRIDER_PUBLIC_URL, so that the target of the record is known.');
  if (names.includes(target)) return verdict('ok', null);
  if (names.length > 0) return verdict('failing', `Change the CNAME record of ${host} to ${target}.`);
  const [own, expected] = await Promise.all([dns.address(host), dns.address(target)]);
  if (own.kind === 'failed') return verdict('unknown', unanswered);
  if (own.kind === 'none') return verdict('failing', `Add a CNAME record of ${host} to ${target}.`);
  const addresses = expected.kind === 'found' ? expected.records : [];
  return own.records.every((address) => addresses.includes(address))
    ? verdict('ok', null, [...own.records])
    : verdict('warning', `Use a CNAME record to ${target}, unless the address of ${host} is a proxy in front of it.`, [
        ...own.records,
      ]);
}
