import type { Clock } from '../../base/clock.ts';

/** Something with a deadline. */
export interface Expiring {
  /** Called once, not before the deadline and at most about one bucket later. Must not throw. */
  onDeadline(): void;
}

/** The most that one tick adds to the time: anything more is a jump of the wall clock, not time that passed. */
const stepMsMax = 1_000;

/**
 * The deadlines of everything in flight, on one timer. At thousands of requests a second, a timer or an AbortSignal per request costs more
 * than the request's own bookkeeping. Here adding and removing are one operation on a set, and in return a deadline is met up to `bucketMs`
 * late.
 *
 * It keeps its own time: the sum of the wall clock's steps, without those that only a correction of the clock can explain.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #bucketMs: number;
  /** End of the bucket ÷ `bucketMs` → what is due then. There are as many as fit in the longest delay: 150 for 15 s. */
  readonly #buckets = new Map<number, Set<Expiring>>();
  #timer: unknown;
  #elapsedMs = 0;
  /** Unix time at which `#elapsedMs` was updated. */
  #readAt = 0;

  constructor(clock: Clock, bucketMs = 100) {
    this.#clock = clock;
    this.#bucketMs = bucketMs;
  }

  /** Milliseconds since an arbitrary moment. Stops while nothing is pending. */
  now(): number {
    const readAt = this.#clock.now();
    if (this.#timer === undefined) this.#readAt = readAt;
    const step = readAt - this.#readAt;
    if (step <= 0) return this.#elapsedMs;
    return this.#elapsedMs + (step > stepMsMax ? stepMsMax : step);
  }

  /** @returns the bucket, to be passed to `remove`. */
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

  /** Does nothing if the deadline has already passed. */
  remove(item: Expiring, bucket: number): void {
    this.#buckets.get(bucket)?.delete(item);
  }

  readonly #tick = (): void => {
    this.#elapsedMs = this.now();
    this.#readAt = this.#clock.now();
    const current = Math.floor(this.#elapsedMs / this.#bucketMs);
    for (const [number, bucket] of this.#buckets) {
      if (number > current && bucket.size > 0) continue;
      // Deleted last, because an item's end may remove another one of the same bucket.
      for (const item of bucket) item.onDeadline();
      this.#buckets.delete(number);
    }
    this.#timer = this.#buckets.size === 0 ? undefined : this.#startTimer();
  };

  /** Until the end of the current bucket. */
  #startTimer(): unknown {
    return this.#clock.setTimer(this.#tick, this.#bucketMs - (this.#elapsedMs % this.#bucketMs));
  }

  /** Stops the timer. Pending items are not called. */
  close(): void {
    this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
    this.#buckets.clear();
  }
}
