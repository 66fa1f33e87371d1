import type { Clock } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import { createWakeSignal } from '../../base/wake-signal.ts';
import type { Bus } from '../../db/bus.ts';
import type { Holder } from '../../db/holder.ts';
import type { Database } from '../../db/pool.ts';
import { sendableAt } from '../mailboxes/index.ts';
import type { Mailboxes, MailboxState } from '../mailboxes/index.ts';
import type { Submitter } from '../transport/transport.ts';
import { nextDue, releaseOthers, takeDue } from './claim-queries.ts';
import { createSessions } from './sessions.ts';
import type { Held } from './sessions.ts';
import type { Turns } from './turns.ts';

/** The longest wait without a look at the table, should a notice be lost. */
const lookMs = 30_000;
const errorPauseMs = 1_000;
/** For the outcomes of what a stopping process has cut off. */
const writeMs = 3_000;

export interface WorkerOptions {
  readonly db: Database;
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly clock: Clock;
  readonly holder: Holder;
  readonly turns: Turns;
  readonly mailboxes: Pick<Mailboxes, 'settingsOf' | 'reportConnected' | 'reportFailures'>;
  readonly submitterOf: (mailbox: MailboxState) => Submitter;
  /** Connections at the same time. */
  readonly connectionsMax: number;
  readonly shutdownMs: number;
  /** To be aborted when this process gives up what it could not write. */
  readonly ended: AbortController;
  readonly onError: (error: unknown) => void;
}

export interface Worker {
  run(signal: AbortSignal): Promise<void>;
  /** Another process has what this one had. */
  forget(): void;
  readonly figures: { readonly connections: number; readonly inFlight: number };
}

/**
 * Sends: takes mailboxes that are due, keeps one connection to each while it is used, and gives one message after the other to it. It has one
 * timer, for the first of all times that it waits for.
 */
export function createWorker(options: WorkerOptions): Worker {
  const { db, bus, clock, holder, mailboxes, onError } = options;
  const held = new Map<MailboxId, Held>();
  const working = new Set<Promise<void>>();
  const wakeSignal = createWakeSignal(clock);
  /** Aborts logins when the process stops, and what is in flight when it runs out of time. */
  const [stopped, cut] = [new AbortController(), new AbortController()];
  /** Whether this process may have mailboxes that it could not give back. */
  let mayHaveMore = false;
  /** Mailboxes that were taken while this process still worked on them. */
  const retaken = new Set<MailboxId>();
  const sessions = createSessions({
    ...options,
    stopped: stopped.signal,
    cut: cut.signal,
    onFree(one) {
      if (one.state === 'gone') {
        held.delete(one.id);
        mayHaveMore ||= retaken.delete(one.id);
      }
      wakeSignal.wake();
    },
    onError(error) {
      mayHaveMore = true;
      onError(error);
    },
  });

  const track = (work: Promise<void>): void => {
    const one = work.catch(onError).finally(() => working.delete(one));
    working.add(one);
  };

  bus.subscribe((notice) => {
    if (notice !== undefined && notice.kind !== 'mail') return;
    // Without a notice, anything may have changed.
    const { mailboxes: named, changed } = notice ?? { mailboxes: [], changed: true };
    const touched = named.length === 0 ? held.values() : named.flatMap((id) => held.get(id as MailboxId) ?? []);
    for (const one of touched) {
      one.again = true;
      one.stale ||= changed;
      if (one.state === 'idle') one.lookAtMs = 0;
    }
    wakeSignal.wake();
  });

  /** Takes what is due, and looks after idle mailboxes. @returns when to look again, in Unix milliseconds */
  async function look(): Promise<number> {
    const now = clock.now();
    for (const one of held.values()) {
      if (one.state !== 'idle') continue;
      if (one.lookAtMs <= now) track(sessions.work(one, true));
      else if (one.closeAtMs <= now) track(sessions.close(one));
    }
    if (mayHaveMore) {
      await releaseOthers(db, holder.id, [...held.keys()]);
      mayHaveMore = false;
    }
    let room = options.connectionsMax - held.size;
    if (room <= 0) {
      // A mailbox that waits makes room for one that may send.
      const idle = [...held.values()].find(({ state }) => state === 'idle');
      const first = await nextDue(db, new Date(0));
      if (idle !== undefined && first !== undefined && first.getTime() <= now) track(sessions.close(idle));
    }
    while (room > 0 && holder.held) {
      const taken = await takeDue(db, holder.id, new Date(now), Math.min(room, 100));
      if (taken.length === 0) break;
      await begin(taken.map((row) => row.mailbox_id));
      if (taken.some((row) => held.get(row.mailbox_id)?.stale === true)) wakeSignal.wake();
      room = options.connectionsMax - held.size;
    }
    const due = await nextDue(db, new Date(now));
    const own = [...held.values()].flatMap((one) =>
      one.state === 'idle' ? [Math.min(one.lookAtMs, one.closeAtMs)] : [],
    );
    return own.reduce((least, atMs) => Math.min(least, atMs), Math.min(due?.getTime() ?? Infinity, now + lookMs));
  }

  async function begin(ids: readonly MailboxId[]): Promise<void> {
    const now = clock.now();
    const states = await mailboxes.settingsOf(db, ids);
    for (const mailbox of states) {
      const earlier = held.get(mailbox.id);
      if (earlier !== undefined) {
        // It was released while this process still works on it: two sessions of one mailbox would send the same message. It is given back first.
        retaken.add(mailbox.id);
        earlier.stale = true;
        earlier.lookAtMs = 0;
        continue;
      }
      const fromMs = mailbox.deleted_at === null ? sendableAt(mailbox) : now;
      const one = newly(mailbox, options.submitterOf(mailbox));
      held.set(mailbox.id, one);
      // Without a login there is nothing to connect for, but the claim must note why the messages wait.
      const canConnect = mailbox.deleted_at === null && fromMs !== null && fromMs <= now;
      track(sessions.work(one, canConnect));
    }
  }

  return {
    get figures() {
      return { connections: held.size, inFlight: sessions.inFlight };
    },
    forget() {
      // What is in flight ends; its outcome still counts.
      for (const one of held.values()) {
        one.stale = true;
        one.lookAtMs = 0;
      }
      wakeSignal.wake();
    },
    async run(signal) {
      // The time to finish runs from the moment of the signal, also while the loop waits for the database.
      const timers: unknown[] = [];
      const stop = (): void => {
        stopped.abort();
        timers.push(
          clock.setTimer(() => cut.abort(), options.shutdownMs),
          clock.setTimer(() => options.ended.abort(), options.shutdownMs + writeMs),
        );
        wakeSignal.wake();
      };
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
      while (!signal.aborted) {
        let untilMs: number;
        try {
          untilMs = await look();
        } catch (error) {
          mayHaveMore = true;
          onError(error);
          untilMs = clock.now() + errorPauseMs;
        }
        if (!signal.aborted) await wakeSignal.wait(untilMs - clock.now());
      }
      for (const one of held.values()) if (one.state === 'idle') track(sessions.close(one));
      while (working.size > 0) await Promise.all(working);
      for (const timer of timers) clock.clearTimer(timer);
      options.ended.abort();
    },
  };
}

const newly = (mailbox: MailboxState, submitter: Submitter): Held => ({
  id: mailbox.id,
  organizationId: mailbox.organization_id,
  submitter,
  state: 'busy',
  lookAtMs: Infinity,
  closeAtMs: Infinity,
  connected: false,
  again: false,
  stale: false,
});
