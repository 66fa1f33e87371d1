/** Calls FoxReach's API as its clients do: the key only in `X-API-Key`, the content type on every request. */
import assert from 'node:assert/strict';
import { callerOf } from './caller.ts';
import type { Caller, Fields } from './caller.ts';
import type { Answer } from './edge.ts';

export interface FoxReach {
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  /** The `data` of a successful answer. */
  got(method: string, path: string, body?: unknown): Promise<Fields>;
  /** The message of a refusal. */
  refusal(status: number, method: string, path: string, body?: unknown): Promise<string>;
}

export function foxreachOf({ url, key }: Pick<Caller, 'url' | 'key'>): FoxReach {
  const call: FoxReach['call'] = (method, path, body) =>
    callerOf(url, '').api(method, `/api/v1${path}`, body, { 'content-type': 'application/json', 'x-api-key': key });
  return {
    call,
    async got(method, path, body) {
      const answer = await call(method, path, body);
      assert.equal(answer.status, method === 'POST' && !path.endsWith('/import') ? 201 : 200, answer.text);
      assert.deepEqual(Object.keys(answer.json), ['data']);
      return answer.json.data as Fields;
    },
    async refusal(status, method, path, body) {
      const answer = await call(method, path, body);
      assert.equal(answer.status, status, answer.text);
      assert.deepEqual(Object.keys(answer.json), ['detail']);
      return String(answer.json['detail']);
    },
  };
}
