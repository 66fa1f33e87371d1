import { z } from 'zod';
import { activityChange, activityOnWire, activityTypes, newActivity } from '../../crm/activities/index.ts';
import type { Activities, Activity } from '../../crm/activities/index.ts';
import { invalid } from '../../base/errors.ts';
import type { Route } from '../../http/route.ts';
import { records } from './answers.ts';
import { callsOf, id, inOrder, pageOf, paging, searched } from './calls.ts';

const shown = (activity: Activity): object => inOrder(activityOnWire(activity));

const entity = { entity_id: id.optional(), entity_type: z.enum(['contact', 'company', 'project']).optional() };

interface Named {
  readonly entity_id?: string | undefined;
  readonly entity_type?: 'contact' | 'company' | 'project' | undefined;
  readonly contact_id?: string | null | undefined;
  readonly company_id?: string | null | undefined;
  readonly project_id?: string | null | undefined;
}

/** `entity_type` and `entity_id` are another way to name one of the three. @throws ApiError `validation_failed` */
function namedBy<Body extends Named>({
  entity_id: entityId,
  entity_type: type,
  ...body
}: Body): Omit<Body, 'entity_id' | 'entity_type'> {
  if (entityId === undefined && type === undefined) return body;
  if (entityId === undefined || type === undefined)
    throw invalid(type === undefined ? { entity_type: 'goes with entity_id' } : { entity_id: 'goes with entity_type' });
  const field = `${type}_id` as const;
  const given = (body as Named)[field];
  if (given != null && given !== entityId) throw invalid({ entity_id: `is another ${type} than ${field}` });
  return { ...body, [field]: entityId };
}

/** Driftwood's calls for activities. */
export function activityCalls(activities: Activities): readonly Route[] {
  const call = callsOf('activities', records.activity, 'crm');
  return [
    call(
      'list',
      'read',
      'List activities, those recorded last first',
      z.strictObject({
        search: searched.search,
        types: z.array(z.enum(activityTypes)).max(activityTypes.length).optional(),
        contact_id: id.optional(),
        company_id: id.optional(),
        project_id: id.optional(),
        ...entity,
        ...paging,
      }),
      async ({ search, types = [], cursor, limit, ...about }, { organizationId }) => {
        const { contact_id: contactId, company_id: companyId, project_id: projectId } = namedBy(about);
        const filter = { search, types: types.length === 0 ? undefined : types, contactId, companyId, projectId };
        return pageOf(await activities.list(organizationId, filter, { limit: limit + 1, after: cursor }), limit, shown);
      },
    ),
    call('get', 'read', 'Get an activity', z.strictObject({ id }), async (body, { organizationId }) =>
      shown(await activities.get(organizationId, body.id)),
    ),
    call(
      'create',
      'write',
      'Record a call, an e-mail, a meeting or a note',
      z.strictObject({ ...newActivity.shape, ...entity }),
      async (body, principal) => shown(await activities.create(principal, namedBy(body))),
    ),
    call(
      'update',
      'write',
      'Change an activity',
      z.strictObject({ id, ...activityChange.shape }),
      async ({ id: of, ...change }, principal) => shown(await activities.update(principal, of, change)),
    ),
    call('delete', 'write', 'Delete an activity', z.strictObject({ id }), async (body, principal) => {
      await activities.remove(principal, body.id);
      return {};
    }),
  ];
}
