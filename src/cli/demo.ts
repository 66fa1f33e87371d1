import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { OperatorError } from '../base/errors.ts';
import { createApi } from './api.ts';
import type { Api } from './api.ts';
import { wholeNumber } from './command.ts';
import { monotonicMs } from './demo-receiver.ts';
import type { FromReceiver } from './demo-receiver.ts';
import { createProgress, summary } from './demo-report.ts';
import type { Log } from './demo-report.ts';
import { stopSignal } from './stop.ts';
import type { Ready } from './workers.ts';

/** Concurrent publishes. */
const publishersMax = 32;
const eventsMax = 100_000;
const outputCharactersMax = 4_096;
/** If nothing arrives for this long, the rest is considered lost. */
const silenceMs = 30_000;

/**
 * Runs Outrider, as `outrider dev` starts it, in a temporary folder, and delivers events to a receiver over real sockets. Exit code 1 if an
 * event is missing, duplicated or has an invalid signature.
 */
export async function demoCommand(options: { events: string | undefined }): Promise<void> {
  const events = wholeNumber('--events', options.events ?? '1000', 1, eventsMax);
  const signal = stopSignal(process.stdout);
  const folder = await mkdtemp(join(tmpdir(), 'outrider-demo-'));
  // When started as root, PostgreSQL runs under another account, which needs access to its data.
  await chmod(folder, 0o755);
  let product: Product | undefined;
  const receiver = new Worker(new URL(`./demo-receiver${extname(import.meta.url)}`, import.meta.url));
  const listening = next(receiver, 'listening');
  try {
    console.log(`Starting Outrider with a database in ${folder} …`);
    product = await startProduct(folder, signal);
    const { port } = await listening;
    const api = createApi(product.url, product.key);
    const { data: endpoint } = (await api.call('POST', '/v1/webhooks', {
      body: { target_url: `http://127.0.0.1:${port}/hook`, events: ['*'] },
    })) as {
      data: { id: string; secret: string };
    };
    receiver.postMessage(endpoint.secret);
    console.log(
      `Listening on ${product.url}. Registered the endpoint http://127.0.0.1:${port}/hook; publishing ${events} events.`,
    );
    const log = await deliverAll(api, receiver, events, signal);
    if (signal.aborted) throw new OperatorError(`Stopped after ${log.arrivals.length} of ${events} deliveries.`);
    const { lines, good } = summary(log, events);
    console.log(lines.join('\n'));
    if (!good) throw new OperatorError('Some events are missing, duplicated or have an invalid signature.');
  } catch (error) {
    // The log is complete once the product has stopped.
    await product?.stop();
    if (product !== undefined && !signal.aborted) console.error(product.output());
    throw error;
  } finally {
    await receiver.terminate();
    await product?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    console.log(`Stopped and removed ${folder}.`);
  }
}

interface Product {
  readonly url: string;
  readonly key: string;
  /** The end of its log. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts this program as a new installation. */
async function startProduct(folder: string, signal: AbortSignal): Promise<Product> {
  const key = `otr_live_${randomBytes(24).toString('hex')}`;
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('OUTRIDER_') && name !== 'DATABASE_URL',
  );
  const env = {
    ...Object.fromEntries(inherited),
    OUTRIDER_DATA_DIR: join(folder, 'data'),
    OUTRIDER_HOST: '127.0.0.1',
    OUTRIDER_PORT: '0',
    OUTRIDER_BOOTSTRAP_KEY: key,
    OUTRIDER_LOG_LEVEL: 'warn',
  };
  // In its own process group, so that Ctrl-C reaches only this process, which then stops the product.
  const child = fork(process.argv[1] ?? '', ['dev'], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (printed = (printed + text).slice(-outputCharactersMax)));
  const exited = once(child, 'close');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
  };
  const ready = await Promise.race([
    readiness(child),
    exited.then(() => undefined),
    once(signal, 'abort').then(() => 'stopped' as const),
  ]);
  if (ready === 'stopped') {
    await stop();
    throw new OperatorError('Stopped before the product had started.');
  }
  if (ready === undefined)
    throw new OperatorError(`The product did not start: ${printed.trim() || 'it printed nothing'}`);
  printed = '';
  return { url: ready.url, key, output: () => printed, stop };
}

async function readiness(child: ChildProcess): Promise<Ready> {
  const [message] = (await once(child, 'message')) as [Ready];
  return message;
}

async function next<Kind extends FromReceiver['kind']>(
  receiver: Worker,
  kind: Kind,
): Promise<FromReceiver & { kind: Kind }> {
  for (;;) {
    const [message] = (await once(receiver, 'message')) as [FromReceiver];
    if (message.kind === kind) return message as FromReceiver & { kind: Kind };
  }
}

/** Publishes all events and waits until all have arrived, or until nothing arrives for `silenceMs`. */
async function deliverAll(api: Api, receiver: Worker, events: number, signal: AbortSignal): Promise<Log> {
  const log: Log = { sentAtMs: [], acknowledgedAtMs: [], arrivals: [] };
  const progress = createProgress(events, log, process.stdout);
  const waiting = new Set(Array.from({ length: events }, (_, number) => number));
  const done = Promise.withResolvers<void>();
  let silence = setTimeout(done.resolve, silenceMs);
  signal.addEventListener('abort', () => done.resolve(), { once: true });
  receiver.on('message', (message: FromReceiver) => {
    if (message.kind !== 'arrival') return;
    log.arrivals.push(message);
    progress.arrived(message);
    waiting.delete(message.number);
    clearTimeout(silence);
    silence = setTimeout(done.resolve, silenceMs);
    if (waiting.size === 0) done.resolve();
  });
  try {
    let number = 0;
    const publish = async (): Promise<void> => {
      while (number < events && !signal.aborted) {
        const mine = number++;
        log.sentAtMs[mine] = monotonicMs();
        await api.call('POST', '/v1/events', {
          body: { event: 'demo.counted', data: { number: mine } },
          headers: { 'idempotency-key': randomUUID() },
        });
        log.acknowledgedAtMs[mine] = monotonicMs();
      }
    };
    await Promise.all(Array.from({ length: publishersMax }, publish));
    await done.promise;
    return log;
  } finally {
    clearTimeout(silence);
    progress.end();
  }
}
