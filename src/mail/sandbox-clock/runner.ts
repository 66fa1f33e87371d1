import type { OrganizationId } from '../../base/ids.ts';
import { announce } from '../../db/bus.ts';
import { createJobRunner } from '../../db/jobs.ts';
import type { JobRunner } from '../../db/jobs.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import type { Deps } from '../../ops/index.ts';
import { announceMail } from '../sending/index.ts';
import { dueOf, lockClock, lockPaces, moving, saveClock, shiftMessages, shiftPaces } from './queries.ts';

/** Something that wakes at times in a table: they are real times, which move when a sandbox's clock does. */
export interface Timed {
  /** When it wakes next for the organization, in Unix milliseconds of the real time; null: not. What is not after now is being done. */
  readonly nextMs: (on: Queryable, organization: OrganizationId) => Promise<number | null>;
  /** Brings its times forward by so many milliseconds. */
  readonly shift: (tx: Transaction, organization: OrganizationId, byMs: number) => Promise<void>;
}

export interface RunnerOptions extends Pick<Deps, 'db' | 'bus' | 'clock'> {
  readonly timed: readonly Timed[];
  readonly onError: (error: unknown) => void;
}

/**
 * Moves clocks from one moment at which something is due to the next, and waits at each until that is done. Everything it needs is stored, so
 * another process goes on where one died.
 */
export function createMover(options: RunnerOptions): JobRunner {
  const { db, bus, clock, onError } = options;
  const runner = createJobRunner({
    bus,
    clock,
    chunk: async (nowMs) => {
      let moved = false;
      for (const { id } of await moving(db))
        moved = (await db.transaction((tx) => step(options.timed, tx, id, nowMs))) || moved;
      return moved;
    },
    nextDue: () => Promise.resolve(undefined),
    onError,
  });
  bus.subscribe((notice) => {
    if (notice?.kind === 'clock') runner.wake();
  });
  return runner;
}

/** @returns whether the clock was moved */
async function step(
  timed: readonly Timed[],
  tx: Transaction,
  organization: OrganizationId,
  nowMs: number,
): Promise<boolean> {
  const row = await lockClock(tx, organization);
  if (row?.clock_target_ms == null) return false;
  const { clock_ahead_ms: aheadMs, clock_target_ms: targetMs } = row;
  const paces = await lockPaces(tx, organization);
  const due = await dueOf(tx, organization);
  const others: (number | null)[] = [due?.simulate_at?.getTime() ?? null, due?.reconcile_at?.getTime() ?? null];
  for (const each of timed) others.push(await each.nextMs(tx, organization));
  const all = [...paces.map((pace) => pace.next_at?.getTime() ?? null), ...others].filter((at) => at !== null);
  const nextMs = Math.min(...all);
  if (due?.sending === true || nextMs <= nowMs) {
    // A process that looked while they were locked here skipped them.
    const waiting = paces.flatMap((pace) => (pace.next_at !== null && pace.next_at.getTime() <= nowMs ? [pace] : []));
    if (waiting.length > 0)
      await announceMail(
        tx,
        waiting.map((pace) => pace.mailbox_id),
        false,
      );
    return false;
  }
  const byMs = Math.max(0, Math.min(nextMs - nowMs, targetMs - aheadMs - nowMs));
  const arrives = byMs >= targetMs - aheadMs - nowMs;
  await saveClock(tx, organization, { clock_ahead_ms: aheadMs + byMs, clock_target_ms: arrives ? null : targetMs });
  if (byMs === 0) return true;
  const woken = await shiftPaces(tx, organization, byMs, new Date(nowMs));
  await shiftMessages(tx, organization, byMs);
  for (const each of timed) await each.shift(tx, organization, byMs);
  if (woken.length > 0) await announceMail(tx, woken, false);
  if (others.some((at) => at !== null && at - byMs <= nowMs)) await announce(tx, { kind: 'due', endpoints: [] });
  return true;
}
