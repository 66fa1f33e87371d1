import { setImmediate, setTimeout } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { Clock } from '../../src/base/clock.ts';

/** How long a test waits for a condition, in real time. Only an overloaded machine comes close. */
export const patienceMs = 120_000;

/** Between two checks, so that a test that waits leaves the processors to what it waits for: a twentieth of what it waited. */
const pauseMinMs = 2;
const pauseMaxMs = 10;

/** Resolves when the condition is true; checks it every few milliseconds and gives up after `patienceMs`. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  what: string,
  errors: () => readonly unknown[] = () => [],
): Promise<void> {
  const began = performance.now();
  while (!(await condition())) {
    const waitedMs = performance.now() - began;
    if (waitedMs > patienceMs) throw new Error(`did not become true: ${what}; errors: ${inspect(errors())}`);
    await setTimeout(Math.min(pauseMaxMs, Math.max(pauseMinMs, waitedMs / 20)));
  }
}

interface Timer {
  readonly callback: () => void;
  /** In elapsed time, which a jump of the wall clock does not change. */
  readonly dueMs: number;
}

/** A clock that the test moves. Starts at 2026-01-05T09:00:00Z, a Monday, by default. */
export class TestClock implements Clock {
  #wallMs: number;
  #elapsedMs = 0;
  readonly #timers = new Set<Timer>();

  constructor(startMs: number = Date.UTC(2026, 0, 5, 9)) {
    this.#wallMs = startMs;
  }

  readonly now = (): number => this.#wallMs;

  readonly setTimer = (callback: () => void, delayMs: number): Timer => {
    // Whole milliseconds, as with Node's timers: `now` must never have a fraction.
    const timer = { callback, dueMs: this.#elapsedMs + Math.ceil(Math.max(delayMs, 0)) };
    this.#timers.add(timer);
    // A timer that is due now fires in the next turn of the event loop, as with Node's timers.
    if (timer.dueMs === this.#elapsedMs) globalThis.setImmediate(() => this.#timers.delete(timer) && timer.callback());
    return timer;
  };

  readonly clearTimer = (handle: unknown): void => {
    this.#timers.delete(handle as Timer);
  };

  /** Timers that are set and have not fired. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Whether a timer is set that is due in exactly `delayMs`. */
  isSet(delayMs: number): boolean {
    return [...this.#timers].some(({ dueMs }) => dueMs === this.#elapsedMs + delayMs);
  }

  /**
   * Advances by `ms`: fires due timers in order, each at its own time, and lets promises settle before each one and after the last;
   * timers set by these fire too if they are due within `ms`. Work that waits for sockets does not settle: await it separately.
   */
  async advance(ms: number): Promise<void> {
    const endMs = this.#elapsedMs + ms;
    await setImmediate();
    for (let timer = this.#next(endMs); timer !== undefined; timer = this.#next(endMs)) {
      this.#pass(Math.max(0, timer.dueMs - this.#elapsedMs));
      this.#timers.delete(timer);
      timer.callback();
      await setImmediate();
    }
    // Another `advance` that began later may have ended.
    this.#pass(Math.max(0, endMs - this.#elapsedMs));
  }

  /** As `advance`, in one step, as a machine that slept: each timer that is due fires once, at the end. For days, in which repeating timers fire thousands of times. */
  async leap(ms: number): Promise<void> {
    this.#pass(ms);
    await this.advance(0);
  }

  /** Sets the wall clock to a Unix time, forwards or back, as NTP or an operator would; timers keep their remaining delays. */
  set(unixMs: number): void {
    this.#wallMs = unixMs;
  }

  #next(endMs: number): Timer | undefined {
    let next: Timer | undefined;
    // A Set keeps insertion order, so of two timers due together the first set fires first.
    for (const timer of this.#timers)
      if (timer.dueMs <= endMs && (next === undefined || timer.dueMs < next.dueMs)) next = timer;
    return next;
  }

  #pass(ms: number): void {
    this.#elapsedMs += ms;
    this.#wallMs += ms;
  }
}
