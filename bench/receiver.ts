/** Receives deliveries in a separate process and counts them. Each body contains `"seq":<n>,"at":<unix ms>`. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceiverReport {
  readonly unique: number;
  readonly duplicates: number;
  /** Time from publishing to arrival in ms, for requests to `/ok…` and `/wait…`. */
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number };
  readonly cpuSeconds: number;
}

let seen = new Set<string>();
let duplicates = 0;
let latencies: number[] = [];
let expected = Number.POSITIVE_INFINITY;

/** `/ok…` responds immediately, `/ok/once…` and closes the connection, `/slow…` after 10 s, `/dead…` with 503, `/fail…` with 500, `/wait/<ms>…` after that time. Only `/ok…` and `/wait…` are counted. */
const server = createServer((request, response) => {
  const path = request.url ?? '/';
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (path.startsWith('/dead')) return void response.writeHead(503).end();
    if (path.startsWith('/fail')) return void response.writeHead(500).end();
    if (path.startsWith('/slow')) return void setTimeout(() => response.end('ok'), 10_000);
    const body =
      chunks.length === 1 && chunks[0] !== undefined
        ? chunks[0].toString('latin1')
        : Buffer.concat(chunks).toString('latin1');
    const at = body.indexOf('"seq":');
    const match = /"seq":(\d+),"at":([\d.]+)/.exec(body.slice(at, at + 60));
    if (match?.[1] !== undefined && match[2] !== undefined) {
      const key = `${match[1]} ${path}`;
      if (seen.has(key)) duplicates += 1;
      else {
        seen.add(key);
        latencies.push(performance.timeOrigin + performance.now() - Number(match[2]));
        if (seen.size === expected) process.send?.({ kind: 'all' });
      }
    }
    if (path.startsWith('/ok/once')) response.setHeader('connection', 'close');
    const wait = /^\/wait\/(\d+)/.exec(path)?.[1];
    if (wait === undefined) response.end('ok');
    else setTimeout(() => response.end('ok'), Number(wait));
  });
});
server.keepAliveTimeout = 60_000;

process.on('message', (message: { kind: 'reset' } | { kind: 'expect'; count: number } | { kind: 'report' }) => {
  if (message.kind === 'reset') {
    seen = new Set();
    duplicates = 0;
    latencies = [];
    expected = Number.POSITIVE_INFINITY;
    process.send?.({ kind: 'reset' });
  } else if (message.kind === 'expect') {
    expected = message.count;
    if (seen.size >= expected) process.send?.({ kind: 'all' });
  } else {
    const sorted = latencies.toSorted((a, b) => a - b);
    const share = (part: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
    const { user, system } = process.cpuUsage();
    process.send?.({
      kind: 'report',
      unique: seen.size,
      duplicates,
      latency: { p50: share(0.5), p95: share(0.95), p99: share(0.99), max: share(1) },
      cpuSeconds: (user + system) / 1e6,
    });
  }
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => process.send?.({ kind: 'ready', port: (server.address() as AddressInfo).port }));
