import assert from 'node:assert/strict';
import { assertDocumented } from './documented.ts';
import { textOf } from './edge.ts';
import type { Answer } from './edge.ts';

export type Fields = Record<string, unknown>;

/** An endpoint in the answer to its creation. */
export interface MadeEndpoint extends Fields {
  readonly id: string;
  readonly secret: string;
}

/** A delivery in answers of the API. */
export interface DeliveryView extends Fields {
  readonly id: string;
  readonly status: 'pending' | 'held' | 'delivered' | 'failed';
  readonly attempt_count: number;
  readonly last_error: string | null;
  readonly next_attempt_at: string | null;
}

export interface AttemptView {
  readonly number: number;
  readonly status_code: number | null;
  readonly error: string | null;
  readonly started_at: string;
  readonly duration_ms: number;
  readonly request: { readonly url: string; readonly headers: Record<string, string>; readonly body: string | null };
  readonly response: { readonly headers: Record<string, string>; readonly body: string } | null;
}

/** A program that calls the API with one key. */
export interface Caller {
  readonly url: string;
  readonly key: string;
  /** `body`: an object, or text that is sent unchanged. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The `data` of a successful answer. */
  got(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Fields>;
  /** Creates an endpoint, by default for all events. */
  register(targetUrl: string, settings?: Fields): Promise<MadeEndpoint>;
  publish(
    event: string,
    data?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ id: string; event: string; deliveries: number }>;
  /** The latest deliveries of an endpoint, newest first. */
  deliveries(endpoint: { readonly id: string }, query?: string): Promise<DeliveryView[]>;
  delivery(id: string): Promise<DeliveryView & { readonly attempts: readonly AttemptView[] }>;
}

export function callerOf(url: string, key: string): Caller {
  const api: Caller['api'] = async (method, path, body, headers = {}) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    assertDocumented(method, path, answer.status);
    const text = await textOf(answer);
    const json = (
      answer.headers.get('content-type')?.startsWith('application/json') === true && text !== '' ? JSON.parse(text) : {}
    ) as Answer['json'];
    return { status: answer.status, headers: answer.headers, text, json };
  };
  const data = async (...call: Parameters<Caller['api']>): Promise<unknown> => {
    const answer = await api(...call);
    assert.ok(answer.status >= 200 && answer.status < 300, `${call[0]} ${call[1]}: ${answer.status} ${answer.text}`);
    return answer.json.data;
  };
  const got: Caller['got'] = async (...call) => (await data(...call)) as Fields;
  return {
    url,
    key,
    api,
    got,
    register: async (targetUrl, settings) =>
      (await got('POST', '/v1/webhooks', { target_url: targetUrl, events: ['*'], ...settings })) as MadeEndpoint,
    publish: async (event, content = {}, headers) =>
      (await data('POST', '/v1/events', { event, data: content }, headers)) as {
        id: string;
        event: string;
        deliveries: number;
      },
    deliveries: async ({ id }, query = '') =>
      (await data('GET', `/v1/webhooks/${id}/deliveries${query}`)) as DeliveryView[],
    delivery: async (id) => (await data('GET', `/v1/deliveries/${id}`)) as Awaited<ReturnType<Caller['delivery']>>,
  };
}
