import type { OrganizationId } from '../../base/ids.ts';
import type { Logger } from '../../base/log.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import type { Campaigns } from '../campaigns/index.ts';
import type { DiscoveryJob } from './job.ts';
import { finish } from './queries.ts';

export interface EndOptions {
  readonly campaigns: Pick<Campaigns, 'reconsider'>;
  readonly nowOf: (on: Queryable, organization: OrganizationId) => Promise<number>;
  readonly progressed: (on: Queryable, organizations: readonly OrganizationId[]) => Promise<void>;
  readonly log: Logger;
}

/** Ends an unfinished job; does nothing to one that has finished. Its campaign may now be completed. Last in a transaction. */
export async function endJob(
  { campaigns, nowOf, progressed, log }: EndOptions,
  tx: Transaction,
  id: string,
  status: 'completed' | 'failed' | 'cancelled',
  at: Date,
  error: string | null = null,
): Promise<DiscoveryJob | undefined> {
  const job = await finish(tx, id, status, at, error);
  if (job === undefined) return undefined;
  const { organization_id: organization, campaign_id: campaign } = job;
  if (campaign !== null) await campaigns.reconsider(tx, [campaign], await nowOf(tx, organization));
  await progressed(tx, [organization]);
  tx.afterCommit(() =>
    log[status === 'failed' ? 'warn' : 'info'](
      { organization_id: organization, job_id: id, campaign_id: campaign, status, error, ...job.counts },
      'discovery.finished',
    ),
  );
  return job;
}
