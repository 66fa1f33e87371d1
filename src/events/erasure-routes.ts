import { z } from 'zod';
import { lockOrganization } from '../auth/index.ts';
import type { Clock } from '../base/clock.ts';
import { invalid, notFound } from '../base/errors.ts';
import type { EventId, OrganizationId } from '../base/ids.ts';
import type { Database } from '../db/pool.ts';
import { dataOf } from '../http/page.ts';
import { route } from '../http/route.ts';
import type { RecordTag, Route } from '../http/route.ts';
import { eraseData } from './erasure.ts';
import { typePattern } from './publish.ts';
import { retentionEntriesMax, retentionOf, setRetention } from './retention.ts';

interface ErasureRoutesOptions {
  readonly db: Database;
  readonly clock: Clock;
  /** How long the installation keeps events. */
  readonly retentionDays: number;
}

const retentionShape = z
  .object({
    default_days: z.number().int().describe('How long events of all other types are kept.'),
    retention: z.record(z.string(), z.number().int()).describe('Days, by type or prefix.'),
  })
  .meta({ id: 'EventRetention' });
/** Locks the organization, because entries are inserted and deleted. */
const record: RecordTag = { lock: (tx, { organizationId }) => lockOrganization(tx, organizationId) };
const retentionExample = { default_days: 30, retention: { 'email.opened': 7, 'order.*': 14 } };

/** Erasing the data of one event, and of types of events after some days. */
export function erasureRoutes({ db, clock, retentionDays }: ErasureRoutesOptions): readonly Route[] {
  const shown = async (organization: OrganizationId) => ({
    status: 200 as const,
    body: { data: { default_days: retentionDays, retention: await retentionOf(db, organization) } },
  });
  return [
    route({
      method: 'DELETE',
      path: '/v1/events/:id/data',
      tag: 'Events',
      summary: "Erase an event's data",
      description:
        'Cannot be undone. Removes the data from the event and from the attempts of its deliveries, with what the receivers answered. Deliveries that are pending, held or scheduled are cancelled: they end as `failed`, with the reason, and without a `delivery.exhausted`. The event, its type and its times stay in the log, with `erased_at`, and it can neither be retried nor replayed. A request that is being sent at this moment is not called back.',
      scope: 'events:write',
      boundKeys: 'own',
      operationId: 'eraseEventData',
      params: z.object({ id: z.uuid() }),
      answers: { 204: { description: 'Erased.' } },
      handle: async ({ params }, principal) => {
        const event = params.id as EventId;
        const erased = await db.transaction((tx) => eraseData(tx, principal, [event], clock.now()));
        if (erased.events === 0) throw notFound('Event');
        return { status: 204 };
      },
    }),
    route({
      method: 'GET',
      record,
      path: '/v1/event-retention',
      tag: 'Events',
      summary: 'Get how long the data of events is kept',
      scope: 'events:read',
      boundKeys: 'refused',
      operationId: 'getEventRetention',
      answers: {
        200: { description: 'The retention.', schema: dataOf(retentionShape), example: { data: retentionExample } },
      },
      handle: (_request, { organizationId }) => shown(organizationId),
    }),
    route({
      method: 'PUT',
      record,
      path: '/v1/event-retention',
      tag: 'Events',
      summary: 'Set how long the data of some types of events is kept',
      description: `Replaces the whole list. After the days of the shortest entry that matches its type, the data of an event is erased as by \`DELETE /v1/events/{id}/data\`, within two hours. The days of an event with \`deliver_at\` count from that time: what is scheduled is never cancelled by this. All events are deleted after the days of the installation, so an entry may have at most as many.`,
      scope: 'events:write',
      boundKeys: 'refused',
      operationId: 'setEventRetention',
      body: z.strictObject({
        retention: z
          .record(typePattern, z.number().int().min(1).max(3_650))
          .refine(
            (entries) => Object.keys(entries).length <= retentionEntriesMax,
            `must have at most ${retentionEntriesMax} entries`,
          )
          .describe('Days, by type or prefix such as `order.*`; at most 50 entries.'),
      }),
      bodyExample: { retention: retentionExample.retention },
      answers: {
        200: { description: 'The retention.', schema: dataOf(retentionShape), example: { data: retentionExample } },
      },
      handle: async ({ body: { retention } }, { organizationId }) => {
        const long = Object.entries(retention).filter(([, days]) => days > retentionDays);
        if (long.length > 0)
          throw invalid(
            Object.fromEntries(
              long.map(([pattern]) => [
                `retention.${pattern}`,
                `must be at most ${retentionDays}, the days of the installation`,
              ]),
            ),
          );
        await db.transaction((tx) => setRetention(tx, organizationId, retention));
        return shown(organizationId);
      },
    }),
  ];
}
