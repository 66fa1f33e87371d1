import type { Clock } from '../../base/clock.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Owner } from '../../crm/records/index.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { ParsedMessage } from '../mime/index.ts';
import { knownMessages } from '../sending/index.ts';
import type { KnownMessage } from '../sending/index.ts';
import { correspondenceOf } from './facts.ts';
import type { LeadsOfDomains } from './facts.ts';
import { deliveredTo, isOfOther } from './kind.ts';
import type { Box, Kind } from './kind.ts';
import { matchOf } from './match.ts';
import type { Match, MatchFacts } from './match.ts';
import type { Correspondence, ReceivingMailbox } from './queries.ts';
import type { ReadMessage } from './reading.ts';

export interface MatchingOptions {
  /** Addresses of contacts that have several: address → all addresses of its contact, as they are compared. */
  readonly addressesOfPeople: (
    on: Queryable,
    owner: Owner,
    keys: readonly string[],
  ) => Promise<ReadonlyMap<string, readonly string[]>>;
  readonly vault: Vault;
  readonly clock: Pick<Clock, 'now'>;
  readonly leadsOfDomains: LeadsOfDomains;
  /** The sent message whose opt-out token is in one of the texts of a message: its subject, and the addresses that it was sent to. */
  readonly optedOut: (
    on: Queryable,
    organization: OrganizationId,
    texts: readonly string[],
  ) => Promise<string | undefined>;
}

/** What a batch was found in, and the Message-IDs of ours that it names. */
export interface MatchedBatch extends Correspondence {
  readonly mailbox: Pick<ReceivingMailbox, 'workspace_id'>;
  readonly box: Box;
  readonly read: readonly (ReadMessage | undefined)[];
  readonly kinds: readonly (Kind | undefined)[];
}

/** A message whose recipient opts out by its token. */
export interface TokenOptOut {
  readonly message: KnownMessage;
  /** Another address of the recipient, if the token came from there. */
  readonly also: readonly string[];
}

/** What the messages of a batch answer. */
export interface Matches {
  readonly matches: readonly (Match | undefined)[];
  readonly optOuts: readonly TokenOptOut[];
}

/** Which messages of a batch are replies, and to what. The facts are read by a bounded number of statements. */
export async function matchesOf(
  options: MatchingOptions,
  tx: Transaction,
  { organizationId, mailboxId, mailbox, box, read, kinds }: MatchedBatch,
): Promise<Matches> {
  // A message of another workspace is answered here, but not named to callers that cannot see it.
  const isHere = ({ workspace_id: workspace, purpose }: KnownMessage): boolean =>
    workspace === mailbox.workspace_id && (purpose === 'campaign' || purpose === 'direct');
  const open: { index: number; each: ReadMessage; named: KnownMessage[]; optedOut: KnownMessage | undefined }[] = [];
  const optOuts: TokenOptOut[] = [];
  const senders = read.flatMap((each) => (each === undefined || each.sender.key === '' ? [] : each.sender.key));
  const people = await options.addressesOfPeople(tx, { organizationId, workspaceId: mailbox.workspace_id }, [
    ...new Set(senders),
  ]);
  const addressesOf = (key: string): readonly string[] => people.get(key) ?? [key];
  for (const [index, kind] of kinds.entries()) {
    const each = read[index];
    if (kind?.kind !== 'message' || each === undefined) continue;
    const { parsed } = each;
    const texts = [parsed.subject, ...parsed.to.map(({ address }) => address)];
    const optedOut = await options.optedOut(tx, organizationId, texts);
    const [token] = optedOut === undefined ? [] : await knownMessages(tx, organizationId, [optedOut]);
    if (token !== undefined) {
      const { key } = each.sender;
      const isAlso = key !== token.party_key && addressesOf(key).includes(token.party_key);
      optOuts.push({ message: token, also: isAlso ? [key] : [] });
    }
    if (isOfOther(deliveredTo(parsed), box)) continue;
    open.push({
      index,
      each,
      named: kind.evidence.map(({ own }) => own).filter(isHere),
      optedOut: token !== undefined && isHere(token) ? token : undefined,
    });
  }
  const nameless = open.filter(({ named, optedOut }) => named.length === 0 && optedOut === undefined);
  const { written, colleagues } = await correspondenceOf(
    options,
    tx,
    { organizationId, mailboxId, key: box.key },
    nameless.map(({ each: { sender, reading, parsed } }) => ({
      keys: addressesOf(sender.key),
      domain: sender.domain,
      isPersonal: !reading.automatic && !isBulk(parsed),
    })),
    new Date(options.clock.now()),
  );
  const matches: (Match | undefined)[] = kinds.map(() => undefined);
  for (const { index, each, named, optedOut } of open) {
    const { key, domain } = each.sender;
    const colleague = colleagues.get(domain);
    const facts: MatchFacts = {
      named,
      optedOut,
      written: addressesOf(key)
        .flatMap((own) => written.get(own) ?? [])
        .filter(({ message }) => isHere(message))
        .toSorted((a, b) => (a.message.id < b.message.id ? 1 : -1)),
      colleague: colleague !== undefined && isHere(colleague) ? colleague : undefined,
    };
    matches[index] = matchOf({ from: key, addresses: addressesOf(key), subject: each.parsed.subject }, facts);
  }
  return { matches, optOuts };
}

/** Fields of what is sent to many (RFC 2369, RFC 2919). */
const bulkFields = ['list-id', 'list-post', 'list-unsubscribe', 'precedence'];

const isBulk = ({ headers }: ParsedMessage): boolean => bulkFields.some((name) => headers.has(name));
