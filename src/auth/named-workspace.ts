import type { Principal, Route } from '../http/route.ts';
import type { NamedWorkspace, WorkspaceDirectory } from './workspace-directory.ts';

/**
 * Routes with `namesWorkspace`, whose bodies have the fields `namedWorkspace`: a workspace that is named by the caller's id is found, or
 * created, and the handler gets its id as `workspace_id`.
 */
export const namingWorkspaces = (workspaces: WorkspaceDirectory, routes: readonly Route[]): readonly Route[] =>
  routes.map((route): Route => {
    if (route.namesWorkspace !== true) return route;
    return {
      ...route,
      async handle(request, caller) {
        const { workspace, ...body } = request.body as NamedWorkspace;
        if (workspace === undefined) return route.handle(request, caller);
        // A campaign without a workspace has null.
        const named = { workspace_id: body.workspace_id ?? undefined, workspace };
        const found = await workspaces.of(caller as Principal, named);
        const known: unknown = { ...body, workspace_id: found ?? undefined };
        return route.handle({ ...request, body: known as never }, caller);
      },
    };
  });
