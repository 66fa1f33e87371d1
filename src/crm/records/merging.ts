import type { OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Reach } from './reach.ts';

/** Two records of which one goes away; both have been locked. */
export interface Move {
  readonly organizationId: OrganizationId;
  /** The record that goes away, or comes back. */
  readonly fromId: string;
  /** The record that survives. */
  readonly intoId: string;
  /** They are one person, who opted out. */
  readonly optedOut: boolean;
  readonly at: Date;
}

/** What followed a record in a merge. */
export interface Moved {
  readonly ids: readonly string[];
  /** What else the way back needs, as JSON. */
  readonly state?: unknown;
}

/** Records of another kind that belong to a record and follow it in a merge. Each slice moves its own. */
export interface Follower {
  /** A word for them, in plural; stored with the merge and shown. */
  readonly kind: string;
  /** Locks what every writer locks before anything else, of a record. */
  lockFirst?(tx: Transaction, organization: OrganizationId, record: string): Promise<unknown>;
  /** Assigns all of them to the surviving record, by a fixed number of statements. @returns them */
  follow(tx: Transaction, move: Move): Promise<Moved>;
  /** Assigns those that still belong to the surviving record to the other one again, which exists again. */
  goBack(tx: Transaction, move: Move, moved: Moved): Promise<void>;
}

/** For the error about a record that is not found: the record into which it was merged, if it was. */
export type MergedInto = (reach: Reach, id: string) => Promise<{ readonly merged_into?: string }>;

/** Statements of a slice whose rows refer to a record. */
interface References {
  /** Locks all rows that refer to the record, in the order in which every writer locks them. */
  lockOf(tx: Transaction, organization: OrganizationId, record: string): Promise<{ readonly id: string }[]>;
  /** Locks those of these rows that refer to the record. */
  lockThese(
    tx: Transaction,
    organization: OrganizationId,
    record: string,
    ids: readonly string[],
  ): Promise<{ readonly id: string }[]>;
  /** Lets locked rows refer to a record. */
  move(
    tx: Transaction,
    organization: OrganizationId,
    ids: readonly string[],
    record: string,
    at: Date,
  ): Promise<unknown>;
}

/** Rows that one statement moves: 100,000 contacts in one take longer than a statement may on a slow machine. */
const movedMax = 10_000;

/**
 * A follower whose rows refer to the record in one column.
 * @example
 * const ofCompanyFollower = following('projects', { lockOf, lockThese, move });
 */
export function following(kind: string, { lockOf, lockThese, move }: References): Follower {
  async function moveAll(
    tx: Transaction,
    organization: OrganizationId,
    rows: readonly { readonly id: string }[],
    record: string,
    at: Date,
  ): Promise<string[]> {
    const ids = rows.map(({ id }) => id);
    for (let begin = 0; begin < ids.length; begin += movedMax)
      await move(tx, organization, ids.slice(begin, begin + movedMax), record, at);
    return ids;
  }
  return {
    kind,
    follow: async (tx, { organizationId, fromId, intoId, at }) => ({
      ids: await moveAll(tx, organizationId, await lockOf(tx, organizationId, fromId), intoId, at),
    }),
    async goBack(tx, { organizationId, fromId, intoId, at }, { ids }) {
      await moveAll(tx, organizationId, await lockThese(tx, organizationId, intoId, ids), fromId, at);
    },
  };
}
