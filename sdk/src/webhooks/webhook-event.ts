import type { DialectEvents } from './event-types.ts';

export type Dialect = keyof DialectEvents;

/** What a verified delivery says. */
export interface DeliveredEvent<Type extends string, Data> {
  /** By the dialect's own name. */
  readonly type: Type;
  readonly data: Data;
  readonly occurredAt: Date;
  /** The same at every attempt: what was done for this id need not be done again. */
  readonly deliveryId: string;
  /** True in deliveries of a sandbox. */
  readonly sandbox: boolean;
}

/** What a dialect says besides. */
interface DialectFields {
  readonly defrost: { readonly organizationId: string };
}

type FieldsOf<D extends Dialect> = D extends keyof DialectFields ? DialectFields[D] : object;

type EventOf<D extends Dialect, Events extends object> = { [Type in keyof Events & string]: DeliveredEvent<Type, Events[Type]> & FieldsOf<D> }[keyof Events &
  string];

/**
 * The events of a dialect, told apart by `type`. `Own`: those that you publish yourself, name → data.
 * `data` is typed as the product itself fills it; who publishes a built-in type through the API may leave fields out.
 */
export type WebhookEvent<D extends Dialect = Dialect, Own extends object = object> = D extends Dialect ? EventOf<D, DialectEvents[D] & Own> : never;
