import type { Transaction } from '../../db/pool.ts';
import type { Emit } from '../../events/index.ts';
import { actorOf, editorOf } from '../records/index.ts';
import { finish } from './queries.ts';

/** Ends an unfinished job and emits the event. Waits for a chunk in progress; does nothing if the job has finished. */
export async function endJob(
  tx: Transaction,
  emit: Emit,
  id: string,
  status: 'completed' | 'failed' | 'cancelled',
  at: Date,
  error: string | null = null,
): Promise<void> {
  const job = await finish(tx, id, status, at, error);
  if (job === undefined) return;
  const { entity, action, total, done, failed } = job;
  await emit(tx, {
    organizationId: job.organization_id,
    workspaceId: job.workspace_id ?? undefined,
    type: `bulk_job.${status}`,
    occurredAtMs: at.getTime(),
    data: {
      id,
      workspace_id: job.workspace_id,
      entity,
      action,
      status,
      error,
      total,
      done,
      failed,
      created_at: job.created_at.toISOString(),
      finished_at: at.toISOString(),
      actor: actorOf(editorOf(job)),
    },
  });
}
