import { readFile } from 'node:fs/promises';
import { complete, round, type Scenario } from '../scenario.ts';
import { clean, makeEndpoint } from '../stage.ts';

const total = Number(process.env['BENCH_MEMORY_EVENTS'] ?? 1_000_000);
const parts = 10;

export async function residentMb(pids: readonly number[]): Promise<number> {
  const kb = await Promise.all(
    pids.map(async (pid) => Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)),
  );
  return kb.reduce((sum, one) => sum + one, 0) / 1_024;
}

export const memory: Scenario = {
  name: 'memory',
  about: `resident memory of the server over ${total.toLocaleString('en')} deliveries`,
  async run(stage) {
    const product = await stage.product();
    await makeEndpoint(product, `${stage.receiver.url}/ok`);
    const rows = [];
    const checks = [];
    const resident: number[] = [];
    for (let part = 0; part < parts; part += 1) {
      await clean(stage);
      const began = performance.now();
      const load = await stage.load({
        url: `${product.url}/v1/events`,
        count: total / parts,
        concurrency: 128,
        rate: 0,
      });
      await stage.receiver.all(load.accepted, 300_000);
      const { unique } = await stage.receiver.report();
      checks.push(complete(load.accepted, unique));
      resident.push(await residentMb(product.pids));
      rows.push({
        deliveries: ((part + 1) * total) / parts,
        'resident MB': round(resident[part] ?? 0),
        'deliveries/s': round((load.accepted * 1_000) / (performance.now() - began)),
      });
    }
    await product.stop();
    const half = resident.slice(parts / 2);
    const growth = Math.max(...half) / Math.max(...resident.slice(1, parts / 2));
    return {
      rows,
      checks: [
        ...checks,
        {
          claim: `peak of the second half ÷ peak of the first half ≤ 1.15 (is ${round(growth, 2)})`,
          passed: growth <= 1.15,
        },
      ],
    };
  },
};
