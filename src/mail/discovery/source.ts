import type { Queryable } from '../../db/pool.ts';
import type { Traits } from '../icp/index.ts';
import type { DiscoveryJob } from './job.ts';

/** A person whom a source names, with where it says so. */
export interface Candidate {
  /** The source's own id of the person, the same each time. */
  readonly externalId: string;
  readonly email: string | null;
  /** An own contact; null: a stranger, whose address decides. */
  readonly contactId: string | null;
  /** Fields of the contact that is created, as callers give them. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly traits: Traits;
  /** Where the source shows the person. */
  readonly url: string | null;
  readonly foundAtMs: number;
}

/** One page of a search. */
export interface Page {
  readonly candidates: readonly Candidate[];
  /** Where the search continues; null: that was all. */
  readonly next: string | null;
  /** Own records that were read and left out, such as leads of the campaign. */
  readonly known?: number;
  /** What went wrong without ending the search. */
  readonly problems?: readonly string[];
}

/** The source cannot be searched now. `retryMs` null: trying again does not help. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly retryMs: number | null;
  /** A budget is spent: nothing went wrong, and the search goes on later. */
  readonly waits: boolean;

  constructor(
    message: string,
    retryMs: number | null,
    { waits = false, cause }: { readonly waits?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.retryMs = retryMs;
    this.waits = waits;
  }
}

/** Who finds people: own records, an API, a website. */
export interface Source {
  /** Identifies people together with their `externalId`: the kind, and which one of that kind. */
  readonly key: string;
  readonly name: string;
  /** Under which terms what it says may be used. */
  readonly licence: string | null;
  /**
   * The people after a position, in an order that stays. Repeating a search is harmless. It changes nothing, and takes less than the lease
   * of a job.
   * @param cursor `next` of the page before; null: from the beginning
   * @throws SourceError
   */
  search(on: Queryable, job: DiscoveryJob, cursor: string | null, signal: AbortSignal): Promise<Page>;
}
