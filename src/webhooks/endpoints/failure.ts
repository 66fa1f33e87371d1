import type { NewAlert } from '../../alerts/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Transaction } from '../../db/pool.ts';
import type { DeliveryFailure } from '../../delivery/engine.ts';
import type { Subscriptions } from '../../delivery/subscriptions.ts';
import type { Emit } from '../../events/index.ts';
import { idAt, timeOfId } from '../../base/ids.ts';
import { deliveredSince, lockEndpoint, nextEpoch, updateEndpoint } from './queries.ts';
import type { EndpointRow } from './queries.ts';

export interface FailureOptions {
  readonly clock: Clock;
  readonly emit: Emit;
  readonly subscriptions: Pick<Subscriptions, 'refresh'>;
  /** Stores an alert in the transaction of the change it reports. */
  readonly alert: (tx: Transaction, alert: NewAlert) => Promise<void>;
  readonly onError: (error: unknown, during: string) => void;
}

/** Failed deliveries of these events emit no further events: two failing endpoints would report each other permanently. */
export const aboutFailures: ReadonlySet<string> = new Set([
  'endpoint.disabled',
  'endpoint.failing',
  'endpoint.recovered',
  'delivery.exhausted',
]);

/** A URL without its query and credentials, which may be secret. */
export const shownUrl = (url: URL): string => `${url.origin}${url.pathname}`;

/**
 * Handles a delivery's final failure, in the transaction that records it: emits `delivery.exhausted`, and disables the endpoint where its
 * dialect does so. A pull endpoint is never disabled: its failures are only what its consumer reports.
 */
export function createFailureHandler({
  clock,
  emit,
  subscriptions,
  alert,
  onError,
}: FailureOptions): (tx: Transaction, failure: DeliveryFailure) => Promise<void> {
  return async (tx, failure) => {
    const { endpoint } = failure;
    // The lock ensures that only one of several concurrent failures disables the endpoint.
    const row = await lockEndpoint(
      tx,
      { organizationId: endpoint.organizationId, workspaceId: undefined },
      endpoint.id,
    );
    if (row === undefined) return;
    const disables = row.is_active && row.transport === 'push' && (await endsEndpoint(tx, failure));
    const at = new Date(clock.now());
    const about = {
      endpoint_id: endpoint.id,
      delivery_id: failure.deliveryId,
      event_id: failure.eventId,
      event_type: failure.eventType,
      attempts: failure.attempts,
      last_error: failure.error,
      reason: failure.why,
    };
    const event = {
      organizationId: endpoint.organizationId,
      workspaceId: endpoint.workspaceId,
      occurredAtMs: at.getTime(),
      except: [endpoint.id],
    };

    if (!aboutFailures.has(failure.eventType)) await emit(tx, { ...event, type: 'delivery.exhausted', data: about });
    if (!disables) return;
    await emit(tx, {
      ...event,
      type: 'endpoint.disabled',
      data: { ...about, target_url: shownUrl(endpoint.url), disabled_at: at.toISOString() },
    });
    await alert(tx, { organizationId: endpoint.organizationId, ...alertOf(row, failure) });
    // Last, because from here until the commit no other endpoint can change, and every publish finds its epoch outdated.
    await updateEndpoint(
      tx,
      { ...row, is_active: false, disabled_reason: failure.why, disabled_at: at, updated_at: at },
      await nextEpoch(tx),
    );
    tx.afterCommit(() => void subscriptions.refresh().catch((error: unknown) => onError(error, 'refresh')));
  };
}

async function endsEndpoint(tx: Transaction, { endpoint, why, deliveryId }: DeliveryFailure): Promise<boolean> {
  if (why === 'gone') return true;
  const rule = endpoint.wire.whenExhausted;
  if (rule !== 'disableUnlessRecovered') return rule === 'disable';
  const beganMs = timeOfId(deliveryId);
  return !(await deliveredSince(tx, endpoint.id, new Date(beganMs), idAt(beganMs)));
}

function alertOf(
  row: EndpointRow,
  { endpoint, why, deliveryId, eventId, eventType, attempts, error }: DeliveryFailure,
): { subject: string; body: string } {
  const because =
    why === 'gone'
      ? 'its receiver answered 410 Gone'
      : `a delivery failed ${attempts} times and exhausted its retry schedule`;
  return {
    subject: `Webhook endpoint disabled: ${endpoint.url.host}`,
    body: [
      `The webhook endpoint ${shownUrl(endpoint.url)} was disabled because ${because}.`,
      '',
      `Endpoint:   ${endpoint.id}${row.description === '' ? '' : ` (${row.description})`}`,
      `Delivery:   ${deliveryId}`,
      `Event:      ${eventType} ${eventId}`,
      `Last error: ${error}`,
      '',
      'New deliveries to it are held. When the receiver works again, enable the endpoint and release them:',
      '',
      `  POST /v1/webhooks/${endpoint.id}/enable`,
      '  {"release_held": true}',
    ].join('\n'),
  };
}
