import { z } from 'zod';
import { cut } from '../../base/cut.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import { projectFields, projectStages } from '../../base/records/project.ts';
import type { RowOf } from '../../base/records/field.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { exampleIds } from '../../events/index.ts';
import { recordKind, searchText } from '../records/index.ts';
import type { RecordBase } from '../records/index.ts';

export { projectStages as stages };
export type Stage = (typeof projectStages)[number];

/** A project as it is stored, with the name of its company; `value` is in cents, days are `YYYY-MM-DD`. */
export interface Project extends RecordBase, RowOf<typeof projectFields> {
  organization_id: OrganizationId;
}

export const projectKind = recordKind(projectFields);

export const newProject = z.strictObject(projectKind.given);

/** A field that is left out is not changed, null clears it. */
export const projectChange = newProject.partial();

export type NewProject = z.output<typeof newProject>;
export type ProjectChange = z.output<typeof projectChange>;

/** The project with the given values. @param companies names by id */
export function withProjectFields(
  project: Project,
  change: ProjectChange,
  companies: ReadonlyMap<string, string>,
): Project {
  const after = projectKind.withValues(project, change);
  if (after.company_id !== project.company_id)
    after.company_name = after.company_id === null ? null : (companies.get(after.company_id) ?? null);
  return after;
}

/** Reports days in the wrong order at a field that the change gives. */
export function wrongDays(
  { start_date: start, end_date: end }: Project,
  change: ProjectChange,
): ErrorDetails | undefined {
  if (start === null || end === null || start <= end) return undefined;
  return change.end_date == null
    ? { start_date: 'must not be after end_date' }
    : { end_date: 'must not be before start_date' };
}

export const projectSearch = ({
  name,
  description,
  assigned_name: assigned,
  notes,
}: Pick<Project, 'name' | 'description' | 'assigned_name' | 'notes'>): string =>
  searchText(name, cut(description ?? '', searchedMax), assigned, cut(notes ?? '', searchedMax));

/** Only the first characters of long texts are searched. */
const searchedMax = 5_000;

export const projectShape = projectKind.shape.meta({ id: 'Project' });

/** The record as the API and its events show it. */
export const projectOnWire = (project: Project): z.input<typeof projectShape> =>
  projectKind.onWire(project.organization_id, project);

export const projectExample: z.input<typeof projectShape> = projectKind.example(exampleIds.project);
