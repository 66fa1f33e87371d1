import { z } from 'zod';
import { notFound } from '../../base/errors.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { templateFields } from '../../mail/templates/index.ts';
import type { Domain } from '../vendor.ts';
import { aTemplate, template, templates as pageOfTemplates } from './answers.ts';
import { metaOf, page, sliceOf } from './routes.ts';
import { foxreachSurface as surface } from './surface.ts';
import { uuidOf } from './wire-ids.ts';

const common = { surface, tag: 'FoxReach', boundKeys: 'own' } as const;
const path = '/api/v1/templates';
/** Accepts any string as an id; a malformed id answers 404, not 422. */
const params = z.object({ id: z.string() });

function templateId({ id }: z.output<typeof params>): string {
  const uuid = uuidOf('tpl', id);
  if (uuid === undefined) throw notFound('Template');
  return uuid;
}

/** The published SDK says `templateType`, the vendor's pages say `category`: both are taken. */
const change = z
  .strictObject({
    name: templateFields.name,
    subject: templateFields.subject,
    body: templateFields.body,
    category: templateFields.category,
    templateType: templateFields.category,
    sendAsHtml: z.boolean(),
  })
  .partial();
const newTemplate = change.required({ name: true, body: true });

const columnsOf = ({
  templateType,
  category = templateType,
  sendAsHtml,
  name,
  subject,
  body,
}: z.output<typeof change>) => ({
  name,
  subject,
  body,
  category,
  format: sendAsHtml === undefined ? undefined : sendAsHtml ? ('html' as const) : ('text' as const),
});

/** FoxReach's calls for templates. */
export const templateRoutes = ({ templates }: Pick<Domain, 'templates'>): readonly Route[] => [
  route({
    ...common,
    method: 'GET',
    path,
    summary: 'List templates, newest first',
    scope: 'campaigns:read',
    query: page,
    answers: { 200: pageOfTemplates('A page of templates.') },
    handle: async ({ query }, principal) => {
      const found = await templates.list(principal, sliceOf(query));
      return { status: 200, body: { data: found.rows.map((row) => template.of(row)), meta: metaOf(query, found) } };
    },
  }),
  route({
    ...common,
    method: 'POST',
    path,
    creates: true,
    summary: 'Create a template',
    scope: 'campaigns:write',
    body: newTemplate,
    answers: { 201: aTemplate('The template.') },
    handle: async ({ body }, principal) => {
      const { subject = null, category = 'email', format = 'text' } = columnsOf(body);
      const { name, body: text } = body;
      const made = await templates.create(principal, { name, subject, body: text, category, format });
      return { status: 201, body: { data: template.of(made) } };
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: `${path}/:id`,
    summary: 'Get a template',
    scope: 'campaigns:read',
    params,
    answers: { 200: aTemplate('The template.') },
    handle: async (request, principal) => ({
      status: 200,
      body: { data: template.of(await templates.get(principal, templateId(request.params))) },
    }),
  }),
  route({
    ...common,
    method: 'PATCH',
    path: `${path}/:id`,
    summary: 'Change a template',
    scope: 'campaigns:write',
    params,
    body: change,
    answers: { 200: aTemplate('The changed template.') },
    handle: async (request, principal) => ({
      status: 200,
      body: {
        data: template.of(await templates.update(principal, templateId(request.params), columnsOf(request.body))),
      },
    }),
  }),
  route({
    ...common,
    method: 'DELETE',
    path: `${path}/:id`,
    summary: 'Delete a template',
    scope: 'campaigns:write',
    params,
    answers: { 204: { description: 'Deleted.' } },
    handle: async (request, principal) => {
      await templates.remove(principal, templateId(request.params));
      return { status: 204 };
    },
  }),
];
