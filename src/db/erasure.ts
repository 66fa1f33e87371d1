import type { OrganizationId } from '../base/ids.ts';
import type { Transaction } from './pool.ts';

/** Replaces erased text. */
export const erased = '[erased]';

/** A chunk reads this many rows, and this many bytes of their data; a single larger row is still read. */
export const chunkRowsMax = 500;
export const chunkBytesMax = 4 * 1024 * 1024;

/** Finds one person in stored text and removes them from it (`src/privacy/redact.ts`). Every spelling of a character counts. */
export interface Redactor {
  /** For PostgreSQL's `~*`: matches text that contains the person's address anywhere; null if the person has none. */
  readonly expression: string | null;
  /** For PostgreSQL's `~*`: matches text that contains the `@` of any address. Cheap, so check it before `expression`. */
  readonly anyAt: string;
  /** Whether text, JSON or not, contains the address or the contact's id as a word of its own: `ada@x` is not in `nada@x`. Case is ignored. */
  speaksOf(text: string): boolean;
  /** Like `speaksOf`, for JSON; also finds the address anywhere in members that are keys or ids, and next to any sign in names. */
  recordSpeaksOf(json: string): boolean;
  /** Like `speaksOf`, for a key or id: finds the address anywhere in it. */
  keySpeaksOf(key: string): boolean;
  /** Redacts JSON about the person; `src/privacy/README.md` lists what stays. Text that is not JSON, or nested too deep, is replaced as a whole. */
  redactJson(text: string): string;
}

/** Where a stage continues its walk over a table for one person. */
export interface ErasureChunk {
  readonly organizationId: OrganizationId;
  /** The position that the previous chunk of this stage returned; empty at the start. */
  readonly position: string;
  /** Walks along ids stop before this id: rows written later do not belong to the erased past. */
  readonly endId: string;
  readonly redactor: Redactor;
}

/** A chunk of a table in which the person is found by address or contact. */
export interface PersonChunk extends ErasureChunk {
  readonly needles: { readonly addresses: readonly string[]; readonly contactIds: readonly string[] };
}

export interface ErasureProgress {
  /** The last row read, in a form that the stage understands; undefined at the end of the table. */
  readonly position: string | undefined;
  /** Number of rows changed. */
  readonly changed: number;
}

/**
 * Erases a person from one chunk of one table. Each slice that stores personal data exports its stages; `src/privacy/stages.ts` orders
 * them. A stage may run over the same rows again and then changes nothing.
 */
export type ErasureStage = (tx: Transaction, chunk: ErasureChunk) => Promise<ErasureProgress>;

export const nothingLeft: ErasureProgress = { position: undefined, changed: 0 };
