import { ApiError } from '../base/errors.ts';

export interface TurnsOptions {
  /** Given out at a time, in all. */
  readonly slots: number;
  /** Of one owner. */
  readonly perOwner: number;
  /** Of one owner, that may wait. */
  readonly waitingMax: number;
}

/** Slots that owners share: each has a queue of its own, and the queues take turns. */
export interface Turns {
  /** Resolves with what gives the slot back. @throws ApiError `rate_limit` when too many of the owner wait. */
  take(owner: string): Promise<() => void>;
  readonly waiting: number;
  /** How many were refused. */
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
    // Its next one comes after one of everybody else.
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
          'Too many requests of this organization wait for the database. Try again in a second.',
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
