import type { WorkspaceDirectory } from '../../auth/index.ts';
import type { Route } from '../../http/route.ts';
import { suppressionRoutes } from './routes.ts';
import { createSuppressions as create } from './suppressions.ts';
import type { Suppressions as Functions, SuppressionsOptions } from './suppressions.ts';

export { eraseLifted, liftedOf } from './lifted.ts';
export { onWire as suppressionOnWire } from './routes.ts';
export type { Kind as SuppressionKind, Reason as SuppressionReason, SuppressedDomain, Suppression } from './queries.ts';
export type { LiftedListener, NewSuppression, SuppressionListener, SuppressionsOptions } from './suppressions.ts';

export interface Suppressions extends Functions {
  readonly routes: readonly Route[];
}

export function createSuppressions({
  workspaces,
  ...options
}: SuppressionsOptions & { readonly workspaces: WorkspaceDirectory }): Suppressions {
  const suppressions = create(options);
  return { ...suppressions, routes: suppressionRoutes(suppressions, workspaces) };
}
