import type { OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';

/** Where a message is in its mailbox. `other`: a folder without a known role. */
export type Folder = 'inbox' | 'sent' | 'junk' | 'archive' | 'all' | 'drafts' | 'trash' | 'other';

/** What identifies a message on an IMAP server (RFC 9051 §2.3.1.1). */
export interface Position {
  readonly folderId: string;
  readonly uidvalidity: number;
  readonly uid: number;
}

/** One of the messages of a batch. */
export interface Found {
  /** The bytes as the server stores them (RFC 5322); at most `rawBytesMax`. */
  readonly raw: Buffer;
  /** When the server stored it (IMAP INTERNALDATE). */
  readonly receivedAt: Date;
  /** Absent for the capture box, which has no folders. */
  readonly position?: Position;
}

/** A message that was found in a mailbox. */
export interface Incoming extends Found {
  readonly organizationId: OrganizationId;
  readonly mailboxId: string;
  readonly folder: Folder;
}

/** Messages of one folder. */
export interface Batch extends Pick<Incoming, 'organizationId' | 'mailboxId' | 'folder'> {
  readonly messages: readonly Found[];
  /** Message-IDs of copies of our own messages, whose bytes are known. */
  readonly sightings: readonly string[];
  /** What is written in the same transaction, such as the position up to which the folder was read. */
  readonly alongside?: (tx: Transaction) => Promise<unknown>;
}

/**
 * What became of it. `stored`: a new row of `messages`. `duplicate`: the same Message-ID or position is already stored. `report`: a delivery
 * report, which settled the sent message it names, or names none of ours. `own`: a copy of a message of ours. `unmatched`: neither a reply
 * nor from a contact. `exchange`: a warm-up message, or an answer to one. `skipped`: too complex to be read, or the mailbox was deleted. Only
 * the first is stored.
 */
export type Received =
  | { readonly kind: 'stored'; readonly id: string }
  | { readonly kind: 'duplicate' | 'report' | 'own' | 'unmatched' | 'exchange' | 'skipped' };

/** The one door for messages, from a server or from the capture box. */
export type Receive = (message: Incoming) => Promise<Received>;

/** Longer messages are not read. */
export const rawBytesMax = 25 * 1024 * 1024;
