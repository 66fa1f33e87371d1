import { sql } from '../../src/db/sql.ts';
import { complete, median, round, type Scenario } from '../scenario.ts';
import { api, clean, makeEndpoint, openStage, settled, type Server, type Stage } from '../stage.ts';
import { residentMb } from './memory.ts';

const total = Number(process.env['BENCH_WORKSPACES'] ?? 100_000);
const few = 10;
const rate = 200;
const seconds = 6;
const warmUp = 2 * rate;
const turns = 3;
const changes = 20;
const batch = 1_000;

/** Copies the endpoint of `workspace-0`, sealed secret included, into workspaces of its organization. */
async function addWorkspaces(stage: Stage, from: number, to: number): Promise<void> {
  await stage.db.execute(sql`
    WITH model AS (
      SELECT e.* FROM endpoints e JOIN workspaces w ON w.id = e.workspace_id WHERE w.external_id = 'workspace-0'
    ), made AS (
      INSERT INTO workspaces (id, organization_id, external_id, name, created_at, updated_at)
      SELECT gen_random_uuid(), m.organization_id, 'workspace-' || n, 'Customer ' || n, now(), now() FROM model m, generate_series(${from}::int, ${to - 1}::int) n
      RETURNING id, organization_id, external_id
    )
    INSERT INTO endpoints (id, organization_id, workspace_id, transport, target_url, description, dialect, events, header_names, signing, secret_sealed, secret_prefix,
      max_in_flight, ordering, is_active, sandbox, epoch, number, created_at, updated_at)
    SELECT gen_random_uuid(), w.organization_id, w.id, m.transport, m.target_url || '/' || w.external_id, '', m.dialect, m.events, m.header_names, m.signing, m.secret_sealed, m.secret_prefix,
      m.max_in_flight, m.ordering, true, false, m.epoch, split_part(w.external_id, '-', 2)::int + 10, now(), now()
    FROM made w, model m`);
  await stage.db.script('ANALYZE workspaces; ANALYZE endpoints');
}

/** Publishes for each workspace once, to nobody, so that everything that is kept in memory is there. */
async function touchAll(server: Server, total: number): Promise<number> {
  const began = performance.now();
  for (let begin = 0; begin < total; begin += batch) {
    const events = Array.from({ length: Math.min(batch, total - begin) }, (_, index) => ({
      event: 'nobody.listens',
      data: {},
      workspace: { external_id: `workspace-${begin + index}` },
    }));
    await api(server, 'POST', '/v1/events/batch', { events });
  }
  return performance.now() - began;
}

/** Changes an endpoint, and publishes to it. @returns the time until the event that follows the change is answered, in ms */
async function change(server: Server, workspace: string, url: string): Promise<number> {
  const found = await api<{ data: { id: string }[] }>(server, 'GET', `/v1/workspaces?external_id=${workspace}`);
  const listed = await api<{ data: { id: string }[] }>(
    server,
    'GET',
    `/v1/webhooks?workspace_id=${found.data[0]?.id ?? ''}`,
  );
  const began = performance.now();
  await api(server, 'PATCH', `/v1/webhooks/${listed.data[0]?.id ?? ''}`, { target_url: url });
  const event = { event: 'bench.event', data: { seq: 0, at: 0 }, workspace: { external_id: workspace } };
  const published = await api<{ data: { deliveries: number } }>(server, 'POST', '/v1/events', event);
  if (published.data.deliveries !== 1) throw new Error('The event went to another number of endpoints than one.');
  return performance.now() - began;
}

/** A product with `count` workspaces, whose memory is filled. */
async function filled(stage: Stage, count: number): Promise<{ product: Server; startMs: number; touchMs: number }> {
  const first = await stage.product();
  await makeEndpoint(first, `${stage.receiver.url}/ok/once`, {
    events: ['bench.*'],
    workspace: { external_id: 'workspace-0' },
  });
  await first.stop();
  await addWorkspaces(stage, 1, count);
  const began = performance.now();
  const product = await stage.product();
  const startMs = performance.now() - began;
  return { product, startMs, touchMs: await touchAll(product, count) };
}

/**
 * Two installations take turns, so that a slow moment of the machine affects both. The receiver closes each connection: an endpoint of many
 * gets one event in minutes and has no open connection, so one of few must not have one either.
 */
export const workspaces: Scenario = {
  name: 'workspaces',
  about: `${total.toLocaleString('en')} workspaces with one endpoint each, compared with ${few}: publishing, memory, changes`,
  async run(stage) {
    const other = await openStage();
    try {
      const sides = [];
      for (const [on, count] of [
        [other, few],
        [stage, total],
      ] as const)
        sides.push({ on, count, ...(await filled(on, count)), p50: [] as number[], p95: [] as number[] });
      const checks = [];
      for (let turn = 0; turn <= turns; turn += 1) {
        for (const { on, product, count, p50, p95 } of sides) {
          await clean(on);
          const url = `${product.url}/v1/events`;
          const order = { url, count: rate * seconds, concurrency: 64, rate, workspaces: count, warmUp };
          const load = await on.load(order);
          await on.receiver.all(load.accepted, 60_000);
          checks.push(complete(load.accepted, (await on.receiver.report()).unique));
          // The first turn is the warm-up.
          if (turn === 0) continue;
          p50.push(load.latency.p50);
          p95.push(load.latency.p95);
        }
      }
      const rows = [];
      for (const { on, product, count, startMs, touchMs, p50, p95 } of sides) {
        const resident = await residentMb(product.pids);
        const times: number[] = [];
        for (let turn = 0; turn < changes; turn += 1) {
          const to = `${on.receiver.url}/ok/once/changed/${turn}`;
          times.push(await change(product, `workspace-${(turn * 37) % count}`, to));
        }
        await settled(on);
        rows.push({
          workspaces: count,
          'start ms': round(startMs),
          'first use of all ms': round(touchMs),
          'publish p50': round(median(p50), 1),
          'publish p95': round(median(p95), 1),
          'change and publish p50': round(median(times), 1),
          'resident MB': round(resident),
        });
        checks.push({
          claim: `${count} workspaces: a change is effective within 50 ms (median is ${round(median(times), 1)})`,
          passed: median(times) < 50,
        });
        await product.stop();
      }
      const [small, large] = sides;
      const ratio = median((large?.p95 ?? []).map((p95, turn) => p95 / (small?.p95[turn] ?? Number.NaN)));
      const claim = `publish p95 with ${total} ÷ with ${few} endpoints ≤ 1.2 (is ${round(ratio, 2)}, median of ${turns} pairs)`;
      return { rows, checks: [...checks, { claim, passed: ratio <= 1.2 }] };
    } finally {
      await other.close();
    }
  },
};
