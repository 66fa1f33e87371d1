import { finishedPart, inOrder } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import { firstId } from '../../base/ids.ts';
import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { first } from '../../db/pool.ts';
import type { Queryable } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import type { Reach } from '../records/index.ts';
import { unfinishedMax } from './job.ts';
import type { BulkJob, Entity, RecordError, Status } from './job.ts';

/** @returns false if the organization already has `unfinishedMax` unfinished jobs */
export async function insertJob(tx: Queryable, job: BulkJob): Promise<boolean> {
  const written = await tx.execute(sql`
    INSERT INTO bulk_jobs (id, organization_id, workspace_id, entity, action, selection, change, status, selected_to, total, due_at, created_by, created_at)
    SELECT ${job.id}, ${job.organization_id}, ${job.workspace_id}::uuid, ${job.entity}, ${job.action}, ${JSON.stringify(job.selection)}::jsonb,
      ${job.change === null ? null : JSON.stringify(job.change)}::jsonb, ${job.status}, ${job.selected_to}::uuid, ${job.total}, ${job.created_at}, ${job.created_by}::uuid, ${job.created_at}
    WHERE (SELECT count(*) FROM bulk_jobs WHERE organization_id = ${job.organization_id} AND finished_at IS NULL) < ${unfinishedMax}`);
  return written === 1;
}

/** Adds pieces after those that the job has. */
export const addPieces = (tx: Queryable, id: string, pieces: readonly (readonly string[])[]): Promise<number> =>
  tx.execute(sql`
    WITH job AS (UPDATE bulk_jobs SET pieces = pieces + ${pieces.length}::int WHERE id = ${id} RETURNING pieces - ${pieces.length}::int AS first)
    INSERT INTO bulk_job_pieces (job_id, number, ids)
    SELECT ${id}, job.first + p.number - 1, p.ids::uuid[] FROM job, unnest(${pieces.map(plainArray)}::text[]) WITH ORDINALITY AS p (ids, number)`);

export const jobById = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  id: string,
): Promise<BulkJob | undefined> =>
  first(
    on,
    sql<BulkJob>`
      SELECT * FROM bulk_jobs WHERE organization_id = ${organization} AND id = ${id} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})`,
  );

/** The newest first. */
export const listJobs = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  { entities, status }: { readonly entities: readonly Entity[]; readonly status: Status | undefined },
  slice: Slice,
): Promise<BulkJob[]> =>
  on.query(
    inOrder(
      sql<BulkJob>`
      SELECT * FROM bulk_jobs
      WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND entity = ANY(${entities}::text[])
        AND (${status ?? null}::text IS NULL OR status = ${status ?? null})`,
      'bulk_jobs',
      slice,
      finishedPart('bulk_jobs'),
    ),
  );

/** Ends an unfinished job. Only the pieces of a completed export are kept. @returns the job; undefined if it had already finished */
export async function finish(
  tx: Queryable,
  id: string,
  status: 'completed' | 'failed' | 'cancelled',
  at: Date,
  error: string | null,
): Promise<BulkJob | undefined> {
  const job = await first(
    tx,
    sql<BulkJob>`
      UPDATE bulk_jobs SET status = ${status}, error = ${error}, finished_at = ${at}, done = CASE WHEN action = 'export' AND ${status} = 'completed' THEN total ELSE done END WHERE id = ${id} AND finished_at IS NULL RETURNING *`,
  );
  if (job !== undefined && (job.action !== 'export' || status !== 'completed'))
    await tx.execute(sql`DELETE FROM bulk_job_pieces WHERE job_id = ${id}`);
  return job;
}

// Running --------------------------------------------------------------------------------------------

/** Locks a job that is due, skipping locked ones: of the organization whose jobs had to wait longest, the one that has been due longest. */
export const takeDue = (tx: Queryable, nowMs: number): Promise<BulkJob | undefined> =>
  first(
    tx,
    sql<BulkJob>`
      SELECT * FROM bulk_jobs AS j WHERE finished_at IS NULL AND due_at <= ${new Date(nowMs)}
      ORDER BY (SELECT max(o.due_at) FROM bulk_jobs o WHERE o.organization_id = j.organization_id AND o.finished_at IS NULL AND o.due_at <= ${new Date(nowMs)}), due_at, id
      LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );

/** When the next job falls due, ignoring those already due: another process has locked them. */
export const nextDue = async (on: Queryable, nowMs: number): Promise<number | undefined> =>
  (
    await first(
      on,
      sql<{
        due_at: Date | null;
      }>`SELECT min(due_at) AS due_at FROM bulk_jobs WHERE finished_at IS NULL AND due_at > ${new Date(nowMs)}`,
    )
  )?.due_at?.getTime();

/** Postpones a job after an internal error. @returns how many occurred in a row */
export const postpone = async (on: Queryable, id: string, dueAt: Date): Promise<number> =>
  (
    await first(
      on,
      sql<{ faults: number }>`
        UPDATE bulk_jobs SET faults = faults + 1, due_at = ${dueAt} WHERE id = ${id} AND finished_at IS NULL RETURNING faults`,
    )
  )?.faults ?? 0;

/** Saves a step of the selection. @param to null: everything is selected */
export const saveSelected = (
  tx: Queryable,
  id: string,
  to: string | null,
  count: number,
  dueAt: Date,
): Promise<number> =>
  tx.execute(sql`
    UPDATE bulk_jobs SET status = 'running', selected_to = ${to}, total = total + ${count}::int, faults = 0, due_at = ${dueAt} WHERE id = ${id}`);

/** The ids of a piece. */
export const pieceOf = async (on: Queryable, id: string, number: number): Promise<string[] | undefined> =>
  (await first(on, sql<{ ids: string[] }>`SELECT ids FROM bulk_job_pieces WHERE job_id = ${id} AND number = ${number}`))
    ?.ids;

/** Saves that a piece is done, and deletes it. */
export const advance = (
  tx: Queryable,
  job: Pick<BulkJob, 'id' | 'next_piece'>,
  done: number,
  failed: number,
  errors: readonly RecordError[],
  dueAt: Date,
): Promise<number> =>
  tx.execute(sql`
    WITH piece AS (DELETE FROM bulk_job_pieces WHERE job_id = ${job.id} AND number = ${job.next_piece})
    UPDATE bulk_jobs SET status = 'running', next_piece = next_piece + 1, done = done + ${done}::int, failed = failed + ${failed}::int, errors = errors || ${JSON.stringify(errors)}::jsonb, faults = 0, due_at = ${dueAt}
    WHERE id = ${job.id}`);

/** Lets other jobs run before the same piece continues. */
export const continueLater = (tx: Queryable, id: string, dueAt: Date): Promise<number> =>
  tx.execute(sql`UPDATE bulk_jobs SET status = 'running', faults = 0, due_at = ${dueAt} WHERE id = ${id}`);

/** The number of unfinished jobs by status. */
export const unfinished = (on: Queryable): Promise<{ state: string; count: number }[]> =>
  on.query(sql<{ state: string; count: number }>`
    SELECT s.state, (SELECT count(*) FROM bulk_jobs j WHERE j.finished_at IS NULL AND j.status = s.state) AS count FROM (VALUES ('queued'), ('running')) s (state)`);

// Retention ------------------------------------------------------------------------------------------

/** Deletes files of up to 100 exports that finished before a time. */
export const deleteFiles = (on: Queryable, before: Date): Promise<number> =>
  on.execute(sql`
    DELETE FROM bulk_job_pieces WHERE job_id IN (
      SELECT id FROM bulk_jobs j WHERE finished_at < ${before} AND action = 'export' AND EXISTS (SELECT FROM bulk_job_pieces p WHERE p.job_id = j.id) ORDER BY finished_at LIMIT 100)`);

export const deleteFinished = (on: Queryable, before: Date): Promise<number> =>
  on.execute(
    sql`DELETE FROM bulk_jobs WHERE id IN (SELECT id FROM bulk_jobs WHERE finished_at < ${before} ORDER BY finished_at LIMIT 100)`,
  );

/** Deletes up to `max` jobs of a workspace. @returns how many */
export const deleteJobsOf = (tx: Queryable, workspace: WorkspaceId, max: number): Promise<number> =>
  tx.execute(
    sql`DELETE FROM bulk_jobs WHERE id IN (SELECT id FROM bulk_jobs WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${max})`,
  );

// Erasure --------------------------------------------------------------------------------------------

interface JobText {
  readonly id: string;
  readonly selection: string;
  readonly change: string | null;
  readonly errors: string;
}

export const textsAfter = (
  on: Queryable,
  organization: OrganizationId,
  after: string,
  before: string,
  limit: number,
): Promise<JobText[]> =>
  on.query(sql<JobText>`
    SELECT id, selection::text AS selection, change::text AS change, errors::text AS errors FROM bulk_jobs
    WHERE organization_id = ${organization} AND id > ${after || firstId} AND id < ${before} ORDER BY id LIMIT ${limit} FOR UPDATE`);

export const writeTexts = (tx: Queryable, rows: readonly JobText[]): Promise<number> =>
  tx.execute(sql`
    UPDATE bulk_jobs j SET selection = n.selection::jsonb, change = n.change::jsonb, errors = n.errors::jsonb
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ selection }) => selection)}::text[], ${rows.map(({ change }) => change)}::text[], ${rows.map(({ errors }) => errors)}::text[]) AS n (id, selection, change, errors)
    WHERE j.id = n.id`);

/** Removes ids from the pieces of jobs. */
export const removeIds = (tx: Queryable, jobs: readonly string[], ids: readonly string[]): Promise<number> =>
  tx.execute(sql`
    UPDATE bulk_job_pieces SET ids = ARRAY(SELECT i.id FROM unnest(ids) AS i (id) WHERE i.id <> ALL(${plainArray(ids)}::uuid[]))
    WHERE job_id = ANY(${plainArray(jobs)}::uuid[]) AND ids && ${plainArray(ids)}::uuid[]`);
