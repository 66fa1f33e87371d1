import type { Clock } from '../../base/clock.ts';

/** Something that must have ended by a certain moment. */
export interface Expiring {
  /** Called once, no earlier than the deadline and about one bucket later at most; must not throw. */
  onDeadline(): void;
}

/** What one tick may add to the time: more is a jump of the wall clock, not time that passed. */
const stepMsMax = 1_000;

/**
 * The deadlines of everything in flight, on one timer. A timer or an AbortSignal a request costs more than the request's
 * own bookkeeping at thousands a second; here adding and removing is one operation on a set, and the price is that a
 * deadline is met up to `bucketMs` late.
 *
 * Its time is its own: the wall clock's steps are added up, leaving out those that only a correction of the clock can make.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #bucketMs: number;
  /** End of the bucket ÷ `bucketMs` → what is due then. As many as fit in the longest delay: 150 for 15 s. */
  readonly #buckets = new Map<number, Set<Expiring>>();
  #timer: unknown;
  #elapsedMs = 0;
  /** Unix time at which `#elapsedMs` was right. */
  #readAt = 0;

  constructor(clock: Clock, bucketMs = 100) {
    this.#clock = clock;
    this.#bucketMs = bucketMs;
  }

  /** Milliseconds since some moment; stands still while nothing is pending. */
  now(): number {
    const readAt = this.#clock.now();
    if (this.#timer === undefined) this.#readAt = readAt;
    const step = readAt - this.#readAt;
    if (step <= 0) return this.#elapsedMs;
    return this.#elapsedMs + (step > stepMsMax ? stepMsMax : step);
  }

  /** Returns the bucket, to be handed to `remove`. */
  add(item: Expiring, delayMs: number): number {
    const number = Math.ceil((this.now() + delayMs) / this.#bucketMs);
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

  readonly #tick = (): void => {
    this.#elapsedMs = this.now();
    this.#readAt = this.#clock.now();
    const current = Math.floor(this.#elapsedMs / this.#bucketMs);
    for (const [number, bucket] of this.#buckets) {
      if (number > current && bucket.size > 0) continue;
      // Deleted last: an item may be removed by the end of another one in the same bucket.
      for (const item of bucket) item.onDeadline();
      this.#buckets.delete(number);
    }
    this.#timer = this.#buckets.size === 0 ? undefined : this.#startTimer();
  };

  /** To the end of the bucket that the time is in. */
  #startTimer(): unknown {
    return this.#clock.setTimer(this.#tick, this.#bucketMs - (this.#elapsedMs % this.#bucketMs));
  }

  /** Stops the timer; what has not ended by then is not called. */
  close(): void {
    this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
    this.#buckets.clear();
  }
}
