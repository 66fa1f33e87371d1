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
  | 'attemptFailed' // an attempt failed, the schedule continues
  | 'failedPermanently' // the schedule is exhausted, or the endpoint answered 410
  | 'endpointDisabled'
  | 'released'
  | 'endpointDeleted'
  | 'expired' // its event is past the retention
  | 'requeued'; // a person's retry, or a replay

/** `undefined`: the event cannot occur in this state, or changes nothing. */
export const transitions: Record<DeliveryState, Record<DeliveryEvent, DeliveryState | undefined>> = {
  pending: {
    succeeded: 'delivered',
    attemptFailed: 'pending',
    failedPermanently: 'failed',
    endpointDisabled: 'held',
    released: undefined,
    endpointDeleted: 'failed',
    expired: 'failed',
    requeued: 'pending',
  },
  // An attempt may be in flight when its endpoint is disabled; its outcome still counts.
  held: {
    succeeded: 'delivered',
    attemptFailed: 'held',
    failedPermanently: 'failed',
    endpointDisabled: undefined,
    released: 'pending',
    endpointDeleted: 'failed',
    expired: 'failed',
    requeued: undefined,
  },
  delivered: {
    succeeded: undefined,
    attemptFailed: undefined,
    failedPermanently: undefined,
    endpointDisabled: undefined,
    released: undefined,
    endpointDeleted: undefined,
    expired: undefined,
    requeued: 'pending',
  },
  failed: {
    succeeded: undefined,
    attemptFailed: undefined,
    failedPermanently: undefined,
    endpointDisabled: undefined,
    released: undefined,
    endpointDeleted: undefined,
    expired: undefined,
    requeued: 'pending',
  },
};

/** Whether deliveries in a state are in the queue; the others are in the log. */
export const queued: Record<DeliveryState, boolean> = { pending: true, held: true, delivered: false, failed: false };
