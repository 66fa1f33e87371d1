import { inOrder } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, plannedAnew, sql } from '../../db/sql.ts';
import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { activityFields } from '../../base/records/activity.ts';
import { columnsOf } from '../records/index.ts';
import type { Reach, SearchPattern } from '../records/index.ts';
import type { Activity } from './activity.ts';
import { metadataSearch } from './metadata.ts';
import type { ActivityType } from './metadata.ts';

/** What limits a list; a filter that is left out limits nothing. */
export interface StoredFilter {
  /** Matched against `search`. */
  readonly pattern: SearchPattern | undefined;
  readonly type?: ActivityType | undefined;
  /** Activities of any of them. */
  readonly types?: readonly ActivityType[] | undefined;
  readonly contactId?: string | undefined;
  readonly companyId?: string | undefined;
  readonly projectId?: string | undefined;
  /** At this time or later. */
  readonly occurredAfter?: Date | undefined;
  /** Before this time. */
  readonly occurredBefore?: Date | undefined;
  /** Changed at this time or later. Of counts alone: lists have it in their slice. */
  readonly updatedSince?: Date | undefined;
}

export const { read: activityColumns, written: changedColumns } = columnsOf(activityFields, 'activities');

const stored = (activity: Activity): string =>
  JSON.stringify({ ...activity, search: metadataSearch(activity.metadata) });

export const insertActivity = (tx: Transaction, activity: Activity): Promise<number> =>
  tx.execute(
    sql`INSERT INTO activities SELECT * FROM json_populate_record(NULL::activities, ${stored(activity)}::json)`,
  );

/** Writes an activity that the transaction has locked. */
export const updateActivity = (tx: Transaction, activity: Activity): Promise<number> =>
  tx.execute(sql`
    UPDATE activities a SET ${changedColumns}
    FROM json_populate_record(NULL::activities, ${stored(activity)}::json) n WHERE a.id = n.id AND a.organization_id = n.organization_id`);

export const deleteActivity = (tx: Transaction, organization: OrganizationId, id: string): Promise<number> =>
  tx.execute(sql`DELETE FROM activities WHERE id = ${id} AND organization_id = ${organization}`);

export const activityById = async (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  id: string,
): Promise<Activity | undefined> =>
  (
    await on.query(sql<Activity>`
      SELECT ${activityColumns} FROM activities WHERE id = ${id} AND organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})`)
  )[0];

/** Keeps others from changing it until the transaction ends. */
export const lockActivity = async (
  tx: Transaction,
  { organizationId: organization, workspaceId: workspace }: Reach,
  id: string,
): Promise<Activity | undefined> =>
  (
    await tx.query(sql<Activity>`
      SELECT ${activityColumns} FROM activities WHERE id = ${id} AND organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) FOR UPDATE`)
  )[0];

/** `lockActivity` for a change that is still to come: its company is locked first. */
export async function lockActivityToChange(tx: Transaction, reach: Reach, id: string): Promise<Activity | undefined> {
  const { organizationId: organization, workspaceId: workspace } = reach;
  await tx.execute(sql`
    SELECT FROM companies WHERE organization_id = ${organization} AND id = (
      SELECT company_id FROM activities WHERE id = ${id} AND organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})) FOR KEY SHARE`);
  return lockActivity(tx, reach, id);
}

/** By contact: the time of the newest email sent, call made or meeting held, up to `until`. */
export const lastContacted = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  contacts: readonly string[],
  until: Date,
): Promise<{ contact_id: string; last_at: Date }[]> =>
  on.query(sql<{ contact_id: string; last_at: Date }>`
    SELECT contact_id, max(occurred_at) AS last_at FROM activities
    WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND contact_id = ANY(${plainArray(contacts)}::uuid[]) AND occurred_at <= ${until}
      AND activity_type <> 'note' AND coalesce(metadata ->> 'direction', '') NOT IN ('received', 'inbound')
    GROUP BY contact_id`);

/** The newest first. */
export const listActivities = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  filter: StoredFilter,
  slice: Slice,
): Promise<Activity[]> =>
  on.query(
    inOrder(
      sql<Activity>`
      SELECT ${activityColumns} FROM activities
      WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})
        AND (${filter.pattern?.first ?? null}::text IS NULL OR search LIKE ${filter.pattern?.first ?? null})
        AND (${filter.pattern?.second ?? null}::text IS NULL OR (search LIKE ${filter.pattern?.second ?? null} AND search LIKE ALL(${filter.pattern?.all ?? null}::text[])))
        AND (${filter.type ?? null}::text IS NULL OR activity_type = ${filter.type ?? null})
        AND (${filter.types ?? null}::text[] IS NULL OR activity_type = ANY(${filter.types ?? null}))
        AND (${filter.contactId ?? null}::uuid IS NULL OR contact_id = ${filter.contactId ?? null})
        AND (${filter.companyId ?? null}::uuid IS NULL OR company_id = ${filter.companyId ?? null})
        AND (${filter.projectId ?? null}::uuid IS NULL OR project_id = ${filter.projectId ?? null})
        AND (${filter.occurredAfter ?? null}::timestamptz IS NULL OR occurred_at >= ${filter.occurredAfter ?? null})
        AND (${filter.occurredBefore ?? null}::timestamptz IS NULL OR occurred_at < ${filter.occurredBefore ?? null})`,
      'activities',
      slice,
    ),
  );

/** Counts up to `max`. */
export const countActivities = async (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  filter: StoredFilter,
  max: number,
): Promise<number> =>
  (
    await on.query(
      plannedAnew(sql<{ count: number }>`
        SELECT count(*) AS count FROM (
          SELECT FROM activities
          WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})
            AND (${filter.pattern?.first ?? null}::text IS NULL OR search LIKE ${filter.pattern?.first ?? null})
        AND (${filter.pattern?.second ?? null}::text IS NULL OR (search LIKE ${filter.pattern?.second ?? null} AND search LIKE ALL(${filter.pattern?.all ?? null}::text[])))
        AND (${filter.type ?? null}::text IS NULL OR activity_type = ${filter.type ?? null})
            AND (${filter.types ?? null}::text[] IS NULL OR activity_type = ANY(${filter.types ?? null}))
            AND (${filter.contactId ?? null}::uuid IS NULL OR contact_id = ${filter.contactId ?? null})
            AND (${filter.companyId ?? null}::uuid IS NULL OR company_id = ${filter.companyId ?? null})
            AND (${filter.projectId ?? null}::uuid IS NULL OR project_id = ${filter.projectId ?? null})
            AND (${filter.occurredAfter ?? null}::timestamptz IS NULL OR occurred_at >= ${filter.occurredAfter ?? null})
            AND (${filter.occurredBefore ?? null}::timestamptz IS NULL OR occurred_at < ${filter.occurredBefore ?? null})
            AND (${filter.updatedSince ?? null}::timestamptz IS NULL OR updated_at >= ${filter.updatedSince ?? null})
          LIMIT ${max}
        ) found`),
    )
  )[0]?.count ?? 0;

/** Deletes up to `max` activities of a workspace. @returns them */
export const deleteActivitiesOf = (tx: Transaction, workspace: WorkspaceId, max: number): Promise<Activity[]> =>
  tx.query(sql<Activity>`
    DELETE FROM activities WHERE id IN (SELECT id FROM activities WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${max} FOR UPDATE) RETURNING ${activityColumns}`);

/** Folds the searched text of up to `max` activities again. @returns how many */
export async function refoldActivities(tx: Queryable, max: number): Promise<number> {
  const rows = await tx.query(sql<Pick<Activity, 'id' | 'metadata'>>`
    SELECT id, metadata FROM activities WHERE right(search, 1) <> chr(31) ORDER BY id LIMIT ${max} FOR UPDATE SKIP LOCKED`);
  if (rows.length > 0)
    await tx.execute(sql`
      UPDATE activities a SET search = n.search
      FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ metadata }) => metadataSearch(metadata))}::text[]) AS n (id, search) WHERE a.id = n.id`);
  return rows.length;
}
