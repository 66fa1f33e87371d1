import cluster from 'node:cluster';
import type { Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../base/errors.ts';
import { relayFigures } from './peers.ts';
import type { Ready } from './ready.ts';

export interface WorkersOptions {
  readonly processes: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** What a worker may take to drain. */
  readonly shutdownMs: number;
  /** Called once, when the first worker answers. */
  readonly onReady: (url: string) => void;
}

const backoffFirstMs = 1_000;
const backoffMostMs = 30_000;
/** A worker that lived this long did not die of its start. */
const steadyMs = 60_000;
/** On top of the drain, for closing sockets and the database. */
const graceMs = 10_000;

/**
 * Runs this same command in several processes that share its port (node:cluster), each with an event loop and a share of the load of its
 * own. One that dies is replaced; none outlives this process.
 * @throws OperatorError when a worker cannot start the first time; it has said why on stderr.
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

  /** Keeps one place filled until the end. */
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
      console.error(`A worker process ended (${ended}); another is started in ${backoffMs / 1_000} s.`);
      await sleep(backoffMs, undefined, { signal: stop }).catch(() => {});
      backoffMs = Math.min(backoffMs * 2, backoffMostMs);
    }
  }

  await Promise.all(Array.from({ length: processes }, keep));
  if (failed.signal.aborted) throw new OperatorError('A worker process could not start; nothing is left running.');
}

/** @returns how the worker ended, in words. */
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
