import { FetchError, fetchChecked } from '../../base/fetch-checked.ts';
import type { FetchOptions } from '../../base/fetch-checked.ts';
import { answerOf, requestOf } from './request.ts';
import type { Opinion, RequestInput } from './request.ts';

/** How a model is asked. */
export interface Assistant {
  /** Of the API, such as `https://api.openai.com/v1`. */
  readonly url: string;
  readonly model: string;
  readonly key: string | null;
}

/** What one request gave; `problem`: why there is no opinion. `isAway`: other questions would get none, too. */
export type Asked =
  | { readonly opinion: Opinion }
  | { readonly problem: string; readonly mayRetry: boolean; readonly isAway: boolean };

const timeoutMs = 8_000;
const bytesMax = 64 * 1024;

/** Statuses by which a working model refuses a single request, such as one that is too long. */
const refusals: ReadonlySet<number> = new Set([400, 413, 422]);

/** Where completions are requested. */
export const completionsUrl = (url: string): string => `${url.replace(/\/+$/, '')}/chat/completions`;

/** Asks about one reply. Never throws: whatever goes wrong is no opinion. */
export async function ask(
  { url, model, key }: Assistant,
  input: Omit<RequestInput, 'model'>,
  options: Omit<FetchOptions, 'timeoutMs' | 'bytesMax'>,
): Promise<Asked> {
  try {
    const { status, text } = await fetchChecked(
      completionsUrl(url),
      {
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        },
        body: requestOf({ ...input, model }),
      },
      { ...options, timeoutMs, bytesMax },
    );
    if (status < 200 || status >= 300)
      return {
        problem: `The assistant answered with status ${status}.`,
        mayRetry: status >= 500 || status === 408 || status === 429,
        isAway: !refusals.has(status),
      };
    const opinion = answerOf(text, input.at);
    return opinion === undefined
      ? { problem: "The assistant's answer does not have the requested form.", mayRetry: true, isAway: false }
      : { opinion };
  } catch (error) {
    if (!(error instanceof FetchError))
      return { problem: 'The request to the assistant was stopped.', mayRetry: false, isAway: false };
    return {
      problem: error.message,
      mayRetry: !['url', 'egress', 'tls'].includes(error.reason),
      isAway: true,
    };
  }
}
