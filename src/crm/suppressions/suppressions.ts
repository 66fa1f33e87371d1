import type { WorkspaceStage } from '../../auth/index.ts';
import type { Address } from '../../base/email-address.ts';
import type { Clock } from '../../base/clock.ts';
import type { Slice } from '../../db/in-order.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import { ApiError, notFound, unreachable } from '../../base/errors.ts';
import type { EmitAll } from '../../events/index.ts';
import type { Ids, OrganizationId } from '../../base/ids.ts';
import { changeEvent, notFoundOf, ownerIn, ownerOf } from '../records/index.ts';
import type { Editor, Failures, Owner, Reach, Total } from '../records/index.ts';
import type { Vault } from '../../encryption/vault.ts';
import {
  byHashes,
  byIds,
  confirm,
  domainsOf,
  eraseValues,
  insertNew,
  lockAlone,
  lockShared,
  ownByHashes,
  removeByHashes,
  removeByIds,
  removeByMessage,
  removeOf,
  removeUnconfirmed,
  renameMessages,
  suppressionsAfter,
} from './queries.ts';
import { pageOf } from './search.ts';
import type { SuppressionSearch } from './search.ts';
import { hashesOf, suppressed, suppressedKeys } from './suppressed.ts';
import type { OwnedAddress } from './suppressed.ts';
import type { HashedSuppression, Kind, Reason, SuppressedDomain, Suppression } from './queries.ts';
import { forgetLiftedOf, rememberLifted } from './lifted.ts';

export interface SuppressionsOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly vault: Vault;
  readonly emitAll: EmitAll;
  /** The ids of the owner's live contacts with these addresses, by the address in the form in which addresses are compared. */
  readonly contactIds: (on: Queryable, owner: Owner, emails: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Called with the reason of each suppression that is added. */
  readonly onAdded?: (reason: Reason) => void;
}

/** An address or a domain to suppress, in the form in which they are compared (`Address.key`, `domainOf`). */
export interface NewSuppression {
  readonly kind: Kind;
  readonly value: string;
  readonly reason: Reason;
  /** The message that bounced or was complained about, or the answer that asks for it. */
  readonly messageId?: string | undefined;
  /** The provider's report that it follows from. */
  readonly inboundEventId?: string;
}

/** A row of a bulk addition: the suppression that exists now, and whether it is new. */
export interface Suppressed {
  readonly suppression: Suppression;
  readonly created: boolean;
}

/**
 * Called with new suppressions of addresses, in their transaction, while it holds the lock of the organization's suppressions.
 * @param reach what they concern: the records of a workspace, or all of the organization
 */
export type SuppressionListener = (
  tx: Transaction,
  reach: Reach,
  addresses: readonly { readonly key: string; readonly reason: Reason }[],
) => Promise<unknown>;

/** As `SuppressionListener`, for addresses that may be written to again, except by the workspaces that suppress them themselves. */
export type LiftedListener = (
  tx: Transaction,
  reach: Reach,
  lifted: { readonly keys: readonly string[]; readonly reason: Reason; readonly except: ReadonlySet<string> },
) => Promise<unknown>;

export type Suppressions = ReturnType<typeof createSuppressions>;

export function createSuppressions(given: SuppressionsOptions) {
  const { db } = given;
  const listeners: SuppressionListener[] = [];
  const lifted: LiftedListener[] = [];
  const options = { ...given, listeners, lifted };
  return {
    /** Registers a listener for suppressed addresses. Call it while composing. */
    listen: (listener: SuppressionListener) => void listeners.push(listener),

    /** Registers a listener for addresses that may be written to again, except erased ones. Call it while composing. */
    onLifted: (listener: LiftedListener) => void lifted.push(listener),

    /** Suppresses for the editor's workspace, or without one for the whole organization. @returns a result per row, in their order */
    suppress: (tx: Transaction, editor: Editor, rows: readonly NewSuppression[]): Promise<readonly Suppressed[]> =>
      suppress(options, tx, editor, rows),

    /**
     * Until the transaction ends, nothing is suppressed or lifted in the organization: the suppressions it reads are still valid when it
     * commits. Call it before locking any record; otherwise transactions could deadlock.
     */
    hold: lockShared,

    /** For a transaction that locks records and then suppresses: call it before locking. */
    lock: lockAlone,

    /**
     * `suppress` in a transaction of its own.
     * @example
     * await suppressions.add(editor, [{ kind: 'domain', value: 'lovelace.example', reason: 'manual' }]);
     */
    add: (editor: Editor, rows: readonly NewSuppression[]): Promise<readonly Suppressed[]> =>
      db.transaction((tx) => suppress(options, tx, editor, rows)),

    /**
     * The addresses, by `key`, that are suppressed for an owner, by itself or for the whole organization: themselves (`email`), or through
     * their domain or a domain above it.
     */
    suppressed: (
      on: Queryable,
      owner: Owner,
      addresses: readonly Pick<Address, 'key' | 'domain'>[],
    ): Promise<ReadonlyMap<string, Kind>> => suppressedKeys(options, on, owner, addresses),

    /** As `suppressed`, for addresses of several workspaces. @returns in the order of the addresses */
    suppressedOf: (
      on: Queryable,
      organization: OrganizationId,
      addresses: readonly OwnedAddress[],
    ): Promise<readonly (Kind | undefined)[]> => suppressed(options, on, organization, addresses),

    /** `suppressedOf` at this moment, for showing it. */
    known: (organization: OrganizationId, addresses: readonly OwnedAddress[]): Promise<readonly (Kind | undefined)[]> =>
      suppressed(options, db, organization, addresses),

    /** The suppressed domains that concern records in reach, in the form in which they are compared. */
    domains: (reach: Reach): Promise<readonly SuppressedDomain[]> => domainsOf(db, reach),

    /** A page of those that match, the newest first. */
    page: (reach: Reach, search: SuppressionSearch, page: Slice): Promise<Total & { readonly rows: Suppression[] }> =>
      pageOf(options, reach, search, page),

    /** @throws ApiError `not_found` */
    get: async (reach: Reach, id: string): Promise<Suppression> => (await byIds(db, reach, [id]))[0] ?? missing(),

    /** Takes a suppression back in the caller's transaction; does nothing if it was lifted before, or if something else has required it since. */
    takeBack: async (tx: Transaction, editor: Editor, id: string): Promise<void> => {
      await lockAlone(tx, editor.organizationId);
      const removed = await removeUnconfirmed(tx, editor.organizationId, id);
      if (removed !== undefined) await emitRemoved(options, tx, editor, [removed]);
    },

    /** Lifts the editor's own suppressions of addresses that have this reason, in the caller's transaction. */
    liftAddresses: async (tx: Transaction, editor: Editor, keys: readonly string[], reason: Reason): Promise<void> => {
      if (keys.length === 0) return;
      await lockAlone(tx, editor.organizationId);
      const hashes = await hashesOf(
        options,
        tx,
        editor.organizationId,
        keys.map((value) => ({ kind: 'email', value })),
      );
      await emitRemoved(options, tx, editor, await removeByHashes(tx, ownerIn(editor), hashes, reason));
    },

    /**
     * Lifts what a message, and nothing else, suppressed for this reason, in the caller's transaction.
     * @param others addresses that stay suppressed, with the message that asks for it, too
     */
    liftCausedBy: async (
      tx: Transaction,
      editor: Editor,
      messageId: string,
      reason: Reason,
      others: ReadonlyMap<string, string>,
    ): Promise<void> => {
      await lockAlone(tx, editor.organizationId);
      if (others.size > 0) await renameMessages(tx, editor.organizationId, messageId, others);
      await emitRemoved(options, tx, editor, await removeByMessage(tx, editor.organizationId, messageId, reason));
    },

    /** Lifts a suppression. @throws ApiError `not_found`; `forbidden` for one of the whole organization, if the editor is bound to a workspace */
    remove: (editor: Editor, id: string): Promise<void> =>
      db.transaction(async (tx) => {
        await lockAlone(tx, editor.organizationId);
        const removed = await removeByIds(tx, editor, [id]);
        if (removed.length > 0) return emitRemoved(options, tx, editor, removed);
        const [found] = await byIds(tx, { organizationId: editor.organizationId }, [id]);
        return found?.workspace_id === null ? organizationWide() : missing();
      }),

    /** Lifts the suppressions of a workspace that is being deleted, after its contacts. */
    removeOfWorkspace: (async (tx, workspace, limit) => {
      await lockAlone(tx, workspace.organizationId);
      const removed = await removeOf(tx, workspace.workspaceId, limit);
      const rows = removed.map((row) => ({ ...row, subject: row.value }));
      await emitChange(options, tx, workspace, 'suppression.deleted', rows, new Date(options.clock.now()));
      return removed.length > 0 ? removed.length : forgetLiftedOf(tx, workspace.workspaceId, limit);
    }) satisfies WorkspaceStage,

    /** `remove` of many suppressions, in the caller's transaction. @returns those that do not exist, or that the editor cannot lift */
    removeMany: async (tx: Transaction, editor: Editor, wanted: readonly string[]): Promise<Failures> => {
      await lockAlone(tx, editor.organizationId);
      const removed = await removeByIds(tx, editor, wanted);
      await emitRemoved(options, tx, editor, removed);
      return notFoundOf('Suppression', wanted, removed);
    },

    /** The suppressions in reach with an id after this one, by id. */
    after: (on: Queryable, reach: Reach, id: string, limit: number): Promise<Suppression[]> =>
      suppressionsAfter(on, reach, id, limit),

    /** The suppressions with these ids, by id. Ids out of reach are skipped. */
    byIds: (on: Queryable, reach: Reach, wanted: readonly string[]): Promise<Suppression[]> => byIds(on, reach, wanted),

    /** The keyed hash by which an address is found: the proof in an erasure. */
    async hashOf(on: Queryable, organization: OrganizationId, email: string): Promise<Buffer> {
      const [hash] = await hashesOf(options, on, organization, [{ kind: 'email', value: email }]);
      if (hash === undefined) throw unreachable('no hash for the address');
      return hash;
    },
  };
}

async function suppress(
  options: SuppressionsOptions & { readonly listeners: readonly SuppressionListener[] },
  tx: Transaction,
  editor: Editor,
  rows: readonly NewSuppression[],
): Promise<readonly Suppressed[]> {
  if (rows.length === 0) return [];
  const { organizationId: organization } = editor;
  const owner = ownerIn(editor);
  await lockAlone(tx, organization);
  const hashes = await hashesOf(options, tx, organization, rows);
  const at = new Date(options.clock.now());
  const wanted = new Map<string, HashedSuppression & { readonly subject: string }>();
  rows.forEach(({ kind, value, reason, messageId, inboundEventId }, index) => {
    const hash = hashes[index];
    if (hash === undefined || wanted.has(hash.toString('hex'))) return;
    // For an erased address, only the hash is stored.
    const kept = reason === 'erased' ? null : value;
    wanted.set(hash.toString('hex'), {
      id: options.ids.next(),
      workspace_id: owner.workspaceId,
      kind,
      value: kept,
      reason,
      hash,
      created_by: editor.keyId ?? null,
      created_at: at,
      message_id: messageId ?? null,
      inbound_event_id: inboundEventId ?? null,
      subject: value,
    });
  });
  const unique = [...wanted.values()];
  const inserted = await insertNew(tx, owner, unique);
  const added = unique.filter(({ id }) => inserted.has(id));
  const known = unique.filter(({ id }) => !inserted.has(id));
  if (known.length > 0) await confirm(tx, owner, known);
  const others = known.map(({ hash }) => hash);
  const found = others.length === 0 ? [] : await ownByHashes(tx, owner, others);
  const standing = new Map<string, Suppression>([...added, ...found].map((row) => [row.hash.toString('hex'), row]));
  const erased = unique.filter(({ reason }) => reason === 'erased').map(({ hash }) => hash);
  if (erased.length > 0) await eraseValues(tx, organization, erased);
  await emitChange(options, tx, editor, 'suppression.created', added, at);
  const addresses = added.flatMap(({ kind, subject: key, reason }) => (kind === 'email' ? [{ key, reason }] : []));
  const reach = { organizationId: organization, workspaceId: editor.workspaceId };
  if (addresses.length > 0) for (const listener of options.listeners) await listener(tx, reach, addresses);
  tx.afterCommit(() => added.forEach(({ reason }) => options.onAdded?.(reason)));
  const fresh = new Set(added.map(({ id }) => id));
  const answered = new Set<string>();
  return hashes.flatMap((hash, index) => {
    const suppression = standing.get(hash.toString('hex'));
    if (suppression === undefined) return [];
    const created = fresh.has(suppression.id) && !answered.has(suppression.id);
    answered.add(suppression.id);
    return [{ suppression: rows[index]?.reason === 'erased' ? { ...suppression, value: null } : suppression, created }];
  });
}

async function emitRemoved(
  options: SuppressionsOptions & { readonly lifted: readonly LiftedListener[] },
  tx: Transaction,
  editor: Editor,
  removed: readonly Suppression[],
): Promise<void> {
  const { organizationId } = editor;
  const at = new Date(options.clock.now());
  for (const rows of Map.groupBy(removed, (row) => row.workspace_id).values())
    await emitChange(
      options,
      tx,
      editor,
      'suppression.deleted',
      rows.map((row) => ({ ...row, subject: row.value })),
      at,
    );
  const addresses = removed.flatMap((row) =>
    row.kind === 'email' && row.value !== null ? [{ ...row, kind: row.kind, value: row.value }] : [],
  );
  if (addresses.length === 0) return;
  await rememberLifted(tx, options.ids, editor, addresses, at);
  const hashes = await hashesOf(options, tx, organizationId, addresses);
  const others = Map.groupBy(await byHashes(tx, { organizationId }, hashes), ({ hash }) => hash.toString('hex'));
  const lifted = addresses.flatMap((row, index) => {
    const owners = (others.get(hashes[index]?.toString('hex') ?? '') ?? []).map((other) => other.workspace_id);
    return owners.includes(null) ? [] : [{ row, except: new Set(owners.flatMap((owner) => owner ?? [])) }];
  });
  const alike = Map.groupBy(lifted, ({ row, except }) => [row.workspace_id, row.reason, ...[...except].sort()].join());
  for (const [first, ...rest] of alike.values()) {
    if (first === undefined) continue;
    const { workspaceId } = ownerOf(editor, first.row);
    const keys = [first, ...rest].map(({ row }) => row.value);
    for (const listener of options.lifted)
      await listener(
        tx,
        { organizationId, workspaceId: workspaceId ?? undefined },
        { keys, reason: first.row.reason, except: first.except },
      );
  }
}

const missing = (): never => {
  throw notFound('Suppression');
};

const organizationWide = (): never => {
  throw new ApiError(
    'forbidden',
    'The suppression is of the whole organization. A key that is bound to a workspace cannot lift it.',
  );
};

/** @param rows of one owner, each with its `subject`: the address or domain in the form in which it is compared, which an erased suppression does not have as its `value` */
async function emitChange(
  { contactIds, emitAll }: SuppressionsOptions,
  tx: Transaction,
  editor: Editor,
  type: 'suppression.created' | 'suppression.deleted',
  rows: readonly (Pick<Suppression, 'id' | 'workspace_id' | 'kind' | 'value' | 'reason'> & {
    readonly subject: string | null;
  })[],
  at: Date,
): Promise<void> {
  const emails = rows.flatMap(({ kind, subject }) => (kind === 'email' && subject !== null ? [subject] : []));
  const [first] = rows;
  const contacts =
    first === undefined ? new Map<string, string>() : await contactIds(tx, ownerOf(editor, first), emails);
  await emitAll(
    tx,
    rows.map(({ id, workspace_id: workspace, kind, value, subject, reason }) => {
      const suppression = {
        suppression_id: id,
        workspace_id: workspace,
        email: kind === 'email' ? value : null,
        domain: kind === 'domain' ? value : null,
        contact_id: kind === 'email' && subject !== null ? (contacts.get(subject) ?? null) : null,
        reason,
      };
      return changeEvent(editor, type, suppression, at);
    }),
  );
}
