import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';

/** Which records a caller reads and changes; a `Principal` is one. */
export interface Reach {
  readonly organizationId: OrganizationId;
  /** Records of this workspace alone; undefined: all of the organization. */
  readonly workspaceId?: WorkspaceId | undefined;
}

/** Whose records: those of a workspace, or those of the organization without one. Records refer only to records of the same owner. */
export interface Owner {
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | null;
}

/** Who owns what a caller creates. */
export const ownerIn = ({ organizationId, workspaceId }: Reach): Owner => ({
  organizationId,
  workspaceId: workspaceId ?? null,
});

/** Who owns a stored record. */
export const ownerOf = (
  { organizationId }: Pick<Reach, 'organizationId'>,
  { workspace_id: workspaceId }: { readonly workspace_id: string | null },
): Owner => ({ organizationId, workspaceId: workspaceId as WorkspaceId | null });

/** The value of `coalesce(workspace_id, organization_id)` in the rows of an owner. */
export const ownerId = ({ organizationId, workspaceId }: Owner): string => workspaceId ?? organizationId;
