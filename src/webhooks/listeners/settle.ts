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

/** The result of an attempt, as its consumer reports it. */
export interface AttemptReport {
  readonly deliveryId: DeliveryId;
  /** The fetched attempt number: distinguishes this attempt from a later one of the same delivery. */
  readonly attempt: number;
  readonly durationMs: number;
  readonly result:
    | { readonly statusCode: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
    | { readonly error: string };
}

/** `stale`: the delivery was already finished, or was fetched and settled again in the meantime; nothing changed. */
export type Settled = { readonly deliveryId: DeliveryId } & (
  | { readonly outcome: Outcome }
  | { readonly outcome: 'stale' }
);

/**
 * Records reported attempts like the engine's own: same retry rules, same batches. Resolves once they are written.
 * @returns one outcome per report, in order.
 */
export async function settle(
  { db, engine, clock, random }: SettleOptions,
  endpoint: Endpoint,
  reports: readonly AttemptReport[],
): Promise<Settled[]> {
  const deliveries = reports.map(({ deliveryId }) => deliveryId);
  const items = new Map((await inQueue(db, endpoint.id, deliveries)).map((row) => [row.id, itemOf(row)]));
  const settled = await Promise.all(
    reports.map(async (report): Promise<Settled> => {
      const { deliveryId, attempt } = report;
      const item = items.get(deliveryId);
      if (item?.attemptCount !== attempt - 1) return { deliveryId, outcome: 'stale' };
      return { deliveryId, outcome: await settleOne(item, report) };
    }),
  );
  // Waiting fetches sleep until the lease's end at most; a retry may be due earlier, or the head of a FIFO queue has changed.
  if (settled.some(({ outcome }) => outcome !== 'stale' && (outcome.kind === 'retry' || endpoint.fifo)))
    await engine.due(db, [endpoint.id]);
  return settled;

  async function settleOne(item: Item, report: AttemptReport): Promise<Outcome> {
    const { attempt } = report;
    const now = clock.now();
    const startedAtMs = fetchedAtMs(item, now);
    const headers = headersOf(endpoint, signedAttempt(endpoint, item, startedAtMs));
    const result = resultOf(report);
    // As in the dispatcher: a test has a single attempt.
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
 * A 410 or an exhausted schedule fails the delivery but never disables a listener: disabling protects a host that rejects our requests,
 * and here the host itself asks for them.
 */
const lasting = (outcome: Outcome): Outcome =>
  outcome.kind === 'failed' ? { kind: 'failed', why: 'exhausted' } : outcome;

function resultOf({ result, durationMs }: AttemptReport): SendResult {
  if ('error' in result) return { kind: 'failed', reason: 'protocol', message: result.error, durationMs };
  const { statusCode, headers, body } = result;
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
