import type { Route } from '../http/route.ts';
import { smtpMail } from './mail.ts';
import { createOutbox } from './outbox.ts';
import type { Outbox, OutboxOptions } from './outbox.ts';
import { alertRoutes } from './routes.ts';

export { smtpProblem } from './mail.ts';
export type { NewAlert } from './outbox.ts';

export interface AlertsOptions extends Omit<OutboxOptions, 'mail'> {
  /** Undefined: alerts are logged and kept. */
  readonly smtpUrl: string | undefined;
  /** Sender address of the mails. */
  readonly from: string;
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
