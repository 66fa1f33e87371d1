import type { DnsRecords } from '../../base/dns-records.ts';
import { own } from '../../base/own.ts';
import { shortened } from './check.ts';
import type { Check } from './check.ts';

/** What the DNS says of a domain's SPF (RFC 7208), independent of who sends. */
export interface SpfReading {
  /** All records that begin with `v=spf1`; more than one is an error. */
  readonly records: readonly string[];
  /** Terms that cost a lookup, over all included records; counting stops after 11. */
  readonly lookups: number;
  /** Lookups without an answer. */
  readonly voids: number;
  /** Domains that are named by `include` and `redirect`, at any depth. */
  readonly names: readonly string[];
  /** The qualifier of `all`; null without one. */
  readonly all: string | null;
  /** Whether addresses or hosts are named, too: a sender may be among them. */
  readonly addresses: boolean;
  /** Why a receiver cannot use the record. */
  readonly problem: string | null;
  /** A name server did not answer. */
  readonly failed: boolean;
}

const lookupsMax = 10;
const voidsMax = 2;
const term = /^([+\-~?]?)(all|include|a|mx|ptr|exists)(?::([^/]+))?(?:\/.*)?$/i;
const needsTarget = ['include', 'exists'];
const address = /^[+\-~?]?ip[46]:[\da-f.:/]+$/i;
const modifier = /^([a-z][\w.-]*)=(.*)$/i;

const isSpf = (text: string): boolean => /^v=spf1(?: |$)/i.test(text);

/** Reads the record of a domain and those it includes, as a receiver does, one after the other. */
export async function readSpf(dns: DnsRecords, domain: string): Promise<SpfReading> {
  const names = new Set<string>();
  const found = { lookups: 0, voids: 0, addresses: false, failed: false };
  let records: readonly string[] = [];
  let problem: string | null = null;
  const isOver = (): boolean => found.lookups > lookupsMax || problem !== null || found.failed;

  /** @returns the qualifier of the record's `all` */
  async function walk(name: string, isRoot: boolean): Promise<string | null> {
    const lookup = await dns.txt(name);
    if (lookup.kind === 'failed') {
      found.failed = true;
      return null;
    }
    const texts = lookup.kind === 'found' ? lookup.records.filter(isSpf) : [];
    if (isRoot) records = shortened(texts);
    else if (lookup.kind === 'none') found.voids += 1;
    const [text] = texts;
    if (text === undefined || texts.length > 1) {
      if (!isRoot) problem ??= `${name}, which it includes, has ${texts.length === 0 ? 'no SPF record' : 'two'}`;
      return null;
    }
    return terms(text, name);
  }

  async function terms(text: string, name: string): Promise<string | null> {
    let redirect: string | undefined;
    for (const each of text.split(/ +/).slice(1)) {
      if (isOver()) return null;
      const [, qualifier = '', mechanism = '', target] = term.exec(each) ?? [];
      const kind = mechanism.toLowerCase();
      // Terms after it are ignored (RFC 7208 §5.1).
      if (kind === 'all') return qualifier || '+';
      const [, key, value = ''] = modifier.exec(each) ?? [];
      if (each === '') continue;
      else if (address.test(each)) found.addresses = true;
      else if (key?.toLowerCase() === 'redirect') redirect = value;
      else if (kind !== '' && (target !== undefined || !needsTarget.includes(kind))) await look(kind, target ?? name);
      else if (key === undefined) problem ??= `it has the invalid term "${each.slice(0, 60)}"`;
    }
    if (redirect === undefined) return null;
    found.lookups += 1;
    names.add(redirect.toLowerCase());
    return redirect.includes('%') || isOver() ? null : walk(redirect, false);
  }

  async function look(mechanism: string, target: string): Promise<void> {
    found.lookups += 1;
    if (mechanism !== 'include') found.addresses = true;
    else names.add(target.toLowerCase());
    // A macro depends on the message.
    if (target.includes('%') || isOver()) return;
    if (mechanism === 'include') await walk(target, false);
    else if (mechanism === 'a' || mechanism === 'mx') {
      const { kind } = await (mechanism === 'a' ? dns.address(target) : dns.mx(target));
      if (kind === 'none') found.voids += 1;
      if (kind === 'failed') found.failed = true;
    }
  }

  const all = await walk(domain, true);
  return { ...found, records, names: [...names].toSorted(), all, problem };
}

/** By SMTP host: the names of which a sender's SPF record includes one. The first one is suggested. */
const senders: Readonly<Record<string, readonly string[]>> = {
  'smtp.gmail.com': ['_spf.google.com', 'aspmx.googlemail.com'],
  'smtp.office365.com': ['spf.protection.outlook.com'],
  'smtp.fastmail.com': ['spf.messagingengine.com'],
  'smtp.mail.me.com': ['icloud.com'],
  'smtp.yandex.com': ['_spf.yandex.net', '_spf.yandex.ru'],
  'mail.infomaniak.com': ['spf.infomaniak.ch'],
  'mail.gandi.net': ['_mailcust.gandi.net'],
  'smtp.migadu.com': ['spf.migadu.com'],
  'secure.emailsrvr.com': ['emailsrvr.com'],
  'smtpout.secureserver.net': ['secureserver.net'],
  'mail.privateemail.com': ['spf.privateemail.com'],
};

/** @param smtpHost of the mailbox; undefined for one that sends into the capture box */
export function judgeSpf(reading: SpfReading, smtpHost: string | undefined): Check {
  const needed = (smtpHost === undefined ? undefined : own(senders, smtpHost)) ?? [];
  const [suggested] = needed;
  const expected = `One TXT record such as "v=spf1 ${suggested === undefined ? 'include:YOUR-PROVIDER' : `include:${suggested}`} ~all", with at most ${lookupsMax} lookups`;
  const verdict = (status: Check['status'], fix: string | null): Check => ({
    status,
    found: reading.records,
    expected,
    fix,
  });
  const { records, lookups, voids, names, all, addresses, problem, failed } = reading;
  if (failed) return verdict('unknown', 'A name server did not answer. Look again in some minutes.');
  if (records.length === 0) return verdict('failing', 'Add the TXT record to the domain.');
  if (records.length > 1)
    return verdict('failing', 'Merge the SPF records into one: receivers reject a domain with several.');
  if (problem !== null) return verdict('failing', `Correct the record: ${problem}.`);
  if (lookups > lookupsMax)
    return verdict('failing', `Remove includes that are not needed: the record costs more than ${lookupsMax} lookups.`);
  if (voids > voidsMax)
    return verdict('failing', `Remove names that do not exist: ${voids} lookups of the record have no answer.`);
  if (all === '+')
    return verdict('failing', 'Replace +all by ~all: the record allows everyone to send for the domain.');
  if (suggested !== undefined && !needed.some((name) => names.includes(name)))
    return addresses || lookups > 0
      ? verdict('warning', `Add include:${suggested}, unless the record covers the addresses of ${smtpHost} already.`)
      : verdict('failing', `Add include:${suggested}: the record allows nobody to send.`);
  if (all === '?' || all === null)
    return verdict('warning', 'End the record with ~all, so that forgeries can be told.');
  return verdict('ok', null);
}
