import { cut } from '../../base/cut.ts';

export const statuses = ['ok', 'warning', 'failing', 'unknown'] as const;
/** `unknown`: the DNS gave no answer. It never counts as failing. */
export type CheckStatus = (typeof statuses)[number];

/** The verdict on one kind of record. */
export interface Check {
  readonly status: CheckStatus;
  /** What the DNS has, as text. */
  readonly found: readonly string[];
  readonly expected: string;
  /** What to do, in one line; null if nothing. */
  readonly fix: string | null;
}

const severity: Readonly<Record<CheckStatus, number>> = { ok: 0, unknown: 1, warning: 2, failing: 3 };

/** The most severe status: failing, warning, unknown, ok. */
export const worst = (checks: readonly Check[]): CheckStatus =>
  checks.reduce<CheckStatus>((found, { status }) => (severity[status] > severity[found] ? status : found), 'ok');

/** The tags of a DKIM or DMARC record (RFC 6376 §3.2), by name in lower case. */
export const tagsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split(';').flatMap((part) => {
      const at = part.indexOf('=');
      return at < 0 ? [] : [[part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()] as const];
    }),
  );

/** Records in an order that does not change from answer to answer, and within a bound: others write them. */
export const shortened = (records: readonly string[]): readonly string[] =>
  records
    .slice(0, 10)
    .map((record) => cut(record, 2_000))
    .toSorted();
