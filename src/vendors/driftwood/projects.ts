import { z } from 'zod';
import type { Route } from '../../http/route.ts';
import { newProject, projectChange, projectOnWire, stages } from '../../crm/projects/index.ts';
import type { Project, Projects } from '../../crm/projects/index.ts';
import { records } from './answers.ts';
import { anyOf, id, inOrder, pageOf, paging, recordCallsOf, rowsOf, searched, singleCalls } from './calls.ts';
import { contactShown } from './contacts.ts';

const shown = (project: Project): object => inOrder(projectOnWire(project));

/** Driftwood's calls for projects and their contacts. */
export function projectCalls(projects: Projects): readonly Route[] {
  const call = recordCallsOf('projects', records.project, 'crm');
  const contactCall = recordCallsOf('projects', records.contact, 'crm');
  const membership = z.strictObject({ project_id: id, contact_id: id });
  return [
    call({
      verb: 'list',
      access: 'read',
      summary: 'List projects, newest first',
      body: z.strictObject({
        ...searched,
        stage: z.enum(stages).optional(),
        company_id: id.optional(),
        assigned_to: id.optional(),
        ...paging,
      }),
      async result({ search, tags, stage, company_id: company, assigned_to: assignedTo, cursor, limit }, principal) {
        const filter = { search, tags, stage, companyIds: anyOf(company), assignedTo };
        return pageOf(await projects.list(principal, filter, rowsOf({ cursor, limit })), limit, shown);
      },
    }),
    ...singleCalls(call, { noun: 'a project', slice: projects, created: newProject, changed: projectChange, shown }),
    call({
      verb: 'contacts-add',
      access: 'write',
      summary: 'Add a contact to a project',
      body: membership,
      async result(body, principal) {
        await projects.addContacts(principal, body.project_id, [body.contact_id]);
        return {};
      },
    }),
    contactCall({
      verb: 'contacts-list',
      access: 'read',
      also: 'contacts',
      summary: 'List the contacts of a project, newest first',
      body: z.strictObject({ project_id: id, ...paging }),
      async result({ project_id: project, cursor, limit }, principal) {
        const rows = await projects.contacts(principal, project, rowsOf({ cursor, limit }));
        return pageOf(rows, limit, (contact) => contactShown(contact, principal.organizationId));
      },
    }),
    call({
      verb: 'contacts-remove',
      access: 'write',
      summary: 'Remove a contact from a project',
      body: membership,
      async result(body, principal) {
        await projects.removeContact(principal, body.project_id, body.contact_id);
        return {};
      },
    }),
  ];
}
