import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A request of a provider, and the events that it reports. */
export interface ProviderSample {
  readonly id: string;
  readonly provider: string;
  readonly request: { readonly headers: Readonly<Record<string, string>>; readonly body_base64: string };
  readonly verify: Readonly<Record<string, string>> & { readonly expect_no_fetch?: boolean };
  readonly now: string;
  /** The sample whose token it repeats. */
  readonly after?: string;
  readonly expect: {
    readonly accept: boolean;
    readonly events: readonly Readonly<Record<string, string | boolean | null>>[];
  };
}

// Not part of the repository: they are next to it where they are available.
const file = fileURLToPath(new URL('../../../shared/data/mail/inbound/cases.json', import.meta.url));

/** Why tests that read the samples are skipped. */
export const samplesSkipped = existsSync(file) ? false : `there are no samples in ${file}`;

export const readProviderSamples = (): ProviderSample[] =>
  samplesSkipped === false ? (JSON.parse(readFileSync(file, 'utf8')) as ProviderSample[]) : [];
