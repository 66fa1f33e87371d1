import type { Queryable, Transaction } from '../../db/pool.ts';
import type { Folder } from './incoming.ts';

/** What a message is recognized by. */
export interface Recognizable {
  readonly messageId: string | undefined;
  /** Message-IDs that it answers. */
  readonly answers: readonly string[];
  /** As addresses are compared; empty if there is none. */
  readonly from: string;
  readonly subject: string;
  readonly text: string;
}

/** A message of the exchange that was found in a mailbox. */
export interface FoundLetter {
  readonly letterId: string;
  readonly folder: Folder;
  readonly messageId: string | null;
}

/** The exchange of warm-up mail, as far as received messages belong to it. Both ends are mailboxes of this installation. */
export interface ExchangePort {
  /** Of Message-IDs and senders, those of which a mailbox has or expects messages of the exchange. */
  known(
    on: Queryable,
    mailboxId: string,
    headers: readonly string[],
    senders: readonly string[],
  ): Promise<{ readonly headers: ReadonlySet<string>; readonly senders: ReadonlySet<string> }>;
  /** Which messages belong to the exchange, in order. `letterId` null: it only goes on with such a conversation. */
  recognized(
    on: Queryable,
    mailboxId: string,
    messages: readonly (Recognizable | undefined)[],
  ): Promise<readonly ({ readonly letterId: string | null } | undefined)[]>;
  /** Records where messages of the exchange were found. Called last in the transaction of a batch. */
  found(tx: Transaction, letters: readonly FoundLetter[]): Promise<void>;
}
