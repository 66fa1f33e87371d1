import type { z } from 'zod';
import { own } from '../base/own.ts';

type Stored<T> = T extends readonly (infer Item)[] ? readonly Item[] : T | (string extends T ? Date : never);
type Wire<Shape extends z.ZodRawShape> = z.input<z.ZodObject<Shape>>;

/**
 * A row as the API shows it: the fields of the shape, which are named like the columns, with times as ISO 8601 text.
 * @example
 * const shape = z.object({ id: z.uuid(), created_at: z.iso.datetime() });
 * shown(shape, { id, created_at: new Date(0), secret: '…' }); // { id, created_at: '1970-01-01T00:00:00.000Z' }
 */
export function shown<Shape extends z.ZodRawShape>(
  shape: z.ZodObject<Shape>,
  row: { readonly [Name in keyof Wire<Shape>]: Stored<Wire<Shape>[Name]> },
): Wire<Shape> {
  const values: Readonly<Record<string, unknown>> = row;
  const fields: Record<string, unknown> = {};
  for (const name of Object.keys(shape.shape)) {
    const value = own(values, name);
    fields[name] = value instanceof Date ? value.toISOString() : value;
  }
  return fields as Wire<Shape>;
}
