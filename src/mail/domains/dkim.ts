import { createPublicKey } from 'node:crypto';
import type { DnsRecords } from '../../base/dns-records.ts';
import { tagsOf } from './check.ts';
import type { Check } from './check.ts';

/** A key that the DNS shows (RFC 6376 §3.6.1). */
export interface DkimReading {
  readonly selector: string;
  /** It signed a message, or it is an own key: it must be there. */
  readonly known: boolean;
  readonly state: 'valid' | 'revoked' | 'invalid' | 'missing';
  readonly type: 'rsa' | 'ed25519' | null;
  /** Of an RSA key. */
  readonly bits: number | null;
  /** Receivers treat the domain as unsigned (`t=y`). */
  readonly testing: boolean;
}

export interface DkimReadings {
  readonly keys: readonly DkimReading[];
  /** A name server did not answer. */
  readonly failed: boolean;
}

/** Selectors that providers use, tried for a domain of which nothing is known. */
const usualSelectors = [
  'google',
  'selector1',
  'selector2',
  'default',
  'dkim',
  'mail',
  'smtp',
  's1',
  's2',
  'k1',
  'k2',
  'k3',
  'fm1',
  'fm2',
  'fm3',
  'zoho',
  'zmail',
  'sig1',
  'mx',
  'key1',
  '20230601',
];

/** @param known selectors that must be there */
export async function readDkim(dns: DnsRecords, domain: string, known: readonly string[]): Promise<DkimReadings> {
  const selectors = [...new Set([...known, ...usualSelectors])].toSorted();
  const failures = { known: 0, other: 0 };
  const keys = await Promise.all(
    selectors.map(async (selector): Promise<readonly DkimReading[]> => {
      const lookup = await dns.txt(recordName(selector, domain));
      const isKnown = known.includes(selector);
      if (lookup.kind === 'failed') {
        failures[isKnown ? 'known' : 'other'] += 1;
        return [];
      }
      const text = lookup.kind === 'found' ? lookup.records.find((record) => tagsOf(record).has('p')) : undefined;
      if (text !== undefined) return [{ selector, known: isKnown, ...readKey(text) }];
      return isKnown ? [{ selector, known: true, state: 'missing', type: null, bits: null, testing: false }] : [];
    }),
  );
  const found = keys.flat();
  // Some name servers do not answer for names that they do not have.
  return { keys: found, failed: failures.known > 0 || (found.length === 0 && failures.other > 0) };
}

export const recordName = (selector: string, domain: string): string => `${selector}._domainkey.${domain}`;

/** Reads a key record. */
export function readKey(text: string): Omit<DkimReading, 'selector' | 'known'> {
  const tags = tagsOf(text);
  const testing = (tags.get('t') ?? '').split(':').some((flag) => flag.trim() === 'y');
  const value = (tags.get('p') ?? '').replaceAll(/\s/g, '');
  if (value === '') return { state: 'revoked', type: null, bits: null, testing };
  if ((tags.get('k') ?? 'rsa') === 'ed25519')
    return Buffer.from(value, 'base64').length === 32
      ? { state: 'valid', type: 'ed25519', bits: null, testing }
      : { state: 'invalid', type: 'ed25519', bits: null, testing };
  try {
    const key = createPublicKey({ key: Buffer.from(value, 'base64'), format: 'der', type: 'spki' });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? null;
    return { state: bits === null ? 'invalid' : 'valid', type: 'rsa', bits, testing };
  } catch {
    return { state: 'invalid', type: 'rsa', bits: null, testing };
  }
}

const bitsMin = 1_024;
const bitsGood = 2_048;

export function judgeDkim({ keys, failed }: DkimReadings): Check {
  const found = keys.map(shown);
  const verdict = (status: Check['status'], fix: string | null): Check => ({
    status,
    found,
    expected: `A key of ${bitsGood.toLocaleString('en')} bits at SELECTOR._domainkey, with which the provider signs`,
    fix,
  });
  if (failed) return verdict('unknown', 'A name server did not answer. Look again in some minutes.');
  const lost = keys.find((key) => key.known && key.state !== 'valid');
  if (lost !== undefined)
    return verdict('failing', `Publish the key of the selector ${lost.selector} again: messages are signed with it.`);
  // Old keys are no fault as long as one is good.
  const valid = keys.filter(({ state }) => state === 'valid');
  const used = valid.some(({ known }) => known) ? valid.filter(({ known }) => known) : valid;
  const weak = used.find(({ bits }) => bits !== null && bits < bitsGood);
  if (used.length === 0)
    return verdict(
      'warning',
      'Turn on DKIM at the email provider, and publish its key. If it is on, send a self-test message, which shows the selector.',
    );
  if (used.every(({ bits }) => bits !== null && bits < bitsMin))
    return verdict(
      'failing',
      `Replace the key: receivers ignore keys of fewer than ${bitsMin.toLocaleString('en')} bits.`,
    );
  if (used.every(({ testing }) => testing))
    return verdict('warning', 'Remove t=y from the record: receivers ignore signatures in testing mode.');
  if (weak !== undefined && used.every(({ bits }) => bits !== null && bits < bitsGood))
    return verdict(
      'warning',
      `Replace the key of the selector ${weak.selector} by one of ${bitsGood.toLocaleString('en')} bits.`,
    );
  return verdict('ok', null);
}

const shown = ({ selector, state, type, bits, testing }: DkimReading): string =>
  [
    `${selector}:`,
    state === 'valid' ? [type, bits === null ? [] : `${bits} bits`].flat().join(' ') : state,
    testing ? '(testing)' : [],
  ]
    .flat()
    .join(' ');
