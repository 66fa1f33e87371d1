/**
 * The life of a delivery.
 *
 * It begins `pending` (or `held`, when its endpoint is disabled at that moment). An attempt ends it `delivered`, puts it back to wait,
 * or, when the schedule is used up or the receiver answered 410, ends it `failed`. Disabling the endpoint holds what is pending;
 * enabling it releases what is held, on request. What is neither delivered nor failed when its event is past the retention ends `failed`. A finished delivery comes back only by a person's retry or a replay.
 */
export type DeliveryState = 'pending' | 'held' | 'delivered' | 'failed';

export type DeliveryEvent =
  | 'succeeded' // 2xx
  | 'failed_for_now' // an attempt failed, the schedule goes on
  | 'failed_for_good' // the schedule is used up, or the endpoint answered 410
  | 'endpoint_disabled'
  | 'released'
  | 'endpoint_deleted'
  | 'expired' // its event is past the retention
  | 'requeued'; // a person's retry, or a replay

/** `undefined`: that cannot happen to a delivery in this state, or changes nothing. */
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
  // An attempt may be under way while its endpoint is disabled; its outcome still counts.
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

/** States that live in the queue; the others live in the log. */
export const queued: Record<DeliveryState, boolean> = { pending: true, held: true, delivered: false, failed: false };
