import { z } from 'zod';
import type { Delivery } from '../delivery/queue/log.ts';

/** A field of a record: its schema and an example for the API document, and its value. */
type Field<Row> = readonly [schema: z.ZodType, example: unknown, valueOf: (row: Row) => unknown];

/** A kind of record as one vendor's API shows it. */
export interface Shape<Row> {
  readonly schema: z.ZodObject;
  readonly example: Readonly<Record<string, unknown>>;
  /** A record in this shape. Undefined fields are not part of its JSON. */
  of(row: Row): Readonly<Record<string, unknown>>;
}

/**
 * Declares a kind of record once, for the API document and for answers.
 *
 * @example
 * const webhook = shapeOf<EndpointRow>({
 *   url: [z.string(), 'https://example.com/hook', (row) => row.target_url],
 * });
 * webhook.of(row); // { url: 'https://…' }
 */
export function shapeOf<Row>(fields: Readonly<Record<string, Field<Row>>>): Shape<Row> {
  const entries = Object.entries(fields);
  return {
    schema: z.object(Object.fromEntries(entries.map(([name, [schema]]) => [name, schema]))),
    example: Object.fromEntries(entries.map(([name, [, example]]) => [name, example])),
    of: (row) => Object.fromEntries(entries.map(([name, [, , valueOf]]) => [name, valueOf(row)])),
  };
}

export const text = z.string();
export const integer = z.int();
export const time = z.iso.datetime();
export const exampleTime = '2026-01-05T09:00:00.000Z';

/** The vendors have no `held`: such a delivery is pending until its endpoint is enabled. */
export const deliveryStatus = z.enum(['pending', 'delivered', 'failed']);
export const deliveryStatusOf = ({ state }: Delivery): string => (state === 'held' ? 'pending' : state);
