import type { DialectEvents } from './event-types.ts';

/**
 * The format of an endpoint's deliveries, as set by its `dialect`.
 *
 * @example
 * ```ts
 * import type { Dialect } from '@outrider/sdk/webhooks';
 *
 * const dialect: Dialect = 'standard';
 * ```
 */
export type Dialect = keyof DialectEvents;

/**
 * The event of a verified delivery.
 *
 * @example
 * ```ts
 * import type { DeliveredEvent } from '@outrider/sdk/webhooks';
 *
 * const describe = ({ type, id, occurredAt }: DeliveredEvent<string, unknown>): string =>
 *   `${type} ${id} of ${occurredAt.toISOString()}`;
 * ```
 */
export interface DeliveredEvent<Type extends string, Data> {
  /** The event type, as the dialect names it. */
  readonly type: Type;
  readonly data: Data;
  readonly occurredAt: Date;
  /** The event's id (`webhook-id`): the same in every attempt, in every replay and at each of your endpoints. Deduplicate by it, separately per endpoint. */
  readonly id: string;
  /** True when the sandbox sent the delivery. */
  readonly sandbox: boolean;
}

/** Fields that only some dialects send. */
interface DialectFields {
  /** `deliveryId`: the same in every attempt; a replay of a delivered event has a new one. */
  readonly defrost: { readonly organizationId: string; readonly deliveryId: string };
  readonly driftwood: { readonly deliveryId: string };
}

type FieldsOf<D extends Dialect> = D extends keyof DialectFields ? DialectFields[D] : object;

type EventOf<D extends Dialect, Events extends object> = {
  [Type in keyof Events & string]: DeliveredEvent<Type, Events[Type]> & FieldsOf<D>;
}[keyof Events & string];

/**
 * The events of a dialect, as a union discriminated by `type`. `Own` adds the events that you publish yourself: name → data.
 * `data` is typed as Outrider fills it; built-in types published through the API may lack fields.
 *
 * @example
 * ```ts
 * import type { WebhookEvent } from '@outrider/sdk/webhooks';
 *
 * function handle(event: WebhookEvent<'standard', { 'order.paid': { amount: number } }>): void {
 *   if (event.type === 'order.paid') console.log(event.data.amount);
 *   if (event.type === 'contact.created') console.log(event.data.email);
 * }
 * ```
 */
export type WebhookEvent<D extends Dialect = Dialect, Own extends object = object> = D extends Dialect
  ? EventOf<D, DialectEvents[D] & Own>
  : never;
