import type { Route } from '../../http/route.ts';
import type { Activities } from '../activities/index.ts';
import type { Companies } from '../companies/index.ts';
import type { Contacts } from '../contacts/index.ts';
import { importsFollower } from '../imports/index.ts';
import type { Projects } from '../projects/index.ts';
import type { Follower } from '../records/index.ts';
import { mergeableCompanies } from './companies.ts';
import { mergeableContacts } from './contacts.ts';
import { createFunctions } from './merges.ts';
import type { Mergeable, Mergeables, Merges as Functions, MergesOptions } from './merges.ts';
import { mergeRoutes } from './routes.ts';

export { contactsMergedInto, eraseMerges, eraseMergesOf } from './erasure.ts';
export { mergedInto } from './merges.ts';

/** What follows records in a merge and belongs to layers above. */
export interface LaterFollowers {
  readonly company: readonly Follower[];
  readonly contact: readonly Follower[];
}

export interface Merges extends Functions {
  readonly routes: readonly Route[];
  /** Sets what follows records in a merge and belongs to layers above. Call it while composing. */
  setFollowers(followers: LaterFollowers): void;
}

/**
 * Composes the slice.
 * @example
 * const merges = createMerges({ ...deps, companies, contacts, projects, activities });
 * merges.setFollowers(mail.followers);
 */
export function createMerges({
  companies,
  contacts,
  projects,
  activities,
  ...options
}: MergesOptions & {
  readonly companies: Pick<Companies, 'merging'>;
  readonly contacts: Pick<Contacts, 'merging' | 'ofCompany'>;
  readonly projects: Pick<Projects, 'ofCompany' | 'ofContact'>;
  readonly activities: Pick<Activities, 'ofCompany' | 'ofContact'>;
}): Merges {
  let later: LaterFollowers = { company: [], contact: [] };
  const kinds = {
    company: mergeableCompanies(
      companies,
      [contacts.ofCompany.follower, projects.ofCompany.follower, activities.ofCompany.follower],
      () => later.company,
    ),
    contact: mergeableContacts(
      contacts,
      [importsFollower, projects.ofContact.follower, activities.ofContact.follower],
      () => later.contact,
    ),
  };
  // Each kind works on rows of its own type only.
  const merges = createFunctions(options, (entity) => kinds[entity] as unknown as Mergeable<Mergeables>);
  return {
    ...merges,
    routes: mergeRoutes(merges),
    setFollowers: (followers) => {
      later = followers;
    },
  };
}
