import type { Clock } from '../../base/clock.ts';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Holder } from '../../db/holder.ts';
import type { Database } from '../../db/pool.ts';
import type { FailureReport, Mailboxes } from '../mailboxes/index.ts';
import type { Submission, Submitter } from '../transport/transport.ts';
import { releaseMailboxes } from './claim-queries.ts';
import { notBegun, outcomeOf } from './outcomes.ts';
import type { Finished, InFlight } from './settle.ts';
import type { Turns } from './turns.ts';

/** A connection without a message in flight is closed after this time. */
const idleMs = 30_000;

/** A mailbox that this process has. */
export interface Held {
  readonly id: MailboxId;
  readonly organizationId: OrganizationId;
  readonly submitter: Submitter;
  /** `idle`: connected, and waits. `busy`: it connects, waits for its turn, sends or closes. `gone`: given back. */
  state: 'idle' | 'busy' | 'gone';
  /** Of an idle mailbox: when it looks again, and when its connection is closed, in Unix milliseconds. */
  lookAtMs: number;
  closeAtMs: number;
  connected: boolean;
  /** Something was added while it was busy. */
  again: boolean;
  /** Its settings or its status changed: it is given back after the message in flight. */
  stale: boolean;
}

/** A submitter that throws has said nothing about the message. */
const unknown: Submission = {
  outcome: 'unknown',
  answer: { stage: 'body', code: null, enhanced: null, error: null, text: 'The submission ended unexpectedly.' },
};

export interface SessionsOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly holder: Holder;
  readonly turns: Turns;
  readonly mailboxes: Pick<Mailboxes, 'reportConnected' | 'reportFailures'>;
  /** Aborts when the process begins to stop: no login, and no message is begun. */
  readonly stopped: AbortSignal;
  /** Aborts what is in flight when a stopped.aborted process runs out of time. */
  readonly cut: AbortSignal;
  /** Called when a mailbox is idle, or was given back. */
  readonly onFree: (one: Held) => void;
  readonly onError: (error: unknown) => void;
}

export interface Sessions {
  /** Connects, sends until nothing may be sent any more, and then waits or gives the mailbox back. Never throws. */
  work(one: Held, connects: boolean): Promise<void>;
  /** Closes the connection and gives the mailbox back. */
  close(one: Held): Promise<void>;
  /** Messages that a server is getting. */
  readonly inFlight: number;
}

/** What is done with one mailbox after the other: one connection, one message in flight. */
export function createSessions(options: SessionsOptions): Sessions {
  const { db, clock, holder, turns, mailboxes, stopped, cut, onFree, onError } = options;
  let inFlight = 0;
  let failures: FailureReport[] = [];
  let connected: MailboxId[] = [];

  async function work(one: Held, connects: boolean): Promise<void> {
    one.state = 'busy';
    try {
      if (!one.stale && (!connects || (await connect(one)))) await send(one);
    } catch (error) {
      onError(error);
      one.stale = true;
    }
    if (one.stale || stopped.aborted || !one.connected) return close(one);
    one.state = 'idle';
    one.closeAtMs = clock.now() + idleMs;
    onFree(one);
  }

  async function connect(one: Held): Promise<boolean> {
    const failure = await one.submitter.ready(stopped);
    one.connected = failure === undefined;
    if (failure === undefined) connected.push(one.id);
    else if (!stopped.aborted) failures.push({ mailboxId: one.id, protocol: 'smtp', failure });
    await report();
    return one.connected;
  }

  async function send(one: Held): Promise<void> {
    const job = { mailboxId: one.id, organizationId: one.organizationId };
    let finished: Finished | undefined;
    for (;;) {
      // What this process has cut off says nothing about the server.
      const failure = cut.aborted ? undefined : finished?.outcome.failure;
      const claims = !stopped.aborted && !one.stale && failure === undefined && holder.held;
      one.again = false;
      const next = await turns.take({ ...job, claims, ...(finished === undefined ? {} : { finished }) });
      if (failure !== undefined) failures.push({ mailboxId: one.id, protocol: 'smtp', failure });
      if (failure !== undefined) await report();
      if (next?.kind === 'send') {
        finished = await attempt(one, next.flight);
        continue;
      }
      one.lookAtMs = next?.kind === 'wait' ? (next.untilMs ?? Infinity) : Infinity;
      one.stale ||= next?.kind !== 'wait';
      if (one.stale || stopped.aborted || (!one.again && one.lookAtMs > clock.now())) return;
      finished = undefined;
    }
  }

  const untouched = (flight: InFlight): Finished => ({
    flight,
    outcome: notBegun,
    atMs: clock.now() + flight.aheadMs,
    durationMs: 0,
  });

  async function attempt(one: Held, flight: InFlight): Promise<Finished> {
    // Without the lock, another process may have declared the message unknown: it is not sent under its eyes.
    if (stopped.aborted || !holder.held || holder.id !== flight.holder) return untouched(flight);
    // It became able to send after this process had seen that it was not: it is taken again, and connects first.
    if (!one.connected) {
      one.stale = true;
      return untouched(flight);
    }
    const { message, raw } = flight;
    const began = clock.now();
    inFlight += 1;
    try {
      const envelope = { from: message.from_address, to: message.to_address };
      const submission = await one.submitter.submit(raw, envelope, cut).catch((error: unknown) => {
        onError(error);
        return unknown;
      });
      const atMs = clock.now() + flight.aheadMs;
      const outcome = outcomeOf(submission, message.deferrals, atMs);
      return { flight, outcome, atMs, durationMs: clock.now() - began };
    } finally {
      inFlight -= 1;
    }
  }

  async function close(one: Held): Promise<void> {
    one.state = 'busy';
    await one.submitter.close().catch(onError);
    // What cannot be given back now is released when this process ends.
    await releaseMailboxes(db, holder.id, [one.id]).catch(onError);
    one.state = 'gone';
    onFree(one);
  }

  let reporting: Promise<void> | undefined;
  /** Reports what has gathered in the meantime, in one transaction each. */
  function report(): Promise<void> {
    reporting ??= (async () => {
      await Promise.resolve();
      const [failed, succeeded] = [failures, connected];
      failures = [];
      connected = [];
      reporting = undefined;
      if (failed.length > 0) await mailboxes.reportFailures(failed).catch(onError);
      if (succeeded.length > 0) await mailboxes.reportConnected('smtp', succeeded).catch(onError);
    })();
    return reporting;
  }

  return {
    work,
    close,
    get inFlight() {
      return inFlight;
    },
  };
}
