import { idAt } from '../../base/ids.ts';
import type { DeliveryId } from '../../base/ids.ts';

/** Less than the key of any scheduled delivery, and more than that of any other. */
export const scheduledFrom = 'f0000000-0000-0000-0000-000000000000';

/** Less than the key of any delivery scheduled for this time or later, and more than that of any for an earlier time. */
export const scheduledUntil = (unixMs: number): string => `f${idAt(unixMs).slice(1, 13)}-0000-0000-000000000000`;

/**
 * The place of a delivery in the queue of a FIFO endpoint (`delivery_queue.fifo_key`): its id or, if it is scheduled, `f` with the time
 * and the significant digits of its id. So what waits for its time is apart from the others in the index, however much it is.
 * With `0` instead of `f`, the key of a scheduled delivery compares with ids (UUIDv7, which begin with 0 until the year 2527).
 */
export function fifoKey(id: DeliveryId, scheduledMs: number | undefined): string {
  if (scheduledMs === undefined) return id;
  const digits = id.replaceAll('-', '');
  const tail = digits.slice(1, 12) + digits.slice(13, 22);
  return `${scheduledUntil(scheduledMs).slice(0, 14)}${tail.slice(0, 4)}-${tail.slice(4, 8)}-${tail.slice(8)}`;
}
