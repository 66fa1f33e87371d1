import { dayMs, hourMs, minuteMs } from '../../base/clock.ts';
import { greetingCooldownMs } from '../transport/answers.ts';
import type { Failure } from '../transport/transport.ts';

/**
 * `connecting`: no login yet. `degraded`: a protocol fails and is tried again. `auth_failed`: its credentials
 * are refused, and no login is tried before they change. `paused`: by a person; it is read, and sends nothing. `disconnected`: deleted.
 */
export const statuses = ['connecting', 'connected', 'degraded', 'auth_failed', 'disconnected', 'paused'] as const;
export type Status = (typeof statuses)[number];

/**
 * What happens to a mailbox. `connected`: a login succeeded, and no protocol fails any more. `failed`: a protocol fails. `refused`: the
 * server refused the credentials for good. The `resumed` ones say what is known of the logins meanwhile.
 */
export type StatusEvent =
  | 'connected'
  | 'failed'
  | 'refused'
  | 'paused'
  | 'resumed'
  | 'resumed_failing'
  | 'resumed_refused'
  | 'deleted';

const unlessPaused = { resumed: undefined, resumed_failing: undefined, resumed_refused: undefined } as const;
const reports = { connected: 'connected', failed: 'degraded', refused: 'auth_failed' } as const;
const orders = { paused: 'paused', deleted: 'disconnected' } as const;

/** The next status; undefined: it stays. */
const table: Readonly<Record<Status, Readonly<Record<StatusEvent, Status | undefined>>>> = {
  connecting: { ...reports, ...orders, ...unlessPaused },
  connected: { ...reports, ...orders, ...unlessPaused },
  degraded: { ...reports, ...orders, ...unlessPaused },
  // A failure that was on its way changes nothing; a success means that the credentials changed.
  auth_failed: { ...reports, failed: undefined, ...orders, ...unlessPaused },
  paused: {
    connected: undefined,
    failed: undefined,
    refused: undefined,
    ...orders,
    resumed: 'connected',
    resumed_failing: 'degraded',
    resumed_refused: 'auth_failed',
  },
  disconnected: {
    connected: undefined,
    failed: undefined,
    refused: undefined,
    paused: undefined,
    deleted: undefined,
    ...unlessPaused,
  },
};

/** @example nextStatus('connected', 'failed'); // 'degraded' */
export const nextStatus = (status: Status, event: StatusEvent): Status => table[status][event] ?? status;

export type Protocol = 'smtp' | 'imap';

/** A protocol whose logins fail, as it is stored. Times in Unix milliseconds. */
export interface Failing {
  readonly cause: Failure['cause'];
  /** Logins that failed, without a success between them. */
  readonly count: number;
  readonly since: number;
  /** When the next login may be tried; null: not before the credentials change. */
  readonly retry_at: number | null;
  readonly reason: string;
}

/** The waits after the first, second, … refused login; a day after the others. */
const refusedWaitsMs = [5 * minuteMs, 30 * minuteMs, 2 * hourMs, 6 * hourMs];
const refusedMax = 10;
const refusedForMs = 72 * hourMs;
const transientFirstMs = 2_000;
const transientMaxMs = 10 * minuteMs;

const refusedWait = (count: number): number => refusedWaitsMs[count - 1] ?? dayMs;

/** 2 s, 4 s, 8 s … to 10 min, each up to a quarter shorter, so that mailboxes that failed together do not return together. */
const transientWait = (count: number, random: number): number =>
  Math.min(transientMaxMs, transientFirstMs * 2 ** Math.min(count - 1, 20)) * (1 - random / 4);

/**
 * A protocol after a failed login. Refused credentials are tried again after 5 min, 30 min, 2 h, 6 h, then daily, and given up after 10
 * logins or 72 h. A wrong setting has the same waits and is not given up. What a server may fix by itself is tried again within minutes.
 * @param random from 0 to 1
 * @example
 * afterFailure(null, { cause: 'auth', answer }, now, 'SMTP: 535 …', 0).retry_at; // now + 300_000
 */
export function afterFailure(
  before: Failing | null,
  { cause }: Pick<Failure, 'cause'>,
  nowMs: number,
  reason: string,
  random: number,
): Failing {
  // An attempt that began before the one that is already counted, or a given up mailbox.
  if (before !== null && (before.retry_at === null || before.retry_at > nowMs)) return before;
  // A server that cannot be reached does not make the credentials right: they keep their count, and with it their waits.
  if (before?.cause === 'auth' && cause !== 'auth') return { ...before, retry_at: nowMs + refusedWait(before.count) };
  const [count, since] = before?.cause === cause ? [before.count + 1, before.since] : [1, nowMs];
  const failing = { cause, count, since, reason };
  switch (cause) {
    case 'auth':
      return count >= refusedMax || nowMs - since >= refusedForMs
        ? { ...failing, retry_at: null }
        : { ...failing, retry_at: nowMs + refusedWait(count) };
    case 'misconfigured':
      return { ...failing, retry_at: nowMs + refusedWait(count) };
    case 'rate':
      return { ...failing, retry_at: nowMs + greetingCooldownMs };
    case 'auth_temporary':
    case 'host':
      return { ...failing, retry_at: nowMs + transientWait(count, random) };
  }
}

/** A protocol whose credentials the server has withdrawn for good, such as an OAuth grant. */
export const revoked = (nowMs: number, reason: string): Failing => ({
  cause: 'auth',
  count: 1,
  since: nowMs,
  retry_at: null,
  reason,
});

type FailingProtocols = Readonly<Record<'smtp_failing' | 'imap_failing', Failing | null>>;

/** What the logins say: of two protocols that fail, the one that was given up decides. */
export function reportOf({ smtp_failing: smtp, imap_failing: imap }: FailingProtocols): {
  readonly event: 'connected' | 'failed' | 'refused';
  readonly reason: string | null;
} {
  const failing = [smtp, imap].filter((each) => each !== null);
  const refused = failing.find((each) => each.retry_at === null);
  if (refused !== undefined) return { event: 'refused', reason: refused.reason };
  return { event: failing.length === 0 ? 'connected' : 'failed', reason: failing[0]?.reason ?? null };
}

const resumedAs = { connected: 'resumed', failed: 'resumed_failing', refused: 'resumed_refused' } as const;

/** The event of resuming a mailbox. */
export const resumption = (failing: FailingProtocols): StatusEvent => resumedAs[reportOf(failing).event];

/** What decides when a mailbox may log in. */
export interface LoginState extends FailingProtocols {
  readonly status: Status;
  /** A seed sends nothing. */
  readonly role?: 'sender' | 'seed';
  /** Until when its servers are left alone, because they fail for other mailboxes, too. */
  readonly smtp_open_until: Date | null;
  readonly imap_open_until: Date | null;
}

/**
 * When a mailbox may next log in to send: Unix milliseconds, in the past if it may do so now; null: not before it changes, which its
 * listeners learn. Refused credentials of either protocol stop sending.
 */
export function sendableAt(mailbox: LoginState): number | null {
  const { status, role, smtp_failing: smtp, imap_failing: imap, smtp_open_until: open } = mailbox;
  if (status === 'paused' || role === 'seed' || imap?.cause === 'auth') return null;
  return loginAt(status, smtp, open);
}

/** When a mailbox may next log in to be read; as `sendableAt`. A paused mailbox is read. */
export const readableAt = ({ status, imap_failing: imap, imap_open_until: open }: LoginState): number | null =>
  loginAt(status, imap, open);

function loginAt(status: Status, failing: Failing | null, open: Date | null): number | null {
  if (status === 'auth_failed' || status === 'disconnected' || failing?.retry_at === null) return null;
  return Math.max(failing?.retry_at ?? 0, open?.getTime() ?? 0);
}
