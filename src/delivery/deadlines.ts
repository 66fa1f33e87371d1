import type { Clock } from '../clock.ts';

/** Something that must have ended by a certain moment. */
export interface Expiring {
  /** Called once, no earlier than the deadline and at most one bucket later; must not throw. */
  onDeadline(): void;
}

/**
 * The deadlines of everything in flight, on one timer. A timer or an AbortSignal a request costs more than the request's
 * own bookkeeping at thousands a second; here adding and removing is one operation on a set, and the price is that a
 * deadline is met up to `bucketMs` late.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #bucketMs: number;
  /** Bucket number (its end ÷ `bucketMs`) → what is due then. As many as fit in the longest delay: 150 for 15 s. */
  readonly #buckets = new Map<number, Set<Expiring>>();
  #timer: unknown;

  constructor(clock: Clock, bucketMs = 100) {
    this.#clock = clock;
    this.#bucketMs = bucketMs;
  }

  /** Returns the bucket, to be handed to `remove`. */
  add(item: Expiring, delayMs: number): number {
    const number = Math.ceil((this.#clock.now() + delayMs) / this.#bucketMs);
    const bucket = this.#buckets.get(number);
    if (bucket === undefined) {
      this.#buckets.set(number, new Set([item]));
      this.#timer ??= this.#startTimer();
    } else {
      bucket.add(item);
    }
    return number;
  }

  /** Does nothing when the deadline has passed already. */
  remove(item: Expiring, bucket: number): void {
    this.#buckets.get(bucket)?.delete(item);
  }

  #startTimer(): unknown {
    return this.#clock.setTimer(this.#tick, this.#bucketMs - (this.#clock.now() % this.#bucketMs));
  }

  readonly #tick = (): void => {
    const current = Math.floor(this.#clock.now() / this.#bucketMs);
    for (const [number, bucket] of this.#buckets) {
      if (number > current && bucket.size > 0) continue;
      // Deleted last: an item may be removed by the end of another one in the same bucket.
      for (const item of bucket) item.onDeadline();
      this.#buckets.delete(number);
    }
    this.#timer = this.#buckets.size === 0 ? undefined : this.#startTimer();
  };

  /** Stops the timer; what has not ended by then is not called. */
  close(): void {
    this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
    this.#buckets.clear();
  }
}
