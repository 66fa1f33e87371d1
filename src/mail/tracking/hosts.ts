import { dayMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import type { MailboxRow } from '../mailboxes/index.ts';
import type { LinkHosts } from './links.ts';
import { hostsByName } from './queries.ts';
import type { HostRow } from './queries.ts';

/** A host that failed its checks for this long is not used any more. Links that were sent keep their host. */
const unseenMaxMs = 3 * dayMs;

/** Whether links may name a host. */
export const isUsable = ({ verified_at: at }: Pick<HostRow, 'verified_at'>, nowMs: number): boolean =>
  at !== null && nowMs - at.getTime() <= unseenMaxMs;

/** What decides where the links of a mailbox lead to. */
export type LinkingMailbox = Pick<MailboxRow, 'id' | 'organization_id' | 'sandbox' | 'provider' | 'tracking_domain'>;

export interface HostsOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** Where callers reach this installation; undefined if the operator has not set it. */
  readonly publicUrl: string | undefined;
  /** Where this machine reaches it. */
  readonly baseUrl: () => string;
}

/** Sandbox and capture mailboxes write to nobody: their links lead to this installation, whatever its URL. */
export const isCapturing = ({ sandbox, provider }: Pick<MailboxRow, 'sandbox' | 'provider'>): boolean =>
  sandbox || provider === 'capture';

/**
 * Where the links of mailboxes lead to: opens and clicks only to a verified host of the organization's own, opt-outs to that or to this
 * installation, if it is reached over HTTPS (RFC 8058 §3.1).
 */
export async function hostsOf(
  { clock, publicUrl, baseUrl }: HostsOptions,
  on: Queryable,
  mailboxes: readonly LinkingMailbox[],
): Promise<ReadonlyMap<MailboxId, LinkHosts>> {
  const named = mailboxes.flatMap((mailbox) =>
    isCapturing(mailbox) || mailbox.tracking_domain === null
      ? []
      : [{ organization: mailbox.organization_id, host: mailbox.tracking_domain }],
  );
  const rows =
    named.length === 0
      ? []
      : await hostsByName(
          on,
          [...new Set(named.map(({ organization }) => organization))],
          [...new Set(named.map(({ host }) => host))],
        );
  const now = clock.now();
  const usable = new Set(
    rows.filter((row) => isUsable(row, now)).map(({ organization_id: id, host }) => `${id} ${host}`),
  );
  const own = new URL(publicUrl ?? baseUrl()).origin;
  const fallback = publicUrl !== undefined && own.startsWith('https:') ? own : null;
  return new Map(
    mailboxes.map((mailbox): [MailboxId, LinkHosts] => {
      if (isCapturing(mailbox)) return [mailbox.id, { tracking: own, unsubscribe: own }];
      const { organization_id: organization, tracking_domain: host } = mailbox;
      const tracking = host !== null && usable.has(`${organization} ${host}`) ? `https://${host}` : null;
      return [mailbox.id, { tracking, unsubscribe: tracking ?? fallback }];
    }),
  );
}
