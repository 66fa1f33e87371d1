import type { MailboxId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { MailboxRow, Reach } from '../mailboxes/index.ts';

/** What the owner of a mailbox allows the exchange; what is not given stays. */
export interface ExchangeChange {
  readonly allowSameOrganization?: boolean | undefined;
  readonly allowOtherOrganizations?: boolean | undefined;
}

/** With whom a mailbox exchanges messages, and why it sends none. */
export interface ExchangeReport {
  readonly allowSameOrganization: boolean;
  readonly allowOtherOrganizations: boolean;
  /** Of other organizations. */
  readonly partners: number;
  readonly lowValuePartners: number;
  readonly seeds: number;
  readonly blockedReason: string | null;
  readonly blockedDetail: string | null;
  /** Unix milliseconds. */
  readonly nextLetterMs: number | null;
}

/** The exchange of messages among mailboxes that warm up. */
export interface ExchangePort {
  /** @throws ApiError `not_found` */
  readonly reportOf: (reach: Reach, id: MailboxId) => Promise<ExchangeReport>;
  /** Call it when the limits of the mailbox are locked. */
  readonly allow: (tx: Transaction, mailbox: MailboxRow, change: ExchangeChange) => Promise<unknown>;
}
