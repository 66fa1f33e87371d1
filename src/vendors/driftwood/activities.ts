import { z } from 'zod';
import { activityChange, activityOnWire, activityTypes, newActivity } from '../../crm/activities/index.ts';
import type { Activities, Activity } from '../../crm/activities/index.ts';
import { invalid } from '../../base/errors.ts';
import type { Route } from '../../http/route.ts';
import { records } from './answers.ts';
import { id, inOrder, pageOf, paging, recordCallsOf, rowsOf, searched, singleCalls } from './calls.ts';

const shown = (activity: Activity): object => inOrder(activityOnWire(activity));

const entity = { entity_id: id.optional(), entity_type: z.enum(['contact', 'company', 'project']).optional() };

interface About {
  readonly entity_id?: string | undefined;
  readonly entity_type?: 'contact' | 'company' | 'project' | undefined;
  readonly contact_id?: string | null | undefined;
  readonly company_id?: string | null | undefined;
  readonly project_id?: string | null | undefined;
}

/** Turns `entity_type` and `entity_id` into one of the three ids. @throws ApiError `validation_failed` */
function namedBy<Body extends About>({
  entity_id: entityId,
  entity_type: type,
  ...body
}: Body): Omit<Body, 'entity_id' | 'entity_type'> {
  if (entityId === undefined && type === undefined) return body;
  if (entityId === undefined || type === undefined)
    throw invalid(
      type === undefined
        ? { entity_type: 'is required with entity_id' }
        : { entity_id: 'is required with entity_type' },
    );
  const field = `${type}_id` as const;
  const given = (body as About)[field];
  if (given != null && given !== entityId) throw invalid({ entity_id: `names another ${type} than ${field}` });
  return { ...body, [field]: entityId };
}

/** Driftwood's calls for activities. */
export function activityCalls(activities: Activities): readonly Route[] {
  const call = recordCallsOf('activities', records.activity, 'crm');
  return [
    call({
      verb: 'list',
      access: 'read',
      summary: 'List activities, last recorded first',
      body: z.strictObject({
        search: searched.search,
        types: z.array(z.enum(activityTypes)).max(activityTypes.length).optional(),
        contact_id: id.optional(),
        company_id: id.optional(),
        project_id: id.optional(),
        ...entity,
        ...paging,
      }),
      async result({ search, types = [], cursor, limit, ...about }, principal) {
        const { contact_id: contactId, company_id: companyId, project_id: projectId } = namedBy(about);
        const filter = { search, types: types.length === 0 ? undefined : types, contactId, companyId, projectId };
        return pageOf(await activities.list(principal, filter, rowsOf({ cursor, limit })), limit, shown);
      },
    }),
    ...singleCalls(call, {
      noun: 'an activity',
      slice: { ...activities, create: (principal, body) => activities.create(principal, namedBy(body)) },
      created: z.strictObject({ ...newActivity.shape, ...entity }),
      changed: activityChange,
      shown,
    }),
  ];
}
