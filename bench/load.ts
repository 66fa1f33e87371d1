/** Publishes events, or fetches paths, from a separate process, as fast as responses arrive or at a fixed rate. */
import { Pool } from 'undici';

export interface LoadOrder {
  readonly url: string;
  readonly key: string;
  readonly count: number;
  /** Requests in flight. */
  readonly concurrency: number;
  /** Events per second; 0: as fast as possible. */
  readonly rate: number;
  readonly event: string;
  readonly dataBytes: number;
  readonly firstSeq: number;
  /** These are fetched in turn instead, each by a browser of its own. */
  readonly paths?: readonly string[];
  /** Events are published for that many workspaces in turn, `workspace-0` and so on; absent: for none. */
  readonly workspaces?: number;
  /** Requests at the beginning whose latency does not count, while connections are opened. */
  readonly warmUp?: number;
}

export interface LoadReport {
  readonly accepted: number;
  readonly refused: number;
  readonly seconds: number;
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number };
}

/** A prime: workspaces that follow each other are no neighbours in the database. */
const scatter = 7_919;

const userAgent =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

async function run(order: LoadOrder): Promise<LoadReport> {
  const { origin, pathname } = new URL(order.url);
  const pool = new Pool(origin, { connections: order.concurrency, pipelining: 1 });
  const headers = { authorization: `Bearer ${order.key}`, 'content-type': 'application/json' };
  const padding = 'x'.repeat(Math.max(0, order.dataBytes - 50));
  const latencies: number[] = [];
  let accepted = 0;
  let refused = 0;
  let next = 0;
  const fetched = async (path: string, seq: number, began: number): Promise<void> => {
    const address = `198.18.${(seq >> 8) & 255}.${seq & 255}`;
    const browser = { 'x-forwarded-for': address, 'user-agent': userAgent };
    const response = await pool.request({ method: 'GET', path, headers: browser }).catch(() => undefined);
    await response?.body.dump();
    if (seq - order.firstSeq >= (order.warmUp ?? 0)) latencies.push(performance.now() - began);
    if (response?.statusCode === 200) accepted += 1;
    else refused += 1;
  };
  const one = async (): Promise<void> => {
    const seq = order.firstSeq + next++;
    const began = performance.now();
    const path = order.paths?.[seq - order.firstSeq];
    if (path !== undefined) return fetched(path, seq, began);
    const workspace =
      order.workspaces === undefined
        ? ''
        : `,"workspace":{"external_id":"workspace-${(seq * scatter) % order.workspaces}"}`;
    const body = `{"event":"${order.event}","data":{"seq":${seq},"at":${(performance.timeOrigin + began).toFixed(2)},"padding":"${padding}"}${workspace}}`;
    const response = await pool.request({ method: 'POST', path: pathname, headers, body }).catch(() => undefined);
    await response?.body.dump();
    if (seq - order.firstSeq >= (order.warmUp ?? 0)) latencies.push(performance.now() - began);
    if (response?.statusCode === 202) accepted += 1;
    else refused += 1;
  };
  const began = performance.now();
  if (order.rate === 0) {
    const worker = async (): Promise<void> => {
      while (next < order.count) await one();
    };
    await Promise.all(Array.from({ length: order.concurrency }, worker));
  } else {
    // Open model: requests are sent on schedule, whether or not earlier ones have a response.
    const open: Promise<void>[] = [];
    while (next < order.count) {
      const due = Math.min(order.count, Math.floor(((performance.now() - began) / 1_000) * order.rate));
      while (next < due) open.push(one());
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all(open);
  }
  const seconds = (performance.now() - began) / 1_000;
  await pool.close();
  latencies.sort((a, b) => a - b);
  const share = (part: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? Number.NaN;
  return {
    accepted,
    refused,
    seconds,
    latency: { p50: share(0.5), p95: share(0.95), p99: share(0.99), max: share(1) },
  };
}

process.on('message', (order: LoadOrder) => void run(order).then((report) => process.send?.(report)));
process.on('disconnect', () => process.exit(0));
