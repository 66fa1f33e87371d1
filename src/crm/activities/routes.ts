import { z } from 'zod';
import { pageQuery } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { listQuery, pageAnswer, recordPageOf } from '../records/index.ts';
import { activityChange, activityExample, activityOnWire, activityShape, newActivity } from './activity.ts';
import type { Activities } from './activities.ts';
import { activityTypes } from './metadata.ts';

const tag = 'Activities';
const id = z.object({ id: z.uuid() });
const one = z.object({ data: activityShape });
const moment = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .optional();

export const activityRoutes = (activities: Activities): readonly Route[] => [
  route({
    method: 'POST',
    path: '/v1/activities',
    tag,
    summary: 'Record a call, an e-mail, a meeting or a note',
    description: 'It names a contact, a company or a project, or several of these.',
    scope: 'crm:write',
    boundKeys: 'refused',
    operationId: 'createActivity',
    body: newActivity,
    bodyExample: {
      activity_type: activityExample.activity_type,
      contact_id: activityExample.contact_id,
      occurred_at: activityExample.occurred_at,
      metadata: activityExample.metadata,
    },
    answers: { 201: { description: 'The activity.', schema: one, example: { data: activityExample } } },
    handle: async ({ body }, principal) => ({
      status: 201,
      body: { data: activityOnWire(await activities.create(principal, body)) },
    }),
  }),
  route({
    method: 'GET',
    path: '/v1/activities',
    tag,
    summary: 'List activities, those recorded last first',
    scope: 'crm:read',
    boundKeys: 'refused',
    operationId: 'listActivities',
    query: pageQuery.extend({
      search: listQuery.shape.search,
      activity_type: z.enum(activityTypes).optional(),
      contact_id: z.uuid().optional(),
      company_id: z.uuid().optional(),
      project_id: z.uuid().optional(),
      occurred_after: moment.describe('That occurred then or later.'),
      occurred_before: moment.describe('That occurred before then.'),
    }),
    answers: {
      200: {
        description: 'A page of activities.',
        schema: recordPageOf(activityShape),
        example: { data: [activityExample], page: 1, page_size: 25, total: 1 },
      },
    },
    handle: async ({ query }, { organizationId }) => {
      const filter = {
        search: query.search,
        type: query.activity_type,
        contactId: query.contact_id,
        companyId: query.company_id,
        projectId: query.project_id,
        occurredAfter: query.occurred_after,
        occurredBefore: query.occurred_before,
      };
      const slice = { limit: query.page_size, offset: (query.page - 1) * query.page_size };
      const [rows, total] = await Promise.all([
        activities.list(organizationId, filter, slice),
        activities.total(organizationId, filter),
      ]);
      return { status: 200, body: pageAnswer(query, rows.map(activityOnWire), total) };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/activities/:id',
    tag,
    summary: 'Get an activity',
    scope: 'crm:read',
    boundKeys: 'refused',
    operationId: 'getActivity',
    params: id,
    answers: { 200: { description: 'The activity.', schema: one, example: { data: activityExample } } },
    handle: async ({ params }, { organizationId }) => ({
      status: 200,
      body: { data: activityOnWire(await activities.get(organizationId, params.id)) },
    }),
  }),
  route({
    method: 'PATCH',
    path: '/v1/activities/:id',
    tag,
    summary: 'Change an activity',
    description:
      'Changes what is given; null clears a field. Metadata is replaced as a whole, and has to be given with another activity_type.',
    scope: 'crm:write',
    boundKeys: 'refused',
    operationId: 'updateActivity',
    params: id,
    body: activityChange,
    bodyExample: { occurred_at: '2026-01-05T08:30:00Z' },
    answers: {
      200: {
        description: 'The activity as it is now.',
        schema: one,
        example: { data: { ...activityExample, occurred_at: '2026-01-05T08:30:00.000Z' } },
      },
    },
    handle: async ({ params, body }, principal) => ({
      status: 200,
      body: { data: activityOnWire(await activities.update(principal, params.id, body)) },
    }),
  }),
  route({
    method: 'DELETE',
    path: '/v1/activities/:id',
    tag,
    summary: 'Delete an activity',
    scope: 'crm:write',
    boundKeys: 'refused',
    operationId: 'deleteActivity',
    params: id,
    answers: { 204: { description: 'Deleted.' } },
    handle: async ({ params }, principal) => {
      await activities.remove(principal, params.id);
      return { status: 204 };
    },
  }),
];
