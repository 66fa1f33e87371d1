import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { frameRoute } from '../../app/root.tsx';

const unbuilt = lazyRouteComponent(() => import('../unbuilt.tsx'), 'Unbuilt');

const contacts = createRoute({ getParentRoute: () => frameRoute, path: '/contacts', component: unbuilt });
const contact = createRoute({ getParentRoute: () => frameRoute, path: '/contacts/$id', component: unbuilt });
const companies = createRoute({ getParentRoute: () => frameRoute, path: '/companies', component: unbuilt });
const company = createRoute({ getParentRoute: () => frameRoute, path: '/companies/$id', component: unbuilt });
const activities = createRoute({ getParentRoute: () => frameRoute, path: '/activities', component: unbuilt });
const projects = createRoute({ getParentRoute: () => frameRoute, path: '/projects', component: unbuilt });
const project = createRoute({ getParentRoute: () => frameRoute, path: '/projects/$id', component: unbuilt });
const segments = createRoute({ getParentRoute: () => frameRoute, path: '/segments', component: unbuilt });
const segment = createRoute({ getParentRoute: () => frameRoute, path: '/segments/$id', component: unbuilt });
const imports = createRoute({ getParentRoute: () => frameRoute, path: '/imports', component: unbuilt });
const importWizard = createRoute({ getParentRoute: () => frameRoute, path: '/imports/new', component: unbuilt });
const importJob = createRoute({ getParentRoute: () => frameRoute, path: '/imports/$id', component: unbuilt });
const suppressions = createRoute({ getParentRoute: () => frameRoute, path: '/suppressions', component: unbuilt });

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
