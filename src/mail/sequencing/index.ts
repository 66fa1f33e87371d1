import type { Transaction } from '../../db/pool.ts';
import type { Campaign, Campaigns } from '../campaigns/index.ts';
import type { Leads } from '../leads/index.ts';
import type { Timed } from '../sandbox-clock/index.ts';
import type { MessageSource, Sending } from '../sending/index.ts';
import type { Tracking } from '../tracking/index.ts';
import type { Module } from '../../ops/index.ts';
import { composeAll } from './composer.ts';
import { createLaunching } from './launch.ts';
import type { Launching, LaunchOptions } from './launch.ts';
import { outlookRoute } from './outlook-routes.ts';
import { forecastOf } from './outlook.ts';
import { preview } from './preview.ts';
import { launchRoutes } from './routes.ts';
import { createRuns } from './runs.ts';
import type { RunsOptions } from './runs.ts';
import { offer } from './offer.ts';
import { readerOf } from './reader.ts';
import { confirm, settled } from './settled.ts';
import type { SettledOptions } from './settled.ts';
import { skippedActions } from './skipped.ts';
import { take } from './take.ts';
import type { TakeOptions } from './take.ts';

export interface SequencingOptions
  extends
    Omit<TakeOptions, 'campaigns' | 'leads' | 'composeAll' | 'storeLinks'>,
    Omit<LaunchOptions, 'composeAll'>,
    RunsOptions,
    Pick<SettledOptions, 'providersOf'> {
  readonly campaigns: Campaigns;
  readonly leads: Leads;
  readonly sending: Pick<Sending, 'threadsOf' | 'bytesOf' | 'addSource'>;
  readonly tracking: Pick<Tracking, 'hostsOf' | 'linksOf' | 'store'>;
}

/** Campaigns that run. */
export interface Sequencing extends Pick<Launching, 'launch'> {
  /** Launches a campaign, whatever is to be looked at. @throws ApiError `validation_failed` with what stops it; `conflict` */
  launchIn(tx: Transaction, campaign: Campaign): Promise<void>;
  readonly module: Module;
  readonly timed: readonly Timed[];
}

/**
 * Composes the slice, and makes campaigns a source of messages.
 * @example
 * const sequencing = createSequencing({ ...deps, campaigns, leads, mailboxes, suppressions, sending, tracking, contactsOf, nowOf: clocks.nowOf });
 */
export function createSequencing(given: SequencingOptions): Sequencing {
  const { db, sending, tracking } = given;
  const options: SequencingOptions & TakeOptions & SettledOptions & LaunchOptions = {
    ...given,
    composeAll: (on, all) => composeAll(given, on, all),
    storeLinks: tracking.store,
  };
  const source: MessageSource = {
    purpose: 'campaign',
    offer: (tx, asks) => offer(readerOf(given.campaigns, tx), asks),
    take: (tx, chosen, store) => take(options, tx, chosen, store),
    confirm: (tx, stored) => confirm(options, tx, stored),
    settled: (tx, changes) => settled(options, tx, changes),
  };
  sending.addSource(source);
  const { run, timed } = createRuns(options);
  const launching = createLaunching(options);
  return {
    timed,
    launch: launching.launch,
    launchIn: (tx, campaign) => launching.launchIn(tx, campaign, true),
    module: {
      run,
      routes: [
        ...launchRoutes({
          db,
          launching,
          previewed: (...of) => preview(options, ...of),
          skipped: (...of) => skippedActions(options, ...of),
        }),
        outlookRoute(async (principal, id) => {
          const campaign = await given.campaigns.get(principal, id);
          return forecastOf(given, db, campaign, await given.nowOf(db, campaign.organization_id));
        }),
      ],
    },
  };
}
