import type { Clock } from '../base/clock.ts';
import { ApiError, notFound } from '../base/errors.ts';
import type { OrganizationId, WorkspaceId } from '../base/ids.ts';
import { announce } from '../db/bus.ts';
import type { Bus } from '../db/bus.ts';
import { chunkIn, createJobRunner } from '../db/jobs.ts';
import type { JobRunner } from '../db/jobs.ts';
import type { Database, Queryable, Transaction } from '../db/pool.ts';
import type { OnKeys } from './keys.ts';
import { revokeKeysOf } from './queries.ts';
import * as queries from './workspace-queries.ts';

/** A workspace whose records are deleted. */
export interface DeletedWorkspace {
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId;
}

/** Deletes up to `limit` records of one kind, with the same effects as deleting them one by one. @returns how many it deleted */
export type WorkspaceStage = (tx: Transaction, workspace: DeletedWorkspace, limit: number) => Promise<number>;

/** Names what must be deleted before the workspace, such as `mailboxes (2)`. */
export type WorkspaceBlockers = (on: Queryable, workspace: DeletedWorkspace) => Promise<readonly string[]>;

export interface WorkspaceDeletions extends Pick<JobRunner, 'run'> {
  /**
   * Revokes the workspace's keys and begins to delete its records. From the commit on, the workspace can be used nowhere.
   * @throws ApiError `not_found`; `conflict`, naming what must be deleted first
   */
  begin(organization: OrganizationId, id: WorkspaceId, onKeys: OnKeys): Promise<queries.WorkspaceRow>;
}

const chunkMax = 200;
const keysMax = 1_000;
const rounds = 2;
/** A call that had read the workspace before its deletion has ended by then. */
const roundPauseMs = 60_000;
const faultPauseMs = 60_000;

/**
 * Deletes the records of workspaces in chunks, stage by stage; any number of processes share the jobs. A crash repeats at most one chunk.
 * @param stages of the slices whose records have a workspace, in the order in which they are deleted
 */
export function createWorkspaceDeletions({
  db,
  bus,
  clock,
  stages,
  blockers,
  onError,
}: {
  readonly db: Database;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly stages: readonly WorkspaceStage[];
  readonly blockers: WorkspaceBlockers;
  readonly onError: (error: unknown) => void;
}): WorkspaceDeletions {
  async function work(tx: Transaction, job: queries.WorkspaceDeletion): Promise<void> {
    const workspace = { organizationId: job.organization_id, workspaceId: job.id };
    const now = clock.now();
    for (const stage of stages) {
      if ((await stage(tx, workspace, chunkMax)) === 0) continue;
      await queries.continueWorkspaceDeletion(tx, job.id, job.deletion_round, now);
      return;
    }
    if (job.deletion_round < rounds)
      await queries.continueWorkspaceDeletion(tx, job.id, job.deletion_round + 1, now + roundPauseMs);
    else await queries.endWorkspaceDeletion(tx, job.id);
  }

  const jobs = createJobRunner({
    bus,
    clock,
    chunk: chunkIn({
      db,
      takeDue: queries.takeWorkspaceDeletion,
      work,
      postpone: ({ id, deletion_round: round }) =>
        queries.continueWorkspaceDeletion(db, id, round, clock.now() + faultPauseMs),
      onError,
    }),
    nextDue: (nowMs) => queries.nextWorkspaceDeletion(db, nowMs),
    onError,
  });

  return {
    run: jobs.run,
    begin: (organization, id, onKeys) =>
      db.transaction(async (tx) => {
        const row = await queries.lockWorkspace(tx, organization, id);
        if (row === undefined) throw notFound('Workspace');
        const first = await blockers(tx, { organizationId: organization, workspaceId: id });
        if (first.length > 0)
          throw new ApiError('conflict', `Delete these records of the workspace first: ${first.join(', ')}.`);
        const at = new Date(clock.now());
        await queries.beginWorkspaceDeletion(tx, id, at);
        for (;;) {
          const keys = await revokeKeysOf(tx, id, at, keysMax);
          if (keys.length === 0) break;
          await onKeys(tx, 'key.revoked', keys);
          await announce(tx, { kind: 'keys' });
        }
        await announce(tx, { kind: 'workspace_deleted', workspaceId: id });
        // The first process that checks takes the job.
        await announce(tx, { kind: 'due', endpoints: [] });
        tx.afterCommit(jobs.wake);
        return { ...row, deleted_at: at, updated_at: at };
      }),
  };
}
