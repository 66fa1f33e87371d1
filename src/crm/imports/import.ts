import type { LawfulBasis } from '../contacts/index.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Column, Mapping } from './columns.ts';
import type { DateOrder } from './row.ts';

export const importStates = ['uploading', 'running', 'completed', 'failed', 'cancelled'] as const;
export type ImportState = (typeof importStates)[number];

/** What became of rows. */
export interface Counts {
  readonly rows_read: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly restored: number;
  readonly suppressed: number;
  readonly rejected: number;
  /** Of those written: without values that their fields cannot have. */
  readonly blanked: number;
}

/** A file of contacts, and how far it has been worked through. */
export interface Import extends Counts {
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly file_name: string | null;
  readonly mapping: Mapping;
  readonly lawful_basis: LawfulBasis;
  readonly lawful_basis_source: string | null;
  readonly restore_deleted: boolean;
  /** Everything is worked out, nothing is kept but the counts and the errors. */
  readonly dry_run: boolean;
  readonly source_id: string | null;
  readonly source_name: string | null;
  readonly tags: readonly string[];
  readonly link_company_by: 'name' | 'domain' | null;
  /** What becomes of a row with a field, its address aside, that cannot be stored: it is rejected, or written without that field. */
  readonly on_bad_value: 'reject' | 'blank';
  readonly date_order: DateOrder;
  readonly decimal_separator: '.' | ',';
  readonly state: ImportState;
  /** Why it failed. */
  readonly error: string | null;
  /** 0 until the file is here. */
  readonly bytes: number;
  readonly delimiter: string | null;
  readonly columns: readonly Column[] | null;
  readonly position: number;
  readonly line: number;
  readonly faults: number;
  readonly created_by: string | null;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

export const countsOf = ({
  rows_read,
  created,
  updated,
  unchanged,
  restored,
  suppressed,
  rejected,
  blanked,
}: Counts): Counts => ({
  rows_read,
  created,
  updated,
  unchanged,
  restored,
  suppressed,
  rejected,
  blanked,
});

/** A value that was left out of a row. */
export interface BlankedValue {
  readonly column: string;
  readonly value: string;
  readonly reason: string;
}

/** A row that was rejected, or written without some of its values. */
export interface ImportError {
  /** Of the file, from 1; a row in quotes may go over several. */
  readonly line: number;
  /** What stood where the address should be. */
  readonly email: string | null;
  readonly reason: string;
  /** Null: the row was rejected. */
  readonly blanked: readonly BlankedValue[] | null;
}

export const fileBytesMax = 200 * 1024 * 1024;
/** Of one import so many rejected rows are kept, and as many that were written without values; the others are counted. */
export const errorsMax = 100_000;
/** Of an organization at a time. */
export const unfinishedMax = 50;

/** Of the file, 0 to 100. */
export const percentOf = ({ state, bytes, position }: Pick<Import, 'state' | 'bytes' | 'position'>): number =>
  state === 'completed' ? 100 : bytes === 0 ? 0 : Math.floor((100 * position) / bytes);
