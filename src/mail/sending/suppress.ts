import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Editor } from '../../crm/records/index.ts';
import type { SuppressionReason, Suppressions } from '../../crm/suppressions/index.ts';
import type { Transaction } from '../../db/pool.ts';

interface Suppressing {
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly workspace_id: WorkspaceId | null;
  readonly party_key: string;
}

/** What a message suppresses is suppressed for its workspace, or without one for the organization. */
export const editorOf = ({
  organization_id: organizationId,
  workspace_id: workspaceId,
}: Pick<Suppressing, 'organization_id' | 'workspace_id'>): Editor => ({
  organizationId,
  workspaceId: workspaceId ?? undefined,
});

/** Suppresses the recipients of messages of one organization, with one call for each workspace. */
export async function suppressEach(
  suppressions: Pick<Suppressions, 'suppress'>,
  tx: Transaction,
  messages: readonly Suppressing[],
  reason: SuppressionReason,
): Promise<void> {
  for (const [, own] of Map.groupBy(messages, (message) => message.workspace_id)) {
    const [first] = own;
    if (first !== undefined)
      await suppressions.suppress(
        tx,
        editorOf(first),
        own.map((message) => ({ kind: 'email', value: message.party_key, reason, messageId: message.id })),
      );
  }
}
