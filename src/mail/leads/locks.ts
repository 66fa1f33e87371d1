import type { OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Campaigns } from '../campaigns/index.ts';
import { effectiveConfidence, isByRecipient } from '../receiving/index.ts';
import type { ReceivedReply } from '../receiving/index.ts';
import type { Sending } from '../sending/index.ts';
import { effectOf } from './effect.ts';
import { leadsByIds, leadsOfAddresses, lockLeads } from './queries.ts';
import { companyStops } from './stop.ts';
import type { StopOptions } from './stop.ts';

/** What a transaction is about to change. */
export interface Concern {
  /** Stored replies that take effect. */
  readonly replies?: readonly ReceivedReply[];
  readonly leadIds?: readonly (string | null)[];
  /** All leads of these addresses, as addresses are compared. */
  readonly emailKeys?: readonly string[];
  /** Messages that are settled. */
  readonly messageIds?: readonly string[];
}

export interface LockOptions extends Pick<StopOptions, 'stopRulesOf'> {
  readonly lockCampaigns: Campaigns['lock'];
  readonly lockMessages: Sending['lockFor'];
  /** Stores that these contacts replied. */
  readonly contactsReplied: (tx: Transaction, organization: OrganizationId, ids: readonly string[]) => Promise<unknown>;
}

/**
 * Locks all that a transaction with several changes will change: its parts lock messages, leads and campaigns each, so that the second would
 * lock messages after the campaigns of the first, and two transactions could wait for each other. Stores that the contacts of replies
 * replied, because contacts come first. Lock suppressions before.
 * @example
 * await lockFor(options, tx, organization, { replies, messageIds: reports.map(({ id }) => id) });
 */
export async function lockFor(
  options: LockOptions,
  tx: Transaction,
  organization: OrganizationId,
  { replies = [], leadIds = [], emailKeys = [], messageIds = [] }: Concern,
): Promise<void> {
  const effective = replies.filter(({ match }) => match.confidence >= effectiveConfidence);
  await options.contactsReplied(tx, organization, contactsOf(effective));
  const ids = [...leadIds, ...effective.map(({ leadId }) => leadId)].filter((id) => id !== null);
  const keys = [...emailKeys, ...effective.flatMap(optedOutBy)].filter((key) => key !== '');
  const leads = [
    ...(ids.length === 0 ? [] : await leadsByIds(tx, organization, [...new Set(ids)])),
    ...(keys.length === 0 ? [] : await leadsOfAddresses(tx, { organizationId: organization }, [...new Set(keys)])),
  ];
  const all = [...leads.map(({ id }) => id), ...(await companyStops(options, tx, organization, leads)).keys()];
  await options.lockMessages(tx, organization, messageIds, all);
  if (all.length === 0) return;
  const locked = await lockLeads(tx, all);
  await options.lockCampaigns(tx, [...new Set(locked.map((lead) => lead.campaign_id))]);
}

/** The contacts that replied themselves. */
const contactsOf = (replies: readonly ReceivedReply[]): string[] => [
  ...new Set(
    replies.flatMap(({ match, reading, fromKey, contactId, answered }) =>
      contactId !== null &&
      match.by !== 'unsubscribe_token' &&
      isByRecipient(match.by, fromKey, answered) &&
      effectOf(reading.classification, reading.automatic).kind === 'answer'
        ? [contactId]
        : [],
    ),
  ),
];

/** The addresses for which a reply opts out. */
const optedOutBy = ({ reading, fromKey, answered }: ReceivedReply): string[] =>
  reading.classification === 'unsubscribe_request' ? [fromKey, answered.party_key] : [];
