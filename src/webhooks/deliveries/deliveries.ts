import type { Clock } from '../../base/clock.ts';
import type { Database } from '../../db/pool.ts';
import type { Engine } from '../../delivery/engine.ts';
import type { Subscriptions } from '../../delivery/subscriptions.ts';
import {
  attemptsOf,
  deliveriesOf,
  deliveryOfEvent,
  expedite,
  findDelivery,
  requeue,
} from '../../delivery/queue/log.ts';
import type { Attempt, Delivery, FoundDelivery } from '../../delivery/queue/log.ts';
import { queued, transitions } from '../../delivery/state.ts';
import type { DeliveryState } from '../../delivery/state.ts';
import type { Wire, Wires } from '../../delivery/wire.ts';
import { canonicalTypes, isCanonical } from '../../base/event-types.ts';
import { ApiError, invalid, notFound } from '../../base/errors.ts';
import type { Publisher } from '../../events/index.ts';
import { idAt, lastId } from '../../base/ids.ts';
import type { DeliveryId, EndpointId, EventId, OrganizationId } from '../../base/ids.ts';
import { typesLike } from '../endpoints/index.ts';
import type { EndpointRow, Endpoints, Reach } from '../endpoints/index.ts';
import { own } from '../../base/own.ts';

export interface DeliveriesOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly engine: Pick<Engine, 'due'>;
  readonly wires: Wires;
  readonly subscriptions: Pick<Subscriptions, 'get'>;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly endpoints: Pick<Endpoints, 'get'>;
  /** An example of a type's `data`; undefined: there is no such type. */
  readonly exampleOf: (type: string, organizationId: OrganizationId) => unknown;
}

export interface DeliverySearch {
  readonly state?: DeliveryState | undefined;
  /** A type, the dialect's name of one, or a prefix such as `order.*`. */
  readonly event?: string | undefined;
  /** Made at this time or later. */
  readonly since?: Date | undefined;
  /** Made before this time. */
  readonly until?: Date | undefined;
  /** Behind this one. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Above every id. */

export type Deliveries = ReturnType<typeof createDeliveries>;

/** What people do with deliveries: look at them, send one again, send one to try. */
export function createDeliveries({
  db,
  clock,
  wires,
  engine,
  subscriptions,
  publisher,
  endpoints,
  exampleOf,
}: DeliveriesOptions) {
  /** @throws ApiError `conflict` for a dialect of a newer version. */
  function wireOf({ dialect }: Pick<EndpointRow, 'dialect'>): Wire {
    const wire = wires.get(dialect);
    if (wire === undefined)
      throw new ApiError(
        'conflict',
        `This version of Outrider does not know the endpoint's dialect, ${dialect}. Use a newer version.`,
      );
    return wire;
  }

  async function found(reach: Reach, id: DeliveryId): Promise<FoundDelivery> {
    const delivery = await findDelivery(db, reach.organizationId, reach.workspaceId, id);
    if (delivery === undefined) throw notFound('Delivery');
    return delivery;
  }

  return {
    /**
     * The newest first. A page of a search that few deliveries pass may hold less than `limit`, or nothing, and still have a next one.
     * @throws ApiError `not_found` for the endpoint.
     */
    async list(
      reach: Reach,
      endpointId: EndpointId,
      search: DeliverySearch,
    ): Promise<{ deliveries: Delivery[]; nextCursor: string | null }> {
      const endpoint = await endpoints.get(reach, endpointId);
      const until = search.until === undefined ? lastId : idAt(search.until.getTime());
      const filter = {
        state: search.state,
        events: search.event === undefined ? undefined : typesLike(search.event, wireOf(endpoint)),
        from: idAt(search.since?.getTime() ?? 0),
        before: search.cursor !== undefined && search.cursor < until ? search.cursor : until,
      };
      const { rows, stoppedAt } = await deliveriesOf(db, endpointId, filter, search.limit);
      const page = rows.slice(0, search.limit);
      return {
        deliveries: page,
        nextCursor: rows.length > search.limit ? (page.at(-1)?.id ?? null) : (stoppedAt ?? null),
      };
    },

    /** @throws ApiError `not_found` */
    async get(reach: Reach, id: DeliveryId): Promise<{ delivery: Delivery; attempts: Attempt[] }> {
      const delivery = await found(reach, id);
      return { delivery, attempts: await attemptsOf(db, delivery, wires) };
    },

    /**
     * Sends a delivery again, under its own id: a finished one goes back to the queue, one that waits for its next attempt is due now.
     * One whose attempt is in flight is left alone. Its retry schedule starts again.
     * @throws ApiError `not_found`; `conflict` when its endpoint is disabled or deleted, or its event is gone.
     */
    async retry(reach: Reach, id: DeliveryId): Promise<Delivery> {
      const delivery = await found(reach, id);
      if (delivery.deleted) throw new ApiError('conflict', 'The endpoint of this delivery was deleted.');
      if (!delivery.is_active)
        throw new ApiError(
          'conflict',
          `The endpoint is disabled${reasonText(delivery)}. Enable it first: POST /v1/webhooks/${delivery.endpoint_id}/enable.`,
        );
      if (transitions[delivery.state].requeued === undefined) {
        throw new ApiError(
          'conflict',
          `This delivery is held. Release it: POST /v1/webhooks/${delivery.endpoint_id}/enable with {"release_held": true}.`,
        );
      }
      const now = clock.now();
      const moved = queued[delivery.state] ? await expedite(db, delivery, now) : await requeue(db, delivery, now);
      if (moved) await engine.due(db, [delivery.endpoint_id]);
      const current = await found(reach, id);
      if (
        !moved &&
        !queued[current.state] &&
        current.state === delivery.state &&
        current.attempt_count === delivery.attempt_count
      ) {
        throw new ApiError(
          'conflict',
          'The event of this delivery is past the retention; there is nothing left to send.',
        );
      }
      return current;
    },

    /**
     * Sends one event to this endpoint alone, once, whatever it subscribed to.
     * @param name of a type, or the dialect's own; `webhook.test` when not said.
     * @throws ApiError `not_found`; `conflict` when the endpoint is disabled or cannot be read; `validation_failed` for a type without an example.
     */
    async test(
      reach: Reach,
      id: EndpointId,
      name = 'webhook.test',
    ): Promise<{ eventId: EventId; deliveryId: DeliveryId }> {
      const endpoint = await endpoints.get(reach, id);
      if (!endpoint.is_active)
        throw new ApiError(
          'conflict',
          `The endpoint is disabled${reasonText(endpoint)}. Enable it first: POST /v1/webhooks/${id}/enable.`,
        );
      const wire = wireOf(endpoint);
      if (subscriptions.get(id)?.transport === 'none') {
        throw new ApiError(
          'conflict',
          `This server cannot read the endpoint. Set its URL, headers and filter again (PATCH /v1/webhooks/${id}), or its secret (POST /v1/webhooks/${id}/rotate-secret).`,
        );
      }
      // A dialect's name stands for its type, unless a type itself is called so.
      const type =
        isCanonical(name) && wire.eventName(name) !== undefined
          ? name
          : (canonicalTypes.find((each) => wire.eventName(each) === name) ?? name);
      if (wire.eventName(type) === undefined) throw invalid({ event: `the ${wire.name} dialect has no ${name}` });
      const example: unknown = await exampleOf(type, reach.organizationId);
      if (example === undefined) throw invalid({ event: `no example of ${name} is known; see GET /v1/event-types` });
      const data = type === 'webhook.test' ? { ...(example as object), endpoint_id: id } : example;
      const event = await publisher.publish({
        organizationId: reach.organizationId,
        workspaceId: endpoint.workspace_id ?? undefined,
        type,
        data,
        occurredAtMs: clock.now(),
        only: id,
      });
      const deliveryId = await deliveryOfEvent(db, id, event.id);
      if (deliveryId === undefined) throw notFound('Endpoint');
      return { eventId: event.id, deliveryId };
    },
  };
}

const reasons: Readonly<Record<string, string>> = {
  manual: ' (by a person)',
  exhausted: ' (a delivery used up its retry schedule)',
  gone: ' (its receiver answered 410)',
};

const reasonText = ({ disabled_reason: reason }: Pick<EndpointRow, 'disabled_reason'>): string =>
  reason === null ? '' : (own(reasons, reason) ?? ` (${reason})`);
