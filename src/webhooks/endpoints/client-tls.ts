import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { z } from 'zod';
import { cut } from '../../base/cut.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import { dayMs } from '../../base/clock.ts';
import type { TlsIdentity } from '../../delivery/transport/connection.ts';

/** The client certificate and the authorities of an endpoint. */

const certificateCharactersMax = 16_384;
const keyCharactersMax = 8_192;
const caCharactersMax = 32_768;
const chainMax = 5;
const authoritiesMax = 10;
/** A signature with a longer RSA key takes this process tens of milliseconds in each handshake. */
const rsaBits = { least: 2_048, most: 4_096 };
/** From then on, responses carry a warning and /metrics counts the certificate. */
export const expiresSoonMs = 30 * dayMs;

/** As a caller sends it. */
export const tlsInput = z.strictObject({
  client_certificate: z
    .string()
    .min(1)
    .max(certificateCharactersMax)
    .optional()
    .describe(
      `The certificate that Outrider presents to the receiver, as PEM, followed by its intermediate certificates; at most ${chainMax}.`,
    ),
  client_key: z
    .string()
    .min(1)
    .max(keyCharactersMax)
    .optional()
    .describe(
      "The certificate's private key, as PEM without a passphrase: RSA of 2,048 to 4,096 bits, P-256, P-384, P-521 or Ed25519. Stored encrypted, and never shown.",
    ),
  ca: z
    .string()
    .min(1)
    .max(caCharactersMax)
    .optional()
    .describe(
      `The authorities that may have issued the receiver's certificate, as PEM; at most ${authoritiesMax}. They are trusted for this endpoint instead of the public ones.`,
    ),
});
export type TlsInput = z.output<typeof tlsInput>;

const shownCertificate = z.object({
  subject: z.string(),
  issuer: z.string(),
  fingerprint_sha256: z.string(),
  not_before: z.iso.datetime(),
  expires_at: z.iso.datetime(),
});

/** As the API shows it, without PEM and key. */
export const tlsShown = z.object({
  client_certificate: shownCertificate.nullable(),
  ca: z.array(shownCertificate).nullable().describe('null: the public authorities are trusted.'),
});
export type ShownTls = z.output<typeof tlsShown>;

export interface CheckedTls {
  readonly identity: TlsIdentity;
  readonly shown: ShownTls;
  /** When the client certificate, or one that it depends on, expires. */
  readonly expiresAt: Date | undefined;
}

/** Parses and checks what a caller sent: the problems by field, or what is stored. */
export function checkTls(
  { client_certificate: certificate, client_key: key, ca }: TlsInput,
  nowMs: number,
): CheckedTls | ErrorDetails {
  if (certificate === undefined && ca === undefined && key === undefined)
    return { tls: 'must contain client_certificate and client_key, or ca, or all three; null removes them' };
  const problems: Record<string, string> = {};
  const report = (field: string, problem: string | undefined): void => {
    if (problem !== undefined) problems[`tls.${field}`] = problem;
  };
  const chain = certificate === undefined ? undefined : certificatesIn(certificate, chainMax);
  const authorities = ca === undefined ? undefined : certificatesIn(ca, authoritiesMax);
  const privateKey = key === undefined ? undefined : keyIn(key);
  report('client_certificate', certificate === undefined ? needed('client_key', key) : problemOf(chain, nowMs));
  report('client_key', key === undefined ? needed('client_certificate', certificate) : text(privateKey));
  report('ca', ca === undefined ? undefined : problemOf(authorities, nowMs));
  if (Object.keys(problems).length > 0) return problems;
  const [leaf, ...rest] = listOf(chain);
  if (leaf !== undefined && privateKey !== undefined && typeof privateKey !== 'string') {
    if (!leaf.checkPrivateKey(privateKey))
      return { 'tls.client_key': 'is not the private key of the first certificate in client_certificate' };
  }
  const identity = identityOf(leaf === undefined ? [] : [leaf, ...rest], privateKey, listOf(authorities));
  const refusal = refusalOf(identity);
  if (refusal !== undefined) return { [leaf === undefined ? 'tls.ca' : 'tls.client_certificate']: refusal };
  return {
    identity,
    shown: {
      client_certificate: leaf === undefined ? null : shownOf(leaf),
      ca: authorities === undefined ? null : listOf(authorities).map(shownOf),
    },
    expiresAt:
      leaf === undefined ? undefined : new Date(Math.min(...[leaf, ...rest].map((each) => each.validToDate.getTime()))),
  };
}

export const isChecked = (checked: CheckedTls | ErrorDetails): checked is CheckedTls => 'identity' in checked;

/** Warnings about a client certificate that ends soon, or begins later: the clock of its authority may be ahead of ours. */
export function tlsWarnings(tls: ShownTls | null, expiresAt: Date | null, nowMs: number): readonly string[] {
  const from = tls?.client_certificate?.not_before;
  if (from !== undefined && Date.parse(from) > nowMs) return [`The client certificate is valid only from ${from}.`];
  if (expiresAt === null || expiresAt.getTime() - nowMs > expiresSoonMs) return [];
  const verb = expiresAt.getTime() <= nowMs ? 'expired' : 'expires';
  return [`The client certificate ${verb} on ${expiresAt.toISOString()}.`];
}

const needed = (other: string, value: string | undefined): string | undefined =>
  value === undefined ? undefined : `is needed together with ${other}`;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const listOf = (certificates: readonly X509Certificate[] | string | undefined): readonly X509Certificate[] =>
  certificates === undefined || typeof certificates === 'string' ? [] : certificates;

const block = /-----BEGIN ([A-Z0-9 ]{1,40})-----[^-]*-----END \1-----/g;

/** The certificates of a PEM text, or what is wrong with it. */
function certificatesIn(pem: string, max: number): readonly X509Certificate[] | string {
  const blocks = [...pem.matchAll(block)];
  if (blocks.length === 0) return 'must be PEM text with -----BEGIN CERTIFICATE-----';
  if (blocks.some(([, label = '']) => label.endsWith('PRIVATE KEY')))
    return 'must contain certificates only; the private key belongs into client_key';
  if (blocks.some(([, label]) => label !== 'CERTIFICATE')) return 'must contain certificates only';
  if (blocks.length > max) return `must contain at most ${max} certificates`;
  const certificates: X509Certificate[] = [];
  for (const [index, [each]] of blocks.entries()) {
    const certificate = parsed(each);
    if (certificate === undefined) return `certificate ${index + 1} cannot be parsed`;
    certificates.push(certificate);
  }
  return certificates;
}

function parsed(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function problemOf(certificates: readonly X509Certificate[] | string | undefined, nowMs: number): string | undefined {
  if (certificates === undefined || typeof certificates === 'string') return certificates;
  for (const [index, { validToDate }] of certificates.entries()) {
    const which = certificates.length === 1 ? '' : `certificate ${index + 1} `;
    if (validToDate.getTime() <= nowMs) return `${which}expired on ${validToDate.toISOString()}`;
  }
  return undefined;
}

const keyForm = 'must be a private key: RSA of 2,048 to 4,096 bits, P-256, P-384, P-521 or Ed25519';
const curves: ReadonlySet<string | undefined> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/** The private key of a PEM text, or what is wrong with it. */
function keyIn(pem: string): KeyObject | string {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem))
    return 'must not be encrypted with a passphrase';
  const [own, ...others] = [...pem.matchAll(/-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY)-----[^-]*-----END \1-----/g)];
  if (own === undefined) return 'must be PEM text with -----BEGIN PRIVATE KEY-----';
  if (others.length > 0) return 'must be one private key';
  let key: KeyObject;
  try {
    key = createPrivateKey(own[0]);
  } catch {
    return 'cannot be parsed';
  }
  const { modulusLength: bits = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return bits < rsaBits.least || bits > rsaBits.most ? keyForm : key;
    case 'ec':
      return curves.has(namedCurve) ? key : keyForm;
    case 'ed25519':
      return key;
    default:
      return keyForm;
  }
}

const pemOf = (certificates: readonly X509Certificate[]): string => certificates.map(String).join('');

const identityOf = (
  chain: readonly X509Certificate[],
  key: KeyObject | string | undefined,
  authorities: readonly X509Certificate[],
): TlsIdentity => ({
  ...(key === undefined || typeof key === 'string'
    ? {}
    : { cert: pemOf(chain), key: String(key.export({ type: 'pkcs8', format: 'pem' })) }),
  ...(authorities.length === 0 ? {} : { ca: pemOf(authorities) }),
});

/** Why the TLS library does not take it: a digest or key that is too weak, for example. */
function refusalOf(identity: TlsIdentity): string | undefined {
  try {
    createSecureContext(identity);
    return undefined;
  } catch (error) {
    return `cannot be used for TLS (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'})`;
  }
}

/** "CN=client, O=Example": names contain any character, also those that PostgreSQL cannot store. */
const nameOf = (lines: string | undefined): string =>
  cut(
    (lines ?? '')
      .trim()
      .replaceAll('\n', ', ')
      .replaceAll(/\p{Cc}/gu, '\ufffd'),
    500,
  );

const shownOf = (certificate: X509Certificate): z.output<typeof shownCertificate> => ({
  subject: nameOf(certificate.subject),
  issuer: nameOf(certificate.issuer),
  fingerprint_sha256: certificate.fingerprint256,
  not_before: certificate.validFromDate.toISOString(),
  expires_at: certificate.validToDate.toISOString(),
});
