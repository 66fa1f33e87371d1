/** Erasure of a person from what receivers answered to deliveries. */
import { chunkRowsMax, erased, nothingLeft } from '../../db/erasure.ts';
import type { ErasureStage, Redactor } from '../../db/erasure.ts';
import { first } from '../../db/pool.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import { firstId, lastId } from '../../base/ids.ts';
import type { EndpointId, EventId, OrganizationId } from '../../base/ids.ts';

/** The organization's endpoint with the smallest id from `from` on, including deleted ones. */
const endpointFrom = async (
  on: Queryable,
  organization: OrganizationId,
  from: string,
  inclusive: boolean,
): Promise<EndpointId | undefined> =>
  (
    await first(
      on,
      sql<{ id: EndpointId }>`
        SELECT id FROM endpoints WHERE organization_id = ${organization} AND id >= ${from} AND (id <> ${from} OR ${inclusive}) ORDER BY id LIMIT 1`,
    )
  )?.id;

interface DeliveryOfEvent {
  id: string;
  event_id: EventId;
}

const deliveriesAfter = (on: Queryable, endpoint: EndpointId, after: string): Promise<DeliveryOfEvent[]> =>
  on.query(sql<DeliveryOfEvent>`
    SELECT id, event_id FROM deliveries WHERE endpoint_id = ${endpoint} AND id > ${after} ORDER BY id LIMIT ${chunkRowsMax * 2}`);

/**
 * Removes the answers to deliveries of redacted events, because a receiver may have sent back what it received, and every other answer that
 * contains the address. @param deliveries ordered by id. @returns how many attempts changed.
 */
const redactAnswers = (
  tx: Transaction,
  organization: OrganizationId,
  deliveries: readonly DeliveryOfEvent[],
  { expression, anyAt }: Redactor,
): Promise<number> =>
  tx.execute(sql`
    UPDATE attempts a SET response_headers = CASE WHEN a.response_headers IS NOT NULL THEN '{}' END, response_body = CASE WHEN a.response_body <> '' THEN ${erased}::text ELSE a.response_body END
    FROM unnest(${plainArray(deliveries.map(({ id }) => id))}::uuid[], ${plainArray(deliveries.map(({ event_id: event }) => event))}::uuid[]) AS d (id, event_id)
    LEFT JOIN events e ON e.organization_id = ${organization} AND e.id = d.event_id
    WHERE a.delivery_id = d.id AND a.delivery_id BETWEEN ${deliveries[0]?.id ?? firstId} AND ${deliveries.at(-1)?.id ?? firstId}
      AND (a.response_headers <> '{}' OR a.response_body NOT IN ('', ${erased}))
      AND (position(convert_to(${erased}, 'UTF8') IN e.data) > 0
        OR (a.response_body ~* ${anyAt} AND a.response_body ~* ${expression}) OR (a.response_headers ~* ${anyAt} AND a.response_headers ~* ${expression}))`);

/** Redacts answers, one endpoint after another; the position is `endpoint/delivery`. Runs after the events are redacted. */
export const eraseAnswers: ErasureStage = async (tx, { organizationId, position, redactor }) => {
  const [current = firstId, after = firstId] = position === '' ? [] : position.split('/');
  // After an endpoint's last delivery, continue with the next endpoint.
  const endpoint = await endpointFrom(tx, organizationId, current, after < lastId);
  if (endpoint === undefined) return nothingLeft;
  const deliveries = await deliveriesAfter(tx, endpoint, endpoint === current ? after : firstId);
  const last = deliveries.at(-1);
  if (last === undefined) return { position: `${endpoint}/${lastId}`, changed: 0 };
  return {
    position: `${endpoint}/${last.id}`,
    changed: await redactAnswers(tx, organizationId, deliveries, redactor),
  };
};
