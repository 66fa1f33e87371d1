import { firstId } from '../../base/ids.ts';
import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Owner, Reach } from '../../crm/records/index.ts';
import { ownerId } from '../../crm/records/index.ts';
import { first } from '../../db/pool.ts';
import type { Queryable } from '../../db/pool.ts';
import { finishedPart, inOrder } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import { part, plainArray, sql } from '../../db/sql.ts';
import { problemsMax, unfinishedMax } from './job.ts';
import type { Counts, DiscoveryJob, Find, Problem, Status } from './job.ts';

/** @returns false if the organization already has `unfinishedMax` unfinished jobs */
export async function insertJob(tx: Queryable, job: DiscoveryJob): Promise<boolean> {
  const written = await tx.execute(sql`
    INSERT INTO discovery_jobs (id, organization_id, workspace_id, is_wide, campaign_id, icp, max_leads, lawful_basis, lawful_basis_source, sources, status, counts, due_at, is_remote, created_by, created_at)
    SELECT ${job.id}, ${job.organization_id}, ${job.workspace_id}::uuid, ${job.is_wide}, ${job.campaign_id}::uuid, ${JSON.stringify(job.icp)}::jsonb, ${job.max_leads}, ${job.lawful_basis},
      ${job.lawful_basis_source}, ${JSON.stringify(job.sources)}::jsonb, ${job.status}, ${JSON.stringify(job.counts)}::jsonb, ${job.due_at}, ${job.is_remote}, ${job.created_by}::uuid, ${job.created_at}
    WHERE (SELECT count(*) FROM discovery_jobs WHERE organization_id = ${job.organization_id} AND finished_at IS NULL) < ${unfinishedMax}`);
  return written === 1;
}

export const jobById = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  id: string,
): Promise<DiscoveryJob | undefined> =>
  first(
    on,
    sql<DiscoveryJob>`
      SELECT * FROM discovery_jobs WHERE organization_id = ${organization} AND id = ${id} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})`,
  );

export const listJobs = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  { status, campaignId }: { readonly status: Status | undefined; readonly campaignId: string | undefined },
  slice: Slice,
): Promise<DiscoveryJob[]> =>
  on.query(
    inOrder(
      sql<DiscoveryJob>`
      SELECT * FROM discovery_jobs
      WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND (${status ?? null}::text IS NULL OR status = ${status ?? null})
        AND (${campaignId ?? null}::uuid IS NULL OR campaign_id = ${campaignId ?? null})`,
      'discovery_jobs',
      slice,
      finishedPart('discovery_jobs'),
    ),
  );

/** Ends an unfinished job. @returns the job; undefined if it had already finished */
export const finish = (
  tx: Queryable,
  id: string,
  status: 'completed' | 'failed' | 'cancelled',
  at: Date,
  error: string | null,
): Promise<DiscoveryJob | undefined> =>
  first(
    tx,
    sql<DiscoveryJob>`
      UPDATE discovery_jobs SET status = ${status}, error = ${error}, finished_at = ${at}, lease = NULL, waiting = NULL WHERE id = ${id} AND finished_at IS NULL RETURNING *`,
  );

/** Lets a job that failed or was cancelled go on where it stopped; from the beginning if it was at the end. @returns whether it does */
export const reopen = (
  tx: Queryable,
  id: string,
  { source, isRemote }: { readonly source: number; readonly isRemote: boolean },
  at: Date,
): Promise<number> =>
  tx.execute(sql`
    UPDATE discovery_jobs AS j SET status = 'queued', error = NULL, finished_at = NULL, faults = 0, lease = NULL, is_remote = ${isRemote}, due_at = ${at},
      cursor = CASE WHEN source = ${source}::int THEN cursor END, source = ${source}::int
    WHERE id = ${id} AND status IN ('failed', 'cancelled')
      AND (SELECT count(*) FROM discovery_jobs o WHERE o.organization_id = j.organization_id AND o.finished_at IS NULL) < ${unfinishedMax}`);

// Running --------------------------------------------------------------------------------------------

/**
 * Leases a job that is due: of the organization whose jobs had to wait longest, the one that has been due longest. An organization of which a
 * process searches another job now waits.
 */
export const take = (
  on: Queryable,
  isRemote: boolean,
  lease: string,
  now: Date,
  until: Date,
): Promise<DiscoveryJob | undefined> =>
  first(
    on,
    sql<DiscoveryJob>`
      UPDATE discovery_jobs SET status = 'running', lease = ${lease}, waiting = NULL, due_at = ${until} WHERE id = (
        SELECT id FROM discovery_jobs AS j WHERE finished_at IS NULL AND due_at <= ${now} AND is_remote = ${isRemote}
          AND NOT EXISTS (SELECT FROM discovery_jobs b WHERE b.organization_id = j.organization_id AND b.finished_at IS NULL AND b.is_remote = ${isRemote} AND b.lease IS NOT NULL AND b.due_at > ${now})
        ORDER BY (SELECT max(o.due_at) FROM discovery_jobs o WHERE o.organization_id = j.organization_id AND o.finished_at IS NULL AND o.due_at <= ${now}), due_at, id
        LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING *`,
  );

/** When the next job falls due, ignoring those already due: they wait for another process, which then looks again. */
export const nextDue = async (on: Queryable, isRemote: boolean, nowMs: number): Promise<number | undefined> =>
  (
    await first(
      on,
      sql<{
        due_at: Date | null;
      }>`SELECT min(due_at) AS due_at FROM discovery_jobs WHERE finished_at IS NULL AND is_remote = ${isRemote} AND due_at > ${new Date(nowMs)}`,
    )
  )?.due_at?.getTime();

/** Locks a job that is still leased with this token. */
export const lockLeased = (tx: Queryable, id: string, lease: string): Promise<DiscoveryJob | undefined> =>
  first(
    tx,
    sql<DiscoveryJob>`SELECT * FROM discovery_jobs WHERE id = ${id} AND lease = ${lease} AND finished_at IS NULL FOR UPDATE`,
  );

/** Saves what a chunk did, and returns the lease. */
export const advance = (
  tx: Queryable,
  id: string,
  progress: {
    readonly source: number;
    readonly cursor: string | null;
    readonly counts: Counts;
    readonly problems: readonly Problem[];
    readonly isRemote: boolean;
  },
  dueAt: Date,
): Promise<number> =>
  tx.execute(sql`
    UPDATE discovery_jobs SET source = ${progress.source}, cursor = ${progress.cursor}, counts = ${JSON.stringify(progress.counts)}::jsonb,
      problems = ${JSON.stringify(progress.problems.slice(-problemsMax))}::jsonb, is_remote = ${progress.isRemote}, faults = 0, lease = NULL, due_at = ${dueAt}
    WHERE id = ${id}`);

/** Returns the lease of a job whose chunk was not done. @param faults 1 if it went wrong */
export const release = (
  on: Queryable,
  id: string,
  lease: string,
  {
    dueAt,
    waiting = null,
    faults = 0,
  }: { readonly dueAt: Date; readonly waiting?: string | null; readonly faults?: 0 | 1 },
): Promise<number> =>
  on.execute(sql`
    UPDATE discovery_jobs SET lease = NULL, due_at = ${dueAt}, waiting = ${waiting}, faults = faults + ${faults}::int WHERE id = ${id} AND lease = ${lease} AND finished_at IS NULL`);

/** The number of unfinished jobs by status. */
export const unfinished = (on: Queryable): Promise<{ state: string; count: number }[]> =>
  on.query(sql<{ state: string; count: number }>`
    SELECT s.state, (SELECT count(*) FROM discovery_jobs j WHERE j.finished_at IS NULL AND j.status = s.state) AS count FROM (VALUES ('queued'), ('running')) s (state)`);

/** Whether people are still searched for a campaign. */
export const isDiscovering = async (on: Queryable, campaign: string): Promise<boolean> =>
  (await first(
    on,
    sql<{ id: string }>`SELECT id FROM discovery_jobs WHERE campaign_id = ${campaign} AND finished_at IS NULL LIMIT 1`,
  )) !== undefined;

/** Whether a job of an organization is not finished; for a sandbox's clock. */
export const isSearching = async (on: Queryable, organization: OrganizationId): Promise<boolean> =>
  (await first(
    on,
    sql<{
      id: string;
    }>`SELECT id FROM discovery_jobs WHERE organization_id = ${organization} AND finished_at IS NULL LIMIT 1`,
  )) !== undefined;

// Finds ----------------------------------------------------------------------------------------------

/** Which people of a source a job has found already. */
export const foundIn = async (
  on: Queryable,
  job: string,
  source: string,
  externalIds: readonly string[],
): Promise<ReadonlySet<string>> =>
  new Set(
    (
      await on.query(
        sql<{
          external_id: string;
        }>`SELECT external_id FROM discovery_finds WHERE job_id = ${job} AND source = ${source} AND external_id = ANY(${[...externalIds]}::text[])`,
      )
    ).map(({ external_id: id }) => id),
  );

/** The live contacts of an owner that these people of a source became. */
export const foundBefore = async (
  on: Queryable,
  owner: Owner,
  source: string,
  externalIds: readonly string[],
): Promise<ReadonlyMap<string, string>> =>
  new Map(
    (
      await on.query(
        sql<{ external_id: string; contact_id: string }>`
          SELECT DISTINCT ON (f.external_id) f.external_id, f.contact_id FROM discovery_finds f JOIN contacts c ON c.id = f.contact_id AND c.deleted_at IS NULL
          WHERE f.organization_id = ${owner.organizationId} AND f.source = ${source} AND f.external_id = ANY(${[...externalIds]}::text[])
            AND coalesce(f.workspace_id, f.organization_id) = ${ownerId(owner)}
          ORDER BY f.external_id, f.id DESC`,
      )
    ).map(({ external_id: external, contact_id: contact }) => [external, contact]),
  );

export const insertFinds = (tx: Queryable, rows: readonly Find[]): Promise<number> =>
  tx.execute(sql`
    INSERT INTO discovery_finds (id, organization_id, workspace_id, job_id, campaign_id, lead_id, contact_id, source, source_name, external_id, url, licence, outcome, score, reasons, found_at)
    SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS r (id uuid, organization_id uuid, workspace_id uuid, job_id uuid, campaign_id uuid, lead_id uuid, contact_id uuid, source text, source_name text, external_id text, url text, licence text, outcome text, score smallint, reasons jsonb, found_at timestamptz)
    ON CONFLICT (job_id, source, external_id) DO NOTHING`);

/** A find with the address of its contact. */
export interface ShownFind extends Find {
  readonly email: string | null;
}

/** What a job found. */
export const findsOfJob = (on: Queryable, job: string, slice: Slice): Promise<ShownFind[]> =>
  on.query(
    inOrder(
      sql<ShownFind>`
      SELECT f.*, CASE WHEN c.deleted_at IS NULL THEN c.email END AS email FROM discovery_finds f JOIN contacts c ON c.id = f.contact_id
      WHERE f.job_id = ${job}`,
      'f',
      slice,
      part`f.found_at`,
    ),
  );

/** Where a contact was found. */
export const findsOfContact = (
  on: Queryable,
  organization: OrganizationId,
  contact: string,
  slice: Slice,
): Promise<ShownFind[]> =>
  on.query(
    inOrder(
      sql<ShownFind>`
      SELECT f.*, CASE WHEN c.deleted_at IS NULL THEN c.email END AS email FROM discovery_finds f JOIN contacts c ON c.id = f.contact_id
      WHERE f.contact_id = ${contact} AND f.organization_id = ${organization}`,
      'f',
      slice,
      part`f.found_at`,
    ),
  );

// Retention and deletion -----------------------------------------------------------------------------

export const deleteFinished = (on: Queryable, before: Date): Promise<number> =>
  on.execute(
    sql`DELETE FROM discovery_jobs WHERE id IN (SELECT id FROM discovery_jobs WHERE finished_at < ${before} ORDER BY finished_at LIMIT 100)`,
  );

/** Deletes finds whose contact does not exist any more, among the next ones by id. @returns the last id; undefined at the end */
export const sweepFinds = async (on: Queryable, after: string, limit: number): Promise<string | undefined> =>
  (
    await first(
      on,
      sql<{ last: string | null }>`
        WITH next AS (SELECT id, contact_id FROM discovery_finds WHERE id > ${after} ORDER BY id LIMIT ${limit}),
          gone AS (DELETE FROM discovery_finds f USING next n WHERE f.id = n.id AND NOT EXISTS (SELECT FROM contacts c WHERE c.id = n.contact_id))
        SELECT id AS last FROM next ORDER BY id DESC LIMIT 1`,
    )
  )?.last ?? undefined;

export const deleteFindsOfWorkspace = (tx: Queryable, workspace: WorkspaceId, max: number): Promise<number> =>
  tx.execute(
    sql`DELETE FROM discovery_finds WHERE id IN (SELECT id FROM discovery_finds WHERE workspace_id = ${workspace} LIMIT ${max})`,
  );

/** Deletes up to `max` jobs of a workspace. @returns how many */
export const deleteJobsOf = (tx: Queryable, workspace: WorkspaceId, max: number): Promise<number> =>
  tx.execute(
    sql`DELETE FROM discovery_jobs WHERE id IN (SELECT id FROM discovery_jobs WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${max})`,
  );

// Erasure --------------------------------------------------------------------------------------------

export const deleteFindsOf = (
  tx: Queryable,
  organization: OrganizationId,
  contacts: readonly string[],
  limit: number,
): Promise<number> =>
  tx.execute(sql`
    DELETE FROM discovery_finds WHERE id IN (
      SELECT id FROM discovery_finds WHERE organization_id = ${organization} AND contact_id = ANY(${plainArray(contacts)}::uuid[]) LIMIT ${limit})`);

interface JobText {
  readonly id: string;
  readonly text: string;
}

/** What callers wrote into jobs, and what sources said. */
export const textsAfter = (
  on: Queryable,
  organization: OrganizationId,
  after: string,
  before: string,
  limit: number,
): Promise<JobText[]> =>
  on.query(sql<JobText>`
    SELECT id, jsonb_build_object('icp', icp, 'sources', sources, 'problems', problems, 'error', error, 'lawful_basis_source', lawful_basis_source)::text AS text FROM discovery_jobs
    WHERE organization_id = ${organization} AND id > ${after || firstId} AND id < ${before} AND finished_at IS NOT NULL ORDER BY id LIMIT ${limit} FOR UPDATE`);

export const writeTexts = (tx: Queryable, rows: readonly JobText[]): Promise<number> =>
  tx.execute(sql`
    UPDATE discovery_jobs j SET icp = n.text::jsonb -> 'icp', sources = n.text::jsonb -> 'sources', problems = n.text::jsonb -> 'problems', error = n.text::jsonb ->> 'error',
      lawful_basis_source = n.text::jsonb ->> 'lawful_basis_source'
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ text }) => text)}::text[]) AS n (id, text) WHERE j.id = n.id`);
