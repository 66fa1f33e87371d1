import { z } from 'zod';
import { cut } from '../../base/cut.ts';
import { mustBeWellFormed, mustNotHaveNul, validationMessages } from '../../base/validation-messages.ts';

/** Rows that are read one by one (`parseRow`), so that one bad row does not reject the others. The API document shows the schema of a row. */
export const rowsOf = (row: z.ZodType) =>
  z.array(
    z.unknown().meta({
      override: ({ jsonSchema }) => {
        const { $schema: _, ...shape } = z.toJSONSchema(row, { io: 'input' });
        Object.assign(jsonSchema, shape);
      },
    }),
  );

/** Reads one row by its schema. @returns its problems, each with its field, when it is invalid. */
export function parseRow<Schema extends z.ZodType>(
  schema: Schema,
  row: unknown,
): { readonly data: z.output<Schema> } | { readonly problem: string } {
  const unstorable = unstorableText(row);
  if (unstorable !== undefined) return { problem: unstorable };
  const parsed = schema.safeParse(row, { error: validationMessages });
  if (parsed.success) return { data: parsed.data };
  return {
    problem: parsed.error.issues
      .map(({ path, message }) => (path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`))
      .join('; '),
  };
}

/**
 * PostgreSQL stores neither NUL nor half a surrogate pair.
 * @param whole the name of the value itself in the message
 * @returns the problem of the first text that has either; undefined when none has
 */
export function unstorableText(value: unknown, whole = '', path = ''): string | undefined {
  if (typeof value === 'string') {
    const reason = value.includes('\0') ? mustNotHaveNul : value.isWellFormed() ? undefined : mustBeWellFormed;
    const field = path === '' ? whole : path;
    return reason === undefined || field === '' ? reason : `${field}: ${reason}`;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, field] of Object.entries(value)) {
    const found =
      unstorableText(key, whole, path) ?? unstorableText(field, whole, path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

const echoedMax = 320;

/** A text of the row as its result repeats it, cut to 320 characters; undefined when no text was sent. */
export function sentText(row: unknown, field: string): string | undefined {
  const sent = typeof row === 'object' && row !== null ? (row as Readonly<Record<string, unknown>>)[field] : undefined;
  return typeof sent === 'string' ? cut(sent, echoedMax) : undefined;
}
