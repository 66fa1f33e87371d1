import type { WorkspaceStage } from '../../auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import { dayMs } from '../../base/clock.ts';
import { ApiError, invalid, notFound, unreachable } from '../../base/errors.ts';
import type { CanonicalType } from '../../base/event-types.ts';
import type { Ids, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Slice } from '../../db/in-order.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import type { EmitAll } from '../../events/index.ts';
import {
  changeEvent,
  countBy,
  countedMax,
  fields as fieldLimits,
  ownerOf,
  totalOf,
  unknownTo,
} from '../records/index.ts';
import type { Editor, Follower, Move, Moved, Reach, RecordBase, Total } from '../records/index.ts';
import type { Filled } from './filling.ts';
import * as queries from './queries.ts';
import type { Entity, MergeFilter, MergeRow } from './queries.ts';

/** A kind of record whose records can be merged. */
export interface Mergeable<Row extends Mergeables> {
  readonly entity: Entity;
  /** Such as `Company`. */
  readonly noun: string;
  /** The event of a merge, and of its undo. */
  readonly merged: CanonicalType;
  readonly unmerged: CanonicalType;
  /** Locks records in the order in which every writer does, and what must be locked before them. @returns the live ones in reach, in no order */
  lock(tx: Transaction, reach: Reach, ids: readonly string[]): Promise<Row[]>;
  /** What the surviving record is after the merge. */
  fill(into: Row, from: Row): { readonly after: Row; readonly filled: Filled };
  /** The record without what the merge filled. @throws ApiError `conflict` if it could not exist like this */
  takeBack(row: Row, filled: Filled, from: Row): Row;
  /** The names of the fields that differ. */
  changes(before: Row, after: Row): string[];
  /** Writes a record that the transaction has locked. */
  write(tx: Transaction, organization: OrganizationId, row: Row): Promise<unknown>;
  /** Removes a record of which nothing depends any more. @returns its row, as JSON text */
  take(tx: Transaction, organization: OrganizationId, id: string): Promise<string>;
  /** Inserts a record again. @returns it as it is now @throws ApiError `conflict` if another one has its place */
  putBack(tx: Transaction, organization: OrganizationId, snapshot: string, row: Row): Promise<Row>;
  /** The records in snapshots, in no order. */
  read(on: Queryable, organization: OrganizationId, snapshots: readonly string[]): Promise<Row[]>;
  /** As the API shows it. */
  onWire(organization: OrganizationId, row: Row): object;
  /** As events show it. */
  inEvent(organization: OrganizationId, row: Row): object;
  /** Whether one of them is a person who opted out. */
  optedOut(into: Row, from: Row): boolean;
  /** What follows, in the order in which its kinds are locked, before events and counts. */
  readonly followers: readonly Follower[];
  /** What follows and is locked after counts: rows of the mail layer. */
  readonly lastFollowers: () => readonly Follower[];
}

/** What the records that can be merged have in common. */
export interface Mergeables extends RecordBase {
  tags: string[];
}

export interface MergesOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly emitAll: EmitAll;
}

/** How long a merge can be undone. */
export const undoableMs = 30 * dayMs;

const { tagsMax } = fieldLimits;
const expiryMax = 100;

const conflict = (message: string): ApiError => new ApiError('conflict', message);

/** A merge, with the record that went away as long as it can come back. */
export interface Merge extends MergeRow {
  readonly from: object | null;
}

export type Merges = ReturnType<typeof createFunctions>;

type KindOf = (entity: Entity) => Mergeable<Mergeables>;

export function createFunctions(options: MergesOptions, kindOf: KindOf) {
  const { db, clock } = options;
  const shown = async (rows: readonly MergeRow[]): Promise<Merge[]> => {
    const shownOf = new Map<string, object>();
    for (const [entity, own] of Map.groupBy(rows, (row) => row.entity))
      for (const [organization, of] of Map.groupBy(own, (row) => row.organization_id)) {
        const snapshots = of.flatMap(({ snapshot }) => snapshot ?? []);
        const found = snapshots.length === 0 ? [] : await kindOf(entity).read(db, organization, snapshots);
        for (const row of found) shownOf.set(row.id, kindOf(entity).onWire(organization, row));
      }
    return rows.map((row) => ({ ...row, from: row.snapshot === null ? null : (shownOf.get(row.from_id) ?? null) }));
  };
  return {
    /**
     * Merges a record into another one of the same owner; see README.md. @returns the surviving record
     * @throws ApiError `not_found` for `intoId`; `validation_failed` for `fromId`
     * @example
     * const { mergeId } = await merges.merge('company', editor, kept.id, duplicate.id);
     * await merges.undo(editor, mergeId);
     */
    merge: (
      entity: Entity,
      editor: Editor,
      intoId: string,
      fromId: string,
    ): Promise<{ readonly record: object; readonly mergeId: string }> =>
      db.transaction((tx) => merge(options, kindOf(entity), tx, editor, intoId, fromId)),

    /** @throws ApiError `not_found`; `conflict` if it cannot be undone, with the reason */
    undo: async (editor: Editor, id: string): Promise<Merge> => {
      const row = await db.transaction((tx) => undo(options, kindOf, tx, editor, id));
      return { ...row, from: null };
    },

    /** @throws ApiError `not_found` */
    get: async (reach: Reach, id: string): Promise<Merge> => {
      const row = await queries.mergeById(db, reach, id);
      const [merge] = row === undefined ? [] : await shown([row]);
      if (merge === undefined) throw notFound('Merge');
      return merge;
    },

    list: async (reach: Reach, filter: MergeFilter, slice: Slice): Promise<Merge[]> =>
      shown(await queries.listMerges(db, reach, filter, slice)),

    total: async (reach: Reach, filter: MergeFilter, slice: Slice): Promise<Total> =>
      totalOf(await queries.countMerges(db, reach, filter, slice, countedMax + 1)),

    /** Forgets what undoing needs of merges that cannot be undone any more. */
    async expire(nowMs: number): Promise<void> {
      for (;;) {
        const count = await db.transaction(async (tx) => {
          const expired = await queries.expireMerges(tx, new Date(nowMs), expiryMax);
          if (expired.length > 0) await queries.deletePieces(tx, expired);
          return expired.length;
        });
        if (count < expiryMax) return;
      }
    },

    /** Deletes the merges of a workspace that is being deleted. */
    removeOfWorkspace: ((tx, { workspaceId }, limit) =>
      queries.deleteMergesOf(tx, workspaceId, limit)) satisfies WorkspaceStage,

    /** When it is now, for what is shown. */
    now: (): number => clock.now(),
  };
}

async function merge<Row extends Mergeables>(
  { clock, ids, emitAll }: MergesOptions,
  kind: Mergeable<Row>,
  tx: Transaction,
  editor: Editor,
  intoId: string,
  fromId: string,
): Promise<{ readonly record: object; readonly mergeId: string }> {
  const { organizationId: organization } = editor;
  const { entity, noun } = kind;
  if (intoId === fromId) throw invalid({ from_id: `must be another ${entity}` });
  for (const { lockFirst } of kind.lastFollowers()) await lockFirst?.(tx, organization, fromId);
  const rows = await kind.lock(tx, editor, [intoId, fromId]);
  const into = rows.find(({ id }) => id === intoId);
  const from = rows.find(({ id }) => id === fromId);
  if (into === undefined) throw notFound(noun, await mergedInto(tx, editor, entity, intoId));
  const owner = ownerOf(editor, into);
  if (from === undefined) {
    const { merged_into: survivor } = await mergedInto(tx, editor, entity, fromId);
    throw invalid({ from_id: survivor === undefined ? unknownTo(owner) : `was merged into ${survivor}` });
  }
  if (from.workspace_id !== into.workspace_id) throw invalid({ from_id: 'belongs to another workspace' });
  const at = new Date(clock.now());
  const { after: whole, filled } = kind.fill(into, from);
  const changed = kind.changes(into, whole);
  if (whole.tags.length > tagsMax && whole.tags.length > into.tags.length)
    throw invalid({ from_id: `would leave the ${entity} with more than ${tagsMax} tags` });
  const mergeId = ids.next<string>();
  const move: Move = { organizationId: organization, fromId, intoId, optedOut: kind.optedOut(into, from), at };
  const moved = new Map<string, Moved>();
  for (const follower of kind.followers) moved.set(follower.kind, await follower.follow(tx, move));
  const snapshot = await kind.take(tx, organization, fromId);
  const after: Row = { ...whole, updated_at: at };
  await kind.write(tx, organization, after);
  await countBy(tx, organization, entity, -1);
  for (const follower of kind.lastFollowers()) moved.set(follower.kind, await follower.follow(tx, move));
  const counts = Object.fromEntries([...moved].map(([name, each]) => [name, each.ids.length]));
  await queries.insertMerge(tx, {
    id: mergeId,
    organization_id: organization,
    workspace_id: into.workspace_id as WorkspaceId | null,
    entity,
    into_id: intoId,
    from_id: fromId,
    snapshot,
    filled,
    changed,
    moved: counts,
    created_by: editor.keyId ?? null,
    created_at: at,
    expires_at: new Date(at.getTime() + undoableMs),
    undone_at: null,
  });
  for (const [name, { ids: own, state }] of moved)
    if (own.length > 0 || state !== undefined) await queries.insertPieces(tx, mergeId, name, own, state);
  const record = kind.onWire(organization, after);
  await emitAll(tx, [
    changeEvent(editor, kind.merged, kind.inEvent(organization, after), at, {
      merge_id: mergeId,
      from_id: fromId,
      changed,
      moved: counts,
    }),
  ]);
  return { record, mergeId };
}

async function undo(
  { clock, ids, emitAll }: MergesOptions,
  kindOf: KindOf,
  tx: Transaction,
  editor: Editor,
  id: string,
): Promise<MergeRow> {
  const { organizationId: organization } = editor;
  const seen = await queries.mergeById(tx, editor, id);
  if (seen === undefined) throw notFound('Merge');
  const { entity, into_id: intoId, from_id: fromId } = seen;
  const kind = kindOf(entity);
  assertUndoable(seen, clock.now());
  for (const { lockFirst } of kind.lastFollowers()) await lockFirst?.(tx, organization, intoId);
  const [into] = await kind.lock(tx, editor, [intoId]);
  // Read again: another undo, an erasure or the sweep may have come first.
  const row = await queries.lockMerge(tx, id);
  if (row === undefined) throw notFound('Merge');
  const { snapshot, filled } = assertUndoable(row, clock.now());
  if (into === undefined) {
    const next = await queries.mergeOf(tx, editor, entity, intoId);
    throw conflict(
      next === undefined
        ? `The surviving ${entity} was deleted. ${afterDeletion[entity](intoId)}`
        : `The surviving ${entity} was merged into ${next.into_id}. Undo the merge ${next.id} first.`,
    );
  }
  const later = await queries.laterMerge(tx, row);
  if (later !== undefined)
    throw conflict(`Another ${entity} was merged into the surviving one later. Undo the merge ${later} first.`);
  const at = new Date(clock.now());
  const [from] = await kind.read(tx, organization, [snapshot]);
  if (from === undefined) throw unreachable('a snapshot without a record');
  const reduced = kind.takeBack(into, filled, from);
  const changed = kind.changes(into, reduced);
  const after = { ...reduced, updated_at: at };
  await kind.write(tx, organization, after);
  const company = (from as { company_id?: string | null }).company_id ?? null;
  const back = await kind.putBack(tx, organization, snapshot, {
    ...from,
    // Its company may have been merged, too.
    ...(company === null ? {} : { company_id: (await queries.survivorOf(tx, editor, 'company', company)) ?? company }),
    updated_at: at,
  });
  const move: Move = { organizationId: organization, fromId, intoId, optedOut: false, at };
  const moved = movedOf(await queries.piecesOf(tx, id));
  const goBack = async (follower: Follower): Promise<void> => {
    const own = moved.get(follower.kind);
    if (own !== undefined) await follower.goBack(tx, move, own);
  };
  for (const follower of kind.followers) await goBack(follower);
  await countBy(tx, organization, entity, 1);
  for (const follower of kind.lastFollowers()) await goBack(follower);
  await queries.endMerge(tx, id, ids.next(), at);
  await queries.deletePieces(tx, [id]);
  await emitAll(tx, [
    changeEvent(editor, kind.unmerged, kind.inEvent(organization, after), at, {
      merge_id: id,
      from_id: fromId,
      from: kind.inEvent(organization, back),
      changed,
    }),
  ]);
  return { ...row, snapshot: null, filled: null, undone_at: at };
}

/** What to do before the undo if the surviving record was deleted. */
const afterDeletion: Readonly<Record<Entity, (id: string) => string>> = {
  contact: (id) => `Restore it first: POST /v1/contacts/${id}/restore.`,
  company: () => 'It cannot be restored, so the merge can no longer be undone.',
};

/** @throws ApiError `conflict` */
function assertUndoable(
  { undone_at: undone, expires_at: expires, snapshot, filled }: MergeRow,
  nowMs: number,
): { readonly snapshot: string; readonly filled: Filled } {
  if (undone !== null) throw conflict(`The merge was already undone at ${undone.toISOString()}.`);
  if (snapshot === null || filled === null || expires.getTime() <= nowMs)
    throw conflict(`The merge can no longer be undone: it could be until ${expires.toISOString()}.`);
  return { snapshot, filled };
}

function movedOf(pieces: readonly { kind: string; ids: readonly string[]; state: unknown }[]): Map<string, Moved> {
  const moved = new Map<string, Moved>();
  for (const [kind, own] of Map.groupBy(pieces, (piece) => piece.kind))
    moved.set(kind, { ids: own.flatMap(({ ids }) => ids), state: own[0]?.state ?? undefined });
  return moved;
}

/** For the error about a record that is not found: where it went. */
export async function mergedInto(
  on: Queryable,
  reach: Reach,
  entity: Entity,
  id: string,
): Promise<{ readonly merged_into?: string }> {
  const survivor = await queries.survivorOf(on, reach, entity, id);
  return survivor === undefined ? {} : { merged_into: survivor };
}
