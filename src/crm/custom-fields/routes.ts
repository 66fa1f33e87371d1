import { z } from 'zod';
import { companyFields } from '../../base/records/company.ts';
import { contactFields } from '../../base/records/contact.ts';
import { projectFields } from '../../base/records/project.ts';
import { listBody, listingOf, listQuery, sliceOf } from '../../http/listing.ts';
import { cursorPageOf, pageOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { fields, recordRoutes } from '../records/index.ts';
import { customEntities, customTypes, fieldOnWire, lockField } from './custom-fields.ts';
import type { CustomFields } from './custom-fields.ts';

const tag = 'Records';
const time = z.iso.datetime();

const fieldShape = z
  .object({
    id: z.uuid(),
    entity: z.enum(customEntities),
    key: z.string(),
    label: z.string(),
    type: z.enum(customTypes),
    options: z.array(z.string()).nullable().describe('The values that a `select` allows.'),
    created_at: time,
  })
  .meta({ id: 'CustomField' });
const fieldExample: z.input<typeof fieldShape> = {
  id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4c0',
  entity: 'contact',
  key: 'loyalty_tier',
  label: 'Loyalty tier',
  type: 'text',
  options: null,
  created_at: '2026-01-05T09:00:00.000Z',
};

/** Keys that custom fields cannot have. */
const ownFields = { contact: contactFields, company: companyFields, project: projectFields };
const isOwnField = (entity: keyof typeof ownFields, key: string): boolean =>
  Object.hasOwn(ownFields[entity], key) ||
  ['id', 'account_id', 'workspace_id', 'created_by', 'created_at', 'updated_at'].includes(key) ||
  (entity === 'contact' && key === 'deleted_at');

const options = z
  .array(fields.requiredText(200))
  .min(1)
  .max(200)
  .refine((options) => new Set(options).size === options.length, 'must not contain an option twice')
  .meta({ uniqueItems: true });

const definition = z
  .strictObject({
    entity: z.enum(customEntities),
    key: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,62}$/, 'must begin with a letter and contain only lower-case letters, digits and _'),
    label: fields.requiredText(200).optional().describe('The key by default.'),
    type: z.enum(customTypes).default('text'),
    options: options.optional().describe('Required for a `select`, and only allowed there.'),
  })
  .refine(({ entity, key }) => !isOwnField(entity, key), {
    path: ['key'],
    message: 'is a built-in field of this entity; choose another key',
  })
  .refine(({ type, options }) => (type === 'select') === (options !== undefined), {
    path: ['options'],
    message: 'are required for the type select, and only allowed for it',
  })
  .meta({
    if: { properties: { type: { const: 'select' } }, required: ['type'] },
    // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's
    then: { required: ['options'] },
    else: { not: { required: ['options'] } },
  });

const api = recordRoutes({
  tag,
  path: '/v1/custom-fields',
  noun: 'a custom field',
  plural: 'custom fields',
  scope: 'contacts',
  boundKeys: 'refused',
  id: z.object({ id: z.uuid() }),
  schema: fieldShape,
  example: fieldExample,
  lock: lockField,
  onWire: fieldOnWire,
});

const { page, page_size: pageSize } = listQuery.shape;
/** There are few, so all are listed unless a page is requested. */
const fieldQuery = listQuery.extend({
  page: page.unwrap().optional(),
  page_size: pageSize.unwrap().optional(),
  entity: z.enum(customEntities).optional(),
});

export const customFieldRoutes = (customFields: CustomFields): readonly Route[] => [
  api.create(
    definition,
    undefined,
    (principal, { label, options, ...given }) =>
      customFields.create(principal, { ...given, label: label ?? given.key, options: options ?? null }),
    {
      summary: 'Define a custom field',
      bodyExample: { entity: 'contact', key: 'loyalty_tier', label: 'Loyalty tier', type: 'text' },
      answers: { 409: { description: 'The key is taken.' } },
    },
  ),
  route({
    method: 'GET',
    path: '/v1/custom-fields',
    tag,
    summary: 'List custom fields',
    description:
      'All of them, by entity and key. With parameters of paging, `sort` or `updated_since`, a page, newest first.',
    scope: 'contacts:read',
    boundKeys: 'refused',
    operationId: 'listCustomFields',
    query: fieldQuery,
    answers: {
      200: {
        description: 'Custom fields.',
        schema: z.union([z.object({ data: z.array(fieldShape) }), pageOf(fieldShape), cursorPageOf(fieldShape)]),
        example: { data: [fieldExample] },
      },
    },
    handle: async ({ query }, { organizationId }) => {
      const { entity, page, page_size: size, cursor, limit, sort, updated_since: since } = query;
      const rows = await customFields.list(organizationId, entity);
      if ([page, size, cursor, limit, sort, since].every((each) => each === undefined))
        return { status: 200, body: { data: rows.map(fieldOnWire) } };
      const listing = listingOf('/v1/custom-fields', query);
      const numbers = { page: page ?? 1, page_size: size ?? listing.limit };
      const total = rows.filter(({ updated_at: at }) => since === undefined || at >= since).length;
      return { status: 200, body: listBody(numbers, listing, sliceOf(rows, listing), fieldOnWire, { total }) };
    },
  }),
  api.get(customFields.get),
  api.update(
    z.strictObject({ label: fields.requiredText(200).optional(), options: options.optional() }),
    customFields.update,
    {
      summary: 'Change the label or the options of a custom field',
      description:
        '`options` replaces the options of a `select`. Values of a removed option stay on the records, but new values cannot use it. The type cannot be changed; define another field instead.',
      bodyExample: { label: 'Loyalty tier' },
    },
  ),
  api.remove(customFields.remove, {
    summary: 'Delete the definition of a custom field',
    description:
      'Values stay on the records, and are valid again if the field is defined again. To remove a value, set it to null.',
  }),
];
