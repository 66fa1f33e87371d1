import { workspaceFor } from '../../auth/index.ts';
import { dayMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { companyDomainOf, isFreeMail } from '../../base/company-domain.ts';
import { ApiError, invalid, notFound } from '../../base/errors.ts';
import type { Ids, WorkspaceId } from '../../base/ids.ts';
import type { Reach } from '../../crm/records/index.ts';
import { announce } from '../../db/bus.ts';
import type { Slice } from '../../db/in-order.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import type { Principal } from '../../http/route.ts';
import { assertAllowed, campaignsOnWire } from '../campaigns/index.ts';
import type { Campaign, Campaigns } from '../campaigns/index.ts';
import { icpSnapshot, readIcp } from '../icp/index.ts';
import type { Icp } from '../icp/index.ts';
import { endJob } from './end.ts';
import type { EndOptions } from './end.ts';
import { isRemote, noCounts, unfinishedMax } from './job.ts';
import type { DiscoveryJob, SourceSettings, Status } from './job.ts';
import type { Providers } from './provider/store.ts';
import { deleteFinished, findsOfContact, findsOfJob, insertJob, jobById, listJobs, reopen } from './queries.ts';
import type { ShownFind } from './queries.ts';
import type { SearchInput } from './schemas.ts';

export interface JobsOptions extends EndOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly campaigns: EndOptions['campaigns'] & Pick<Campaigns, 'get' | 'rowsOf'>;
  readonly providers: Pick<Providers, 'get'>;
  /** Launches a draft. @throws ApiError `validation_failed` with what stops it */
  readonly launch: (tx: Transaction, campaign: Campaign) => Promise<void>;
  /** How long a finished job is kept. */
  readonly retentionDays: number;
  /** Called when a job is ready to run. */
  readonly wake: () => void;
}

/** Where a search looks for its profile and whose contacts it creates. */
export interface Target {
  readonly campaignId?: string | undefined;
  readonly workspaceId?: WorkspaceId | undefined;
}

export type Jobs = ReturnType<typeof createJobs>;

const tooMany = (): ApiError =>
  new ApiError(
    'conflict',
    `${unfinishedMax} discovery jobs are queued or running. Wait for one to finish, or cancel one.`,
  );

/**
 * Creates, reads, cancels and resumes discovery jobs.
 * @example
 * const job = await jobs.create(principal, { campaignId }, searchInput.parse({ limit: 200, lawful_basis: 'legitimate_interests' }), false);
 */
export function createJobs(options: JobsOptions) {
  const { db, clock, campaigns } = options;

  async function get(reach: Reach, id: string, on: Queryable = db): Promise<DiscoveryJob> {
    const job = await jobById(on, reach, id);
    if (job === undefined) throw notFound('Discovery job');
    return job;
  }

  /** Starts a search for a campaign, in the transaction of the caller. @param under where the input is in the body. @throws ApiError `conflict`, `validation_failed` */
  async function startIn(
    tx: Transaction,
    principal: Principal,
    { campaign, workspaceId }: { readonly campaign: Campaign | undefined; readonly workspaceId: WorkspaceId | null },
    input: SearchInput,
    under = '',
  ): Promise<DiscoveryJob> {
    const sources = await usable(options, principal, input.sources, `${under}sources`);
    const job: DiscoveryJob = {
      id: options.ids.next(),
      organization_id: principal.organizationId,
      workspace_id: workspaceId,
      is_wide: principal.workspaceId === undefined,
      campaign_id: campaign?.id ?? null,
      icp: await profileOf(tx, principal, campaign, workspaceId, input.icp),
      max_leads: input.limit,
      lawful_basis: input.lawful_basis ?? null,
      lawful_basis_source: input.lawful_basis_source ?? null,
      sources,
      status: 'queued',
      error: null,
      source: 0,
      cursor: null,
      counts: noCounts,
      problems: [],
      faults: 0,
      lease: null,
      waiting: null,
      due_at: new Date(clock.now()),
      is_remote: isRemote(sources[0]),
      created_by: principal.keyId,
      created_at: new Date(clock.now()),
      finished_at: null,
    };
    if (!(await insertJob(tx, job))) throw tooMany();
    // An empty list wakes the job runners of every process; the first to look takes the job.
    await announce(tx, { kind: 'due', endpoints: [] });
    tx.afterCommit(options.wake);
    return job;
  }

  return {
    get,
    startIn,

    /** The stages of a job's campaign; undefined without one. */
    async pipelineOf({ campaign_id: id }: DiscoveryJob) {
      const [campaign] = id === null ? [] : await campaignsOnWire(db, await campaigns.rowsOf(db, [id]));
      return campaign?.pipeline;
    },

    list: (
      reach: Reach,
      filter: { readonly status: Status | undefined; readonly campaignId: string | undefined },
      slice: Slice,
    ): Promise<DiscoveryJob[]> => listJobs(db, reach, filter, slice),

    /**
     * Starts a search, and launches its campaign if asked for: both or nothing.
     * @throws ApiError `not_found` for the campaign; `validation_failed`, naming the field; `conflict` past `unfinishedMax`
     */
    create: (principal: Principal, target: Target, input: SearchInput, launches: boolean): Promise<DiscoveryJob> =>
      db.transaction(async (tx) => {
        if (target.campaignId === undefined) {
          if (launches) throw invalid({ campaign_id: 'is required with autolaunch' });
          const workspaceId = await workspaceFor(tx, principal, target.workspaceId);
          return startIn(tx, principal, { campaign: undefined, workspaceId }, input);
        }
        const campaign = await campaignOf(campaigns, tx, principal, target.campaignId);
        if (target.workspaceId !== undefined && target.workspaceId !== campaign.workspace_id)
          throw invalid({ workspace_id: 'must be that of the campaign, or left out' });
        assertAllowed(campaign, 'add_leads');
        const job = await startIn(tx, principal, { campaign, workspaceId: campaign.workspace_id }, input);
        if (launches && campaign.status !== 'active') await options.launch(tx, campaign);
        return job;
      }),

    /** Stops a job after the page in progress; what it found stays. Idempotent. @throws ApiError `conflict` if it has finished */
    async cancel(reach: Reach, id: string): Promise<DiscoveryJob> {
      await get(reach, id);
      await db.transaction((tx) => endJob(options, tx, id, 'cancelled', new Date(clock.now())));
      const job = await get(reach, id);
      if (job.status !== 'cancelled')
        throw new ApiError('conflict', `This discovery job is ${job.status} and can no longer be cancelled.`);
      return job;
    },

    /** Continues a job that failed or was cancelled where it stopped. Idempotent. @throws ApiError `conflict` if it is completed */
    resume: (reach: Principal, id: string): Promise<DiscoveryJob> =>
      db.transaction(async (tx) => {
        const before = await get(reach, id, tx);
        if (before.status === 'completed')
          throw new ApiError('conflict', 'This discovery job is completed. Create another one.');
        if (before.finished_at === null) return before;
        if (before.campaign_id !== null) assertAllowed(await campaigns.get(reach, before.campaign_id, tx), 'add_leads');
        // When every source failed, all are searched again.
        const source = before.source < before.sources.length ? before.source : 0;
        if ((await reopen(tx, id, { source, isRemote: isRemote(before.sources[source]) }, new Date(clock.now()))) === 0)
          throw tooMany();
        await announce(tx, { kind: 'due', endpoints: [] });
        tx.afterCommit(options.wake);
        return get(reach, id, tx);
      }),

    /** What a job found. @throws ApiError `not_found` */
    finds: async (reach: Reach, id: string, slice: Slice): Promise<ShownFind[]> =>
      findsOfJob(db, (await get(reach, id)).id, slice),

    /** Where a contact was found. */
    findsOfContact: (reach: Reach, contact: string, slice: Slice): Promise<ShownFind[]> =>
      findsOfContact(db, reach.organizationId, contact, slice),

    /** Deletes jobs past the retention. What they found stays with the contacts. */
    expire: (nowMs: number): Promise<number> => deleteFinished(db, new Date(nowMs - options.retentionDays * dayMs)),
  };
}

/** Sources that can be searched, with domains in the form in which they are searched. @throws ApiError `validation_failed` */
async function usable(
  { providers }: Pick<JobsOptions, 'providers'>,
  principal: Principal,
  sources: readonly SourceSettings[],
  field: string,
): Promise<SourceSettings[]> {
  const problems: Record<string, string> = {};
  const read: SourceSettings[] = [];
  for (const [place, source] of sources.entries()) {
    if (source.type === 'crm') {
      read.push(source);
      continue;
    }
    if (principal.sandbox) problems[`${field}.${place}.type`] = 'must be crm: a sandbox asks no other server';
    if (source.type === 'provider') {
      if (!(await providers.get(principal, source.provider_id).then(Boolean, isNotFound)))
        problems[`${field}.${place}.provider_id`] = 'is no provider of this organization';
      read.push(source);
      continue;
    }
    const domains = source.domains?.map((text, index) => {
      const domain = domainOf(text);
      if (domain === undefined) problems[`${field}.${place}.domains.${index}`] = 'must be the domain of a company';
      return domain ?? text;
    });
    read.push(domains === undefined ? source : { ...source, domains: [...new Set(domains)] });
  }
  if (Object.keys(problems).length > 0) throw invalid(problems);
  return read;
}

function isNotFound(error: unknown): false {
  if (error instanceof ApiError && error.error === 'not_found') return false;
  throw error;
}

/** The domain of a website; undefined for what is none, or at which anybody can have an address. */
function domainOf(text: string): string | undefined {
  const domain = companyDomainOf(text);
  return domain === undefined || isFreeMail(domain) ? undefined : domain;
}

/** @throws ApiError `validation_failed` for a campaign that the caller does not reach */
async function campaignOf(
  campaigns: Pick<Campaigns, 'get'>,
  tx: Transaction,
  principal: Principal,
  id: string,
): Promise<Campaign> {
  try {
    return await campaigns.get(principal, id, tx);
  } catch (error) {
    if (error instanceof ApiError && error.error === 'not_found')
      throw invalid({ campaign_id: 'is no campaign of this organization' });
    throw error;
  }
}

/** The given profile, otherwise that of the campaign, otherwise that of the workspace. @throws ApiError `validation_failed` if there is none */
async function profileOf(
  tx: Transaction,
  { organizationId }: Principal,
  campaign: Campaign | undefined,
  workspace: WorkspaceId | null,
  given: Icp | undefined,
): Promise<Icp> {
  if (given !== undefined) return given;
  const own = readIcp(campaign?.icp ?? {});
  if (Object.keys(own).length > 0) return own;
  const icp = readIcp(await icpSnapshot(tx, organizationId, workspace, undefined));
  if (Object.keys(icp).length === 0)
    throw invalid({ icp: 'is required, because neither the campaign nor the workspace has one. {} accepts everybody' });
  return icp;
}
