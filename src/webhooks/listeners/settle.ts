import type { Clock } from '../../base/clock.ts';
import type { Database } from '../../db/pool.ts';
import { headersOf, settlementOf, signedAttempt } from '../../delivery/attempt.ts';
import type { Endpoint } from '../../delivery/endpoint.ts';
import type { Engine } from '../../delivery/engine.ts';
import type { Item } from '../../delivery/lane.ts';
import { decide } from '../../delivery/retry.ts';
import type { Outcome } from '../../delivery/retry.ts';
import type { SendResult } from '../../delivery/transport/sender.ts';
import type { DeliveryId } from '../../base/ids.ts';
import { fetchedAtMs, itemOf } from './item.ts';
import { inQueue } from './queries.ts';

export interface SettleOptions {
  readonly db: Database;
  readonly engine: Pick<Engine, 'due' | 'finish'>;
  readonly clock: Clock;
  /** 0 to 1, for the jitter of retries. */
  readonly random: () => number;
}

/** What became of an attempt, as its consumer tells it. */
export interface Told {
  readonly deliveryId: DeliveryId;
  /** As it was fetched: tells this attempt from a later one of the same delivery. */
  readonly attempt: number;
  readonly durationMs: number;
  readonly result:
    | { readonly statusCode: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
    | { readonly error: string };
}

/** `stale`: the delivery is finished, or was fetched and settled again meanwhile; nothing was changed. */
export type Settled = { readonly deliveryId: DeliveryId } & (
  | { readonly outcome: Outcome }
  | { readonly outcome: 'stale' }
);

/** Records attempts as the engine records its own: by the same rules of retry, in the same batches. Resolves once they are written. */
export async function settleTold(
  { db, engine, clock, random }: SettleOptions,
  endpoint: Endpoint,
  told: readonly Told[],
): Promise<Settled[]> {
  const deliveries = told.map((one) => one.deliveryId);
  const items = new Map((await inQueue(db, endpoint.id, deliveries)).map((row) => [row.id, itemOf(row)]));
  const settled = await Promise.all(
    told.map(async (one): Promise<Settled> => {
      const item = items.get(one.deliveryId);
      if (item?.attemptCount !== one.attempt - 1) return { deliveryId: one.deliveryId, outcome: 'stale' };
      return { deliveryId: one.deliveryId, outcome: await settleOne(item, one) };
    }),
  );
  // Those who wait know of the lease at most: something may be due before its end, or a FIFO line has moved.
  if (settled.some(({ outcome }) => outcome !== 'stale' && (outcome.kind === 'retry' || endpoint.fifo)))
    await engine.due(db, [endpoint.id]);
  return settled;

  async function settleOne(item: Item, { attempt, durationMs, result: told }: Told): Promise<Outcome> {
    const now = clock.now();
    const startedAtMs = fetchedAtMs(item, now);
    const headers = headersOf(endpoint, signedAttempt(endpoint, item, startedAtMs));
    const result = resultOf(told, durationMs);
    // As the dispatcher has it: a test is one attempt.
    const policy = item.kind === 'test' ? { scheduleSeconds: [], exact: true } : endpoint.retry;
    const outcome = lasting(decide(result, policy, attempt - item.scheduleBase, now, random()));
    await new Promise<void>((written) =>
      engine.finish(
        {
          endpoint: { ...endpoint, wire: { ...endpoint.wire, whenExhausted: 'nothing' } },
          item,
          attempt,
          outcome,
          result,
          startedAtMs,
        },
        settlementOf(endpoint, item, headers, startedAtMs, now, result, outcome),
        written,
      ),
    );
    return outcome;
  }
}

/**
 * A 410 ends its delivery, as any receiver's does, but not the endpoint; nor does a schedule that is used up. Disabling spares a host
 * that does not want our requests, and here it is the host that asks for them.
 */
const lasting = (outcome: Outcome): Outcome =>
  outcome.kind === 'failed' ? { kind: 'failed', why: 'exhausted' } : outcome;

function resultOf(told: Told['result'], durationMs: number): SendResult {
  if ('error' in told) return { kind: 'failed', reason: 'protocol', message: told.error, durationMs };
  const { statusCode, headers, body } = told;
  return {
    kind: 'answered',
    statusCode,
    headers,
    body,
    bodyTruncated: false,
    durationMs,
    retryAfter: headers['retry-after'],
  };
}
