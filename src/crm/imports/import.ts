import type { LawfulBasis } from '../contacts/index.ts';
import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Column, Mapping } from './columns.ts';
import type { DateOrder } from './row.ts';

export const importStates = ['uploading', 'running', 'completed', 'failed', 'cancelled'] as const;
export type ImportState = (typeof importStates)[number];

/** Number of rows by outcome, all zero. `blanked` counts written rows that lost invalid values. */
export const noCounts = {
  rows_read: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  restored: 0,
  suppressed: 0,
  rejected: 0,
  blanked: 0,
};
export type Counts = Readonly<typeof noCounts>;
const countNames = Object.keys(noCounts) as readonly (keyof Counts)[];

export const countsOf = (it: Counts): Counts => {
  const counts = { ...noCounts };
  for (const name of countNames) counts[name] = it[name];
  return counts;
};

/** A file of contacts and the progress of its import. */
export interface Import extends Counts {
  readonly id: string;
  readonly organization_id: OrganizationId;
  /** Of its contacts, too. Null: of the organization. */
  readonly workspace_id: WorkspaceId | null;
  readonly file_name: string | null;
  readonly mapping: Mapping;
  readonly lawful_basis: LawfulBasis;
  readonly lawful_basis_source: string | null;
  readonly restore_deleted: boolean;
  /** Does all the work but keeps only the counts and the errors. */
  readonly dry_run: boolean;
  readonly source_id: string | null;
  readonly source_name: string | null;
  readonly tags: readonly string[];
  readonly link_company_by: 'name' | 'domain' | null;
  /** Whether a row with an invalid value in a field other than its address is rejected or written without that value. */
  readonly on_bad_value: 'reject' | 'blank';
  readonly date_order: DateOrder;
  readonly decimal_separator: '.' | ',';
  readonly state: ImportState;
  /** Why the import failed. */
  readonly error: string | null;
  /** Size of the file; 0 until it is uploaded. */
  readonly bytes: number;
  readonly delimiter: string | null;
  readonly columns: readonly Column[] | null;
  /** Byte offset and line of the next row. */
  readonly position: number;
  readonly line: number;
  /** Internal errors in a row. */
  readonly faults: number;
  readonly created_by: string | null;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

/** An invalid value that was left out of a row. */
export interface BlankedValue {
  readonly column: string;
  readonly value: string;
  readonly reason: string;
}

/** A row that was rejected, or written without some of its values. */
export interface ImportError {
  /** First line of the row in the file, from 1; quoted fields may span several lines. */
  readonly line: number;
  /** The content of the email column. */
  readonly email: string | null;
  readonly reason: string;
  /** Null if the row was rejected. */
  readonly blanked: readonly BlankedValue[] | null;
}

export const fileBytesMax = 200 * 1024 * 1024;
/** Rejected rows stored for one import, and as many rows written without some values; the others are only counted. */
export const errorsMax = 100_000;
/** Unfinished imports of one organization. */
export const unfinishedMax = 50;

/** How much of the file has been read, 0 to 100. */
export const percentOf = ({ state, bytes, position }: Pick<Import, 'state' | 'bytes' | 'position'>): number =>
  state === 'completed' ? 100 : bytes === 0 ? 0 : Math.floor((100 * position) / bytes);
