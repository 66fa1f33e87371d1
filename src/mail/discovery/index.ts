import type { WorkspaceStage } from '../../auth/index.ts';
import { minuteMs } from '../../base/clock.ts';
import { firstId } from '../../base/ids.ts';
import { version } from '../../base/version.ts';
import type { Companies } from '../../crm/companies/index.ts';
import type { Contacts } from '../../crm/contacts/index.ts';
import type { Deps, Module } from '../../ops/index.ts';
import type { Timed } from '../sandbox-clock/index.ts';
import { crmSource } from './crm-source.ts';
import { createJobs } from './jobs.ts';
import type { Jobs, JobsOptions } from './jobs.ts';
import { deleteFindsOfWorkspace, deleteJobsOf, isSearching, sweepFinds, unfinished } from './queries.ts';
import { discoveryRoutes } from './routes.ts';
import { deleteProvidersOf } from './provider/queries.ts';
import { providerRoutes } from './provider/routes.ts';
import { createProviders } from './provider/store.ts';
import { createRunner } from './runner.ts';
import type { RunnerOptions } from './runner.ts';
import { forgetHosts } from './website/hosts.ts';
import { websiteSource } from './website/source.ts';
import type { WebsiteOptions } from './website/source.ts';

export { eraseDiscoveryJobs, eraseFinds, eraseProviderProblems, findsOfPerson } from './erasure.ts';
export { isDiscovering } from './queries.ts';
export { findsFollower } from './merging.ts';
export { findOnWire, findShape, searchInput } from './schemas.ts';
export type { SearchInput } from './schemas.ts';

export interface DiscoveryOptions
  extends
    Omit<RunnerOptions, 'sourceOf' | 'onError' | 'contacts'>,
    Omit<JobsOptions, 'wake' | 'providers'>,
    Pick<WebsiteOptions, 'network'>,
    Pick<Deps, 'onError' | 'vault'> {
  readonly contacts: RunnerOptions['contacts'] & Pick<Contacts, 'byIds'>;
  readonly companies: Pick<Companies, 'byIds' | 'withDomainAfter'>;
  readonly campaigns: RunnerOptions['campaigns'] & JobsOptions['campaigns'];
}

/** Finds people who match a profile. */
export interface Discovery extends Pick<Jobs, 'startIn'> {
  readonly module: Module;
  /** A sandbox's clock waits for searches. */
  readonly timed: Timed;
}

/** Finds that are looked at in a minute: a contact is purged 30 days after its deletion, so a day more matters little. */
const sweepRows = 1_000;

/** Deletes the jobs of a workspace that is being deleted, and what they found. */
export const removeDiscoveriesOf: WorkspaceStage = async (tx, { workspaceId }, limit) =>
  (await deleteJobsOf(tx, workspaceId, limit)) +
  (await deleteFindsOfWorkspace(tx, workspaceId, limit)) +
  (await deleteProvidersOf(tx, workspaceId, limit));

/**
 * Composes the slice.
 * @example
 * const discovery = createDiscovery({ ...deps, contacts, companies, suppressions, campaigns, leads, nowOf, progressed, launch });
 */
export function createDiscovery(options: DiscoveryOptions): Discovery {
  const { db, clock, contacts, onError } = options;
  const own = crmSource(options);
  const providers = createProviders(options);
  const website = { ...options, version: version() };
  const runner = createRunner({
    ...options,
    async sourceOf(job, settings) {
      switch (settings.type) {
        case 'crm':
          return own;
        case 'website':
          return websiteSource(website, settings);
        case 'provider':
          return providers.sourceOf({ organizationId: job.organization_id }, settings.provider_id);
      }
    },
    onError: (error) => onError(error, 'discovery'),
  });
  const jobs = createJobs({ ...options, providers, wake: runner.wake });
  /** Where the search for finds of purged contacts continues. */
  let swept = firstId;
  return {
    startIn: jobs.startIn,
    module: {
      role: 'mail',
      routes: [
        ...discoveryRoutes({
          jobs,
          hasContact: async (reach, id) =>
            (await contacts.byIds(db, reach, [id])).some(({ deleted_at: deleted }) => deleted === null),
        }),
        ...providerRoutes({ db, clock, providers }),
      ],
      run: runner.run,
      async everyMinute(nowMs) {
        await jobs.expire(nowMs);
        await forgetHosts(db, new Date(nowMs - minuteMs));
        swept = (await sweepFinds(db, swept, sweepRows)) ?? firstId;
      },
      unfinished: {
        metric: 'outrider_discovery_jobs',
        help: 'Unfinished discovery jobs by state.',
        count: () => unfinished(db),
      },
    },
    timed: {
      nextMs: async (on, organization) => ((await isSearching(on, organization)) ? clock.now() : null),
      shift: () => Promise.resolve(),
    },
  };
}
