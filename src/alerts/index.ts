import type { Clock } from '../base/clock.ts';
import type { Database } from '../db/pool.ts';
import type { Route } from '../http/route.ts';
import type { Ids } from '../base/ids.ts';
import { smtpMail } from './mail.ts';
import { createOutbox } from './outbox.ts';
import type { Outbox, OutboxOptions } from './outbox.ts';
import { alertRoutes } from './routes.ts';

export { smtpProblem } from './mail.ts';
export type { NewAlert } from './outbox.ts';

export interface AlertsOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Undefined: alerts are logged and kept. */
  readonly smtpUrl: string | undefined;
  /** Sender address of the mails. */
  readonly from: string;
  /** Where callers reach this installation; undefined: not configured, and this process does not serve the API. */
  readonly publicUrl: () => string | undefined;
  readonly log: OutboxOptions['log'];
  readonly onError: (error: unknown) => void;
}

export interface Alerts extends Outbox {
  readonly routes: readonly Route[];
  readonly role: 'engine';
}

/**
 * Alerts by mail.
 * @example
 * const alerts = createAlerts({ db, clock, ids, smtpUrl, from, publicUrl, log, onError });
 * await db.transaction(async (tx) => {
 *   // … the change …
 *   await alerts.write(tx, { organizationId, subject: 'Webhook endpoint disabled', body: '…' });
 * });
 */
export function createAlerts({ smtpUrl, from, ...options }: AlertsOptions): Alerts {
  const outbox = createOutbox({ ...options, mail: smtpUrl === undefined ? undefined : smtpMail(smtpUrl, from) });
  return { ...outbox, routes: alertRoutes(options.db), role: 'engine' };
}
