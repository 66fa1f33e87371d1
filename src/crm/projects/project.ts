import { z } from 'zod';
import { cut } from '../../base/cut.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { changedFields, fields, mergedValues, searchText, tagsOf } from '../records/index.ts';

export const stages = ['proposal', 'active', 'review', 'complete', 'archived'] as const;
export type Stage = (typeof stages)[number];

/** A project as it is stored, with the name of its company. Days are `YYYY-MM-DD`. */
export interface Project {
  id: string;
  organization_id: OrganizationId;
  name: string;
  description: string | null;
  stage: Stage;
  company_id: string | null;
  company_name: string | null;
  assigned_to: string | null;
  assigned_name: string | null;
  /** In cents. */
  value: number | null;
  start_date: string | null;
  end_date: string | null;
  is_retainer: boolean;
  renewal_date: string | null;
  notes: string | null;
  tags: string[];
  custom_fields: Record<string, unknown>;
  created_by: string | null;
  created_at: Date;
  updated_at: Date;
}

const { cents, customValues, day, optionalText, requiredText, tags } = fields;
const idField = z.uuid().toLowerCase();

/** What a caller says of a new project. */
export const newProject = z.strictObject({
  name: requiredText(300),
  description: optionalText(50_000).optional(),
  stage: z.enum(stages).optional().describe('`proposal` when not said.'),
  company_id: idField.nullable().optional(),
  assigned_to: idField.nullable().optional().describe('Of whoever leads it, in whichever system.'),
  assigned_name: optionalText(200).optional(),
  value: cents.optional().describe('In cents.'),
  start_date: day.optional(),
  end_date: day.optional().describe('Not before start_date.'),
  is_retainer: z.boolean().optional().describe('false when not said.'),
  renewal_date: day.optional(),
  notes: optionalText(50_000).optional(),
  tags: tags.optional(),
  custom_fields: customValues.optional(),
});

/** A field that is not given stays, null clears it. */
export const projectChange = newProject.partial();

export type NewProject = z.output<typeof newProject>;
export type ProjectChange = z.output<typeof projectChange>;

export function blankProject(
  id: string,
  organization: OrganizationId,
  createdBy: string | undefined,
  at: Date,
): Project {
  return {
    id,
    organization_id: organization,
    name: '',
    description: null,
    stage: 'proposal',
    company_id: null,
    company_name: null,
    assigned_to: null,
    assigned_name: null,
    value: null,
    start_date: null,
    end_date: null,
    is_retainer: false,
    renewal_date: null,
    notes: null,
    tags: [],
    custom_fields: {},
    created_by: createdBy ?? null,
    created_at: at,
    updated_at: at,
  };
}

/** The project with these fields changed. @param companies names by id */
export function withProjectFields(
  project: Project,
  { tags: given, custom_fields: values, company_id: company = project.company_id, ...plain }: ProjectChange,
  companies: ReadonlyMap<string, string>,
): Project {
  return {
    ...project,
    ...(Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)) as Partial<Project>),
    ...(company === project.company_id
      ? {}
      : { company_id: company, company_name: company === null ? null : (companies.get(company) ?? null) }),
    ...(given === undefined ? {} : { tags: tagsOf(given) }),
    ...(values === undefined ? {} : { custom_fields: mergedValues(project.custom_fields, values) }),
  };
}

/** Days in the wrong order, told of a field that the change gives. */
export function wrongDays(
  { start_date: start, end_date: end }: Project,
  change: ProjectChange,
): ErrorDetails | undefined {
  if (start === null || end === null || start <= end) return undefined;
  return change.end_date == null
    ? { start_date: 'must not be after end_date' }
    : { end_date: 'must not be before start_date' };
}

const watched = [...(Object.keys(newProject.shape) as (keyof typeof newProject.shape)[]), 'company_name'] as const;

export const projectChanges = (before: Project, after: Project): string[] => changedFields(before, after, watched);

export const projectSearch = ({
  name,
  description,
  assigned_name: assigned,
  notes,
}: Pick<Project, 'name' | 'description' | 'assigned_name' | 'notes'>): string =>
  searchText(name, cut(description ?? '', searchedMax), assigned, cut(notes ?? '', searchedMax));

/** Of long texts the beginning is looked through. */
const searchedMax = 5_000;

const time = z.iso.datetime();
const date = z.iso.date();

export const projectShape = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string().nullable(),
    stage: z.enum(stages),
    company_id: z.uuid().nullable(),
    company_name: z.string().nullable(),
    assigned_to: z.uuid().nullable(),
    assigned_name: z.string().nullable(),
    value: z.int().nullable().describe('In cents.'),
    start_date: date.nullable(),
    end_date: date.nullable(),
    is_retainer: z.boolean(),
    renewal_date: date.nullable(),
    notes: z.string().nullable(),
    tags: z.array(z.string()),
    custom_fields: z.record(z.string(), z.unknown()),
    account_id: z.uuid().describe('The organization.'),
    created_by: z.uuid().nullable().describe('The key that created it.'),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Project' });

/** The record as the API and its events show it. */
export const projectOnWire = ({
  organization_id: organization,
  created_at: createdAt,
  updated_at: updatedAt,
  ...project
}: Project): z.input<typeof projectShape> => ({
  ...project,
  account_id: organization,
  created_at: createdAt.toISOString(),
  updated_at: updatedAt.toISOString(),
});

export const projectExample: z.input<typeof projectShape> = {
  id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b412',
  name: 'Difference Engine rollout',
  description: 'Outbound for the spring launch',
  stage: 'active',
  company_id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b411',
  company_name: 'Analytical Engines',
  assigned_to: null,
  assigned_name: 'Grace Hopper',
  value: 2_400_000,
  start_date: '2026-01-05',
  end_date: '2026-06-30',
  is_retainer: false,
  renewal_date: null,
  notes: null,
  tags: [],
  custom_fields: {},
  account_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c00',
  created_by: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c01',
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
};
