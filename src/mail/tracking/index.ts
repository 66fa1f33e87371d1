import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import type { Deps } from '../../ops/index.ts';
import { hostsOf } from './hosts.ts';
import type { HostsOptions, LinkingMailbox } from './hosts.ts';
import { linksOf } from './links.ts';
import type { LinkHosts, LinkOptions, MessageLinks } from './links.ts';
import { insertLinks } from './queries.ts';
import type { NewLinks } from './queries.ts';
import { createSigners } from './signers.ts';

export type { LinkingMailbox } from './hosts.ts';
export type { LinkHosts, LinkOptions, MessageLinks } from './links.ts';
export type { NewLinks } from './queries.ts';

export interface TrackingOptions extends Deps, Omit<HostsOptions, 'clock'> {}

/** Links in sent messages, what is known of opens and clicks, and opt-outs. */
export interface Tracking {
  /** Where the links of mailboxes lead to, by mailbox. `tracking` is null without a verified host: opens and clicks cannot be tracked then. */
  hostsOf(on: Queryable, mailboxes: readonly LinkingMailbox[]): Promise<ReadonlyMap<MailboxId, LinkHosts>>;
  /**
   * The links of one message. The same options give the same bytes.
   * @example
   * const { rewrite, unsubscribeUrl, headers } = await tracking.linksOf(tx, organization, { sendKey, hosts, mailbox: mailbox.email, tracking: campaign.tracking });
   */
  linksOf(on: Queryable, organization: OrganizationId, options: Omit<LinkOptions, 'tag'>): Promise<MessageLinks>;
  /** Stores where the links of new messages lead to. A message without a row has no links. */
  store(tx: Transaction, links: readonly NewLinks[]): Promise<void>;
}

export function createTracking(options: TrackingOptions): Tracking {
  const signers = createSigners(options);
  return {
    hostsOf: (on, mailboxes) => hostsOf(options, on, mailboxes),
    async linksOf(on, organization, given) {
      const { tag, key } = await signers.of(on, organization);
      return linksOf(key, { ...given, tag });
    },
    async store(tx, links) {
      if (links.some(({ urls }) => urls.length > 0)) await insertLinks(tx, links);
    },
  };
}
