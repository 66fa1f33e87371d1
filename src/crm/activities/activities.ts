import type { WorkspaceStage } from '../../auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Companies } from '../companies/index.ts';
import type { Contacts } from '../contacts/index.ts';
import type { Slice } from '../../db/in-order.ts';
import type { Database, Transaction } from '../../db/pool.ts';
import { invalid, notFound } from '../../base/errors.ts';
import type { Emit, EmitAll } from '../../events/index.ts';
import type { Ids } from '../../base/ids.ts';
import type { Projects } from '../projects/index.ts';
import { changeEvent, countBy, ownerOf, refoldChunk, searchPattern, totalIn, unknownTo } from '../records/index.ts';
import type { Editor, Reach, Total } from '../records/index.ts';
import { activityKind, activityOnWire, faultsOf } from './activity.ts';
import type { Activity, ActivityChange, NewActivity } from './activity.ts';
import { ofCompanyFollower, ofContactFollower } from './merging.ts';
import { readMetadata } from './metadata.ts';
import {
  activityById,
  countActivities,
  deleteActivitiesOf,
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
  readonly emitAll: EmitAll;
  readonly companies: Pick<Companies, 'hold'>;
  readonly contacts: Pick<Contacts, 'byIds'>;
  readonly projects: Pick<Projects, 'has'>;
}

/** What limits a list; a filter that is left out limits nothing. */
export interface ActivityFilter extends Omit<StoredFilter, 'pattern'> {
  readonly search?: string | undefined;
}

export type Activities = ReturnType<typeof createActivities>;

export function createActivities({ db, clock, ids, emit, emitAll, companies, contacts, projects }: ActivitiesOptions) {
  /** Checks the records that a change newly names. @throws ApiError `validation_failed` naming those that do not exist */
  async function assertKnown(tx: Transaction, before: Activity | undefined, after: Activity): Promise<void> {
    const owner = ownerOf({ organizationId: after.organization_id }, after);
    const { company_id: company, contact_id: contact, project_id: project } = after;
    const problems: Record<string, string> = {};
    // Sequentially, in the order in which records are locked.
    if (
      company !== null &&
      company !== before?.company_id &&
      !(await companies.hold(tx, owner, [company])).has(company)
    ) {
      problems['company_id'] = unknownTo(owner);
    }
    if (
      contact !== null &&
      contact !== before?.contact_id &&
      !(await contacts.byIds(tx, { organizationId: owner.organizationId }, [contact])).some(
        (each) => each.deleted_at === null && each.workspace_id === owner.workspaceId,
      )
    ) {
      problems['contact_id'] = unknownTo(owner);
    }
    if (project !== null && project !== before?.project_id && !(await projects.has(tx, owner, project))) {
      problems['project_id'] = unknownTo(owner);
    }
    if (Object.keys(problems).length > 0) throw invalid(problems);
  }

  /** The activity with the given values. @throws ApiError `validation_failed` for invalid metadata */
  function withFields(before: Activity, { metadata: given, ...change }: ActivityChange): Activity {
    const after = activityKind.withValues(before, change);
    if (given === undefined && after.activity_type === before.activity_type) return after;
    if (given === undefined && Object.keys(before.metadata).length > 0)
      throw invalid({ metadata: 'is required with a new activity_type' });
    const read = readMetadata(after.activity_type, given ?? {});
    if ('problems' in read) throw invalid(read.problems);
    return { ...after, metadata: read.metadata };
  }

  function assertPossible(activity: Activity): void {
    const faults = faultsOf(activity, clock.now());
    if (faults !== undefined) throw invalid(faults);
  }

  const emitChange = (
    tx: Transaction,
    editor: Editor,
    type: 'activity.created' | 'activity.updated' | 'activity.deleted',
    activity: Activity,
    at: Date,
    changed?: string[],
  ) => emit(tx, changeEvent(editor, type, activityOnWire(activity), at, changed && { changed }));

  return {
    /**
     * @throws ApiError `validation_failed` for invalid metadata, an impossible time, or records that do not exist in the organization
     * @example
     * await activities.create(editor, { activity_type: 'call', contact_id: contact.id, metadata: { outcome: 'connected' } });
     */
    async create(editor: Editor, given: NewActivity): Promise<Activity> {
      const { organizationId: organization } = editor;
      const at = new Date(clock.now());
      const blank: Activity = {
        ...activityKind.blank(ids.next(), editor, at),
        organization_id: organization,
        activity_type: given.activity_type,
      };
      const activity = withFields(blank, given);
      assertPossible(activity);
      await db.transaction(async (tx) => {
        await assertKnown(tx, undefined, activity);
        await insertActivity(tx, activity);
        await emitChange(tx, editor, 'activity.created', activity, at);
        await countBy(tx, organization, 'activity', 1);
      });
      return activity;
    },

    /** @throws ApiError `not_found` */
    async get(reach: Reach, id: string): Promise<Activity> {
      const activity = await activityById(db, reach, id);
      if (activity === undefined) throw notFound('Activity');
      return activity;
    },

    list: (reach: Reach, filter: ActivityFilter, slice: Slice): Promise<Activity[]> =>
      listActivities(db, reach, storedFilter(filter), slice),

    /** When each of these contacts was last emailed, called or met; contacts that never were are left out. */
    async lastContacted(reach: Reach, contactIds: readonly string[]): Promise<ReadonlyMap<string, Date>> {
      const rows = await lastContacted(db, reach, contactIds, new Date(clock.now()));
      return new Map(rows.map((row) => [row.contact_id, row.last_at]));
    },

    total: (reach: Reach, filter: ActivityFilter, updatedSince?: Date): Promise<Total> =>
      totalIn(db, reach, 'activity', { ...storedFilter(filter), updatedSince }, countActivities),

    /** A change that changes nothing emits no event. @throws ApiError `not_found`, and as `create` */
    async update(editor: Editor, id: string, change: ActivityChange): Promise<Activity> {
      return db.transaction(async (tx) => {
        // Read before it is locked: companies are locked before activities.
        const seen = await activityById(tx, editor, id);
        if (seen === undefined) throw notFound('Activity');
        await assertKnown(tx, seen, withFields(seen, change));
        const before = await lockActivity(tx, editor, id);
        if (before === undefined) throw notFound('Activity');
        const at = new Date(clock.now());
        const after = { ...withFields(before, change), updated_at: at };
        assertPossible(after);
        const changed = activityKind.changes(before, after);
        if (changed.length === 0) return before;
        await updateActivity(tx, after);
        await emitChange(tx, editor, 'activity.updated', after, at, changed);
        return after;
      });
    },

    /** @throws ApiError `not_found` */
    async remove(editor: Editor, id: string): Promise<void> {
      const { organizationId: organization } = editor;
      await db.transaction(async (tx) => {
        const activity = await lockActivity(tx, editor, id);
        if (activity === undefined) throw notFound('Activity');
        await deleteActivity(tx, organization, id);
        await emitChange(tx, editor, 'activity.deleted', activity, new Date(clock.now()));
        await countBy(tx, organization, 'activity', -1);
      });
    },

    /** Deletes the activities of a workspace that is being deleted. */
    removeOfWorkspace: (async (tx, workspace, limit) => {
      const removed = await deleteActivitiesOf(tx, workspace.workspaceId, limit);
      const at = new Date(clock.now());
      await emitAll(
        tx,
        removed.map((activity) => changeEvent(workspace, 'activity.deleted', activityOnWire(activity), at)),
      );
      await countBy(tx, workspace.organizationId, 'activity', -removed.length);
      return removed.length;
    }) satisfies WorkspaceStage,

    /** Activities follow their company and their contact in a merge. */
    ofCompany: { follower: ofCompanyFollower },
    ofContact: { follower: ofContactFollower },

    /** Folds activities again that an earlier version wrote. @returns how many, at most `refoldChunk` */
    refold: (): Promise<number> => db.transaction((tx) => refoldActivities(tx, refoldChunk)),
  };
}

const storedFilter = ({ search = '', ...others }: ActivityFilter): StoredFilter => ({
  ...others,
  pattern: searchPattern(search),
});
