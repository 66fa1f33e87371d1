import { hash } from 'node:crypto';
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
import type { BodyRenderer } from '../../delivery/templates/renderer.ts';
import type { Wire, Wires } from '../../delivery/wire.ts';
import { canonicalTypes, isCanonical } from '../../base/event-types.ts';
import { ApiError, invalid, notFound } from '../../base/errors.ts';
import type { Publisher } from '../../events/index.ts';
import { idAt, lastId } from '../../base/ids.ts';
import type { DeliveryId, EndpointId, EventId, OrganizationId } from '../../base/ids.ts';
import { typesLike } from '../endpoints/index.ts';
import type { EndpointRow, Endpoints, Reach } from '../endpoints/index.ts';
import { own } from '../../base/own.ts';
import { pageOf, rangeOf, searchAcross } from './search.ts';
import type { DeliverySearch, Page, WideSearch } from './search.ts';

export interface DeliveriesOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly engine: Pick<Engine, 'due'>;
  readonly wires: Wires;
  readonly subscriptions: Pick<Subscriptions, 'get' | 'load'>;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly endpoints: Pick<Endpoints, 'get'>;
  readonly templates: BodyRenderer;
  /** An example of a type's `data`, or a promise of one; undefined if the type does not exist. */
  readonly exampleOf: (type: string, organizationId: OrganizationId) => unknown;
}

export type Deliveries = ReturnType<typeof createDeliveries>;

/**
 * Reads deliveries, retries them and sends test events.
 * @example
 * const page = await deliveries.list(principal, endpointId, { state: 'failed', limit: 25 });
 * for (const { id } of page.deliveries) await deliveries.retry(principal, id);
 */
export function createDeliveries({
  db,
  clock,
  wires,
  engine,
  subscriptions,
  publisher,
  endpoints,
  exampleOf,
  templates,
}: DeliveriesOptions) {
  /** @throws ApiError `conflict` for a dialect unknown to this version. */
  function wireOf({ dialect }: Pick<EndpointRow, 'dialect'>): Wire {
    const wire = wires.get(dialect);
    if (wire === undefined)
      throw new ApiError(
        'conflict',
        `This version of Outrider does not support the endpoint's dialect ${dialect}. Use a newer version.`,
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
     * Lists deliveries. If few deliveries match the search, a page may have fewer than `limit`, or none, and still a next page.
     * @throws ApiError `not_found` for the endpoint; `validation_failed` if too many would be ordered by their changes.
     */
    async list(reach: Reach, endpointId: EndpointId, search: DeliverySearch): Promise<Page> {
      const endpoint = await endpoints.get(reach, endpointId);
      const until = search.until === undefined ? lastId : idAt(search.until.getTime());
      const filter = {
        state: search.state,
        events: search.event === undefined ? undefined : typesLike(search.event, wireOf(endpoint)),
        updatedSince: search.updatedSince,
        ...rangeOf(search, idAt(search.since?.getTime() ?? 0), until),
      };
      return pageOf(search, (limit) => deliveriesOf(db, endpointId, filter, limit));
    },

    search: (reach: Reach, search: WideSearch): Promise<Page> => searchAcross({ db, clock, endpoints }, reach, search),

    /** @throws ApiError `not_found` */
    async get(reach: Reach, id: DeliveryId): Promise<{ delivery: Delivery; attempts: Attempt[] }> {
      const delivery = await found(reach, id);
      return { delivery, attempts: await attemptsOf(db, delivery, wires, templates) };
    },

    /**
     * Sends a delivery again under its own id, with its retry schedule from the start: a finished delivery returns to the queue, a pending
     * one becomes due now. A delivery whose attempt is in flight is left alone.
     * @throws ApiError `not_found`; `conflict` if its endpoint is disabled or deleted, it is held, or its event was deleted.
     */
    async retry(reach: Reach, id: DeliveryId): Promise<Delivery> {
      const delivery = await found(reach, id);
      if (delivery.deleted) throw new ApiError('conflict', 'The endpoint of this delivery was deleted.');
      assertActive(delivery, delivery.endpoint_id);
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
          'The event of this delivery is past retention, or its data was erased; there is nothing left to send.',
        );
      }
      return current;
    },

    /**
     * Sends one event to this endpoint only, in a single attempt, whatever its subscriptions.
     * @param name an event type, or the dialect's name of one.
     * @param key with which a repetition gets the same event and delivery again
     * @throws ApiError `not_found`; `conflict` if the endpoint is disabled or cannot be read; `validation_failed` for a type without an example.
     */
    async test(reach: Reach, id: EndpointId, name = 'webhook.test', key?: string): Promise<SentTest> {
      const endpoint = await endpoints.get(reach, id);
      assertActive(endpoint, id);
      const wire = wireOf(endpoint);
      await subscriptions.load([id]);
      if (subscriptions.get(id)?.transport === 'none') {
        throw new ApiError(
          'conflict',
          `This server cannot read the endpoint. Set its URL, headers, tls, oauth2 and filter again (PATCH /v1/webhooks/${id}), or its secret (POST /v1/webhooks/${id}/rotate-secret).`,
        );
      }
      const type = typeNamed(name, wire);
      if (wire.eventName(type) === undefined) throw invalid({ event: `the ${wire.name} dialect has no ${name}` });
      const example: unknown = await exampleOf(type, reach.organizationId);
      if (example === undefined) throw invalid({ event: `${name} has no example; see GET /v1/event-types` });
      const data = type === 'webhook.test' ? { ...(example as object), endpoint_id: id } : example;
      const event = await publisher.publish({
        organizationId: reach.organizationId,
        workspaceId: endpoint.workspace_id ?? undefined,
        type,
        data,
        occurredAtMs: clock.now(),
        only: id,
        ...(key === undefined ? {} : { idempotency: ofTest(id, type, key) }),
      });
      const deliveryId = await deliveryOfEvent(db, id, event.id);
      if (deliveryId === undefined) throw notFound('Endpoint');
      return { eventId: event.id, deliveryId, isRepeated: event.isRepeated };
    },
  };
}

export interface SentTest {
  readonly eventId: EventId;
  readonly deliveryId: DeliveryId;
  /** An earlier request with the key sent it. */
  readonly isRepeated: boolean;
}

/** Callers' keys have no tab, so this is none of theirs. The time of a test is not part of the request. */
const ofTest = (id: EndpointId, type: string, key: string): { key: string; requestHash: Buffer } => ({
  key: `test\t${id}\t${key}`,
  requestHash: hash('sha256', type, 'buffer'),
});

/** The type a name stands for: itself, if the dialect has such a type, or else the type the dialect gives this name. */
const typeNamed = (name: string, wire: Wire): string =>
  isCanonical(name) && wire.eventName(name) !== undefined
    ? name
    : (canonicalTypes.find((type) => wire.eventName(type) === name) ?? name);

const reasons: Readonly<Record<string, string>> = {
  manual: ' (by a person)',
  exhausted: ' (a delivery exhausted its retry schedule)',
  gone: ' (its receiver answered 410)',
};

/** @throws ApiError `conflict`, naming why the endpoint is disabled and how to enable it. */
function assertActive(
  { is_active: isActive, disabled_reason: reason }: Pick<EndpointRow, 'is_active' | 'disabled_reason'>,
  id: EndpointId,
): void {
  if (isActive) return;
  const why = reason === null ? '' : (own(reasons, reason) ?? ` (${reason})`);
  throw new ApiError('conflict', `The endpoint is disabled${why}. Enable it first: POST /v1/webhooks/${id}/enable.`);
}
