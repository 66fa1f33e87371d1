import type { Clock } from '../../base/clock.ts';
import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Owner } from '../../crm/records/index.ts';
import type { Database, Queryable } from '../../db/pool.ts';
import { messagesByMessageId } from '../sending/index.ts';
import type { KnownMessage } from '../sending/index.ts';
import { threadMs } from './facts.ts';
import type { ExchangePort } from './exchange-port.ts';
import type { LeadsOfDomains } from './facts.ts';
import { correspondents, mailboxesByKeys } from './queries.ts';

/** What the headers of a message say. Addresses are as they are compared. */
export interface Header {
  readonly messageId: string | null;
  readonly answers: readonly string[];
  readonly from: string | null;
  /** A program sent it, or it went to many. */
  readonly isBulk: boolean;
}

/** What is known of the Message-IDs and senders of a batch. */
export interface Known {
  /** Message-IDs of messages that the organization sent, also as their servers replaced them. */
  readonly sent: ReadonlySet<string>;
  /** Senders whose messages are read: contacts, whom the mailbox lately wrote to, and persons of the companies that it wrote to. */
  readonly senders: ReadonlySet<string>;
  /** Senders that are other mailboxes of the organization. */
  readonly mailboxes: ReadonlySet<string>;
  /** Message-IDs of warm-up messages to the mailbox, and senders of those that it has not received yet. */
  readonly exchange: { readonly headers: ReadonlySet<string>; readonly senders: ReadonlySet<string> };
}

export interface KnownOptions {
  readonly db: Database;
  readonly clock: Pick<Clock, 'now'>;
  readonly leadsOfDomains: LeadsOfDomains;
  readonly exchange?: Pick<ExchangePort, 'known'> | undefined;
  /** Ids of live contacts, by address as addresses are compared. */
  readonly contactIds: (on: Queryable, owner: Owner, keys: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

/** What is known of Message-IDs and senders, before any body is read: seven statements for all of them. */
export async function knownOf(
  { db, clock, contactIds, leadsOfDomains, exchange }: KnownOptions,
  {
    organizationId,
    workspaceId,
    id: mailboxId,
  }: { readonly organizationId: OrganizationId; readonly workspaceId: WorkspaceId | null; readonly id: string },
  headers: readonly Header[],
): Promise<Known> {
  const ids = [...new Set(headers.flatMap(({ messageId, answers }) => [messageId ?? [], answers].flat()))];
  const senders = [...new Set(headers.flatMap(({ from }) => from ?? []))];
  const personal = new Map(
    headers.flatMap(({ from, isBulk }): [string, string][] =>
      from === null || isBulk ? [] : [[from, from.slice(from.lastIndexOf('@') + 1)]],
    ),
  );
  const of = { organizationId, mailboxId };
  const since = new Date(clock.now() - threadMs);
  const isNobody = senders.length === 0;
  const [sent, contacts, written, leads, mailboxes, letters] = await Promise.all([
    ids.length === 0 ? [] : messagesByMessageId(db, organizationId, ids),
    isNobody ? new Map<string, string>() : contactIds(db, { organizationId, workspaceId }, senders),
    isNobody ? [] : correspondents(db, of, senders, since),
    leadsOfDomains(db, of, [...new Set(personal.values())], since),
    isNobody ? [] : mailboxesByKeys(db, organizationId, senders),
    exchange?.known(db, mailboxId, ids, senders) ?? noLetters,
  ]);
  const colleagues = [...personal].flatMap(([from, domain]) => (leads.has(domain) ? [from] : []));
  return {
    sent: new Set(byMessageId(sent).keys()),
    senders: new Set([...contacts.keys(), ...written, ...colleagues]),
    mailboxes: new Set(mailboxes.map((mailbox) => mailbox.email_key)),
    exchange: letters,
  };
}

const noLetters: Known['exchange'] = { headers: new Set(), senders: new Set() };

/** Messages by all the Message-IDs that they have. */
export const byMessageId = (messages: readonly KnownMessage[]): Map<string, KnownMessage> =>
  new Map(
    messages.flatMap((message) =>
      [message.message_id, message.delivered_message_id].flatMap((id): [string, KnownMessage][] =>
        id === null ? [] : [[id, message]],
      ),
    ),
  );
