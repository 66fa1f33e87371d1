import type { Clock } from '../base/clock.ts';
import { notFound } from '../base/errors.ts';
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

/** Records of a workspace by kind, each counted up to `countedMax`. */
export type WorkspaceContents = Readonly<Record<'mailboxes' | 'campaigns' | 'leads' | 'messages', number>>;

/** What mail does when a workspace is deleted, beside its stages. */
interface MailOfWorkspace {
  /** Ends what the workspace sends and receives. */
  stop(tx: Transaction, workspace: DeletedWorkspace): Promise<void>;
  contents(on: Queryable, workspace: DeletedWorkspace, max: number): Promise<WorkspaceContents>;
  /** Whether something must end by itself first, such as messages in flight. */
  isUnfinished(on: Queryable, workspace: DeletedWorkspace): Promise<boolean>;
}

export interface WorkspaceDeletions extends Pick<JobRunner, 'run'> {
  /**
   * Revokes the workspace's keys, ends what it sends and receives, and begins to delete its records. From the commit on, the workspace can
   * be used nowhere, and nothing more begins to be sent.
   * @returns the workspace, and what it had
   * @throws ApiError `not_found`
   */
  begin(
    organization: OrganizationId,
    id: WorkspaceId,
    onKeys: OnKeys,
  ): Promise<{ readonly workspace: queries.WorkspaceRow; readonly contents: WorkspaceContents }>;
}

const chunkMax = 200;
const keysMax = 1_000;
const rounds = 2;
/** Records of a kind are counted no further. */
export const countedMax = 10_000;
/** A call that had read the workspace before its deletion has ended by then. */
const roundPauseMs = 60_000;
const faultPauseMs = 60_000;
const unfinishedPauseMs = 5_000;

/**
 * Deletes the records of workspaces in chunks, stage by stage; any number of processes share the jobs. A crash repeats at most one chunk.
 * @param stages of the slices whose records have a workspace, in the order in which they are deleted
 */
export function createWorkspaceDeletions({
  db,
  bus,
  clock,
  stages,
  mail,
  onError,
}: {
  readonly db: Database;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly stages: readonly WorkspaceStage[];
  readonly mail: MailOfWorkspace;
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
    if (await mail.isUnfinished(tx, workspace))
      await queries.continueWorkspaceDeletion(tx, job.id, job.deletion_round, now + unfinishedPauseMs);
    else if (job.deletion_round < rounds)
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
        const target = { organizationId: organization, workspaceId: id };
        if ((await queries.workspaceById(tx, organization, id)) === undefined) throw notFound('Workspace');
        const contents = await mail.contents(tx, target, countedMax);
        // Before the workspace is locked: the sending loops lock mailboxes first, and then the workspaces of the messages that they store.
        await mail.stop(tx, target);
        const row = await queries.lockWorkspace(tx, organization, id);
        if (row === undefined) throw notFound('Workspace');
        // What was created until the lock.
        await mail.stop(tx, target);
        const at = new Date(clock.now());
        await queries.beginWorkspaceDeletion(tx, id, at);
        for (;;) {
          const keys = await revokeKeysOf(tx, id, at, keysMax);
          if (keys.length === 0) break;
          await onKeys(tx, 'key.revoked', keys);
          await bus.announce(tx, { kind: 'keys' });
        }
        await bus.announce(tx, { kind: 'workspace_deleted', workspaceId: id });
        // The first process that checks takes the job.
        await announce(tx, { kind: 'due', endpoints: [] });
        tx.afterCommit(jobs.wake);
        return { workspace: { ...row, deleted_at: at, updated_at: at }, contents };
      }),
  };
}
