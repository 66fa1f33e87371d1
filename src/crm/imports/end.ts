import type { Transaction } from '../../db/pool.ts';
import type { Emit } from '../../events/index.ts';
import { actorOf, editorOf } from '../records/index.ts';
import { countsOf } from './import.ts';
import { finish } from './queries.ts';

/** Ends an unfinished import, deletes its file and emits the event. Waits for a chunk in progress; does nothing if the import has finished. */
export async function endImport(
  tx: Transaction,
  emit: Emit,
  id: string,
  state: 'completed' | 'failed' | 'cancelled',
  at: Date,
  error: string | null = null,
): Promise<void> {
  const it = await finish(tx, id, state, at, error);
  if (it === undefined) return;
  await emit(tx, {
    organizationId: it.organization_id,
    workspaceId: it.workspace_id ?? undefined,
    type: `import.${state}`,
    occurredAtMs: at.getTime(),
    data: {
      id: it.id,
      workspace_id: it.workspace_id,
      file_name: it.file_name,
      state,
      error,
      dry_run: it.dry_run,
      ...countsOf(it),
      created_at: it.created_at.toISOString(),
      finished_at: at.toISOString(),
      actor: actorOf(editorOf(it)),
    },
  });
}
