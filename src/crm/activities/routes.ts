import { z } from 'zod';
import type { WorkspaceDirectory } from '../../auth/index.ts';
import { activityTypes } from '../../base/records/activity.ts';
import type { Route } from '../../http/route.ts';
import { fields, listQuery, recordRoutes, uncounted } from '../records/index.ts';
import { activityChange, activityExample, activityOnWire, activityShape, newActivity } from './activity.ts';
import type { Activities } from './activities.ts';
import { lockActivityToChange } from './queries.ts';

const api = recordRoutes({
  tag: 'Activities',
  path: '/v1/activities',
  noun: 'an activity',
  plural: 'activities',
  scope: 'crm',
  id: z.object({ id: z.uuid() }),
  schema: activityShape,
  example: activityExample,
  lock: lockActivityToChange,
  onWire: activityOnWire,
});

const moment = fields.moment.optional();
const query = listQuery.omit({ tag: true }).extend({
  activity_type: z.enum(activityTypes).optional(),
  contact_id: z.uuid().optional(),
  company_id: z.uuid().optional(),
  project_id: z.uuid().optional(),
  occurred_after: moment.describe('Only activities that occurred at this time or later.'),
  occurred_before: moment.describe('Only activities that occurred before this time.'),
});

export const activityRoutes = (activities: Activities, workspaces: WorkspaceDirectory): readonly Route[] => [
  api.create(newActivity, workspaces, activities.create, {
    summary: 'Record a call, an email, a meeting or a note',
    description: 'Requires a contact, a company or a project, or several of these.',
    bodyExample: {
      activity_type: activityExample.activity_type,
      contact_id: activityExample.contact_id,
      occurred_at: activityExample.occurred_at,
      metadata: activityExample.metadata,
    },
  }),
  api.list(
    query,
    async (reach, asked, slice) => {
      const filter = {
        search: asked.search,
        type: asked.activity_type,
        contactId: asked.contact_id,
        companyId: asked.company_id,
        projectId: asked.project_id,
        occurredAfter: asked.occurred_after,
        occurredBefore: asked.occurred_before,
      };
      const [rows, total] = await Promise.all([
        activities.list(reach, filter, slice),
        slice.cursor === undefined ? activities.total(reach, filter, slice.updatedSince) : uncounted,
      ]);
      return { rows, ...total };
    },
    { summary: 'List activities, last recorded first' },
  ),
  api.get(activities.get),
  api.update(activityChange, activities.update, {
    description:
      'Changes only the given fields; null clears a field. Metadata is replaced as a whole, and is required with a new activity_type.',
    bodyExample: { occurred_at: '2026-01-05T08:30:00Z' },
    changed: { occurred_at: '2026-01-05T08:30:00.000Z' },
  }),
  api.remove(activities.remove),
];
