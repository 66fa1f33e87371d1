import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const key = `otr_live_${'c'.repeat(40)}`;

/** One server process that can be killed and comes back on the same port. */
export interface Product {
  readonly url: string;
  /** Starts it unless it runs. */
  start(): void;
  /** `kill -9`, as a machine that loses power: nothing is said, nothing is flushed. */
  kill(): Promise<void>;
  ready(timeoutMs: number): Promise<boolean>;
  stop(): Promise<void>;
}

export function product(databaseUrl: string, folder: string, port: number): Product {
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  return {
    url,
    start() {
      if (child?.exitCode === null && child.signalCode === null) return;
      child = spawn(process.execPath, [new URL('../../src/main.ts', import.meta.url).pathname, 'serve'], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: {
          PATH: process.env['PATH'],
          DATABASE_URL: databaseUrl,
          OUTRIDER_DATA_DIR: join(folder, `product-${port}`),
          OUTRIDER_MASTER_KEY: Buffer.alloc(32, 3).toString('base64'),
          OUTRIDER_BOOTSTRAP_KEY: key,
          OUTRIDER_PORT: String(port),
          OUTRIDER_HOST: '127.0.0.1',
          OUTRIDER_EGRESS_ALLOW: '127.0.0.0/8',
          OUTRIDER_ALLOW_HTTP_ENDPOINTS: 'true',
          OUTRIDER_LOG_LEVEL: 'fatal',
        },
      });
    },
    async kill() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
    async ready(timeoutMs) {
      const deadline = performance.now() + timeoutMs;
      while (performance.now() < deadline) {
        const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
        if (answer?.ok === true) return true;
        await sleep(50);
      }
      return false;
    },
    async stop() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
