import type { Clock } from '../../base/clock.ts';
import type { Companies } from '../companies/index.ts';
import type { Contacts } from '../contacts/index.ts';
import type { Database, Transaction } from '../../db/pool.ts';
import { invalid, notFound } from '../../base/errors.ts';
import type { Emit } from '../../events/index.ts';
import type { Ids, OrganizationId } from '../../base/ids.ts';
import type { Projects } from '../projects/index.ts';
import { actorOf, countBy, countedMax, countOf, refoldChunk, searchPattern } from '../records/index.ts';
import type { Editor, Slice, Total } from '../records/index.ts';
import { activityChanges, activityOnWire, faultsOf } from './activity.ts';
import type { Activity, ActivityChange, NewActivity } from './activity.ts';
import { readMetadata } from './metadata.ts';

import {
  activityById,
  countActivities,
  deleteActivity,
  insertActivity,
  lastContacted,
  listActivities,
  lockActivity,
  refoldActivities,
  updateActivity,
} from './queries.ts';
import type { StoredFilter } from './queries.ts';

export interface ActivitiesOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly emit: Emit;
  readonly companies: Pick<Companies, 'hold'>;
  readonly contacts: Pick<Contacts, 'byIds'>;
  readonly projects: Pick<Projects, 'has'>;
}

/** What a list may be cut down to; undefined: not. */
export interface ActivityFilter extends Partial<Omit<StoredFilter, 'pattern'>> {
  readonly search?: string | undefined;
}

export type Activities = ReturnType<typeof createActivities>;

export function createActivities({ db, clock, ids, emit, companies, contacts, projects }: ActivitiesOptions) {
  /** @throws ApiError `validation_failed` naming what the change newly names and is not the organization's. */
  async function assertKnown(
    tx: Transaction,
    organization: OrganizationId,
    before: Activity | undefined,
    after: Activity,
  ): Promise<void> {
    const { company_id: company, contact_id: contact, project_id: project } = after;
    const problems: Record<string, string> = {};
    // One after the other, in the order in which records are locked.
    if (
      company !== null &&
      company !== before?.company_id &&
      !(await companies.hold(tx, organization, [company])).has(company)
    ) {
      problems['company_id'] = 'is no company of this organization';
    }
    if (
      contact !== null &&
      contact !== before?.contact_id &&
      !(await contacts.byIds(tx, organization, [contact])).some((each) => each.deleted_at === null)
    ) {
      problems['contact_id'] = 'is no contact of this organization';
    }
    if (project !== null && project !== before?.project_id && !(await projects.has(tx, organization, project))) {
      problems['project_id'] = 'is no project of this organization';
    }
    if (Object.keys(problems).length > 0) throw invalid(problems);
  }

  /** The activity with these fields changed. @throws ApiError `validation_failed` */
  function withFields(before: Activity, { metadata: given, ...change }: ActivityChange): Activity {
    const after: Activity = {
      ...before,
      ...(Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<Activity>),
    };
    if (given === undefined && after.activity_type === before.activity_type) return after;
    if (given === undefined && Object.keys(before.metadata).length > 0)
      throw invalid({ metadata: 'must be given with another activity_type' });
    const read = readMetadata(after.activity_type, given ?? {});
    if ('problems' in read) throw invalid(read.problems);
    return { ...after, metadata: read.metadata };
  }

  function assertPossible(activity: Activity): void {
    const faults = faultsOf(activity, clock.now());
    if (faults !== undefined) throw invalid(faults);
  }

  const tell = (
    tx: Transaction,
    editor: Editor,
    type: 'activity.created' | 'activity.updated' | 'activity.deleted',
    activity: Activity,
    at: Date,
    changed?: string[],
  ) =>
    emit(tx, {
      organizationId: editor.organizationId,
      type,
      data: {
        ...activityOnWire(activity),
        ...(changed === undefined ? {} : { changed }),
        actor: actorOf(editor),
        ...(type === 'activity.deleted' ? { erased: false } : {}),
      },
      occurredAtMs: at.getTime(),
    });

  return {
    /** @throws ApiError `validation_failed` for metadata that its type does not have, and for what is not the organization's. */
    async create(editor: Editor, given: NewActivity): Promise<Activity> {
      const { organizationId: organization } = editor;
      const at = new Date(clock.now());
      const blank: Activity = {
        id: ids.next(),
        organization_id: organization,
        activity_type: given.activity_type,
        contact_id: null,
        company_id: null,
        project_id: null,
        occurred_at: at,
        metadata: {},
        created_by: editor.keyId ?? null,
        created_at: at,
        updated_at: at,
      };
      const activity = withFields(blank, given);
      assertPossible(activity);
      await db.transaction(async (tx) => {
        await assertKnown(tx, organization, undefined, activity);
        await insertActivity(tx, activity);
        await tell(tx, editor, 'activity.created', activity, at);
        await countBy(tx, organization, 'activity', 1);
      });
      return activity;
    },

    /** @throws ApiError `not_found` */
    async get(organization: OrganizationId, id: string): Promise<Activity> {
      const activity = await activityById(db, organization, id);
      if (activity === undefined) throw notFound('Activity');
      return activity;
    },

    list: (organization: OrganizationId, filter: ActivityFilter, slice: Slice): Promise<Activity[]> =>
      listActivities(db, organization, storedFilter(filter), slice),

    /** When each of these contacts was last written to, called or met; contacts that never were are left out. */
    async lastContacted(
      organization: OrganizationId,
      contactIds: readonly string[],
    ): Promise<ReadonlyMap<string, Date>> {
      const rows = await lastContacted(db, organization, contactIds, new Date(clock.now()));
      return new Map(rows.map((row) => [row.contact_id, row.last_at]));
    },

    async total(organization: OrganizationId, filter: ActivityFilter): Promise<Total> {
      const stored = storedFilter(filter);
      if (Object.values(stored).every((each) => each === undefined))
        return { total: await countOf(db, organization, 'activity'), capped: false };
      const count = await countActivities(db, organization, stored, countedMax + 1);
      return { total: Math.min(count, countedMax), capped: count > countedMax };
    },

    /** A change that changes nothing is no event. @throws ApiError `not_found`, and as `create` */
    async update(editor: Editor, id: string, change: ActivityChange): Promise<Activity> {
      const { organizationId: organization } = editor;
      return db.transaction(async (tx) => {
        // Looked at before it is locked: companies are locked before activities.
        const seen = await activityById(tx, organization, id);
        if (seen === undefined) throw notFound('Activity');
        await assertKnown(tx, organization, seen, withFields(seen, change));
        const before = await lockActivity(tx, organization, id);
        if (before === undefined) throw notFound('Activity');
        const at = new Date(clock.now());
        const after = { ...withFields(before, change), updated_at: at };
        assertPossible(after);
        const changed = activityChanges(before, after);
        if (changed.length === 0) return before;
        await updateActivity(tx, after);
        await tell(tx, editor, 'activity.updated', after, at, changed);
        return after;
      });
    },

    /** @throws ApiError `not_found` */
    async remove(editor: Editor, id: string): Promise<void> {
      const { organizationId: organization } = editor;
      await db.transaction(async (tx) => {
        const activity = await lockActivity(tx, organization, id);
        if (activity === undefined) throw notFound('Activity');
        await deleteActivity(tx, organization, id);
        await tell(tx, editor, 'activity.deleted', activity, new Date(clock.now()));
        await countBy(tx, organization, 'activity', -1);
      });
    },

    /** Folds activities again that an earlier version wrote. @returns how many, up to `refoldChunk`. */
    refold: (): Promise<number> => db.transaction((tx) => refoldActivities(tx, refoldChunk)),
  };
}

const storedFilter = ({
  search = '',
  type,
  types,
  contactId,
  companyId,
  projectId,
  occurredAfter,
  occurredBefore,
}: ActivityFilter): StoredFilter => ({
  pattern: searchPattern(search),
  type,
  types,
  contactId,
  companyId,
  projectId,
  occurredAfter,
  occurredBefore,
});
