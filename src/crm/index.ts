import type { WorkspaceDirectory, WorkspaceStage } from '../auth/index.ts';
import type { Emitter } from '../events/index.ts';
import type { Deps, Module } from '../ops/index.ts';
import { createActivities } from './activities/index.ts';
import type { Activities } from './activities/index.ts';
import { createBulkJobs, unfinishedBulkJobs } from './bulk/index.ts';
import type { BulkJobs } from './bulk/index.ts';
import { createCompanies } from './companies/index.ts';
import type { Companies } from './companies/index.ts';
import { addressesOfPeople, contactIdsByEmail, createContacts } from './contacts/index.ts';
import type { Contacts } from './contacts/index.ts';
import { createCustomFields } from './custom-fields/index.ts';
import type { CustomFields } from './custom-fields/index.ts';
import { createImports, unfinishedImports } from './imports/index.ts';
import type { Imports, ImportsOptions } from './imports/index.ts';
import { createMerges, mergedInto } from './merges/index.ts';
import type { Merges } from './merges/index.ts';
import { createProjects } from './projects/index.ts';
import type { Projects } from './projects/index.ts';
import { createRefolding } from './records/index.ts';
import { createSegments } from './segments/index.ts';
import type { Segments } from './segments/index.ts';
import { createSources } from './sources/index.ts';
import type { Sources } from './sources/index.ts';
import { createSuppressions } from './suppressions/index.ts';
import type { Suppressions, SuppressionsOptions } from './suppressions/index.ts';
import { createTopics } from './topics/index.ts';
import type { Topics } from './topics/index.ts';

export interface CrmOptions extends Deps, Emitter, Pick<ImportsOptions, 'onRows' | 'retentionDays'> {
  readonly workspaces: WorkspaceDirectory;
  readonly onSuppressed?: SuppressionsOptions['onAdded'];
}

/** The slices of the CRM, for other layers and as modules. */
export interface Crm {
  /** What deletes the records of a workspace, in this order. */
  readonly workspaceStages: readonly WorkspaceStage[];
  readonly customFields: CustomFields;
  readonly sources: Sources;
  readonly suppressions: Suppressions;
  readonly topics: Topics;
  readonly companies: Companies;
  readonly contacts: Contacts & Module;
  readonly projects: Projects;
  readonly activities: Activities;
  readonly imports: Imports & Module;
  readonly segments: Segments & Module;
  readonly bulkJobs: BulkJobs & Module;
  readonly merges: Merges & Module;
  readonly refolding: Module;
}

export function createCrm({ onError, onSuppressed = () => {}, ...deps }: CrmOptions): Crm {
  const customFields = createCustomFields(deps);
  const sources = createSources(deps);
  const suppressions = createSuppressions({ ...deps, contactIds: contactIdsByEmail, onAdded: onSuppressed });
  const companies = createCompanies({
    ...deps,
    customFields,
    mergedInto: (reach, id) => mergedInto(deps.db, reach, 'company', id),
  });
  const contacts = createContacts({
    ...deps,
    customFields,
    sources,
    suppressions,
    companies,
    mergedInto: (reach, id) => mergedInto(deps.db, reach, 'contact', id),
  });
  suppressions.listen(contacts.suppressed);
  suppressions.onLifted(contacts.suppressionLifted);
  const topics = createTopics({
    ...deps,
    suppressions,
    contacts,
    contactIds: contactIdsByEmail,
    addressesOf: addressesOfPeople,
  });
  const projects = createProjects({ ...deps, customFields, companies, contacts });
  const activities = createActivities({ ...deps, companies, contacts, projects });
  const imports = createImports({
    ...deps,
    contacts,
    customFields,
    sources,
    onError: (error) => onError(error, 'imports'),
  });
  const segments = createSegments({
    ...deps,
    customFields,
    contacts,
    companies,
    onError: (error) => onError(error, 'segments'),
  });
  const bulkJobs = createBulkJobs({
    ...deps,
    customFields,
    sources,
    suppressions,
    contacts,
    companies,
    segments,
    onError: (error) => onError(error, 'bulk jobs'),
  });
  const merges = createMerges({ ...deps, companies, contacts, projects, activities });
  // Rows are locked in this order.
  companies.setDependents([contacts.ofCompany, projects.ofCompany]);
  return {
    workspaceStages: [
      bulkJobs,
      merges,
      segments,
      imports,
      activities,
      projects,
      contacts,
      companies,
      sources,
      topics,
      suppressions,
    ].map((slice) => slice.removeOfWorkspace),
    customFields,
    sources,
    suppressions,
    topics,
    companies,
    contacts: { ...contacts, everyMinute: contacts.purge },
    projects,
    activities,
    imports: {
      ...imports,
      role: 'engine',
      everyMinute: imports.expire,
      unfinished: {
        metric: 'outrider_imports',
        help: 'Unfinished imports by state; uploading: waiting for their file.',
        count: () => unfinishedImports(deps.db),
      },
    },
    segments: { ...segments, role: 'engine' },
    bulkJobs: {
      ...bulkJobs,
      role: 'engine',
      everyMinute: bulkJobs.expire,
      unfinished: {
        metric: 'outrider_bulk_jobs',
        help: 'Unfinished bulk jobs by state.',
        count: () => unfinishedBulkJobs(deps.db),
      },
    },
    merges: { ...merges, everyMinute: merges.expire },
    refolding: createRefolding({
      steps: [contacts.refold, companies.refold, projects.refold, activities.refold],
      clock: deps.clock,
      onError: (error) => onError(error, 'search'),
    }),
  };
}
