import assert from 'node:assert/strict';
import type { Caller } from '../harness/caller.ts';
import { rawExchange } from '../harness/edge.ts';

/** Concurrent calls: an organization may have only this many in progress. */
const pipelinedMax = 100;

/** Makes `count` calls of one server, with each key in turn. */
export async function spend(
  callers: readonly Caller[],
  count: number,
): Promise<{ readonly allowed: number; readonly refused: number }> {
  const { host, port } = new URL(callers[0]?.url ?? assert.fail());
  const spent = { allowed: 0, refused: 0 };
  for (let made = 0; made < count; made += pipelinedMax) {
    const size = Math.min(pipelinedMax, count - made);
    const requests = Array.from({ length: size }, (_, index) => {
      const { key } = callers[(made + index) % callers.length] ?? assert.fail();
      const closing = index === size - 1 ? 'connection: close\r\n' : '';
      // Refused for its query before it reaches the database.
      return `GET /v1/webhooks?no=such HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${key}\r\n${closing}\r\n`;
    });
    const statuses = [...(await rawExchange(Number(port), requests.join(''))).matchAll(/HTTP\/1\.1 (\d+)/g)].map(
      ([, status]) => status,
    );
    const [allowed = 0, refused = 0] = ['422', '429'].map(
      (status) => statuses.filter((each) => each === status).length,
    );
    assert.equal(allowed + refused, size);
    spent.allowed += allowed;
    spent.refused += refused;
  }
  return spent;
}
