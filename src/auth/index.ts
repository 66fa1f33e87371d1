export { alertAddressProblem } from './alert-address.ts';
export { createGate } from './gate.ts';
export { allKeys, bootstrap, createKey, ensureBootstrapKey, isKey, keyById, listKeys, revokeKey } from './keys.ts';
export type { ApiKey, CreatedKey, KeyRequest, KeyView } from './keys.ts';
export { createOrganizationClocks } from './organization-clock.ts';
export type { OrganizationClocks } from './organization-clock.ts';
export {
  createOrganization,
  listOrganizations,
  organizationById,
  organizationBySlug,
  organizationsAlerting,
  sandboxOf,
  setAlertEmail,
  setPlan,
} from './organizations.ts';
export type { Organization, Tenancy } from './organizations.ts';
export { isPlan, plans, requestsPerMinute } from './plans.ts';
export type { Plan } from './plans.ts';
export { createPrincipals } from './principals.ts';
export { lockOrganization } from './queries.ts';
export { RecentMap } from './recent-map.ts';
export type { AccountOf } from './organization-routes.ts';
export type { Principals } from './principals.ts';
export { assertScopes, grants, resources, scopeNames } from './scopes.ts';
export { createWorkspaceDeletions } from './workspace-deletion.ts';
export type { DeletedWorkspace, WorkspaceStage } from './workspace-deletion.ts';
export { namingWorkspaces } from './named-workspace.ts';
export { createWorkspaceDirectory, namedWorkspace } from './workspace-directory.ts';
export type { NamedWorkspace, WorkspaceCaller, WorkspaceDirectory } from './workspace-directory.ts';
export {
  createWorkspace,
  endpointLimitOf,
  endpointsMax,
  findWorkspace,
  listWorkspaces,
  ofWorkspace,
  within,
  workspaceById,
  workspaceFor,
} from './workspaces.ts';
export type { Workspace } from './workspaces.ts';
