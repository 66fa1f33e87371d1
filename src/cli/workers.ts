import cluster from 'node:cluster';
import type { Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../base/errors.ts';
import { relayFigures } from './peers.ts';

/** Sent over IPC to the parent process once this one listens. */
export interface Ready {
  readonly kind: 'ready';
  readonly url: string;
}

export interface WorkersOptions {
  readonly processes: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** How long a worker may take to drain. */
  readonly shutdownMs: number;
  /** Called once, when the first worker listens. */
  readonly onReady: (url: string) => void;
}

const backoffFirstMs = 1_000;
const backoffMostMs = 30_000;
/** A worker that ran this long did not fail at its start. */
const steadyMs = 60_000;
/** Added to the drain, for closing sockets and the database. */
const graceMs = 10_000;

/**
 * Runs this command in several processes that share its port (node:cluster). A worker that exits is replaced; none outlives this process.
 * @throws OperatorError if no worker starts; the worker has printed the reason on stderr
 */
export async function runWorkers(options: WorkersOptions): Promise<void> {
  const { processes, environment, signal, onReady } = options;
  let answered = false;
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  relayFigures();
  cluster.on('message', (_worker, message: Ready) => {
    if (message.kind !== 'ready' || answered) return;
    answered = true;
    onReady(message.url);
  });

  /** Keeps one worker running until the end. */
  async function keep(): Promise<void> {
    let backoffMs = backoffFirstMs;
    while (!stop.aborted) {
      const startedAt = performance.now();
      const ended = await oneLife(cluster.fork(environment), stop, options.shutdownMs + graceMs);
      if (stop.aborted) return;
      if (!answered) {
        failed.abort();
        return;
      }
      if (performance.now() - startedAt > steadyMs) backoffMs = backoffFirstMs;
      console.error(`A worker process exited (${ended}); another starts in ${backoffMs / 1_000} s.`);
      await sleep(backoffMs, undefined, { signal: stop }).catch(() => {});
      backoffMs = Math.min(backoffMs * 2, backoffMostMs);
    }
  }

  await Promise.all(Array.from({ length: processes }, keep));
  if (failed.signal.aborted) throw new OperatorError('A worker process could not start; all processes are stopped.');
}

/** Runs a worker until it exits. @returns how it ended, in words. */
async function oneLife(worker: Worker, stop: AbortSignal, deadlineMs: number): Promise<string> {
  const exited = once(worker, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  let killer: NodeJS.Timeout | undefined;
  const end = (): void => {
    worker.process.kill('SIGTERM');
    killer = setTimeout(() => worker.process.kill('SIGKILL'), deadlineMs);
  };
  stop.addEventListener('abort', end, { once: true });
  if (stop.aborted) end();
  try {
    const [code, killedBy] = await exited;
    return killedBy ?? `exit code ${code}`;
  } finally {
    stop.removeEventListener('abort', end);
    clearTimeout(killer);
  }
}
