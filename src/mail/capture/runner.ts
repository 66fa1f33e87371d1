import type { Bus } from '../../db/bus.ts';
import { createJobRunner } from '../../db/jobs.ts';
import type { JobRunner } from '../../db/jobs.ts';
import { isDatabaseAway } from '../../db/pool.ts';
import { returnTo, visitTo } from './box.ts';
import type { BoxOptions } from './box.ts';
import { nextDueAt, setDue, takeDue } from './queries.ts';
import type { Due } from './queries.ts';
import { reactionOf, visitOf } from './simulated.ts';

/** Messages in one transaction, which holds their locks for well under the 10 s after which the server would end it. */
const batch = 20;
const faultPauseMs = 60_000;

export interface RunnerOptions extends BoxOptions {
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly onError: (error: unknown) => void;
}

/**
 * Lets simulated recipients act. A process may die between receiving the reaction and recording that: the reaction has the same Message-ID
 * the next time, and what is received twice is stored once.
 */
export function createSimulator(options: RunnerOptions): JobRunner {
  const { db, bus, clock, clocks, onError } = options;

  async function act(row: Due, now: Date): Promise<boolean> {
    const reaction = reactionOf(row.simulated, now);
    const visit = visitOf(row.simulated);
    try {
      if (visit !== undefined) await visitTo(options, row, visit);
      if (reaction !== undefined) await returnTo(options, row, reaction, row.id, now);
      return true;
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      onError(error);
      return false;
    }
  }

  return createJobRunner({
    bus,
    clock,
    chunk: (nowMs) =>
      db.transaction(async (tx) => {
        const now = new Date(nowMs);
        const rows = await takeDue(tx, now, batch);
        const organizations = rows.map((row) => row.organization_id);
        const ahead = await clocks.aheadOf(tx, organizations);
        const [acted, failed]: [string[], string[]] = [[], []];
        for (const row of rows) {
          const at = new Date(nowMs + (ahead.get(row.organization_id) ?? 0));
          ((await act(row, at)) ? acted : failed).push(row.id);
        }
        if (acted.length > 0) await setDue(tx, acted, null);
        if (failed.length > 0) await setDue(tx, failed, new Date(nowMs + faultPauseMs));
        await clocks.progressed(tx, organizations);
        return rows.length > 0;
      }),
    nextDue: async () => (await nextDueAt(db))?.getTime(),
    onError,
  });
}
