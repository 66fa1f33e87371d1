import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '../../src/db/sql.ts';
import { round, type Scenario } from '../scenario.ts';
import { api, makeEndpoint } from '../stage.ts';

const endpoints = 1_000;
const eventsPerSecond = 200;
const eventsOfEach = 5;
const schedule = [2, 4];
/** Last wait of the schedule: long enough that no delivery fails, and no endpoint is disabled, during the measurement. */
const never = 3_600;
const batchMs = 100;
const lateMs = 200;

export const retries: Scenario = {
  name: 'retries',
  about: `${endpoints.toLocaleString('en')} failing endpoints: delay of the second and third attempts after their due time`,
  async run(stage) {
    const product = await stage.product();
    const numbers = Array.from({ length: endpoints }, (_, n) => n);
    for (let from = 0; from < endpoints; from += 20) {
      await Promise.all(
        numbers.slice(from, from + 20).map((n) =>
          makeEndpoint(product, `${stage.receiver.url}/fail/${n}`, {
            events: [`bench.fail.${n}`],
            retry_schedule_seconds: [...schedule, never],
          }),
        ),
      );
    }
    const batch = (eventsPerSecond * batchMs) / 1_000;
    const began = performance.now();
    for (let sent = 0; sent < endpoints * eventsOfEach; sent += batch) {
      await sleep(Math.max(0, began + (sent / eventsPerSecond) * 1_000 - performance.now()));
      const events = Array.from({ length: batch }, (_, n) => ({
        event: `bench.fail.${(sent + n) % endpoints}`,
        data: { seq: sent + n },
      }));
      await api(product, 'POST', '/v1/events/batch', { events });
    }
    const wanted = endpoints * eventsOfEach * schedule.length;
    const deadline = performance.now() + 60_000;
    let late: number[] = [];
    while (late.length < wanted && performance.now() < deadline) {
      await sleep(500);
      late = (
        await stage.db.query(sql<{ late: number }>`
          SELECT extract(epoch FROM a.started_at - b.started_at) * 1000 - b.duration_ms - (ARRAY[2000, 4000])[b.number] AS late
          FROM attempts b JOIN attempts a ON a.delivery_id = b.delivery_id AND a.number = b.number + 1`)
      ).map((row) => Number(row.late));
    }
    await product.stop();
    const sorted = late.toSorted((a, b) => a - b);
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
    return {
      rows: [
        {
          retries: late.length,
          'late p50 (ms)': round(at(0.5)),
          'late p99 (ms)': round(at(0.99)),
          'late max (ms)': round(at(1)),
        },
      ],
      checks: [
        { claim: `${wanted} retries due, ${late.length} attempted: none missing`, passed: late.length === wanted },
        { claim: `retry lateness p99 < ${lateMs} ms`, passed: at(0.99) < lateMs },
      ],
    };
  },
};
