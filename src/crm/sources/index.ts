import type { WorkspaceDirectory } from '../../auth/index.ts';
import type { Route } from '../../http/route.ts';
import { sourceRoutes } from './routes.ts';
import { createSources as create } from './sources.ts';
import type { Sources as Functions, SourcesOptions } from './sources.ts';

export type { Source, SourcesOptions } from './sources.ts';

export interface Sources extends Functions {
  readonly routes: readonly Route[];
}

export function createSources({
  workspaces,
  ...options
}: SourcesOptions & { readonly workspaces: WorkspaceDirectory }): Sources {
  const sources = create(options);
  return { ...sources, routes: sourceRoutes(sources, workspaces) };
}
