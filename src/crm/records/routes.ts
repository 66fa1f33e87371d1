import { z } from 'zod';
import { recordFields } from '../../events/index.ts';
import { pageOf, pageQuery } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { customEntities, customTypes, fieldOnWire } from './custom-fields.ts';
import type { CustomFields } from './custom-fields.ts';
import { requiredText } from './fields.ts';
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
    options: z.array(z.string()).nullable().describe('What a `select` can be.'),
    created_at: time,
  })
  .meta({ id: 'CustomField' });
const fieldExample: z.input<typeof fieldShape> = {
  id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4c0',
  entity: 'contact',
  key: 'timezone',
  label: 'Time zone',
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
          .regex(/^[a-z][a-z0-9_]{0,62}$/, 'must begin with a letter and have lower-case letters, digits and _ only'),
        label: requiredText(200).optional().describe('The key when not said.'),
        type: z.enum(customTypes).default('text'),
        options: options.optional().describe('Of a `select`, and needed there.'),
      })
      .refine(({ entity, key }) => !recordFields[entity].includes(key), {
        path: ['key'],
        message: 'is a field that all records of this entity have: choose another key',
      })
      .refine(({ type, options }) => (type === 'select') === (options !== undefined), {
        path: ['options'],
        message: 'go with the type select, and only with it',
      })
      .meta({
        if: { properties: { type: { const: 'select' } }, required: ['type'] },
        // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's
        then: { required: ['options'] },
        else: { not: { required: ['options'] } },
      }),
    bodyExample: { entity: 'contact', key: 'timezone', label: 'Time zone', type: 'text' },
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
        description: 'All of them, by entity and key.',
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
      '`options` replaces those of a `select`. Values of an option that is left out stay on the records, but cannot be given again. The type does not change: define another field.',
    scope: 'contacts:write',
    boundKeys: 'refused',
    operationId: 'updateCustomField',
    params: id,
    body: z.strictObject({ label: requiredText(200).optional(), options: options.optional() }),
    bodyExample: { label: 'Time zone' },
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
    summary: 'Remove the definition of a custom field',
    description:
      'Values stay on the records, and count again when the field is defined again. To remove one, set it to null.',
    scope: 'contacts:write',
    boundKeys: 'refused',
    operationId: 'deleteCustomField',
    params: id,
    answers: { 204: { description: 'Removed.' } },
    handle: async ({ params }, principal) => {
      await customFields.remove(principal, params.id);
      return { status: 204 };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/sources',
    tag,
    summary: 'Name a source of contacts',
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
    summary: 'List sources, the newest first',
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
        sources.list(organizationId, { limit: pageSize, offset: (page - 1) * pageSize }),
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
    description: 'Only one that no contact has. Deleted contacts of it have no source when they are restored.',
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
