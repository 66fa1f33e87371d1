import type { DialectEvents } from './event-types.ts';

export type Dialect = keyof DialectEvents;

/** What a verified delivery says. */
export interface DeliveredEvent<Type extends string, Data> {
  /** By the dialect's own name. */
  readonly type: Type;
  readonly data: Data;
  readonly occurredAt: Date;
  /** The event's id (`webhook-id`), the same at every attempt, at every replay and at each of your endpoints: deduplicate by it, endpoint by endpoint. */
  readonly id: string;
  /** True in deliveries of a sandbox. */
  readonly sandbox: boolean;
}

/** What a dialect says besides. */
interface DialectFields {
  /** `deliveryId`: the same at every attempt, but another one in a replay of what was delivered. */
  readonly defrost: { readonly organizationId: string; readonly deliveryId: string };
  readonly driftwood: { readonly deliveryId: string };
}

type FieldsOf<D extends Dialect> = D extends keyof DialectFields ? DialectFields[D] : object;

type EventOf<D extends Dialect, Events extends object> = {
  [Type in keyof Events & string]: DeliveredEvent<Type, Events[Type]> & FieldsOf<D>;
}[keyof Events & string];

/**
 * The events of a dialect, told apart by `type`. `Own`: those that you publish yourself, name → data.
 * `data` is typed as the product itself fills it; who publishes a built-in type through the API may leave fields out.
 */
export type WebhookEvent<D extends Dialect = Dialect, Own extends object = object> = D extends Dialect
  ? EventOf<D, DialectEvents[D] & Own>
  : never;
