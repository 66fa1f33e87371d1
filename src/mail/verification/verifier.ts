import { hourMs, minuteMs } from '../../base/clock.ts';
import { FetchError, fetchChecked } from '../../base/fetch-checked.ts';
import type { FetchOptions } from '../../base/fetch-checked.ts';
import { own } from '../../base/own.ts';
import type { Verdict } from '../leads/index.ts';

/** Which values of the answer mean what. A value in no list, or a missing one, means `unknown`. */
export interface AnswerRule {
  /** The path of the value, such as `data.status`. */
  readonly field: string;
  readonly deliverable: readonly string[];
  readonly risky: readonly string[];
  readonly undeliverable: readonly string[];
}

/** How a verifier is asked. */
export interface Verifier {
  /** `{email}` is replaced with the address. */
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly emailField: string;
  readonly auth: { readonly kind: 'header' | 'query'; readonly name: string; readonly value: string } | null;
  readonly answer: AnswerRule;
  readonly timeoutMs: number;
}

/** What one request said. `verdict` null: it gave no answer, and may after `waitMs`; `ends`: the next one will fail, too. */
export type Asked =
  | { readonly verdict: Verdict; readonly value: string | null }
  | { readonly verdict: null; readonly problem: string; readonly waitMs: number; readonly ends: boolean };

const bytesMax = 64 * 1024;
/** After an answer that a later request may get. */
const retryMs = 10 * minuteMs;
const valueMax = 200;
/** The secret is wrong, or the account has no credit. */
const refusals: ReadonlySet<number> = new Set([401, 402, 403]);

/** The text at a path of a JSON value; undefined: there is none. */
export function valueAt(text: string, path: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = own(value as Record<string, unknown>, name);
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value).slice(0, valueMax)
    : undefined;
}

/**
 * The verdict that a value means. Letter case does not count.
 * @example
 * verdictOfValue({ field: 'status', deliverable: ['valid'], risky: ['catch_all'], undeliverable: ['invalid'] }, 'Valid') // 'deliverable'
 */
export function verdictOfValue(rule: AnswerRule, value: string | undefined): Verdict {
  const found = value?.toLowerCase();
  const means = (verdict: 'deliverable' | 'risky' | 'undeliverable'): boolean =>
    rule[verdict].some((each) => each.toLowerCase() === found);
  return means('undeliverable')
    ? 'undeliverable'
    : means('risky')
      ? 'risky'
      : means('deliverable')
        ? 'deliverable'
        : 'unknown';
}

/** The request for an address. */
export function requestOf({ url, method, emailField, auth }: Verifier, email: string) {
  const target = new URL(url.replaceAll('{email}', encodeURIComponent(email)));
  if (auth?.kind === 'query') target.searchParams.set(auth.name, auth.value);
  return {
    url: target.href,
    request: {
      method,
      headers: {
        accept: 'application/json',
        ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
        ...(auth?.kind === 'header' ? { [auth.name]: auth.value } : {}),
      },
      ...(method === 'POST' ? { body: JSON.stringify({ [emailField]: email }) } : {}),
    },
  };
}

/** Asks about one address. Never throws: whatever goes wrong is no verdict. */
export async function ask(
  verifier: Verifier,
  email: string,
  options: Omit<FetchOptions, 'timeoutMs' | 'bytesMax'>,
): Promise<Asked> {
  const { url, request } = requestOf(verifier, email);
  const failed = (problem: string, waitMs = retryMs, ends = false): Asked => ({ verdict: null, problem, waitMs, ends });
  try {
    const answer = await fetchChecked(url, request, { ...options, timeoutMs: verifier.timeoutMs, bytesMax });
    const { status } = answer;
    if (status >= 200 && status < 300) {
      const value = valueAt(answer.text, verifier.answer.field);
      return value === undefined
        ? failed(`The verifier's answer has no "${verifier.answer.field}".`)
        : { verdict: verdictOfValue(verifier.answer, value), value };
    }
    if (refusals.has(status)) return failed(`The verifier refused the request with status ${status}.`, hourMs, true);
    if (status === 429)
      return failed('The verifier limits the rate of requests.', waitOf(answer.headers.get('retry-after')), true);
    // Only about this address: the verifier cannot judge it.
    if (status >= 400 && status < 500 && status !== 408 && status !== 404) return { verdict: 'unknown', value: null };
    return failed(`The verifier answered with status ${status}.`);
  } catch (error) {
    return failed(error instanceof FetchError ? error.message : 'The request to the verifier was stopped.');
  }
}

const waitOf = (retryAfter: string | null): number =>
  Math.min(hourMs, Math.max(minuteMs, (Number(retryAfter ?? '') || 0) * 1_000));
