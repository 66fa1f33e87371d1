import type { Arrival } from './demo-receiver.ts';
import { table } from './help.ts';

/** Times of the events, indexed by event number, and the requests received. */
export interface Log {
  readonly sentAtMs: number[];
  readonly acknowledgedAtMs: number[];
  readonly arrivals: Arrival[];
}

const barColumns = 30;
const redrawMs = 50;
/** Without a terminal, one line for each tenth. */
const plainLines = 10;

interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Prints progress: a bar redrawn in place, or plain lines if the output is not a terminal. */
export function createProgress(
  events: number,
  log: Log,
  terminal: Terminal,
): { arrived(arrival: Arrival): void; end(): void } {
  let drawnAtMs = 0;
  const width = String(events).length;
  const line = (last: Arrival): string => {
    const arrived = log.arrivals.length;
    const [first] = log.arrivals;
    const seconds = (last.atMs - (log.sentAtMs[first?.number ?? 0] ?? last.atMs)) / 1_000;
    const filled = Math.min(barColumns, Math.floor((arrived / events) * barColumns));
    const bar = '█'.repeat(filled) + '░'.repeat(barColumns - filled);
    const took = (last.atMs - (log.sentAtMs[last.number] ?? last.atMs)).toFixed(0);
    return `${bar} ${String(arrived).padStart(width)}/${events}  ${seconds > 0 ? Math.round(arrived / seconds) : 0}/s  last: event ${last.number}, delivery ${last.deliveryId}, ${took} ms`;
  };
  return {
    arrived(arrival) {
      const arrived = log.arrivals.length;
      if (terminal.isTTY === true) {
        if (arrived < events && arrival.atMs - drawnAtMs < redrawMs) return;
        drawnAtMs = arrival.atMs;
        // A wrapped line could not be redrawn in place.
        terminal.write(`\r\u001B[K${line(arrival).slice(0, (terminal.columns ?? 80) - 1)}`);
      } else if (arrived % Math.ceil(events / plainLines) === 0 || arrived === events)
        terminal.write(`${line(arrival)}\n`);
    },
    end() {
      if (terminal.isTTY === true) terminal.write('\n');
    },
  };
}

/** The percentile of sorted values, by nearest rank. */
export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;

/** The result as printed lines; `good` if every event arrived once with valid signatures. */
export function summary(log: Log, events: number): { lines: string[]; good: boolean } {
  const { sentAtMs, acknowledgedAtMs, arrivals } = log;
  const firsts = new Map<number, Arrival>();
  for (const arrival of arrivals) if (!firsts.has(arrival.number)) firsts.set(arrival.number, arrival);
  const missing = events - firsts.size;
  const duplicates = arrivals.length - firsts.size;
  const wrong = arrivals.filter(({ defrost, standard }) => !defrost || !standard).length;
  const seconds = (Math.max(...arrivals.map(({ atMs }) => atMs)) - Math.min(...sentAtMs)) / 1_000;
  const latency = (title: string, values: readonly number[]): string[] => {
    const sorted = values.toSorted((a, b) => a - b);
    return [title, ...[0.5, 0.95, 0.99, 1].map((share) => `${percentile(sorted, share).toFixed(1)} ms`)];
  };
  const lines = [
    '',
    table(
      ['', 'p50', 'p95', 'p99', 'max'],
      [
        latency(
          'publish to 202',
          acknowledgedAtMs.map((atMs, number) => atMs - (sentAtMs[number] ?? atMs)),
        ),
        latency(
          'publish to arrival',
          [...firsts.values()].map(({ number, atMs }) => atMs - (sentAtMs[number] ?? atMs)),
        ),
      ],
    ),
    '',
    table(
      ['rate', 'published', 'delivered', 'missing', 'duplicates', 'signatures verified'],
      [
        [
          `${Math.round(firsts.size / seconds)}/s`,
          String(acknowledgedAtMs.filter(() => true).length),
          String(firsts.size),
          String(missing),
          String(duplicates),
          `${arrivals.length - wrong} of ${arrivals.length}, each by x-defrost-signature and by webhook-signature`,
        ],
      ],
    ),
    '',
  ];
  return { lines, good: missing === 0 && duplicates === 0 && wrong === 0 };
}
