import type { Clock } from '../../base/clock.ts';
import type { DnsRecords } from '../../base/dns-records.ts';
import { fetchChecked, FetchError } from '../../base/fetch-checked.ts';
import type { FetchAnswer, FetchFault, FetchOptions } from '../../base/fetch-checked.ts';
import { checkTracking } from '../domains/index.ts';

export const hostStages = ['dns', 'connection', 'certificate', 'callback', 'ownership'] as const;
export type HostStage = (typeof hostStages)[number];

/** What one stage of a check found. */
export interface StageResult {
  readonly stage: HostStage;
  readonly ok: boolean;
  /** What is wrong, for programs, such as `certificate_expired`; null if nothing is. */
  readonly code: string | null;
  /** What happened, and what to do. */
  readonly message: string;
}

export interface HostReport {
  /** In order, up to the first failure. */
  readonly stages: readonly StageResult[];
  /** The records of the host. */
  readonly dns: { readonly found: readonly string[]; readonly expected: string };
  /** Texts of the record that proves the ownership. */
  readonly proofs: readonly string[];
  /** The message of the stage that failed; null: the host leads here. */
  readonly problem: string | null;
  /** What works and may still surprise, in sentences. */
  readonly warnings: readonly string[];
}

export interface HostCheckOptions extends Pick<FetchOptions, 'policy' | 'resolve' | 'ca'> {
  readonly dns: DnsRecords;
  readonly clock: Clock;
  /** The name at which the installation is reached; undefined if the operator has not set it. */
  readonly target: string | undefined;
  /** Origin of a URL of a host; `https://` and the host, except in tests. */
  readonly originOf?: ((host: string) => string) | undefined;
}

/** What only this installation can answer. */
export interface Challenge {
  readonly path: string;
  readonly proof: string;
}

/** The record by which an organization proves that the host is its own: several may lead to one installation. */
export interface OwnershipRecord {
  readonly type: 'TXT';
  readonly name: string;
  readonly value: string;
}

/** @param tag of the organization */
export const ownershipRecord = (host: string, tag: string): OwnershipRecord => ({
  type: 'TXT',
  name: `_outrider.${host}`,
  value: `outrider=${tag}`,
});

interface Failure {
  readonly stage: HostStage;
  readonly code: string;
  readonly message: string;
}

/** Follows the proof if the proxy that passed the challenge on hides the addresses of its callers. */
export const hidesAddresses = ' hides-addresses';
const bytesMax = 1_024;
const timeoutMs = 10_000;

/**
 * Checks that links over a host lead to this installation: DNS, connection, certificate, and a challenge over HTTPS. The challenge
 * decides; the DNS may name a proxy. Then, that the host is the organization's. At most 10 s. Never rejects for what is wrong with the host.
 * @param isProven the organization has verified the host before, so the record may be missing
 * @example
 * const { stages, problem } = await checkHost(options, 'links.hopper.example', organizationId, challenge, { record, isProven: false });
 */
export async function checkHost(
  options: HostCheckOptions,
  host: string,
  organization: string,
  { path, proof }: Challenge,
  { record, isProven }: { readonly record: OwnershipRecord; readonly isProven: boolean },
): Promise<HostReport> {
  const { dns, target, originOf = (name) => `https://${name}` } = options;
  const [records, owners, answer] = await Promise.all([
    checkTracking(dns, host, target),
    dns.txt(record.name),
    fetchChecked(`${originOf(host)}${path}`, {}, { ...options, organization, bytesMax, timeoutMs }).catch(
      (error: unknown) => {
        if (error instanceof FetchError) return error;
        throw error;
      },
    ),
  ]);
  const found = answer instanceof FetchError ? faultOf(host, answer) : wrongAnswer(host, answer, proof);
  const proofs = owners.kind === 'found' ? owners.records.map((text) => text.trim()) : [];
  const isOwn = isProven || proofs.includes(record.value);
  // A wrong record explains whatever answers instead of this installation.
  const failure: Failure | undefined =
    found !== undefined && records.status === 'failing' && found.code !== 'address_not_allowed'
      ? {
          stage: 'dns',
          code: records.found.length === 0 ? 'record_missing' : 'record_elsewhere',
          message: `${records.found.length === 0 ? `The DNS has no record of ${host}` : `${host} leads to ${records.found.join(', ')}`}. ${records.fix ?? ''}`,
        }
      : (found ?? (isOwn ? undefined : unproven(host, record, owners.kind)));
  const failedAt = failure === undefined ? hostStages.length : hostStages.indexOf(failure.stage);
  return {
    stages: [
      ...hostStages.slice(0, failedAt).map((stage) => ({ stage, ok: true, code: null, message: passed[stage](host) })),
      ...(failure === undefined ? [] : [{ ...failure, ok: false }]),
    ],
    dns: { found: records.found, expected: records.expected },
    proofs,
    problem: failure?.message ?? null,
    warnings:
      failure === undefined && !(answer instanceof FetchError) && answer.text.endsWith(hidesAddresses) ? [hiding] : [],
  };
}

const hiding =
  'A proxy that is not trusted passes requests on, so all of them seem to come from its own address, and are taken for those of a machine. Ask the operator of this installation to add it to OUTRIDER_TRUSTED_PROXIES.';

const passed: Readonly<Record<HostStage, (host: string) => string>> = {
  dns: (host) => `The name ${host} was found.`,
  connection: (host) => `${host} accepts connections.`,
  certificate: (host) => `The certificate of ${host} is valid.`,
  callback: (host) => `Requests to ${host} arrive at this installation.`,
  ownership: (host) => `The host ${host} belongs to your organization.`,
};

const unproven = (host: string, { name, value }: OwnershipRecord, found: 'found' | 'none' | 'failed'): Failure => ({
  stage: 'ownership',
  code: found === 'failed' ? 'ownership_unknown' : 'ownership_unproven',
  message:
    found === 'failed'
      ? `The DNS gave no answer about ${name}. Try again in a minute.`
      : `Requests to ${host} arrive here, but the DNS does not say that it is yours. Add a TXT record of ${name} with the text ${value}.`,
});

function wrongAnswer(host: string, { status, text }: FetchAnswer, proof: string): Failure | undefined {
  if (status === 200 && (text === proof || text === proof + hidesAddresses)) return undefined;
  if (status >= 300 && status < 400)
    return {
      stage: 'callback',
      code: 'redirected',
      message: `${host} redirects (status ${status}). Let it pass /t/ and /u/ on to this installation without a redirect.`,
    };
  return {
    stage: 'callback',
    code: 'not_this_installation',
    message: `${host} answers, but not from this installation (status ${status}). Let it pass /t/ and /u/ on to this installation, unchanged.`,
  };
}

const faults: Readonly<Record<FetchFault, (host: string, error: FetchError) => Failure>> = {
  url: (host) => ({
    stage: 'dns',
    code: 'name_invalid',
    message: `${host} cannot be called by HTTPS. Add another host name.`,
  }),
  egress: (host) => ({
    stage: 'dns',
    code: 'address_not_allowed',
    message: `${host} resolves to an address that is not allowed, such as a private one. Use a public address, or ask the operator of this installation to allow it.`,
  }),
  dns: (host) => ({
    stage: 'dns',
    code: 'name_not_found',
    message: `The name ${host} was not found in the DNS. Check the record; new ones can take an hour to be seen.`,
  }),
  timeout: (host) => ({
    stage: 'connection',
    code: 'timed_out',
    message: `${host} did not answer within ${timeoutMs / 1_000} s. Check that its port 443 is open to the Internet.`,
  }),
  connection: (host) => ({
    stage: 'connection',
    code: 'refused',
    message: `${host} does not answer on port 443, or breaks the connection off. Check that a web server or proxy listens there, and that a firewall lets connections in.`,
  }),
  tls: (host, error) => ({ stage: 'certificate', ...certificateFault(host, codeOf(error.cause)) }),
  too_large: (host) => notOurs(host),
  protocol: (host) => notOurs(host),
};

const faultOf = (host: string, error: FetchError): Failure => faults[error.reason](host, error);

const notOurs = (host: string): Failure => ({
  stage: 'callback',
  code: 'not_this_installation',
  message: `${host} sends an answer that this installation did not write. Let it pass /t/ and /u/ on to this installation, unchanged.`,
});

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'no answer';

/** One sentence and one remedy for what Node says of a certificate. */
function certificateFault(host: string, code: string): Pick<Failure, 'code' | 'message'> {
  if (code === 'CERT_HAS_EXPIRED')
    return {
      code: 'certificate_expired',
      message: `The certificate of ${host} has expired. Renew it, and let its renewal run by itself.`,
    };
  if (code === 'CERT_NOT_YET_VALID')
    return {
      code: 'certificate_not_yet_valid',
      message: `The certificate of ${host} is not valid yet. Check the clocks of the proxy and of this installation.`,
    };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return {
      code: 'certificate_wrong_host',
      message: `The certificate that ${host} shows is for another name. Let the proxy get one for ${host}.`,
    };
  if (/SELF_SIGNED|UNABLE_TO|CERT_UNTRUSTED/.test(code))
    return {
      code: 'certificate_untrusted',
      message: `The certificate of ${host} is not of an authority that mail programs trust, or its chain is incomplete. Let the proxy get one of a public authority for ${host}, with the intermediate certificates.`,
    };
  return {
    code: 'tls_failed',
    message: `The TLS handshake with ${host} failed (${code}). Check that port 443 speaks TLS and has a certificate for ${host}.`,
  };
}
