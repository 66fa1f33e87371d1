import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const key = `otr_live_${'c'.repeat(40)}`;

/** One server process that can be killed and comes back on the same port. */
export interface Product {
  readonly url: string;
  /** Starts the process unless it runs. */
  start(options?: StartOptions): void;
  /** `kill -9`, as when a machine loses power: nothing is reported or flushed. */
  kill(): Promise<void>;
  /** `SIGTERM`, and `kill -9` if the process has not ended within `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>;
  /** `SIGSTOP`: the process stands still and its connections stay open. */
  pause(): void;
  /** `SIGCONT`. */
  resume(): void;
  /** @returns whether it answers 200 in time. Tries at least once. */
  ready(timeoutMs: number, path?: '/readyz' | '/healthz'): Promise<boolean>;
}

export interface StartOptions {
  /** Added to the process's clock. */
  readonly skewMs?: number;
}

const skewedClock = new URL('skewed-clock.ts', import.meta.url).href;

export function product(
  databaseUrl: string,
  folder: string,
  port: number,
  environment: Readonly<Record<string, string>> = {},
): Product {
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;

  async function end(signal: 'SIGTERM' | 'SIGKILL', timeoutMs?: number): Promise<void> {
    const ending = child;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill(signal);
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => ending.kill('SIGKILL'), timeoutMs);
    await ended;
    clearTimeout(timer);
  }

  return {
    url,
    start({ skewMs = 0 } = {}) {
      if (child?.exitCode === null && child.signalCode === null) return;
      const skew = skewMs === 0 ? [] : ['--import', skewedClock];
      child = spawn(process.execPath, [...skew, new URL('../../src/main.ts', import.meta.url).pathname, 'serve'], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: {
          PATH: process.env['PATH'],
          CHAOS_SKEW_MS: String(skewMs),
          DATABASE_URL: databaseUrl,
          OUTRIDER_DATA_DIR: join(folder, `product-${port}`),
          OUTRIDER_MASTER_KEY: Buffer.alloc(32, 3).toString('base64'),
          OUTRIDER_BOOTSTRAP_KEY: key,
          OUTRIDER_PORT: String(port),
          OUTRIDER_HOST: '127.0.0.1',
          OUTRIDER_EGRESS_ALLOW: '127.0.0.0/8',
          OUTRIDER_ALLOW_HTTP_ENDPOINTS: 'true',
          OUTRIDER_LOG_LEVEL: 'fatal',
          ...environment,
        },
      });
    },
    kill: () => end('SIGKILL'),
    stop: (timeoutMs) => end('SIGTERM', timeoutMs),
    pause: () => child?.kill('SIGSTOP'),
    resume: () => child?.kill('SIGCONT'),
    async ready(timeoutMs, path = '/readyz') {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        const answer = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
        if (answer?.ok === true) return true;
        if (performance.now() >= deadline) return false;
        await sleep(50);
      }
    },
  };
}
