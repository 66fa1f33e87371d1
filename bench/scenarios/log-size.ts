import { median, round, type Scenario } from '../scenario.ts';
import { makeEndpoint, type Server, type Stage } from '../stage.ts';
import { createPartitions } from '../../src/db/partitions.ts';

export const millions = Number(process.env['BENCH_LOG_MILLIONS'] ?? 10);
const events = 15_000;
const rounds = 5;
const dayMs = 86_400_000;

/** Like `burst`, but without emptying the log. */
async function measure(stage: Stage, server: Server): Promise<number> {
  await stage.receiver.reset();
  const began = performance.now();
  const load = await stage.load({ url: `${server.url}/v1/events`, count: events, concurrency: 128, rate: 0 });
  await stage.receiver.all(load.accepted, 120_000);
  const rate = (load.accepted * 1_000) / (performance.now() - began);
  const { unique } = await stage.receiver.report();
  if (unique !== load.accepted) throw new Error(`${load.accepted} published, ${unique} delivered.`);
  return rate;
}

const nobody = {
  endpoint: '01900000-0000-7000-8000-000000000001',
  organization: '01900000-0000-7000-8000-000000000002',
};

/** Inserts finished deliveries of an endpoint for the last 30 days, today included, as the product stores them. */
export async function fillLog(stage: Stage, { endpoint, organization } = nobody): Promise<void> {
  const now = Date.now();
  for (let day = 29; day >= 0; day -= 1) await createPartitions(stage.db, now - day * dayMs, 0);
  const perDay = Math.round((millions * 1_000_000) / 30);
  for (let day = 0; day < 30; day += 1) {
    const midnight = Math.floor(now / dayMs) * dayMs - day * dayMs;
    await stage.db.script(`
      CREATE TEMP TABLE filling AS
        SELECT (lpad(to_hex(${midnight} + n % 1000000), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid AS id, n
        FROM generate_series(1, ${perDay}) n;
      INSERT INTO delivery_log (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, created_at, completed_at, last_status_code)
        SELECT '${endpoint}', id, '${organization}', id, 'bench.event', 'event', 'delivered', 1, now(), now(), 200 FROM filling ORDER BY id;
      INSERT INTO attempts (delivery_id, number, started_at, duration_ms, dialect, target_url, request_headers, status_code, response_headers, response_body)
        SELECT id, 1, now(), 12, 'defrost', 'https://example.com/hook', repeat('h', 300), 200, '{}', 'ok' FROM filling ORDER BY id;
      INSERT INTO events (organization_id, id, type, data, occurred_at, created_at)
        SELECT '${organization}', id, 'bench.event', convert_to(repeat('d', 100), 'UTF8'), now(), now() FROM filling ORDER BY id;
      DROP TABLE filling;`);
    process.stderr.write(`\r  filling: ${Math.round(((day + 1) / 30) * 100)} %`);
  }
  await stage.db.script('ANALYZE; CHECKPOINT');
  process.stderr.write('\n');
}

export const logSize: Scenario = {
  name: 'log-size',
  about: `throughput with an empty log compared with ${millions} million finished deliveries`,
  async run(stage) {
    const product = await stage.product();
    await makeEndpoint(product, `${stage.receiver.url}/ok`);
    await measure(stage, product);
    const empty: number[] = [];
    for (let turn = 0; turn < rounds; turn += 1) empty.push(await measure(stage, product));
    await fillLog(stage);
    await measure(stage, product);
    const full: number[] = [];
    for (let turn = 0; turn < rounds; turn += 1) full.push(await measure(stage, product));
    await product.stop();
    const ratio = median(empty) / median(full);
    return {
      rows: [
        { log: 'empty', 'deliveries/s (median)': round(median(empty)) },
        { log: `${millions} million`, 'deliveries/s (median)': round(median(full)) },
        { log: 'empty ÷ full', 'deliveries/s (median)': round(ratio, 2) },
      ],
      checks: [{ claim: 'empty ÷ full ≤ 1.10', passed: ratio <= 1.1 }],
    };
  },
};
