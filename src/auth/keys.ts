import { hash, randomInt } from 'node:crypto';
import { announce } from '../db/bus.ts';
import type { Queryable, Transaction } from '../db/pool.ts';
import { totalFor } from '../http/listing.ts';
import type { Paged } from '../http/listing.ts';
import { ApiError, invalid, notFound, unreachable } from '../base/errors.ts';
import { isPersonId } from '../base/ids.ts';
import type { KeyId, OrganizationId, WorkspaceId } from '../base/ids.ts';
import type { Organization, Tenancy } from './organizations.ts';
import { ensureDefaultOrganization, sandboxOf } from './organizations.ts';
import { assertApi } from './plans.ts';
import * as queries from './queries.ts';
import { scopeNames } from './scopes.ts';
import { workspaceInUse } from './workspace-queries.ts';

/** A key as stored, without its hash. */
export type ApiKey = queries.KeyRow;

export interface CreatedKey extends ApiKey {
  /** The key itself. It is not stored, so this is the only time it is available. */
  readonly key: string;
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 43 × log2 62 = 256.03 bits. */
const randomCharacters = 43;
/** Of a key without a tag; the operator may have chosen it. */
const prefixCharacters = 13;
/** The tag of the organization and the first 4 random characters. */
const taggedPrefix = /^otr_(?:live|test)_[a-z2-7]{8}_[0-9A-Za-z]{4}(?=[0-9A-Za-z]{39}$)/;
/** Anything else is refused without querying the database. Keys of earlier versions have no tag; bootstrap keys may contain `_` and `-`. */
const keyPattern = /^otr_[A-Za-z0-9_-]{28,200}$/;

/**
 * Generates a key: `otr_live_<tag>_<random>`. Letters, digits and `_` only, so that a double click selects all of it.
 * @param tag of the organization
 */
export function mintKey(sandbox: boolean, tag: string): string {
  const random = Array.from({ length: randomCharacters }, () => alphabet[randomInt(alphabet.length)]).join('');
  return `otr_${sandbox ? 'test' : 'live'}_${tag}_${random}`;
}

/** The first characters of a key, by which a person recognizes it. */
export const prefixOf = (key: string): string => taggedPrefix.exec(key)?.[0] ?? key.slice(0, prefixCharacters);

/** SHA-256: keys have 256 random bits, so a slow hash would not make guessing any harder. */
export const hashKey = (key: string): Buffer => hash('sha256', key, 'buffer');

export const isKey = (text: string): boolean => keyPattern.test(text);

export interface KeyRequest {
  readonly name: string;
  readonly scopes: readonly string[];
  /** Creates a key of the organization's sandbox; the sandbox is created with its first key. */
  readonly sandbox?: boolean | undefined;
  readonly workspaceId?: WorkspaceId | undefined;
  readonly expiresAt?: Date | undefined;
  /** The calling key or person. */
  readonly createdBy?: KeyId | undefined;
  /** Of a key that the product uses itself; lists do not show it. */
  readonly purpose?: 'portal' | undefined;
}

/** Called in the transaction that created or revoked the keys. */
export type OnKeys = (
  tx: Transaction,
  type: 'key.created' | 'key.revoked',
  keys: readonly ApiKey[],
) => Promise<unknown>;
const ignore: OnKeys = async () => {};

/**
 * Creates a key of an organization, or of its sandbox.
 * @throws ApiError `forbidden` if the plan has no API; `validation_failed` for unknown scopes, a workspace of another organization or an expiry in the past.
 * @example
 * const { key } = await createKey(tenancy, organization, { name: 'billing', scopes: ['events:write'] });
 */
export async function createKey(
  tenancy: Tenancy,
  organization: Organization,
  request: KeyRequest,
  onKeys: OnKeys = ignore,
): Promise<CreatedKey> {
  assertApi(organization.plan);
  const now = tenancy.clock.now();
  const unknown = request.scopes.filter((scope) => !scopeNames.includes(scope));
  const problems = {
    ...(unknown.length > 0 ? { scopes: `unknown: ${unknown.join(', ')}; valid scopes: ${scopeNames.join(', ')}` } : {}),
    ...(request.scopes.length === 0 ? { scopes: 'must not be empty' } : {}),
    ...(request.expiresAt !== undefined && request.expiresAt.getTime() <= now
      ? { expires_at: 'must be in the future' }
      : {}),
  };
  if (Object.keys(problems).length > 0) throw invalid(problems);
  return tenancy.db.transaction(async (tx) => {
    // Lock the calling key: if it is being revoked, the new key would otherwise survive it.
    if (
      request.createdBy !== undefined &&
      !isPersonId(request.createdBy) &&
      !(await queries.lockKey(tx, request.createdBy))
    )
      throw new ApiError('unauthorized', 'The API key is unknown or revoked.');
    const sandbox = request.sandbox === true || organization.liveOrganizationId !== undefined;
    const owner =
      sandbox && organization.liveOrganizationId === undefined
        ? await sandboxOf(tenancy, tx, organization)
        : organization;
    if (request.workspaceId !== undefined && (await workspaceInUse(tx, owner.id, request.workspaceId)) === undefined) {
      throw invalid({ workspace_id: `does not exist in the organization ${owner.slug}` });
    }
    const created = await insert(tenancy, tx, owner, mintKey(sandbox, owner.tag), request);
    if (created === undefined) throw unreachable('a new key already exists');
    await onKeys(tx, 'key.created', [created]);
    return created;
  });
}

/** @returns undefined if the key already exists. */
async function insert(
  tenancy: Tenancy,
  db: Queryable,
  owner: Organization,
  key: string,
  request: KeyRequest,
): Promise<CreatedKey | undefined> {
  const row: ApiKey = {
    id: tenancy.ids.next<KeyId>(),
    organization_slug: owner.slug,
    sandbox: owner.liveOrganizationId !== undefined,
    workspace_id: request.workspaceId ?? null,
    name: request.name,
    prefix: prefixOf(key),
    scopes: [...new Set(request.scopes)],
    created_by: request.createdBy ?? null,
    expires_at: request.expiresAt ?? null,
    last_used_at: null,
    revoked_at: null,
    created_at: new Date(tenancy.clock.now()),
  };
  return (await queries.insertKey(db, owner.id, hashKey(key), row, request.purpose ?? null))
    ? { ...row, key }
    : undefined;
}

/** The keys a caller may see: all of an organization and its sandbox, or those of one workspace. */
export interface KeyView {
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | undefined;
}

export async function listKeys(db: Queryable, view: KeyView, page: Paged): Promise<{ keys: ApiKey[]; total: number }> {
  const only = view.workspaceId ?? null;
  const [rows, total] = await Promise.all([
    queries.keys(db, view.organizationId, only, page),
    totalFor(page, () => queries.countKeys(db, view.organizationId, only, page)),
  ]);
  return { keys: rows, total };
}

/** @throws ApiError `not_found` */
export async function keyById(db: Queryable, view: KeyView, id: KeyId): Promise<ApiKey> {
  const row = await queries.keyById(db, view.organizationId, view.workspaceId ?? null, id);
  if (row === undefined) throw notFound('Key');
  return row;
}

/** All keys of the installation, for its operator. */
export const allKeys = (db: Queryable): Promise<ApiKey[]> => queries.allKeys(db);

/**
 * Revokes a key and every key created with it, on every process. Keys that are already revoked do not change.
 * @returns whether this call revoked the key itself.
 */
export function revokeKey(
  tenancy: Pick<Tenancy, 'db' | 'clock' | 'bus'>,
  id: KeyId,
  onKeys: OnKeys = ignore,
): Promise<boolean> {
  return tenancy.db.transaction(async (tx) => {
    const at = new Date(tenancy.clock.now());
    const revoked: ApiKey[] = [];
    // Repeat until none is left: while a key was being locked, it may have created another.
    for (let more = await queries.revokeKeys(tx, id, at); more.length > 0; more = await queries.revokeKeys(tx, id, at))
      revoked.push(...more);
    if (revoked.length > 0) {
      await onKeys(tx, 'key.revoked', revoked);
      await (tenancy.bus?.announce ?? announce)(tx, { kind: 'keys' });
    }
    return revoked.some((key) => key.id === id);
  });
}

/**
 * Makes a new installation usable: creates the organization `default` with its first key if there is no organization, and the given
 * bootstrap key if it does not exist. A revoked bootstrap key stays revoked.
 * @returns `firstKey`: a key created by this call, to be shown to the operator.
 */
export function bootstrap(tenancy: Tenancy, given: string | undefined): Promise<{ firstKey: string | undefined }> {
  return tenancy.db.transaction(async (tx) => {
    const fresh = (await queries.organizations(tx)).length === 0;
    if (!fresh && given === undefined) return { firstKey: undefined };
    const { organization, created } = await ensureDefaultOrganization(tenancy, tx);
    if (given !== undefined) {
      await ensureBootstrapKey(tenancy, tx, organization, given);
      return { firstKey: undefined };
    }
    if (!created) return { firstKey: undefined };
    const first = await insert(tenancy, tx, organization, mintKey(false, organization.tag), {
      name: 'first key',
      scopes: ['*'],
    });
    return { firstKey: first?.key };
  });
}

/** Creates a key with the text the operator chose. @returns false if it already exists, revoked or not. */
export async function ensureBootstrapKey(
  tenancy: Tenancy,
  db: Queryable,
  organization: Organization,
  key: string,
): Promise<boolean> {
  if (!isKey(key))
    throw new Error('A bootstrap key begins with otr_ and has at least 32 characters: letters, digits, _ and -.');
  const created = await insert(tenancy, db, organization, key, { name: 'bootstrap key', scopes: ['*'] });
  // Unlike a random key, this one may have been used before it existed, and cached as unknown.
  if (created !== undefined) await announce(db, { kind: 'keys' });
  return created !== undefined;
}
