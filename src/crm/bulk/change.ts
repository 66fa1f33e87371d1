/** What a job of each kind of record can change. */
import { z } from 'zod';
import { invalid } from '../../base/errors.ts';
import { companyChange } from '../companies/index.ts';
import { changeInput, tagChange } from '../contacts/index.ts';
import type { ContactFields, Lawfulness } from '../contacts/index.ts';
import { validated } from '../../http/validation.ts';
import { fields } from '../records/index.ts';

/** As `PATCH /v1/contacts/{id}` without the address; tags are replaced by a list, or changed by `{add, remove}`. */
export const contactChange = z.strictObject({
  ...changeInput,
  tags: z.union([fields.tags, tagChange]).optional(),
});

/** A change of contacts as `contacts.changeMany` reads it. */
export function contactFieldsOf({ tags, ...change }: z.output<typeof contactChange>): ContactFields & Lawfulness {
  if (tags === undefined) return change;
  return Array.isArray(tags) ? { ...change, tags } : { ...change, tag_change: tags };
}

/** @throws ApiError `validation_failed`, naming the field below `change` */
export function readChange(
  entity: 'contact' | 'company',
  change: unknown,
):
  | { readonly entity: 'contact'; readonly change: z.output<typeof contactChange> }
  | { readonly entity: 'company'; readonly change: z.output<typeof companyChange> } {
  const read = <T extends z.ZodType>(schema: T): z.output<T> =>
    (validated(z.object({ change: schema }), { change }, 'body') as { readonly change: z.output<T> }).change;
  if (typeof change === 'object' && change !== null && Object.keys(change).length === 0)
    throw invalid({ change: 'must name at least one field' });
  return entity === 'contact' ? { entity, change: read(contactChange) } : { entity, change: read(companyChange) };
}
