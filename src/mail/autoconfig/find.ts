import { hostOf, readConfigXml } from './config-xml.ts';
import type { FileSettings } from './config-xml.ts';
import { presetOfDomain, presetOfExchanger } from './providers.ts';
import type { AuthHint, Preset, Server } from './providers.ts';
import type { DnsRecords, Lookup, Service } from '../../base/dns-records.ts';
import type { Address } from '../../base/email-address.ts';
import { fetchChecked, FetchError } from '../../base/fetch-checked.ts';
import type { FetchOptions } from '../../base/fetch-checked.ts';
import type { ServerSettings } from '../transport/transport.ts';

export const sources = ['provider', 'mx', 'autoconfig', 'well_known', 'srv'] as const;
/** Where settings come from, in order of preference. */
export type Source = (typeof sources)[number];

export const outcomes = ['found', 'nothing', 'unusable', 'failed'] as const;
/** `unusable`: an answer that names no servers with TLS. `failed`: no answer. */
export type Outcome = (typeof outcomes)[number];

export interface Tried {
  readonly source: Source;
  /** What was looked up. */
  readonly target: string;
  readonly outcome: Outcome;
}

export interface Settings {
  readonly source: Source;
  readonly provider: Preset['provider'];
  readonly authHint: AuthHint;
  readonly smtp: ServerSettings;
  readonly imap: ServerSettings | null;
}

export interface Findings {
  readonly settings: Settings | undefined;
  readonly tried: readonly Tried[];
}

export interface FindOptions extends Pick<FetchOptions, 'policy' | 'resolve' | 'clock' | 'ca'> {
  readonly dns: DnsRecords;
  /** Origin of a URL of a host; `https://` and the host, except in tests. */
  readonly originOf?: ((host: string) => string) | undefined;
}

export interface FindRequest {
  readonly address: Address;
  /** By which lookups are limited. */
  readonly organization: string;
  readonly signal?: AbortSignal | undefined;
}

const stepMs = 5_000;
const fileBytesMax = 64 * 1024;

interface Step {
  readonly tried: Tried;
  readonly settings?: Omit<Settings, 'source'>;
}

/**
 * Finds the settings of an address: by its domain in our table, by its mail exchangers, in the domain's configuration file, and by its SRV
 * records (RFC 6186, RFC 8314 §5.1). Steps that contact a host run only if the table has no answer, all at once, each for 5 s.
 * The outcome of a step does not tell why a host gave no answer, so that the network cannot be explored through it.
 */
export async function findSettings(options: FindOptions, request: FindRequest): Promise<Findings> {
  const { domain } = request.address;
  const known = presetOfDomain(domain);
  const tried: Tried[] = [{ source: 'provider', target: domain, outcome: known === undefined ? 'nothing' : 'found' }];
  if (known !== undefined) return { settings: { source: 'provider', ...ofPreset(known, request.address) }, tried };
  const steps = [await byExchangers(options.dns, request.address)];
  if (steps[0]?.settings === undefined)
    steps.push(
      ...(await Promise.all([
        byFile(options, request, 'autoconfig', `autoconfig.${domain}`, '/mail/config-v1.1.xml'),
        byFile(options, request, 'well_known', domain, '/.well-known/autoconfig/mail/config-v1.1.xml'),
        byServices(options.dns, request.address),
      ])),
    );
  tried.push(...steps.map((step) => step.tried));
  const found = steps.find(({ settings }) => settings !== undefined);
  return {
    settings: found?.settings === undefined ? undefined : { source: found.tried.source, ...found.settings },
    tried,
  };
}

const serverOf = ({ host, port, security, username }: Server, { email }: Address): ServerSettings => ({
  host,
  port,
  security,
  username: username === 'address' ? email : email.slice(0, email.lastIndexOf('@')),
});

const ofPreset = ({ provider, authHint, smtp, imap }: Preset, address: Address): Omit<Settings, 'source'> => ({
  provider,
  authHint,
  smtp: serverOf(smtp, address),
  imap: serverOf(imap, address),
});

async function byExchangers(dns: DnsRecords, address: Address): Promise<Step> {
  const found = await dns.mx(address.domain);
  const tried = (outcome: Outcome): Tried => ({ source: 'mx', target: address.domain, outcome });
  if (found.kind !== 'found') return { tried: tried(found.kind === 'none' ? 'nothing' : 'failed') };
  for (const { exchange } of found.records) {
    const preset = presetOfExchanger(exchange);
    if (preset !== undefined) return { tried: tried('found'), settings: ofPreset(preset, address) };
  }
  return { tried: tried('nothing') };
}

async function byFile(
  { originOf = (host) => `https://${host}`, dns: _dns, ...network }: FindOptions,
  { address, organization, signal }: FindRequest,
  source: 'autoconfig' | 'well_known',
  host: string,
  path: string,
): Promise<Step> {
  const url = `${originOf(host)}${path}`;
  const tried = (outcome: Outcome): Tried => ({ source, target: url, outcome });
  try {
    const answer = await fetchChecked(
      `${url}?emailaddress=${encodeURIComponent(address.email)}`,
      {},
      {
        ...network,
        organization,
        timeoutMs: stepMs,
        bytesMax: fileBytesMax,
        ...(signal === undefined ? {} : { signal }),
      },
    );
    if (answer.status !== 200) return { tried: tried('nothing') };
    const settings = readConfigXml(answer.text, address);
    return settings === undefined
      ? { tried: tried('unusable') }
      : { tried: tried('found'), settings: ofFile(settings) };
  } catch (error) {
    if (error instanceof FetchError) return { tried: tried('failed') };
    throw error;
  }
}

const ofFile = (settings: FileSettings): Omit<Settings, 'source'> => ({ provider: 'smtp', ...settings });

async function byServices(dns: DnsRecords, address: Address): Promise<Step> {
  const lookUp = async (service: string): Promise<Lookup<Service>> => dns.srv(`_${service}._tcp.${address.domain}`);
  const services = ['submissions', 'submission', 'imaps', 'imap'] as const;
  const found = await Promise.all(services.map(lookUp));
  const [submissions, submission, imaps, imap] = found.map((lookup, index) =>
    ofService(lookup, address, index % 2 === 0 ? 'tls' : 'starttls'),
  );
  const tried = (outcome: Outcome): Tried => ({ source: 'srv', target: address.domain, outcome });
  const smtp = submissions ?? submission;
  if (smtp === undefined) return { tried: tried(found.some(({ kind }) => kind === 'failed') ? 'failed' : 'nothing') };
  return {
    tried: tried('found'),
    settings: { provider: 'smtp', authHint: 'password', smtp, imap: imaps ?? imap ?? null },
  };
}

/** The preferred target. A target of `.` means that the service is not offered (RFC 2782). */
function ofService(
  lookup: Lookup<Service>,
  { email }: Address,
  security: 'tls' | 'starttls',
): ServerSettings | undefined {
  const [first] = lookup.kind === 'found' ? lookup.records : [];
  const host = first === undefined ? undefined : hostOf(first.name);
  return host === undefined || first === undefined || first.port === 0
    ? undefined
    : { host, port: first.port, security, username: email };
}
