import assert from 'node:assert/strict';
import type { Caller } from '../caller.ts';
import { rawExchange } from '../edge.ts';

/** Makes so many calls over one connection, in turn with each key; all of one server. */
export async function spend(callers: readonly Caller[], count: number): Promise<{ readonly allowed: number; readonly refused: number }> {
  const { host, port } = new URL(callers[0]?.url ?? assert.fail());
  const requests = Array.from({ length: count }, (_, index) => {
    const { key } = callers[index % callers.length] ?? assert.fail();
    const closing = index === count - 1 ? 'connection: close\r\n' : '';
    // Refused for its query, before it costs the database anything.
    return `GET /v1/webhooks?no=such HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${key}\r\n${closing}\r\n`;
  });
  const answers = await rawExchange(Number(port), requests.join(''));
  const statuses = [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
  const [allowed, refused] = ['422', '429'].map((status) => statuses.filter((each) => each === status).length);
  assert.equal((allowed ?? 0) + (refused ?? 0), count);
  return { allowed: allowed ?? 0, refused: refused ?? 0 };
}
