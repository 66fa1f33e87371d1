import { complete, median, round, type Scenario } from '../scenario.ts';
import { clean, cpuByProcess, makeEndpoint, settled, type Server, type Stage } from '../stage.ts';

const rate = 200;
/** Product and ceiling take turns, 4 × 15 s each, so that a slow moment of the machine affects both. */
const turns = 4;
const turnSeconds = 15;
const warmUpSeconds = 10;

type Percentiles = Readonly<Record<'p50' | 'p95' | 'p99' | 'max', number>>;

interface Turn {
  readonly ack: Percentiles;
  readonly arrival: Percentiles;
  /** CPU seconds per 10,000 deliveries. */
  readonly cpu: Readonly<Record<'server' | 'database' | 'receiver', number>>;
  readonly check: { readonly claim: string; readonly passed: boolean };
}

async function turn(stage: Stage, server: Server, seconds: number): Promise<Turn> {
  await clean(stage);
  const before = await cpuByProcess(stage, server);
  const load = await stage.load({ url: `${server.url}/v1/events`, count: rate * seconds, concurrency: 64, rate });
  await stage.receiver.all(load.accepted, 60_000);
  await settled(stage);
  const after = await cpuByProcess(stage, server);
  const report = await stage.receiver.report();
  const spent = (name: keyof Turn['cpu']): number => ((after[name] - before[name]) * 10_000) / load.accepted;
  return {
    ack: load.latency,
    arrival: report.latency,
    cpu: { server: spent('server'), database: spent('database'), receiver: spent('receiver') },
    check: complete(rate * seconds, report.unique),
  };
}

const total = ({ cpu }: Turn): number => cpu.server + cpu.database + cpu.receiver;

function row(what: string, all: readonly Turn[]): Record<string, string | number> {
  const of = (pick: (turn: Turn) => number): number => round(median(all.map(pick)), 1);
  const times = (name: 'ack' | 'arrival'): Record<string, number> =>
    Object.fromEntries(
      (['p50', 'p95', 'p99', 'max'] as const).map((share) => [`${name} ${share}`, of((one) => one[name][share])]),
    );
  return {
    what,
    ...times('ack'),
    ...times('arrival'),
    'CPU s/10k': of(total),
    server: of(({ cpu }) => cpu.server),
    database: of(({ cpu }) => cpu.database),
    receiver: of(({ cpu }) => cpu.receiver),
  };
}

export const ordinary: Scenario = {
  name: 'ordinary',
  about: 'latency in ms and CPU seconds per 10,000 deliveries at 200 events/s, compared with `ceiling`',
  async run(stage) {
    // The default log level: one line per delivery.
    const product = await stage.product({ env: { OUTRIDER_LOG_LEVEL: 'info' } });
    await makeEndpoint(product, `${stage.receiver.url}/ok`);
    const ceiling = await stage.ceiling();
    await turn(stage, product, warmUpSeconds);
    await turn(stage, ceiling, warmUpSeconds);
    const ours: Turn[] = [];
    const bare: Turn[] = [];
    for (let count = 0; count < turns; count += 1) {
      ours.push(await turn(stage, product, turnSeconds));
      bare.push(await turn(stage, ceiling, turnSeconds));
    }
    await product.stop();
    await ceiling.stop();
    const ratio = (pick: (one: Turn) => number): number =>
      round(median(ours.map((one, index) => pick(one) / pick(bare[index] ?? one))), 2);
    const cpu = ratio(total);
    const p99 = ratio(({ arrival }) => arrival.p99);
    return {
      rows: [
        row('product', ours),
        row('ceiling', bare),
        { what: 'product ÷ ceiling (median of pairs)', 'arrival p99': p99, 'CPU s/10k': cpu },
      ],
      checks: ours.map(({ check }) => check),
    };
  },
};
