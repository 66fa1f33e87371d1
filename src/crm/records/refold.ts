import { hourMs, type Clock } from '../../base/clock.ts';
import { sleep } from '../../base/sleep.ts';

/** The number of rows in one transaction. */
export const refoldChunk = 500;

/** Folds up to `refoldChunk` rows of a kind whose `search` an earlier version wrote. @returns how many */
export type Refold = () => Promise<number>;

/**
 * Folds the searched text of records again, in the background, after an upgrade that changed the folding. Runs once an hour, because
 * processes of the earlier version may still write. Each step is idempotent and waits for no lock, so every process may run it.
 */
export const createRefolding = ({
  steps,
  clock,
  onError,
}: {
  steps: readonly Refold[];
  clock: Clock;
  onError: (error: unknown) => void;
}) => ({
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      for (const step of steps) {
        try {
          while (!signal.aborted && (await step()) === refoldChunk);
        } catch (error) {
          onError(error);
        }
      }
      await sleep(clock, hourMs, signal);
    }
  },
});
