import { z } from 'zod';
import { pageQuery } from '../../http/page.ts';
import { activityTypes } from '../../base/records/activity.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { fields, listQuery, pageAnswer, recordPageOf, sliceOf } from '../records/index.ts';
import { activityChange, activityExample, activityOnWire, activityShape, newActivity } from './activity.ts';
import type { Activities } from './activities.ts';

const tag = 'Activities';
const id = z.object({ id: z.uuid() });
const one = z.object({ data: activityShape });
const moment = fields.moment.optional();

export const activityRoutes = (activities: Activities): readonly Route[] => [
  route({
    method: 'POST',
    path: '/v1/activities',
    tag,
    summary: 'Record a call, an email, a meeting or a note',
    description: 'Requires a contact, a company or a project, or several of these.',
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
    summary: 'List activities, last recorded first',
    scope: 'crm:read',
    boundKeys: 'refused',
    operationId: 'listActivities',
    query: pageQuery.extend({
      search: listQuery.shape.search,
      activity_type: z.enum(activityTypes).optional(),
      contact_id: z.uuid().optional(),
      company_id: z.uuid().optional(),
      project_id: z.uuid().optional(),
      occurred_after: moment.describe('Only activities that occurred at this time or later.'),
      occurred_before: moment.describe('Only activities that occurred before this time.'),
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
      const [rows, total] = await Promise.all([
        activities.list(organizationId, filter, sliceOf(query)),
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
      'Changes only the given fields; null clears a field. Metadata is replaced as a whole, and is required with a new activity_type.',
    scope: 'crm:write',
    boundKeys: 'refused',
    operationId: 'updateActivity',
    params: id,
    body: activityChange,
    bodyExample: { occurred_at: '2026-01-05T08:30:00Z' },
    answers: {
      200: {
        description: 'The changed activity.',
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
