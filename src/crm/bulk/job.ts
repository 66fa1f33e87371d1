import { dayMs } from '../../base/clock.ts';
import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';

export const entities = ['contact', 'company', 'suppression'] as const;
export type Entity = (typeof entities)[number];
export const actions = ['update', 'delete', 'export'] as const;
export type Action = (typeof actions)[number];
export const statuses = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;
export type Status = (typeof statuses)[number];

/** Which records: a number of ids, which are stored in pieces, those of a filter or a segment, or all. */
type StoredSelection =
  | { readonly ids: number }
  | { readonly filter: Readonly<Record<string, unknown>> }
  | { readonly segment_id: string }
  | { readonly [none in never]: never };

/** A record that could not be changed. */
export interface RecordError {
  readonly id: string;
  readonly reason: string;
}

export interface BulkJob {
  readonly id: string;
  readonly organization_id: OrganizationId;
  /** It reaches only records of this workspace; null: all of the organization. */
  readonly workspace_id: WorkspaceId | null;
  readonly entity: Entity;
  readonly action: Action;
  readonly selection: StoredSelection;
  readonly change: Readonly<Record<string, unknown>> | null;
  readonly status: Status;
  /** Why it failed. */
  readonly error: string | null;
  /** Records up to this id are selected; null: all are. */
  readonly selected_to: string | null;
  readonly next_piece: number;
  readonly pieces: number;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly errors: readonly RecordError[];
  /** Internal errors in a row. */
  readonly faults: number;
  readonly created_by: string | null;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

export const idsMax = 10_000;
/** Unfinished jobs of one organization. */
export const unfinishedMax = 50;
/** Failed records that a job names; all are counted. */
export const errorsMax = 100;
/** Records of a piece, which one transaction changes. */
const pieceRows = 250;
/** How long the file of an export can be fetched. */
export const fileKeptMs = 7 * dayMs;

/** The ids of pieces. */
export const piecesOf = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / pieceRows) }, (_, index) =>
    ids.slice(index * pieceRows, (index + 1) * pieceRows),
  );
