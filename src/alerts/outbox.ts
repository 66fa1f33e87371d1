import { cut } from '../base/cut.ts';
import { alertAddressProblem, organizationById, organizationsAlerting } from '../auth/index.ts';
import { createWakeSignal } from '../base/wake-signal.ts';
import type { Clock } from '../base/clock.ts';
import type { Database, Transaction } from '../db/pool.ts';
import type { Ids, OrganizationId } from '../base/ids.ts';
import type { Mail } from './mail.ts';
import { claimAlerts, insertAlert, keep, mailed, markSent, nextDue, postpone } from './queries.ts';
import type { AlertRow } from './queries.ts';

/** A mail to the people of an organization. */
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
  /** Undefined: no mail server; alerts are logged and kept. */
  readonly mail: Mail | undefined;
  /** Where callers reach the installation, without a trailing slash; undefined if unknown. */
  readonly publicUrl: () => string | undefined;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  readonly onError: (error: unknown) => void;
}

/** Waits before the second, third, … attempt to mail an alert. */
export const backoffMs: readonly number[] = [60_000, 300_000, 1_800_000, 7_200_000, 43_200_000];
/** Time for one process to mail an alert; afterwards another process tries, and the mail may arrive twice. */
const leaseMs = 120_000;
const claimMax = 4;
/** Upper bound between checks, to find alerts left by a process that ended before mailing them. */
const checkEveryMs = 300_000;
const errorPauseMs = 5_000;
/** Mails per address, over all organizations that name it: the person who sets an address need not own it. */
const hourMax = 10;
const dayMax = 50;

/** How an alert is mailed. */
interface Route {
  readonly over: Mail;
  readonly to: string;
  /** The last mail that the address gets for now. */
  readonly isLast: boolean;
}

export interface Outbox {
  /** Stores an alert in the transaction of the change it reports; it is mailed after the commit. */
  write(tx: Transaction, alert: NewAlert): Promise<void>;
  /** Mails due alerts until the signal aborts; finishes mails in flight first. */
  run(signal: AbortSignal): Promise<void>;
}

/** Stores alerts in transactions and mails them afterwards, each by one process, until the mail server accepts it. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { db, clock, ids, mail, publicUrl, log, onError } = options;
  const wakeSignal = createWakeSignal(clock);

  async function deliver(alert: AlertRow): Promise<void> {
    const about = { alert_id: alert.id, organization_id: alert.organization_id, subject: alert.subject };
    const route = await routeOf(alert);
    if ('kept' in route) {
      log.warn(about, `alert kept: ${route.kept}`);
      await keep(db, alert.id, new Date(clock.now()), `Not mailed: ${route.reason ?? route.kept}.`);
      return;
    }
    const reason = await send(route.over, route.to, alert, route.isLast).then(() => undefined, reasonOf);
    if (reason === undefined) {
      log.info(about, 'alert mailed');
      await markSent(db, alert.id, new Date(clock.now()));
      return;
    }
    const wait = backoffMs[alert.attempt_count - 1];
    log.warn(
      { ...about, attempt_count: alert.attempt_count, reason },
      wait === undefined ? 'alert could not be mailed and is kept' : 'alert could not be mailed and will be retried',
    );
    const at = new Date(clock.now());
    if (wait === undefined) await keep(db, alert.id, at, reason);
    else await postpone(db, alert.id, at, new Date(at.getTime() + wait), reason);
  }

  /** How to mail an alert, or why it is `kept`: for the log and, where the API needs other words, as `reason`. */
  async function routeOf(alert: AlertRow): Promise<Route | { readonly kept: string; readonly reason?: string }> {
    if (mail === undefined)
      return {
        kept: 'no mail server is configured (OUTRIDER_SMTP_URL)',
        reason: 'this installation has no mail server',
      };
    const to = await addressOf(alert.organization_id);
    if (to === undefined) return { kept: 'the organization has no alert address' };
    const problem = alertAddressProblem(to);
    if (problem !== undefined)
      return { kept: 'the alert address is not valid', reason: `the alert address ${problem}` };
    const organizations = new Set([alert.organization_id, ...(await organizationsAlerting(db, to))]);
    const before = await mailed(db, [...organizations], alert.id, clock.now());
    const left = Math.min(hourMax - before.hour, dayMax - before.day);
    return left > 0
      ? { over: mail, to, isLast: left === 1 }
      : { kept: `an address gets at most ${hourMax} alerts an hour and ${dayMax} a day` };
  }

  /** A sandbox without an address of its own uses that of its live organization. */
  async function addressOf(id: OrganizationId): Promise<string | undefined> {
    const { alertEmail, liveOrganizationId } = await organizationById(db, id);
    return alertEmail ?? (liveOrganizationId === undefined ? undefined : addressOf(liveOrganizationId));
  }

  async function send(over: Mail, to: string, alert: AlertRow, isLast: boolean): Promise<void> {
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
    // The same Message-ID in each attempt: a receiver can recognize a mail that arrives twice.
    await over({ to, subject: alert.subject, text, messageId: `<${alert.id}@${host}>` });
  }

  /** Mails all due alerts. @returns milliseconds until the next check. */
  async function mailDue(signal: AbortSignal): Promise<number> {
    for (;;) {
      const now = clock.now();
      const claimed = await claimAlerts(db, claimMax, now, now + leaseMs);
      await Promise.all(claimed.map(deliver));
      if (claimed.length < claimMax || signal.aborted) break;
    }
    const due = await nextDue(db);
    return Math.min(checkEveryMs, due === undefined ? checkEveryMs : Math.max(0, due.getTime() - clock.now()));
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
        const ms = await mailDue(signal).catch((error: unknown) => {
          onError(error);
          return errorPauseMs;
        });
        await wakeSignal.wait(ms);
      }
    },
  };
}

/** The error's message on one line, cut at 500 characters. */
const reasonOf = (error: unknown): string =>
  cut((error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' '), 500);
