import { getDomain } from 'tldts';
import { dayMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import { isCapturing } from '../mailboxes/index.ts';
import type { MailboxRow } from '../mailboxes/index.ts';
import type { LinkHosts } from './links.ts';
import { usableHosts } from './queries.ts';
import type { UsableHost } from './queries.ts';

/** A host that failed its checks for this long is not verified any more. Links that were sent keep their host. */
export const unseenMaxMs = 3 * dayMs;

/** What decides where the links of a mailbox lead to. */
export type LinkingMailbox = Pick<
  MailboxRow,
  'id' | 'organization_id' | 'workspace_id' | 'domain' | 'sandbox' | 'provider' | 'tracking_domain'
>;

export interface HostsOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** Where callers reach this installation; undefined if the operator has not set it. */
  readonly publicUrl: string | undefined;
  /** Where this machine reaches it. */
  readonly baseUrl: () => string;
}

/**
 * Where the links of mailboxes lead to: opens and clicks only to a verified host of the organization's own, opt-outs to that or to this
 * installation, if it is reached over HTTPS (RFC 8058 §3.1).
 */
export async function hostsOf(
  { clock, publicUrl, baseUrl }: HostsOptions,
  on: Queryable,
  mailboxes: readonly LinkingMailbox[],
): Promise<ReadonlyMap<MailboxId, LinkHosts>> {
  const organizations = new Set(
    mailboxes.flatMap((mailbox) => (isCapturing(mailbox) ? [] : [mailbox.organization_id])),
  );
  const rows =
    organizations.size === 0 ? [] : await usableHosts(on, [...organizations], new Date(clock.now() - unseenMaxMs));
  const byOrganization = Map.groupBy(rows, ({ organization_id: id }) => id);
  const own = new URL(publicUrl ?? baseUrl()).origin;
  const fallback = publicUrl !== undefined && own.startsWith('https:') ? own : null;
  return new Map(
    mailboxes.map((mailbox): [MailboxId, LinkHosts] => {
      // They write to nobody, so their links lead to this installation, whatever its URL.
      if (isCapturing(mailbox)) return [mailbox.id, { tracking: own, unsubscribe: own }];
      const host = chosenHost(mailbox, byOrganization.get(mailbox.organization_id) ?? []);
      const tracking = host === undefined ? null : `https://${host}`;
      return [mailbox.id, { tracking, unsubscribe: tracking ?? fallback }];
    }),
  );
}

/**
 * The host for the links of a mailbox: the one that it names and no other; else one of its workspace before one of the organization, one
 * of its own domain before others, the oldest first.
 * @param hosts verified ones of the organization, by id
 */
export function chosenHost(
  { workspace_id: workspace, domain, tracking_domain: named }: LinkingMailbox,
  hosts: readonly Pick<UsableHost, 'workspace_id' | 'host'>[],
): string | undefined {
  const reachable = hosts.filter(({ workspace_id: of }) => of === null || of === workspace);
  if (named !== null) return reachable.find(({ host }) => host === named)?.host;
  const ownDomain = registered(domain);
  const rank = ({ workspace_id: of, host }: (typeof reachable)[number]): number =>
    (of === null ? 2 : 0) + (registered(host) === ownDomain ? 0 : 1);
  return reachable.toSorted((one, other) => rank(one) - rank(other))[0]?.host;
}

const registered = (name: string): string => getDomain(name, { allowPrivateDomains: true }) ?? name;
