/**
 * Metrics of all workers, whichever worker is scraped. That worker asks the primary process, which collects the metrics of all workers and
 * returns them; the asking worker adds them up.
 */
import cluster from 'node:cluster';
import type { Worker } from 'node:cluster';
import { together } from '../ops/index.ts';
import type { Figures, Peers } from '../ops/index.ts';

/** A worker that takes longer than this is left out. */
const answerMs = 1_000;

type Message =
  | { readonly kind: 'figures of all?'; readonly request: number }
  | { readonly kind: 'figures?'; readonly round: number }
  | { readonly kind: 'figures'; readonly round: number; readonly figures: Figures }
  | { readonly kind: 'figures of all'; readonly request: number; readonly all: readonly Figures[] };

/** The side of a worker. */
export function workerPeers(): Peers {
  const waiting = new Map<number, (all: readonly Figures[]) => void>();
  let requests = 0;
  const send = (message: Message): void => void process.send?.(message);
  const hear = (listener: (message: Message) => void): void => {
    process.on('message', listener);
    // The listener must not keep the process alive.
    process.channel?.unref();
  };
  hear((message) => {
    if (message.kind !== 'figures of all') return;
    waiting.get(message.request)?.(message.all);
    waiting.delete(message.request);
  });
  return {
    answer: (own) =>
      hear((message) => {
        if (message.kind === 'figures?')
          void own().then((figures) => send({ kind: 'figures', round: message.round, figures }));
      }),
    collect: () =>
      new Promise((resolve) => {
        requests += 1;
        waiting.set(requests, resolve);
        send({ kind: 'figures of all?', request: requests });
      }),
  };
}

/** Ignores workers that have exited. */
const send = (worker: Worker, message: Message): unknown => worker.isConnected() && worker.send(message, () => {});

interface Round {
  readonly asked: Set<Worker>;
  readonly all: Figures[];
  readonly done: () => void;
}

/** The side of the primary process. Counters of a worker that exited stay in the sums, as of the last scrape: a falling sum would look like a restart. */
export function relayFigures(): void {
  const rounds = new Map<number, Round>();
  const latest = new Map<Worker, Figures>();
  let departed: Promise<Figures> = Promise.resolve([]);
  let count = 0;

  function ask(asker: Worker, request: number): void {
    const round = ++count;
    const asked = new Set(Object.values(cluster.workers ?? {}).filter((worker) => worker?.isConnected()) as Worker[]);
    const all: Figures[] = [];
    const done = (): void => {
      if (!rounds.delete(round)) return;
      clearTimeout(late);
      void departed.then((kept) => {
        send(asker, { kind: 'figures of all', request, all: [...all, kept] });
      });
    };
    const late = setTimeout(done, answerMs);
    rounds.set(round, { asked, all, done });
    for (const worker of asked) send(worker, { kind: 'figures?', round });
  }

  function heard(worker: Worker, round: number, figures: Figures | undefined): void {
    const waiting = rounds.get(round);
    if (waiting === undefined || !waiting.asked.delete(worker)) return;
    if (figures !== undefined) waiting.all.push(figures);
    if (waiting.asked.size === 0) waiting.done();
  }

  cluster.on('message', (worker: Worker, message: Message) => {
    if (message.kind === 'figures of all?') ask(worker, message.request);
    if (message.kind !== 'figures') return;
    latest.set(worker, message.figures);
    heard(worker, message.round, message.figures);
  });
  cluster.on('exit', (worker: Worker) => {
    for (const round of rounds.keys()) heard(worker, round, undefined);
    const last = latest.get(worker);
    latest.delete(worker);
    if (last === undefined) return;
    const counted = last.filter(({ type }) => ['counter', 'histogram'].includes(String(type)));
    departed = departed.then((before) => together([before, counted]).getMetricsAsJSON());
  });
}
