import { dayMs } from '../../base/clock.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import { openContent } from '../sending/index.ts';
import type { KnownMessage } from '../sending/index.ts';
import type { Box } from './kind.ts';
import type { Written } from './match.ts';
import { colleagueMessages, writtenTo } from './queries.ts';
import type { Correspondence } from './queries.ts';

/** A message without Message-IDs of ours answers what was sent in this time. */
export const threadMs = 90 * dayMs;

/**
 * The leads that a mailbox last contacted at the companies of some domains, by domain. Domains at which anybody can have an address have
 * none.
 */
export type LeadsOfDomains = (
  on: Queryable,
  of: Correspondence,
  domains: readonly string[],
  since: Date,
) => Promise<ReadonlyMap<string, string>>;

/** A sender without a known Message-ID. Addresses are as they are compared. */
export interface Sender {
  /** All addresses that the sender is known to have. */
  readonly keys: readonly string[];
  readonly domain: string;
  /** A person wrote it, and not through a list: only these are compared by their domain. */
  readonly isPersonal: boolean;
}

export interface CorrespondenceFacts {
  /** What the mailbox lately sent to senders, the newest first, by address. */
  readonly written: ReadonlyMap<string, readonly Written[]>;
  /** What the mailbox last sent to the companies of senders, by domain. */
  readonly colleagues: ReadonlyMap<string, KnownMessage>;
}

/** What a mailbox wrote to senders and to their companies: a bounded number of statements for all of them. */
export async function correspondenceOf(
  { vault, leadsOfDomains }: { readonly vault: Vault; readonly leadsOfDomains: LeadsOfDomains },
  tx: Transaction,
  of: Correspondence & Pick<Box, 'key'>,
  senders: readonly Sender[],
  now: Date,
): Promise<CorrespondenceFacts> {
  const since = new Date(now.getTime() - threadMs);
  const keys = [...new Set(senders.flatMap((sender) => sender.keys))].filter((key) => key !== '');
  const written = new Map<string, Written[]>();
  for (const { content, ...message } of keys.length === 0 ? [] : await writtenTo(tx, of, keys, since)) {
    const { subject } = await openContent(vault, tx, { organization_id: of.organizationId, content });
    const list = written.get(message.party_key) ?? [];
    written.set(message.party_key, list);
    list.push({ message, subject });
  }
  const domains = senders.flatMap(({ keys: own, domain, isPersonal }) =>
    isPersonal && !own.some((key) => written.has(key)) ? [domain] : [],
  );
  return { written, colleagues: await colleaguesOf(leadsOfDomains, tx, of, domains, since) };
}

async function colleaguesOf(
  leadsOfDomains: LeadsOfDomains,
  tx: Transaction,
  of: Correspondence & Pick<Box, 'key'>,
  domains: readonly string[],
  since: Date,
): Promise<Map<string, KnownMessage>> {
  const leads = await leadsOfDomains(tx, of, [...new Set(domains)], since);
  if (leads.size === 0) return new Map();
  const messages = new Map(
    (await colleagueMessages(tx, of, [...new Set(leads.values())])).map((message) => [message.lead_id, message]),
  );
  return new Map(
    [...leads].flatMap(([domain, lead]): [string, KnownMessage][] => {
      const message = messages.get(lead);
      return message === undefined ? [] : [[domain, message]];
    }),
  );
}
