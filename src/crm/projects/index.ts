import type { WorkspaceDirectory } from '../../auth/index.ts';
import type { Route } from '../../http/route.ts';
import { createProjects as create } from './projects.ts';
import type { Projects as Functions, ProjectsOptions } from './projects.ts';
import { projectRoutes } from './routes.ts';

export { eraseFromProjects, projectsOfContact } from './erasure.ts';
export { newProject, projectChange, projectExample, projectOnWire, projectShape, stages } from './project.ts';
export type { NewProject, Project, ProjectChange, Stage } from './project.ts';
export { contactsMax } from './projects.ts';
export type { ProjectFilter, ProjectsOptions } from './projects.ts';

export interface Projects extends Functions {
  readonly routes: readonly Route[];
}

export function createProjects({
  workspaces,
  ...options
}: ProjectsOptions & { readonly workspaces: WorkspaceDirectory }): Projects {
  const projects = create(options);
  return { ...projects, routes: projectRoutes(projects, workspaces) };
}
