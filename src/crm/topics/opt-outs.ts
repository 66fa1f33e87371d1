import { unreachable } from '../../base/errors.ts';
import type { Clock } from '../../base/clock.ts';
import type { Ids, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { EmitAll } from '../../events/index.ts';
import { changeEvent, ownerOf } from '../records/index.ts';
import type { Editor, Owner } from '../records/index.ts';
import type { Suppressions } from '../suppressions/index.ts';
import * as queries from './queries.ts';
import type { HashedOptOut, OptOut, OptOutReason, Topic } from './queries.ts';

export interface OptOutsOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly vault: Pick<Vault, 'mac'>;
  readonly emitAll: EmitAll;
  readonly suppressions: Pick<Suppressions, 'lock'>;
  /** The ids of the owner's live contacts with these addresses, by the address in the form in which addresses are compared. */
  readonly contactIds: (on: Queryable, owner: Owner, emails: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** All addresses of the owner's live contacts that have several, by each of these addresses. */
  readonly addressesOf: (
    on: Queryable,
    owner: Owner,
    keys: readonly string[],
  ) => Promise<ReadonlyMap<string, readonly string[]>>;
}

/** An address that leaves a topic. */
export interface Leaving {
  /** As addresses are compared. */
  readonly key: string;
  readonly reason: OptOutReason;
  /** The message whose link was used. */
  readonly messageId?: string | undefined;
}

/** The opt-out that exists now, and whether it is new. */
export interface Left {
  readonly optOut: OptOut;
  readonly created: boolean;
}

/** Called with addresses that left a topic, and the other addresses of their contacts, in the transaction, while it holds the lock of the organization's suppressions. */
export type LeftListener = (
  tx: Transaction,
  organization: OrganizationId,
  topicId: string,
  keys: readonly string[],
) => Promise<unknown>;

/** An address, and the topic of what is to be sent to it; null: it has none. */
export interface TopicalAddress {
  readonly topicId: string | null;
  /** Of the contact that it belongs to, whose other addresses count, too. */
  readonly workspaceId: WorkspaceId | null;
  readonly key: string;
}

const context = 'topics';

/** As the API shows it, without the hash. */
export const optOutOnWire = (row: OptOut) => ({
  id: row.id,
  topic_id: row.topic_id,
  workspace_id: row.workspace_id,
  email: row.value,
  reason: row.reason,
  message_id: row.message_id,
  created_by: row.created_by,
  created_at: row.created_at.toISOString(),
});

/** Keyed hashes of addresses. */
export const hashesOf = (
  { vault }: { readonly vault: Pick<Vault, 'mac'> },
  on: Queryable,
  organization: OrganizationId,
  keys: readonly string[],
): Promise<Buffer[]> =>
  vault.mac(
    on,
    organization,
    keys.map((key) => `email:${key}`),
    context,
  );

/** Which addresses left the topic of what is to be sent to them, or whose contact left it by another address. In the order of the addresses. */
export async function leftOf(
  options: Pick<OptOutsOptions, 'vault' | 'addressesOf'>,
  on: Queryable,
  organization: OrganizationId,
  addresses: readonly TopicalAddress[],
): Promise<readonly boolean[]> {
  const topical = addresses.filter(({ topicId }) => topicId !== null);
  if (topical.length === 0) return addresses.map(() => false);
  const people = await peopleOf(options, on, organization, topical);
  const keys = [...new Set(topical.flatMap((address) => people(address)))];
  const hashes = await hashesOf(options, on, organization, keys);
  const topics = [...new Set(topical.flatMap(({ topicId }) => topicId ?? []))];
  const found = await queries.leftByHashes(on, organization, topics, hashes);
  if (found.length === 0) return addresses.map(() => false);
  const left = new Set(found.map(({ topic_id: topic, hash }) => `${topic} ${hash.toString('hex')}`));
  const hashOf = new Map(keys.map((key, index) => [key, hashes[index]?.toString('hex') ?? '']));
  return addresses.map(
    (address) =>
      address.topicId !== null &&
      people(address).some((key) => left.has(`${address.topicId ?? ''} ${hashOf.get(key) ?? ''}`)),
  );
}

/** Reads all addresses of the people who have one of these. @returns a function that returns those of an address, itself included */
async function peopleOf(
  { addressesOf }: Pick<OptOutsOptions, 'addressesOf'>,
  on: Queryable,
  organizationId: OrganizationId,
  addresses: readonly TopicalAddress[],
): Promise<(address: TopicalAddress) => readonly string[]> {
  const found = new Map<WorkspaceId | null, ReadonlyMap<string, readonly string[]>>();
  for (const [workspaceId, own] of Map.groupBy(addresses, (address) => address.workspaceId)) {
    const keys = [...new Set(own.map(({ key }) => key))];
    found.set(workspaceId, await addressesOf(on, { organizationId, workspaceId }, keys));
  }
  return ({ workspaceId, key }) => found.get(workspaceId)?.get(key) ?? [key];
}

/** Lets addresses leave a topic. @returns a result per address, in their order */
export async function leave(
  options: OptOutsOptions & { readonly listeners: readonly LeftListener[] },
  tx: Transaction,
  editor: Editor,
  topic: Topic,
  rows: readonly Leaving[],
): Promise<readonly Left[]> {
  if (rows.length === 0) return [];
  const { organizationId: organization } = editor;
  await options.suppressions.lock(tx, organization);
  const hashes = await hashesOf(
    options,
    tx,
    organization,
    rows.map(({ key }) => key),
  );
  const at = new Date(options.clock.now());
  const wanted = new Map<string, HashedOptOut & { readonly value: string }>();
  rows.forEach(({ key, reason, messageId }, index) => {
    const hash = hashes[index] ?? noHash(index);
    if (wanted.has(hash.toString('hex'))) return;
    wanted.set(hash.toString('hex'), {
      id: options.ids.next(),
      topic_id: topic.id,
      workspace_id: topic.workspace_id,
      value: key,
      reason,
      message_id: messageId ?? null,
      created_by: editor.keyId ?? null,
      created_at: at,
      hash,
    });
  });
  const unique = [...wanted.values()];
  const inserted = await queries.insertOptOuts(tx, ownerOf(editor, topic), unique);
  const added = unique.filter(({ id }) => inserted.has(id));
  const known =
    added.length === unique.length
      ? []
      : await queries.optOutsByHashes(
          tx,
          organization,
          topic.id,
          unique.filter(({ id }) => !inserted.has(id)).map(({ hash }) => hash),
        );
  await emitChange(options, tx, editor, 'topic.left', topic, added, at);
  const keys = added.map(({ value }) => value);
  if (keys.length > 0) {
    const people = await options.addressesOf(tx, ownerOf(editor, topic), keys);
    const all = [...new Set([...keys, ...[...people.values()].flat()])];
    for (const listener of options.listeners) await listener(tx, organization, topic.id, all);
  }
  const standing = new Map<string, OptOut>([...known, ...added].map(({ hash, ...row }) => [hash.toString('hex'), row]));
  const fresh = new Set(inserted);
  return hashes.map((hash, index) => {
    const optOut = standing.get(hash.toString('hex')) ?? noHash(index);
    return { optOut, created: fresh.delete(optOut.id) };
  });
}

const noHash = (index: number): never => {
  throw unreachable(`no opt-out for row ${index}`);
};

/** Lets addresses rejoin a topic by the ids of their opt-outs. @returns the opt-outs that were deleted */
export async function rejoin(
  options: OptOutsOptions,
  tx: Transaction,
  editor: Editor,
  topic: Topic,
  wanted: readonly string[],
): Promise<readonly OptOut[]> {
  if (wanted.length === 0) return [];
  await options.suppressions.lock(tx, editor.organizationId);
  const removed = await queries.deleteOptOuts(tx, editor.organizationId, topic.id, wanted);
  await emitChange(options, tx, editor, 'topic.rejoined', topic, removed, new Date(options.clock.now()));
  return removed;
}

async function emitChange(
  { contactIds, emitAll }: OptOutsOptions,
  tx: Transaction,
  editor: Editor,
  type: 'topic.left' | 'topic.rejoined',
  topic: Topic,
  rows: readonly OptOut[],
  at: Date,
): Promise<void> {
  if (rows.length === 0) return;
  const emails = rows.flatMap(({ value }) => value ?? []);
  const contacts = await contactIds(tx, ownerOf(editor, topic), emails);
  await emitAll(
    tx,
    rows.map(({ id, value, reason, message_id: messageId }) =>
      changeEvent(
        editor,
        type,
        {
          topic_id: topic.id,
          topic_name: topic.name,
          workspace_id: topic.workspace_id,
          opt_out_id: id,
          email: value,
          contact_id: value === null ? null : (contacts.get(value) ?? null),
          reason,
          message_id: messageId,
        },
        at,
      ),
    ),
  );
}
