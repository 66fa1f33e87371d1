import { generate } from 'selfsigned';
import type { GenerateResult } from 'selfsigned';

const dayMs = 86_400_000;

/** The key and certificate of a test authority; valid from now for a year by default. */
export const authority = (name: string, fromDays = 0, toDays = 365): Promise<GenerateResult> =>
  generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() + fromDays * dayMs),
    notAfterDate: new Date(Date.now() + toDays * dayMs),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });

/** Valid from yesterday until tomorrow by default; self-signed without `ca`; for `names`, or for its own name. */
export const certificate = (
  name: string,
  ca?: GenerateResult,
  fromDays = -1,
  toDays = 1,
  names: readonly string[] = [],
): Promise<GenerateResult> =>
  generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() + fromDays * dayMs),
    notAfterDate: new Date(Date.now() + toDays * dayMs),
    ...(names.length === 0
      ? {}
      : { extensions: [{ name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) }] }),
    ...(ca === undefined ? {} : { ca: { key: ca.private, cert: ca.cert } }),
  });
