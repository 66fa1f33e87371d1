import { z } from 'zod';
import type { WorkspaceDirectory } from '../../auth/index.ts';
import { contactExample, contactOnWire, contactShape } from '../contacts/index.ts';
import { listBody, listingOf, listOf, listQuery as contactQuery } from '../../http/listing.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { listQuery, recordPageOf, recordRoutes, uncounted } from '../records/index.ts';
import { newProject, projectChange, projectExample, projectOnWire, projectShape, stages } from './project.ts';
import { contactsMax } from './projects.ts';
import type { Projects } from './projects.ts';
import { lockProjectToChange } from './queries.ts';

const tag = 'Projects';
const id = z.object({ id: z.uuid().toLowerCase() });
const api = recordRoutes({
  tag,
  path: '/v1/projects',
  noun: 'a project',
  plural: 'projects',
  scope: 'crm',
  id,
  schema: projectShape,
  example: projectExample,
  lock: lockProjectToChange,
  onWire: projectOnWire,
});

const query = listQuery.extend({
  search: listQuery.shape.search.describe(
    "Words in name, description, notes, assigned_name and the company's name, in any order, ignoring case and accents. Company names match by the whole text, or by one of up to five words; at most the newest 200 matching companies are used. Without three letters or digits in a row, only the newest 5,000 companies are searched.",
  ),
  stage: z.enum(stages).optional(),
  company_id: z.uuid().optional(),
});

export const projectRoutes = (projects: Projects, workspaces: WorkspaceDirectory): readonly Route[] => [
  api.create(newProject, workspaces, projects.create, {
    bodyExample: {
      name: projectExample.name,
      stage: 'active',
      value: 2_400_000,
      start_date: '2026-01-05',
      end_date: '2026-06-30',
    },
  }),
  api.list(query, async (reach, { search, tag: tags, stage, company_id: company }, slice) => {
    const filter = { search, tags, stage, companyIds: company === undefined ? undefined : [company] };
    return slice.cursor === undefined
      ? projects.page(reach, filter, slice)
      : { rows: await projects.list(reach, filter, slice), ...uncounted };
  }),
  api.get(projects.get),
  api.update(projectChange, projects.update, {
    description:
      'Changes only the given fields; null clears a field. Tags are replaced, custom fields are merged by their keys.',
    bodyExample: { stage: 'review' },
    changed: { stage: 'review' },
  }),
  api.remove(projects.remove, { description: 'Its contacts stay. Activities keep its id.' }),
  route({
    method: 'POST',
    path: '/v1/projects/:id/contacts',
    creates: true,
    tag,
    summary: 'Add contacts to a project',
    description:
      "Adds all of them, or none if one does not exist in the project's workspace (or, without one, in the organization). Contacts already in the project stay.",
    scope: 'crm:write',
    boundKeys: 'own',
    operationId: 'addProjectContacts',
    params: id,
    body: z.strictObject({ contact_ids: z.array(z.uuid().toLowerCase()).min(1).max(contactsMax) }),
    bodyExample: { contact_ids: [contactExample.id] },
    answers: {
      200: {
        description: 'The project, and the number of contacts that were not in it before.',
        schema: z.object({ data: projectShape, added: z.int() }),
        example: { data: projectExample, added: 1 },
      },
    },
    handle: async ({ params, body }, principal) => {
      const { project, added } = await projects.addContacts(principal, params.id, body.contact_ids);
      return { status: 200, body: { data: projectOnWire(project), added } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/projects/:id/contacts',
    tag,
    summary: 'List the contacts of a project, newest first',
    scope: ['crm:read', 'contacts:read'],
    boundKeys: 'own',
    operationId: 'listProjectContacts',
    params: id,
    query: contactQuery,
    answers: {
      200: {
        description: 'A page of contacts.',
        schema: listOf(contactShape, recordPageOf(contactShape)),
        example: { data: [contactExample], page: 1, page_size: 25, total: 1 },
      },
    },
    handle: async ({ params: { id: project }, query }, principal) => {
      const page = listingOf(`/v1/projects/${project}/contacts`, query);
      const rows = await projects.contacts(principal, project, page);
      const total = page.cursor === undefined ? await projects.totalContacts(project, page.updatedSince) : uncounted;
      const show = (contact: (typeof rows)[number]) => contactOnWire(principal.organizationId, contact);
      return { status: 200, body: listBody(query, page, rows, show, total) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/projects/:id/contacts/:contact_id',
    tag,
    summary: 'Remove a contact from a project',
    scope: 'crm:write',
    boundKeys: 'own',
    operationId: 'removeProjectContact',
    params: z.object({ id: z.uuid().toLowerCase(), contact_id: z.uuid().toLowerCase() }),
    answers: { 204: { description: 'Removed.' } },
    handle: async ({ params }, principal) => {
      await projects.removeContact(principal, params.id, params.contact_id);
      return { status: 204 };
    },
  }),
];
