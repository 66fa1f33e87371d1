/**
 * The life of a delivery.
 *
 * It begins as `pending`, or as `held` if its endpoint is disabled. An attempt ends it as `delivered`, makes it wait for the next one or,
 * if the schedule is exhausted or the receiver answered 410, ends it as `failed`. Disabling the endpoint holds pending deliveries; enabling
 * it releases held ones, on request. A delivery that is still pending or held when its event is past the retention ends as `failed`. A
 * finished delivery returns to the queue only by a person's retry or a replay.
 */
export type DeliveryState = 'pending' | 'held' | 'delivered' | 'failed';

export type DeliveryEvent =
  | 'succeeded' // 2xx
  | 'failed_for_now' // an attempt failed, the schedule continues
  | 'failed_for_good' // the schedule is exhausted, or the endpoint answered 410
  | 'endpoint_disabled'
  | 'released'
  | 'endpoint_deleted'
  | 'expired' // its event is past the retention
  | 'requeued'; // a person's retry, or a replay

/** `undefined`: the event cannot occur in this state, or changes nothing. */
export const transitions: Record<DeliveryState, Record<DeliveryEvent, DeliveryState | undefined>> = {
  pending: {
    succeeded: 'delivered',
    failed_for_now: 'pending',
    failed_for_good: 'failed',
    endpoint_disabled: 'held',
    released: undefined,
    endpoint_deleted: 'failed',
    expired: 'failed',
    requeued: 'pending',
  },
  // An attempt may be in flight when its endpoint is disabled; its outcome still counts.
  held: {
    succeeded: 'delivered',
    failed_for_now: 'held',
    failed_for_good: 'failed',
    endpoint_disabled: undefined,
    released: 'pending',
    endpoint_deleted: 'failed',
    expired: 'failed',
    requeued: undefined,
  },
  delivered: {
    succeeded: undefined,
    failed_for_now: undefined,
    failed_for_good: undefined,
    endpoint_disabled: undefined,
    released: undefined,
    endpoint_deleted: undefined,
    expired: undefined,
    requeued: 'pending',
  },
  failed: {
    succeeded: undefined,
    failed_for_now: undefined,
    failed_for_good: undefined,
    endpoint_disabled: undefined,
    released: undefined,
    endpoint_deleted: undefined,
    expired: undefined,
    requeued: 'pending',
  },
};

/** Whether deliveries in a state are in the queue; the others are in the log. */
export const queued: Record<DeliveryState, boolean> = { pending: true, held: true, delivered: false, failed: false };
