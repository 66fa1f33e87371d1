import type { Route } from '../http/route.ts';
import { createOutbox } from './outbox.ts';
import type { Outbox, OutboxOptions } from './outbox.ts';
import { alertRoutes } from './routes.ts';

export { smtpProblem, systemMail } from './mail.ts';
export type { NewAlert } from './outbox.ts';

export interface Alerts extends Outbox {
  readonly routes: readonly Route[];
  readonly role: 'engine';
}

/**
 * Alerts by mail.
 * @example
 * const alerts = createAlerts({ db, clock, ids, mail: systemMail(config, clock), publicUrl, log, onError });
 * await db.transaction(async (tx) => {
 *   // … the change …
 *   await alerts.write(tx, { organizationId, subject: 'Webhook endpoint disabled', body: '…' });
 * });
 */
export const createAlerts = (options: OutboxOptions): Alerts => ({
  ...createOutbox(options),
  routes: alertRoutes(options.db),
  role: 'engine',
});
