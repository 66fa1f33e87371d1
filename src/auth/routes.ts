import type { RateLimiter } from '../http/rate-limit.ts';
import type { Route } from '../http/route.ts';
import { keyRoutes } from './key-routes.ts';
import type { EmitKeys } from './key-routes.ts';
import { organizationRoutes } from './organization-routes.ts';
import type { AccountOf } from './organization-routes.ts';
import type { Tenancy } from './organizations.ts';
import type { WorkspaceDeletions } from './workspace-deletion.ts';
import { workspaceRoutes } from './workspace-routes.ts';

/** The routes of organizations, keys and workspaces. @param emitAll emits key events in the transaction that changed the keys. */
export const authRoutes = (
  tenancy: Tenancy,
  emitAll: EmitKeys,
  rateLimiter: Pick<RateLimiter, 'take'>,
  deletions: Pick<WorkspaceDeletions, 'begin'>,
  accountOf?: AccountOf,
): readonly Route[] => [
  ...organizationRoutes(tenancy, rateLimiter, accountOf),
  ...keyRoutes(tenancy, emitAll),
  ...workspaceRoutes(tenancy, emitAll, deletions),
];
