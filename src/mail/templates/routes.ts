import { z } from 'zod';
import { ofWorkspace, within, namedWorkspace } from '../../auth/index.ts';
import type { WorkspaceId } from '../../base/ids.ts';
import { listAnswers, listBody, listingOf, listQuery } from '../../http/listing.ts';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Answer, RecordTag, Route } from '../../http/route.ts';
import { lockById } from './queries.ts';
import type { TemplateRow } from './queries.ts';
import type { Operations } from './records.ts';

const common = { tag: 'Templates', boundKeys: 'own' } as const;
const params = z.object({ id: z.uuid() });
const formats = ['text', 'html'] as const;

/** The fields of requests, in every API: what a template contains is checked when it is parsed. */
export const templateFields = {
  name: z.string().min(1, 'must not be empty').max(200),
  subject: z.string().nullable().describe('May contain variables and spintax, as `body`. One line.'),
  body: z
    .string()
    .min(1, 'must not be empty')
    .describe(
      'Liquid, such as `{{ first_name | default: "there" }}`, and spintax, such as `{Hello|Hi}`. Up to 256 KiB.',
    ),
  category: z.string().min(1, 'must not be empty').max(100).describe('Default: `email`.'),
};
const format = z
  .enum(formats)
  .describe('`html`: values are escaped, and a text part is made from it. Default: `text`.');
const newTemplate = z.strictObject({
  ...templateFields,
  subject: templateFields.subject.default(null),
  category: templateFields.category.default('email'),
  format: format.default('text'),
  ...namedWorkspace,
});
const templateChange = z.strictObject({ ...templateFields, format }).partial();

const shape = z
  .object({
    id: z.uuid(),
    name: z.string(),
    subject: z.string().nullable(),
    body: z.string(),
    category: z.string(),
    format: z.enum(formats),
    workspace_id: z.uuid().nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Template' });
const example: z.input<typeof shape> = {
  id: '0199c9f4-1b20-7c33-9d11-7b5a4e2f6c10',
  name: 'First message',
  subject: '{Question|A question} about {{ company | default: "your team" }}',
  body: '{Hello|Hi} {{ first_name | default: "there" }},\n\nhow do you find compilers?',
  category: 'email',
  format: 'text',
  workspace_id: null,
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
};
const onWire = ({ id, name, subject, body, category, format: own, ...row }: TemplateRow): z.input<typeof shape> => ({
  id,
  name,
  subject,
  body,
  category,
  format: own,
  workspace_id: row.workspace_id,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});
const aTemplate = (description: string): Answer => ({
  description,
  schema: dataOf(shape),
  example: { data: example },
});
const record: RecordTag = { lock: (tx, principal, { id = '' }) => lockById(tx, principal, id) };
const missing = { 404: { description: 'No such template.' } } as const;
const bodyExample = { name: example.name, subject: example.subject, body: example.body };

export const templateRoutes = (templates: Operations): readonly Route[] => [
  route({
    ...common,
    method: 'POST',
    record,
    path: '/v1/templates',
    creates: true,
    namesWorkspace: true,
    summary: 'Create a template',
    description: 'A template that cannot be parsed is refused, with its line and column.',
    scope: 'campaigns:write',
    operationId: 'createTemplate',
    body: newTemplate,
    bodyExample,
    answers: {
      201: aTemplate('The template.'),
      403: { description: 'The key is bound to another workspace.' },
    },
    handle: async ({ body: { workspace_id: workspace, ...fields } }, principal) => ({
      status: 201,
      body: { data: onWire(await templates.create(principal, fields, workspace as WorkspaceId | undefined)) },
    }),
  }),
  route({
    ...common,
    method: 'GET',
    path: '/v1/templates',
    summary: 'List templates, newest first',
    description: 'A key that is bound to a workspace sees only the templates of that workspace.',
    scope: 'campaigns:read',
    operationId: 'listTemplates',
    query: listQuery.extend(ofWorkspace),
    answers: listAnswers('A page of templates.', shape, example),
    handle: async ({ query }, principal) => {
      const slice = listingOf('/v1/templates', query);
      const { rows, total } = await templates.list(within(principal, query), slice);
      return { status: 200, body: listBody(query, slice, rows, onWire, { total }) };
    },
  }),
  route({
    ...common,
    method: 'GET',
    record,
    path: '/v1/templates/:id',
    summary: 'Get a template',
    scope: 'campaigns:read',
    operationId: 'getTemplate',
    params,
    answers: { 200: aTemplate('The template.'), ...missing },
    handle: async (request, principal) => ({
      status: 200,
      body: { data: onWire(await templates.get(principal, request.params.id)) },
    }),
  }),
  route({
    ...common,
    method: 'PATCH',
    record,
    path: '/v1/templates/:id',
    summary: 'Change a template',
    description: 'Steps that were made from it keep their texts.',
    scope: 'campaigns:write',
    operationId: 'updateTemplate',
    params,
    body: templateChange,
    bodyExample: { name: 'First message, shorter' },
    answers: { 200: aTemplate('The changed template.'), ...missing },
    handle: async (request, principal) => ({
      status: 200,
      body: { data: onWire(await templates.update(principal, request.params.id, request.body)) },
    }),
  }),
  route({
    ...common,
    method: 'DELETE',
    record,
    path: '/v1/templates/:id',
    summary: 'Delete a template',
    scope: 'campaigns:write',
    operationId: 'deleteTemplate',
    params,
    answers: { 204: { description: 'Deleted.' }, ...missing },
    handle: async (request, principal) => {
      await templates.remove(principal, request.params.id);
      return { status: 204 };
    },
  }),
];
