import { createRoute } from '@tanstack/react-router';
import { lazyPage } from '../../app/lazy-page.tsx';
import { frameRoute } from '../../app/root.tsx';
import { oneOf, text } from '../../app/search-params.ts';
import type { Raw } from '../../app/search-params.ts';

const contactStatuses = ['active', 'bounced', 'unsubscribed', 'replied'] as const;
const activityTypes = ['call', 'email', 'meeting', 'note'] as const;
const stages = ['proposal', 'active', 'review', 'complete', 'archived'] as const;
const orders = ['created_at', '-created_at', 'updated_at', '-updated_at'] as const;
const reasons = ['unsubscribed', 'hard_bounce', 'complaint', 'manual', 'import', 'erased'] as const;

export interface ContactSearch {
  readonly search?: string;
  readonly tag?: string;
  readonly status?: (typeof contactStatuses)[number];
  readonly company_id?: string;
  readonly owner?: string;
  readonly deleted?: 'true';
  readonly source_id?: string;
  /** Excludes the other filters. */
  readonly segment_id?: string;
  readonly sort?: (typeof orders)[number];
  /** The contact beside the list. */
  readonly open?: string;
}

const contacts = createRoute({
  getParentRoute: () => frameRoute,
  path: '/contacts',
  validateSearch: (raw: Raw): ContactSearch => ({
    search: text(raw['search']),
    tag: text(raw['tag']),
    status: oneOf(raw['status'], contactStatuses),
    company_id: text(raw['company_id']),
    owner: text(raw['owner']),
    deleted: oneOf(raw['deleted'], ['true']),
    source_id: text(raw['source_id']),
    segment_id: text(raw['segment_id']),
    sort: oneOf(raw['sort'], orders),
    open: text(raw['open']),
  }),
  component: lazyPage(() => import('./contacts.tsx'), 'Contacts'),
});
const contact = createRoute({
  getParentRoute: () => frameRoute,
  path: '/contacts/$id',
  component: lazyPage(() => import('./contact.tsx'), 'ContactPage'),
});
const companies = createRoute({
  getParentRoute: () => frameRoute,
  path: '/companies',
  validateSearch: (raw: Raw): { search?: string; tag?: string } => ({
    search: text(raw['search']),
    tag: text(raw['tag']),
  }),
  component: lazyPage(() => import('./companies.tsx'), 'Companies'),
});
const company = createRoute({
  getParentRoute: () => frameRoute,
  path: '/companies/$id',
  component: lazyPage(() => import('./company.tsx'), 'CompanyPage'),
});
const activities = createRoute({
  getParentRoute: () => frameRoute,
  path: '/activities',
  validateSearch: (raw: Raw): { search?: string; activity_type?: (typeof activityTypes)[number] } => ({
    search: text(raw['search']),
    activity_type: oneOf(raw['activity_type'], activityTypes),
  }),
  component: lazyPage(() => import('./activities.tsx'), 'Activities'),
});
const projects = createRoute({
  getParentRoute: () => frameRoute,
  path: '/projects',
  validateSearch: (raw: Raw): { search?: string; stage?: (typeof stages)[number] } => ({
    search: text(raw['search']),
    stage: oneOf(raw['stage'], stages),
  }),
  component: lazyPage(() => import('./projects.tsx'), 'Projects'),
});
const project = createRoute({
  getParentRoute: () => frameRoute,
  path: '/projects/$id',
  component: lazyPage(() => import('./project.tsx'), 'ProjectPage'),
});
const segments = createRoute({
  getParentRoute: () => frameRoute,
  path: '/segments',
  component: lazyPage(() => import('./segments.tsx'), 'Segments'),
});
const segment = createRoute({
  getParentRoute: () => frameRoute,
  path: '/segments/$id',
  component: lazyPage(() => import('./segment.tsx'), 'SegmentPage'),
});
const imports = createRoute({
  getParentRoute: () => frameRoute,
  path: '/imports',
  component: lazyPage(() => import('./imports.tsx'), 'Imports'),
});
const importWizard = createRoute({
  getParentRoute: () => frameRoute,
  path: '/imports/new',
  component: lazyPage(() => import('./import-wizard.tsx'), 'ImportWizard'),
});
const importJob = createRoute({
  getParentRoute: () => frameRoute,
  path: '/imports/$id',
  component: lazyPage(() => import('./import.tsx'), 'ImportPage'),
});
const suppressions = createRoute({
  getParentRoute: () => frameRoute,
  path: '/suppressions',
  validateSearch: (raw: Raw): { search?: string; reason?: (typeof reasons)[number] } => ({
    search: text(raw['search']),
    reason: oneOf(raw['reason'], reasons),
  }),
  component: lazyPage(() => import('./suppressions.tsx'), 'Suppressions'),
});

/** Contacts, companies, activities, projects, segments, imports, suppressions. */
export const recordRoutes = [
  contacts,
  contact,
  companies,
  company,
  activities,
  projects,
  project,
  segments,
  segment,
  imports,
  importWizard,
  importJob,
  suppressions,
] as const;
