import type { MailboxId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { MailboxState } from '../mailboxes/index.ts';
import type { NewMessage } from './enqueue.ts';
import type { Candidate, Offer } from './plan.ts';
import type { Fact, Status } from './state.ts';

/** A mailbox that may send a message of a source. */
export interface Ask {
  readonly mailbox: MailboxState;
  /** Unix milliseconds of the organization's clock. */
  readonly nowMs: number;
  /** Within the mailbox's work hours; false: only candidates that ignore them count. */
  readonly hoursOpen: boolean;
}

/** A candidate that no limit holds back. */
export interface Chosen {
  readonly candidate: Candidate;
  readonly mailbox: MailboxState;
  readonly nowMs: number;
}

/** Stores messages without waking their mailboxes, which have their turn. @returns ids in order; undefined where the send key exists */
export type Store = (messages: readonly NewMessage[]) => Promise<readonly (string | undefined)[]>;

/** A stored message of a source that is about to begin, since a server deferred it or its attempt was returned. */
export interface Stored {
  readonly messageId: string;
  readonly organizationId: OrganizationId;
  readonly campaignId: string | null;
  readonly leadId: string | null;
  readonly stepId: string | null;
}

/** Why a stored message does not begin. `waits`: it is kept until `release`; otherwise it is cancelled. */
export interface Veto {
  readonly reason: string;
  readonly waits: boolean;
}

/**
 * Where messages come from that are stored only when they are sent. Every function is called in a turn: a transaction that has the locks of
 * the organizations' suppressions and of the mailboxes.
 */
export interface MessageSource {
  /** Of its messages. */
  readonly purpose: 'campaign' | 'warmup';
  /** What it has for mailboxes whose gap is over; one call for all of a turn. A mailbox without an entry is not asked again until it is woken. */
  offer(tx: Transaction, asks: readonly Ask[]): Promise<ReadonlyMap<MailboxId, Offer>>;
  /**
   * Locks candidates (skipping locked ones), checks them again, and stores a message for each, due at `candidate.atMs`.
   * @returns message ids by candidate id; a mailbox whose candidate is missing looks again immediately
   */
  take(tx: Transaction, chosen: readonly Chosen[], store: Store): Promise<ReadonlyMap<string, string>>;
  /** Checks stored messages once more, with the locks of what decides. @returns those that must not begin, by message id */
  confirm(tx: Transaction, stored: readonly Stored[]): Promise<ReadonlyMap<string, Veto>>;
  /** What became of its messages, in the transaction that wrote it; one call for all that changed. */
  settled(tx: Transaction, changes: readonly MessageChange[]): Promise<void>;
}

/** A change of a message. */
export interface MessageChange {
  readonly messageId: string;
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | null;
  readonly mailboxId: MailboxId;
  readonly campaignId: string | null;
  readonly leadId: string | null;
  readonly contactId: string | null;
  readonly stepId: string | null;
  readonly step: number | null;
  readonly variant: string | null;
  /** Of the recipient. */
  readonly domain: string;
  /** As we made it, with angle brackets. */
  readonly messageIdHeader: string;
  readonly fact: Fact;
  readonly before: Status;
  readonly status: Status;
  /** Of a message that bounced, or that was refused as spam. */
  readonly bounce?: { readonly type: 'hard' | 'soft' | 'block' };
  /** Stable code of why: `hard_bounce`, `deferred_by_server`, `suppressed`, … */
  readonly reason: string | null;
  /** The server's last answer, or a sentence. */
  readonly error: string | null;
  /** When a deferred message is tried again, as `atMs`. */
  readonly untilMs?: number;
  /** Unix milliseconds of the organization's clock. */
  readonly atMs: number;
}
