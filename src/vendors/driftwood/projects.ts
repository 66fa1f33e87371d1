import { z } from 'zod';
import type { Route } from '../../http/route.ts';
import { newProject, projectChange, projectOnWire, stages } from '../../crm/projects/index.ts';
import type { Project, Projects } from '../../crm/projects/index.ts';
import { records } from './answers.ts';
import { anyOf, callsOf, id, inOrder, pageOf, paging, searched } from './calls.ts';
import { contactShown } from './contacts.ts';

const shown = (project: Project): object => inOrder(projectOnWire(project));

/** Driftwood's calls for projects and the contacts who take part in them. */
export function projectCalls(projects: Projects): readonly Route[] {
  const call = callsOf('projects', records.project, 'crm');
  const taking = z.strictObject({ project_id: id, contact_id: id });
  return [
    call(
      'list',
      'read',
      'List projects, the newest first',
      z.strictObject({
        ...searched,
        stage: z.enum(stages).optional(),
        company_id: id.optional(),
        assigned_to: id.optional(),
        ...paging,
      }),
      async (
        { search, tags, stage, company_id: company, assigned_to: assignedTo, cursor, limit },
        { organizationId },
      ) => {
        const filter = { search, tags, stage, companyIds: anyOf(company), assignedTo };
        return pageOf(await projects.list(organizationId, filter, { limit: limit + 1, after: cursor }), limit, shown);
      },
    ),
    call('get', 'read', 'Get a project', z.strictObject({ id }), async (body, { organizationId }) =>
      shown(await projects.get(organizationId, body.id)),
    ),
    call('create', 'write', 'Create a project', newProject, async (body, principal) =>
      shown(await projects.create(principal, body)),
    ),
    call(
      'update',
      'write',
      'Change a project',
      z.strictObject({ id, ...projectChange.shape }),
      async ({ id: of, ...change }, principal) => shown(await projects.update(principal, of, change)),
    ),
    call('delete', 'write', 'Delete a project', z.strictObject({ id }), async (body, principal) => {
      await projects.remove(principal, body.id);
      return {};
    }),
    call('contacts-add', 'write', 'Put a contact into a project', taking, async (body, principal) => {
      await projects.addContacts(principal, body.project_id, [body.contact_id]);
      return {};
    }),
    callsOf('projects', records.contact, 'crm', 'contacts')(
      'contacts-list',
      'read',
      'List the contacts of a project, the newest first',
      z.strictObject({ project_id: id, ...paging }),
      async ({ project_id: project, cursor, limit }, { organizationId }) =>
        pageOf(
          await projects.contacts(organizationId, project, { limit: limit + 1, after: cursor }),
          limit,
          contactShown(organizationId),
        ),
    ),
    call('contacts-remove', 'write', 'Take a contact out of a project', taking, async (body, principal) => {
      await projects.removeContact(principal, body.project_id, body.contact_id);
      return {};
    }),
  ];
}
