import { minuteMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { createWakeSignal } from '../../base/wake-signal.ts';
import type { Bus } from '../../db/bus.ts';
import { announce } from '../../db/bus.ts';
import type { Holder } from '../../db/holder.ts';
import type { Database } from '../../db/pool.ts';
import { claim, countRead, held, nextDue, release, releaseAll } from './queries.ts';
import type { SyncRow } from './queries.ts';

export interface HoldingOptions {
  readonly db: Database;
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly clock: Clock;
  readonly holder: Holder;
  /** Processes that read mailboxes, including this one. */
  readonly processes: () => number;
  /**
   * Reads a mailbox until its connection ends or the signal aborts.
   * @returns when it may be read again, in Unix milliseconds
   */
  readonly read: (row: SyncRow, signal: AbortSignal) => Promise<number>;
  readonly onError: (error: unknown) => void;
}

/** Mailboxes are shared out again at least this often: a notice may be lost, and processes come and go. */
const lookMs = 10_000;
const errorPauseMs = 1_000;
/** A mailbox whose reading failed because of this program is tried again after this time. */
const faultPauseMs = minuteMs / 2;

interface Reading {
  readonly server: string | null;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/**
 * Shares mailboxes among the processes that read: each holds its share, gives back what is more, and takes what is free. The mailboxes of
 * a dead process become free within seconds (`src/db/holder.ts`).
 */
export function createHolding(options: HoldingOptions): { run(signal: AbortSignal): Promise<void> } {
  const { db, bus, clock, holder, processes, read, onError } = options;
  const wakeSignal = createWakeSignal(clock);
  const readings = new Map<string, Reading>();

  const start = (row: SyncRow): void => {
    const stop = new AbortController();
    const id = holder.id;
    const work = async (): Promise<void> => {
      let dueMs = clock.now() + faultPauseMs;
      try {
        dueMs = await read(row, stop.signal);
      } catch (error) {
        if (!stop.signal.aborted) onError(error);
      }
      await release(db, row.mailbox_id, id, new Date(stop.signal.aborted ? 0 : dueMs)).catch(onError);
      readings.delete(row.mailbox_id);
      wakeSignal.wake();
    };
    readings.set(row.mailbox_id, { server: row.server, stop, done: work() });
  };

  const stop = (ids: Iterable<string>): void => {
    for (const id of ids) readings.get(id)?.stop.abort();
  };

  async function share(): Promise<void> {
    const now = new Date(clock.now());
    const before = new Set(readings.keys());
    const rows = await held(db, holder.id);
    const mine = new Map(rows.map((row) => [row.mailbox_id, row]));
    const isCurrent = ([id, { server }]: [string, Reading]): boolean => {
      const row = mine.get(id);
      return row !== undefined && row.due_at !== null && row.server === server;
    };
    stop([...readings].filter((each) => !isCurrent(each)).map(([id]) => id));
    const part = Math.ceil((await countRead(db, now)) / Math.max(1, processes()));
    if (readings.size > part) stop([...readings.keys()].slice(part));
    // Held by this process and not read: it could not be given back because the database was away.
    for (const row of rows) if (!before.has(row.mailbox_id)) start(row);
    if (readings.size < part) for (const row of await claim(db, holder.id, now, part - readings.size)) start(row);
  }

  holder.register({
    release: (tx, dead) => releaseAll(tx, dead),
    onReleased: () => announce(db, { kind: 'due', endpoints: [] }),
    // Another process has released what this one held.
    onRenewed: () => stop(readings.keys()),
  });
  bus.subscribe((notice) => {
    if (notice === undefined || (notice.kind === 'due' && notice.endpoints.length === 0)) wakeSignal.wake();
  });

  return {
    async run(signal) {
      signal.addEventListener('abort', wakeSignal.wake, { once: true });
      while (!signal.aborted) {
        let restMs = lookMs;
        try {
          if (holder.held) {
            await share();
            const now = clock.now();
            restMs = Math.min(restMs, ((await nextDue(db, new Date(now)))?.getTime() ?? Infinity) - now);
          }
        } catch (error) {
          onError(error);
          restMs = errorPauseMs;
        }
        await wakeSignal.wait(restMs);
      }
      const ending = [...readings.values()].map(({ done }) => done);
      stop(readings.keys());
      await Promise.all(ending);
    },
  };
}
