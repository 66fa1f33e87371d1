import { z } from 'zod';
import { isCanonical } from '../base/event-types.ts';
import type { CanonicalType } from '../base/event-types.ts';
import type { ErrorDetails } from '../base/errors.ts';
import { validationMessages } from '../base/validation-messages.ts';
import type { BuiltInType } from './catalogue/built-in.ts';
import { bulkJobs } from './catalogue/bulk-jobs.ts';
import { campaigns } from './catalogue/campaign.ts';
import { crm } from './catalogue/crm.ts';
import { deliveries } from './catalogue/delivery.ts';
import { emails } from './catalogue/email.ts';
import { imports } from './catalogue/imports.ts';
import { keys } from './catalogue/keys.ts';
import { members } from './catalogue/members.ts';
import { sending } from './catalogue/sending.ts';
import { topics } from './catalogue/topics.ts';

/** The product's event types: description, shape of `data`, example. */
export const catalogue: Readonly<Record<CanonicalType, BuiltInType>> = {
  ...crm,
  ...imports,
  ...bulkJobs,
  ...keys,
  ...members,
  ...campaigns,
  ...emails,
  ...sending,
  ...topics,
  ...deliveries,
};

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The `data` of a built-in type as JSON Schema (draft 2020-12). Allows further fields, because a later version may add some. */
export const jsonSchemaOf = (type: CanonicalType): JsonSchema => {
  const { $schema: _, ...schema } = z.toJSONSchema(catalogue[type].data, {
    io: 'input',
    // The format makes the pattern that zod adds redundant.
    override: ({ jsonSchema }) => void (jsonSchema.format === undefined || delete jsonSchema.pattern),
  });
  return schema;
};

/** Types about the delivery engine, which only Outrider emits. */
const reserved: ReadonlySet<string> = new Set(Object.keys(deliveries));

export const isReserved = (type: string): boolean => reserved.has(type);

/** The faults in the `data` of a caller's event of a built-in type, by field below `path`; undefined: none. */
export function builtInFaults(type: string, data: unknown, path: string): ErrorDetails | undefined {
  if (!isCanonical(type)) return undefined;
  const result = catalogue[type].published.safeParse(data, { error: validationMessages });
  if (result.success) return undefined;
  return Object.fromEntries(
    result.error.issues.map((issue) => [[path, ...issue.path.map(String)].join('.'), issue.message]),
  );
}
