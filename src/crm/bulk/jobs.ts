import type { Slice } from '../../db/in-order.ts';
import { dayMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { ApiError, invalid, notFound } from '../../base/errors.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import { firstId } from '../../base/ids.ts';
import type { Ids } from '../../base/ids.ts';
import { announce } from '../../db/bus.ts';
import type { Database } from '../../db/pool.ts';
import type { WorkspaceStage } from '../../auth/index.ts';
import type { Emit } from '../../events/index.ts';
import { basisFaults } from '../contacts/index.ts';
import type { CustomFields } from '../custom-fields/index.ts';
import { ownerIn, unknownTo } from '../records/index.ts';
import type { Editor, Reach } from '../records/index.ts';
import type { Segments, SelectionRequest } from '../segments/index.ts';
import type { Sources } from '../sources/index.ts';
import { contactFieldsOf, readChange } from './change.ts';
import { linesOf } from './file.ts';
import type { FileOptions } from './file.ts';
import { endJob } from './end.ts';
import { fileKeptMs, piecesOf, unfinishedMax } from './job.ts';
import type { Action, BulkJob, Entity, Status } from './job.ts';
import { addPieces, deleteFiles, deleteFinished, deleteJobsOf, insertJob, jobById, listJobs } from './queries.ts';

export interface JobsOptions extends FileOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly emit: Emit;
  readonly customFields: Pick<CustomFields, 'faults' | 'list'>;
  readonly sources: Pick<Sources, 'get'>;
  readonly segments: Pick<Segments, 'selectionOf'>;
  /** How long a finished job is kept. */
  readonly retentionDays: number;
  /** Called when a job is ready to run. */
  readonly wake: () => void;
}

interface NewJob {
  readonly entity: Entity;
  readonly action: Action;
  /** Undefined: all records, of an export. */
  readonly select?: SelectionRequest | undefined;
  readonly change?: Readonly<Record<string, unknown>> | undefined;
}

export type Jobs = ReturnType<typeof createJobs>;

/** Names the fields below a place of the request. */
const below = (place: string, details: ErrorDetails): ErrorDetails =>
  Object.fromEntries(Object.entries(details).map(([field, reason]) => [`${place}.${field}`, reason]));

/**
 * Creates, reads and cancels bulk jobs.
 * @example
 * const { id } = await jobs.create(principal, { entity: 'contact', action: 'delete', select: { segment_id } });
 */
export function createJobs(options: JobsOptions) {
  const { db, clock, emit } = options;

  async function get(reach: Reach, id: string): Promise<BulkJob> {
    const job = await jobById(db, reach, id);
    if (job === undefined) throw notFound('Bulk job');
    return job;
  }

  return {
    get,

    /** The newest first. */
    list: (
      reach: Reach,
      filter: { readonly entities: readonly Entity[]; readonly status: Status | undefined },
      slice: Slice,
    ): Promise<BulkJob[]> => listJobs(db, reach, filter, slice),

    /** @throws ApiError `validation_failed`, naming the field; `conflict` past `unfinishedMax` */
    async create(editor: Editor, wanted: NewJob): Promise<BulkJob> {
      await assertPossible(options, editor, wanted);
      const { entity, action, select, change } = wanted;
      const ids = select !== undefined && 'ids' in select ? [...new Set(select.ids)].sort() : undefined;
      const job: BulkJob = {
        id: options.ids.next(),
        organization_id: editor.organizationId,
        workspace_id: editor.workspaceId ?? null,
        entity,
        action,
        selection: ids === undefined ? ((select ?? {}) as BulkJob['selection']) : { ids: ids.length },
        change: change ?? null,
        status: 'queued',
        error: null,
        selected_to: ids === undefined ? firstId : null,
        next_piece: 0,
        pieces: 0,
        total: ids?.length ?? 0,
        done: 0,
        failed: 0,
        errors: [],
        faults: 0,
        created_by: editor.keyId ?? null,
        created_at: new Date(clock.now()),
        finished_at: null,
      };
      await db.transaction(async (tx) => {
        if (!(await insertJob(tx, job)))
          throw new ApiError(
            'conflict',
            `${unfinishedMax} bulk jobs are queued or running. Wait for one to finish, or cancel one.`,
          );
        if (ids !== undefined) await addPieces(tx, job.id, piecesOf(ids));
        // An empty list wakes the job runners of every process; the first to look takes the job.
        await announce(tx, { kind: 'due', endpoints: [] });
        tx.afterCommit(options.wake);
      });
      return job;
    },

    /** Stops a job after the chunk in progress; what it changed stays. Idempotent. @throws ApiError `conflict` if it has finished */
    async cancel(reach: Reach, id: string): Promise<BulkJob> {
      await get(reach, id);
      await db.transaction((tx) => endJob(tx, emit, id, 'cancelled', new Date(clock.now())));
      const job = await get(reach, id);
      if (job.status !== 'cancelled')
        throw new ApiError('conflict', `This bulk job is ${job.status} and can no longer be cancelled.`);
      return job;
    },

    /** The file of an export, in parts. @throws ApiError `conflict` if there is none */
    fileOf(job: BulkJob): AsyncIterable<string> {
      if (job.action !== 'export') throw new ApiError('conflict', 'Only exports have a file.');
      if (job.status !== 'completed' || job.finished_at === null)
        throw new ApiError('conflict', `This export is ${job.status}; its file can be fetched once it is completed.`);
      if (job.finished_at.getTime() + fileKeptMs <= clock.now())
        throw new ApiError('conflict', `The file was kept for ${fileKeptMs / dayMs} days. Create another export.`);
      return linesOf(options, job);
    },

    /** Deletes files of exports, and jobs past the retention. */
    async expire(nowMs: number): Promise<void> {
      await deleteFiles(db, new Date(nowMs - fileKeptMs));
      await deleteFinished(db, new Date(nowMs - options.retentionDays * dayMs));
    },

    /** Deletes the jobs of a workspace that is being deleted. */
    removeOfWorkspace: ((tx, { workspaceId }, limit) => deleteJobsOf(tx, workspaceId, limit)) satisfies WorkspaceStage,
  };
}

/** @throws ApiError `validation_failed` for what cannot be done with any record */
async function assertPossible(options: JobsOptions, editor: Editor, { entity, action, select, change }: NewJob) {
  if (entity === 'suppression' && action === 'update')
    throw invalid({ action: 'must be delete or export: a suppression cannot be changed' });
  if (action === 'update' && change === undefined) throw invalid({ change: 'is required for an update' });
  if (action !== 'update' && change !== undefined) throw invalid({ change: 'is only for an update' });
  if (action !== 'export' && select === undefined) throw invalid({ select: 'is required' });
  if (select !== undefined && !('ids' in select)) {
    if (entity === 'suppression')
      throw invalid({ select: 'must have `ids`; without `select`, all suppressions are exported' });
    try {
      await options.segments.selectionOf(editor, entity, select);
    } catch (error) {
      throw error instanceof ApiError && error.details !== undefined ? invalid(below('select', error.details)) : error;
    }
  }
  if (change !== undefined && entity !== 'suppression') await assertChange(options, editor, entity, change);
}

async function assertChange(
  { db, clock, customFields, companies, sources }: JobsOptions,
  editor: Editor,
  entity: 'contact' | 'company',
  given: Readonly<Record<string, unknown>>,
): Promise<void> {
  const read = readChange(entity, given);
  const custom = await customFields.faults(db, editor.organizationId, entity, read.change.custom_fields);
  const faults: Record<string, string> = { ...custom };
  if (read.entity === 'contact') {
    const change = contactFieldsOf(read.change);
    const unknown = unknownTo(ownerIn(editor));
    Object.assign(faults, basisFaults(change, clock.now()));
    if (change.company_id != null && (await companies.byIds(db, editor, [change.company_id])).length === 0)
      faults['company_id'] = unknown;
    if (change.source_id != null && !(await sources.get(editor, change.source_id).then(Boolean, isNotFound)))
      faults['source_id'] = unknown;
  }
  if (Object.keys(faults).length > 0) throw invalid(below('change', faults));
}

function isNotFound(error: unknown): false {
  if (error instanceof ApiError && error.error === 'not_found') return false;
  throw error;
}
