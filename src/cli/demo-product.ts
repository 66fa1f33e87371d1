import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { OperatorError } from '../base/errors.ts';
import type { FromReceiver } from './demo-receiver.ts';
import { stopSignal } from './stop.ts';
import type { Ready } from './workers.ts';

const outputCharactersMax = 4_096;

/** What a demo works with. */
export interface DemoScene {
  readonly url: string;
  readonly key: string;
  /** In its own thread, so that the demo does not delay it. */
  readonly receiver: Worker;
  readonly receiverUrl: string;
  /** Aborts when the user stops the demo. */
  readonly signal: AbortSignal;
}

/** Runs Outrider, as `outrider dev` starts it, and a receiver, in a temporary folder that is removed at the end. */
export async function withDemo(work: (scene: DemoScene) => Promise<void>): Promise<void> {
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
    const { url, key } = product;
    await work({ url, key, receiver, receiverUrl: `http://127.0.0.1:${port}/hook`, signal });
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
