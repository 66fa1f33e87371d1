import type { Clock } from '../../base/clock.ts';
import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Database, Queryable } from '../../db/pool.ts';
import type { Module } from '../../ops/index.ts';
import { icpOfWorkspace } from './queries.ts';
import { icpRoutes } from './routes.ts';
import { thresholdDefault } from './icp.ts';

export { campaignIcpInput, emailStatuses, icpInput, icpSchema, readIcp, seniorities, thresholdDefault } from './icp.ts';
export type { Icp } from './icp.ts';
export { employeesOf, rememberingReader, scoreOf } from './score.ts';
export type { Reason, Score, Traits } from './score.ts';

/**
 * The ICP that a new campaign keeps: that of its workspace, with the given members in place of those of the same name. If there is one that
 * has no members, it gets the default threshold, because `{}` is stored for a campaign without an ICP.
 * @example
 * const icp = await icpSnapshot(tx, organization, workspace, input.icp);
 */
export async function icpSnapshot(
  on: Queryable,
  organization: OrganizationId,
  workspace: WorkspaceId | null,
  given: Readonly<Record<string, unknown>> | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const row = workspace === null ? undefined : await icpOfWorkspace(on, organization, workspace);
  if (row === undefined && given === undefined) return {};
  const icp = { ...row?.icp, ...given };
  return Object.keys(icp).length === 0 ? { threshold: thresholdDefault } : icp;
}

/** Composes the slice: ICPs of workspaces. */
export const createIcps = (options: { readonly db: Database; readonly clock: Clock }): Module => ({
  routes: icpRoutes(options),
});
