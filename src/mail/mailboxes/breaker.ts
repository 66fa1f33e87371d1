import { minuteMs } from '../../base/clock.ts';

/** A mail server that fails for the mailboxes of an organization. */
export interface HostState {
  /** Without a success between them. */
  readonly failures: number;
  /** Unix milliseconds until which no mailbox connects to it; null: the breaker has not opened in this outage. */
  readonly openUntilMs: number | null;
}

const failuresMax = 5;
const openMs = 5 * minuteMs;

/**
 * The circuit breaker of one server. Five failures open it for five minutes. After that one more failure opens it again; a success ends
 * the outage, and its row is deleted.
 * @returns `began`: this is the outage's first opening, to be reported once
 * @example
 * afterHostFailures({ failures: 0, openUntilMs: null }, 5, now); // { state: { failures: 5, openUntilMs: now + 300_000 }, began: true }
 */
export function afterHostFailures(
  before: HostState,
  count: number,
  nowMs: number,
): { readonly state: HostState; readonly began: boolean } {
  const failures = Math.min(before.failures + count, failuresMax);
  const { openUntilMs } = before;
  // Failures of attempts that began before it opened do not extend it.
  if (failures < failuresMax || (openUntilMs !== null && openUntilMs > nowMs))
    return { state: { failures, openUntilMs }, began: false };
  return { state: { failures, openUntilMs: nowMs + openMs }, began: openUntilMs === null };
}
