import { z } from 'zod';
import { companyFields } from '../../base/records/company.ts';
import { contactFields } from '../../base/records/contact.ts';
import { projectFields } from '../../base/records/project.ts';
import { pageOf, pageQuery } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { customEntities, customTypes, fieldOnWire } from './custom-fields.ts';
import type { CustomFields } from './custom-fields.ts';
import { requiredText } from './fields.ts';
import { sliceOf } from './lists.ts';
import { sourceOnWire } from './sources.ts';
import type { Sources } from './sources.ts';

const tag = 'Records';
const id = z.object({ id: z.uuid() });
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

const sourceShape = z.object({ id: z.uuid(), name: z.string(), created_at: time }).meta({ id: 'Source' });
const sourceExample: z.input<typeof sourceShape> = {
  id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4d0',
  name: 'Trade fair 2026',
  created_at: '2026-01-05T09:00:00.000Z',
};

/** Keys that custom fields cannot have. */
const ownFields = { contact: contactFields, company: companyFields, project: projectFields };
const isOwnField = (entity: keyof typeof ownFields, key: string): boolean =>
  Object.hasOwn(ownFields[entity], key) ||
  ['id', 'account_id', 'created_by', 'created_at', 'updated_at'].includes(key) ||
  (entity === 'contact' && key === 'deleted_at');

const options = z
  .array(requiredText(200))
  .min(1)
  .max(200)
  .refine((options) => new Set(options).size === options.length, 'must differ from each other')
  .meta({ uniqueItems: true });

export const recordRoutes = ({
  customFields,
  sources,
}: {
  customFields: CustomFields;
  sources: Sources;
}): readonly Route[] => [
  route({
    method: 'POST',
    path: '/v1/custom-fields',
    tag,
    summary: 'Define a custom field',
    scope: 'contacts:write',
    boundKeys: 'refused',
    operationId: 'createCustomField',
    body: z
      .strictObject({
        entity: z.enum(customEntities),
        key: z
          .string()
          .regex(
            /^[a-z][a-z0-9_]{0,62}$/,
            'must begin with a letter and contain only lower-case letters, digits and _',
          ),
        label: requiredText(200).optional().describe('The key by default.'),
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
      }),
    bodyExample: { entity: 'contact', key: 'loyalty_tier', label: 'Loyalty tier', type: 'text' },
    answers: {
      201: { description: 'The field.', schema: z.object({ data: fieldShape }), example: { data: fieldExample } },
      409: { description: 'The key is taken.' },
    },
    handle: async ({ body: { label, options, ...body } }, principal) => ({
      status: 201,
      body: {
        data: fieldOnWire(
          await customFields.create(principal, { ...body, label: label ?? body.key, options: options ?? null }),
        ),
      },
    }),
  }),
  route({
    method: 'GET',
    path: '/v1/custom-fields',
    tag,
    summary: 'List custom fields',
    scope: 'contacts:read',
    boundKeys: 'refused',
    operationId: 'listCustomFields',
    query: z.strictObject({ entity: z.enum(customEntities).optional() }),
    answers: {
      200: {
        description: 'All custom fields, by entity and key.',
        schema: z.object({ data: z.array(fieldShape) }),
        example: { data: [fieldExample] },
      },
    },
    handle: async ({ query: { entity } }, { organizationId }) => ({
      status: 200,
      body: { data: (await customFields.list(organizationId, entity)).map(fieldOnWire) },
    }),
  }),
  route({
    method: 'PATCH',
    path: '/v1/custom-fields/:id',
    tag,
    summary: 'Change the label or the options of a custom field',
    description:
      '`options` replaces the options of a `select`. Values of a removed option stay on the records, but new values cannot use it. The type cannot be changed; define another field instead.',
    scope: 'contacts:write',
    boundKeys: 'refused',
    operationId: 'updateCustomField',
    params: id,
    body: z.strictObject({ label: requiredText(200).optional(), options: options.optional() }),
    bodyExample: { label: 'Loyalty tier' },
    answers: {
      200: { description: 'The field.', schema: z.object({ data: fieldShape }), example: { data: fieldExample } },
    },
    handle: async ({ params, body }, principal) => ({
      status: 200,
      body: { data: fieldOnWire(await customFields.update(principal, params.id, body)) },
    }),
  }),
  route({
    method: 'DELETE',
    path: '/v1/custom-fields/:id',
    tag,
    summary: 'Delete the definition of a custom field',
    description:
      'Values stay on the records, and are valid again if the field is defined again. To remove a value, set it to null.',
    scope: 'contacts:write',
    boundKeys: 'refused',
    operationId: 'deleteCustomField',
    params: id,
    answers: { 204: { description: 'Deleted.' } },
    handle: async ({ params }, principal) => {
      await customFields.remove(principal, params.id);
      return { status: 204 };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/sources',
    tag,
    summary: 'Create a source of contacts',
    scope: 'contacts:write',
    boundKeys: 'refused',
    operationId: 'createSource',
    body: z.strictObject({ name: requiredText(200) }),
    bodyExample: { name: 'Trade fair 2026' },
    answers: {
      201: { description: 'The source.', schema: z.object({ data: sourceShape }), example: { data: sourceExample } },
      409: { description: 'The name is taken.' },
    },
    handle: async ({ body }, principal) => ({
      status: 201,
      body: { data: sourceOnWire(await sources.create(principal, body.name)) },
    }),
  }),
  route({
    method: 'GET',
    path: '/v1/sources',
    tag,
    summary: 'List sources, newest first',
    scope: 'contacts:read',
    boundKeys: 'refused',
    operationId: 'listSources',
    query: pageQuery,
    answers: {
      200: {
        description: 'A page of sources.',
        schema: pageOf(sourceShape),
        example: { data: [sourceExample], page: 1, page_size: 25, total: 1 },
      },
    },
    handle: async ({ query: { page, page_size: pageSize } }, { organizationId }) => {
      const [rows, total] = await Promise.all([
        sources.list(organizationId, sliceOf({ page, page_size: pageSize })),
        sources.count(organizationId),
      ]);
      return { status: 200, body: { data: rows.map(sourceOnWire), page, page_size: pageSize, total } };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/sources/:id',
    tag,
    summary: 'Delete a source',
    description: 'Refused while contacts have it. Deleted contacts with this source have none when they are restored.',
    scope: 'contacts:write',
    boundKeys: 'refused',
    operationId: 'deleteSource',
    params: id,
    answers: { 204: { description: 'Deleted.' }, 409: { description: 'Contacts have this source.' } },
    handle: async ({ params }, principal) => {
      await sources.remove(principal, params.id);
      return { status: 204 };
    },
  }),
];
