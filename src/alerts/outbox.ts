import { cut } from '../base/cut.ts';
import { alertAddressProblem, organizationById, organizationsAlerting } from '../auth/index.ts';
import { createWakeSignal } from '../base/wake-signal.ts';
import type { Clock } from '../base/clock.ts';
import type { Database, Transaction } from '../db/pool.ts';
import type { Ids, OrganizationId } from '../base/ids.ts';
import type { Mail } from './mail.ts';
import { claimAlerts, insertAlert, keep, mailed, markSent, nextDue, postpone } from './queries.ts';
import type { AlertRow } from './queries.ts';

/** Something that the people of an organization should know. */
export interface NewAlert {
  readonly organizationId: OrganizationId;
  readonly subject: string;
  /** Plain text. */
  readonly body: string;
}

export interface OutboxOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Undefined: there is no mail server; alerts are logged and kept. */
  readonly mail: Mail | undefined;
  /** Where the installation is reached, without a slash at its end; undefined where that is not known. */
  readonly publicUrl: () => string | undefined;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  readonly onError: (error: unknown) => void;
}

/** Waits before the second, third… attempt to mail an alert. */
export const backoffMs: readonly number[] = [60_000, 300_000, 1_800_000, 7_200_000, 43_200_000];
/** How long one process may take over a mail; past it another tries, so the mail could then arrive twice. */
const leaseMs = 120_000;
const deadlineMs = 60_000;
const claimMax = 4;
/** A look even when nothing is known to be due: finds what a process left that ended before it mailed. */
const lookAtLeastMs = 300_000;
const errorPauseMs = 5_000;
/** Mails that one address gets, over all organizations that name it: whoever sets the address need not own it. */
const hourMax = 10;
const dayMax = 50;

export interface Outbox {
  /** Keeps an alert with the change it tells of; it is mailed after the commit. */
  write(tx: Transaction, alert: NewAlert): Promise<void>;
  /** Mails what is due until the signal aborts; a mail under way is finished first. */
  run(signal: AbortSignal): Promise<void>;
}

/** Alerts written in transactions and mailed afterwards, each by one process, until its mail server took it. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { db, clock, ids, mail, publicUrl, log, onError } = options;
  const wakeSignal = createWakeSignal(clock);

  async function deliver(alert: AlertRow): Promise<void> {
    const about = { alert_id: alert.id, organization_id: alert.organization_id, subject: alert.subject };
    if (mail === undefined) {
      log.warn(about, 'alert, kept: no mail server is set (OUTRIDER_SMTP_URL)');
      await keep(db, alert.id, 'Not mailed: this installation has no mail server.');
      return;
    }
    const to = await addressOf(alert.organization_id);
    if (to === undefined) {
      log.warn(about, 'alert, kept: the organization has no alert address');
      await keep(db, alert.id, 'Not mailed: the organization has no alert address.');
      return;
    }
    const problem = alertAddressProblem(to);
    if (problem !== undefined) {
      log.warn(about, 'alert, kept: the alert address is not valid');
      await keep(db, alert.id, `Not mailed: the alert address ${problem}.`);
      return;
    }
    const before = await mailed(
      db,
      [...new Set([alert.organization_id, ...(await organizationsAlerting(db, to))])],
      alert.id,
      clock.now(),
    );
    const left = Math.min(hourMax - before.hour, dayMax - before.day);
    if (left <= 0) {
      log.warn(about, 'alert, kept: its address had as many mails as it gets in an hour or a day');
      await keep(db, alert.id, `Not mailed: an address gets at most ${hourMax} alerts an hour and ${dayMax} a day.`);
      return;
    }
    const reason = await send(mail, to, alert, left === 1).then(() => undefined, reasonOf);
    if (reason === undefined) {
      log.info(about, 'alert mailed');
      await markSent(db, alert.id, new Date(clock.now()));
      return;
    }
    const wait = backoffMs[alert.attempt_count - 1];
    log.warn(
      { ...about, attempt_count: alert.attempt_count, reason },
      wait === undefined ? 'alert could not be mailed, kept' : 'alert could not be mailed, will be tried again',
    );
    if (wait === undefined) await keep(db, alert.id, reason);
    else await postpone(db, alert.id, new Date(clock.now() + wait), reason);
  }

  /** A sandbox without an address of its own tells its live organization. */
  async function addressOf(id: OrganizationId): Promise<string | undefined> {
    const { alertEmail, liveOrganizationId } = await organizationById(db, id);
    return alertEmail ?? (liveOrganizationId === undefined ? undefined : addressOf(liveOrganizationId));
  }

  async function send(over: Mail, to: string, alert: AlertRow, isLast: boolean): Promise<void> {
    let timer: unknown;
    const late = new Promise<never>((_resolve, reject) => {
      timer = clock.setTimer(
        () => reject(new Error(`The mail server did not finish within ${deadlineMs / 1_000} s.`)),
        deadlineMs,
      );
    });
    const here = publicUrl();
    const signature =
      here === undefined
        ? 'Outrider\nAll alerts: GET /v1/alerts'
        : `Outrider, ${here}\nAll alerts: GET ${here}/v1/alerts`;
    const note = isLast
      ? `\n\nFurther alerts are not mailed for now: an address gets at most ${hourMax} an hour and ${dayMax} a day.`
      : '';
    const text = `${alert.body}${note}\n\n--\n${signature}\n`;
    const host = here === undefined ? 'outrider' : new URL(here).hostname;
    try {
      // The same Message-ID at each attempt: a mail that arrives twice can be told.
      await Promise.race([over({ to, subject: alert.subject, text, messageId: `<${alert.id}@${host}>` }), late]);
    } finally {
      clock.clearTimer(timer);
    }
  }

  /** Mails everything that is due. @returns milliseconds to the next look. */
  async function look(signal: AbortSignal): Promise<number> {
    for (;;) {
      const now = clock.now();
      const claimed = await claimAlerts(db, claimMax, now, now + leaseMs);
      await Promise.all(claimed.map(deliver));
      if (claimed.length < claimMax || signal.aborted) break;
    }
    const due = await nextDue(db);
    return Math.min(lookAtLeastMs, due === undefined ? lookAtLeastMs : Math.max(0, due.getTime() - clock.now()));
  }

  return {
    async write(tx, alert) {
      await insertAlert(tx, {
        id: ids.next(),
        organization_id: alert.organizationId,
        subject: alert.subject,
        body: alert.body,
        created_at: new Date(clock.now()),
      });
      tx.afterCommit(wakeSignal.wake);
    },
    async run(signal) {
      signal.addEventListener('abort', wakeSignal.wake, { once: true });
      while (!signal.aborted) {
        const ms = await look(signal).catch((error: unknown) => {
          onError(error);
          return errorPauseMs;
        });
        await wakeSignal.wait(ms);
      }
    },
  };
}

/** In one line, and not longer than is worth keeping. */
const reasonOf = (error: unknown): string =>
  cut((error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' '), 500);
