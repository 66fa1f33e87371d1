import type { Campaigns } from '../campaigns/index.ts';
import type { MessageSource } from '../sending/index.ts';
import { offer } from './offer.ts';
import { confirm, settled } from './settled.ts';
import type { SettledOptions } from './settled.ts';
import { take } from './take.ts';
import type { TakeOptions } from './take.ts';

export { compose } from './compose.ts';
export type { Composed, ComposeInput, Refused, TextEngine, TextValues } from './compose.ts';
export type { ToCompose } from './take.ts';

export interface SequencingOptions extends Omit<TakeOptions, 'campaigns' | 'leads'> {
  readonly campaigns: Pick<Campaigns, 'activeOf'> & TakeOptions['campaigns'] & SettledOptions['campaigns'];
  readonly leads: TakeOptions['leads'] & SettledOptions['leads'];
}

/**
 * The source of campaigns' messages.
 * @example
 * sending.addSource(campaignSource({ ...deps, campaigns, leads, suppressions, contactsOf: contacts.byIds, composeAll, storeLinks }));
 */
export function campaignSource(options: SequencingOptions): MessageSource {
  return {
    purpose: 'campaign',
    offer: (tx, asks) => offer(options, tx, asks),
    take: (tx, chosen, store) => take(options, tx, chosen, store),
    confirm: (tx, stored) => confirm(options, tx, stored),
    settled: (tx, changes) => settled(options, tx, changes),
  };
}
