import type { Campaigns } from './campaigns/index.ts';
import { createDiscovery } from './discovery/index.ts';
import type { Discovery, DiscoveryOptions } from './discovery/index.ts';
import { createSequencing } from './sequencing/index.ts';
import type { Sequencing, SequencingOptions } from './sequencing/index.ts';
import type { Sending } from './sending/index.ts';
import { createVerification } from './verification/index.ts';
import type { ComposeOptions, Verification } from './verification/index.ts';

export type CampaignWorkOptions = Omit<DiscoveryOptions, 'launch' | 'campaigns'> &
  Omit<ComposeOptions, 'campaigns'> &
  Omit<SequencingOptions, 'campaigns' | 'discover' | 'providersOf' | 'sending'> & {
    readonly campaigns: Campaigns;
    readonly sending: Pick<Sending, 'threadsOf' | 'bytesOf' | 'addSource'>;
  };

export interface CampaignWork {
  readonly verification: Verification;
  readonly discovery: Discovery;
  readonly sequencing: Sequencing;
}

/** What campaigns do: people are found, their addresses verified, and steps sent. */
export function composeCampaignWork(options: CampaignWorkOptions): CampaignWork {
  const { sending } = options;
  const verification = createVerification(options);
  const discovery: Discovery = createDiscovery({
    ...options,
    // Called once everything is composed: launching checks what the search adds.
    launch: (tx, campaign) => sequencing.launchIn(tx, campaign),
  });
  const sequencing: Sequencing = createSequencing({
    ...options,
    discover: discovery.startIn,
    providersOf: verification.providersOf,
    sending: {
      threadsOf: sending.threadsOf,
      bytesOf: sending.bytesOf,
      addSource: (source) => sending.addSource(verification.learningFrom(source)),
    },
  });
  return { verification, discovery, sequencing };
}
