import { ApiError } from '../base/errors.ts';

export interface TurnsOptions {
  /** Slots in total. */
  readonly slots: number;
  /** Slots of one owner. */
  readonly perOwner: number;
  /** Waiting requests of one owner. */
  readonly waitingMax: number;
}

/** Slots shared by owners: each owner has a queue, and the queues take turns. */
export interface Turns {
  /** Resolves with a function that returns the slot. @throws ApiError `rate_limit` if too many requests of the owner wait */
  take(owner: string): Promise<() => void>;
  readonly waiting: number;
  /** Number of refused requests. */
  readonly refused: number;
}

export function createTurns({ slots, perOwner, waitingMax }: TurnsOptions): Turns {
  const taken = new Map<string, number>();
  const queues = new Map<string, (() => void)[]>();
  let free = slots;
  let waiting = 0;
  let refused = 0;

  const mayTake = (owner: string): boolean => free > 0 && (taken.get(owner) ?? 0) < perOwner;

  function release(owner: string): void {
    free += 1;
    const left = (taken.get(owner) ?? 1) - 1;
    if (left === 0) taken.delete(owner);
    else taken.set(owner, left);
    const next = [...queues.keys()].find(mayTake);
    if (next === undefined) return;
    const queue = queues.get(next) ?? [];
    const go = queue.shift();
    // The owner's next request comes after one of every other owner.
    queues.delete(next);
    if (queue.length > 0) queues.set(next, queue);
    waiting -= 1;
    go?.();
  }

  function grant(owner: string): () => void {
    free -= 1;
    taken.set(owner, (taken.get(owner) ?? 0) + 1);
    return () => release(owner);
  }

  return {
    async take(owner) {
      if (mayTake(owner)) return grant(owner);
      const queue = queues.get(owner) ?? [];
      if (queue.length >= waitingMax) {
        refused += 1;
        throw new ApiError(
          'rate_limit',
          'Too many requests of this organization are waiting for the database. Try again in a second.',
          { retryAfterSeconds: 1 },
        );
      }
      queues.set(owner, queue);
      waiting += 1;
      return new Promise((resolve) => queue.push(() => resolve(grant(owner))));
    },
    get waiting() {
      return waiting;
    },
    get refused() {
      return refused;
    },
  };
}
