import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { minuteMs } from '../../base/clock.ts';
import { unreachable } from '../../base/errors.ts';
import { firstId, idAt, timeOfId } from '../../base/ids.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import { tagById, tagsAfter } from './queries.ts';
import { isGenuine, readToken } from './token.ts';
import type { Named, ReadToken } from './token.ts';

/** A token that its organization wrote. */
export interface Genuine extends Named {
  readonly organizationId: OrganizationId;
}

/** The tags and keys of organizations, in memory after their first use. */
export interface Signers {
  of(on: Queryable, organization: OrganizationId): Promise<{ readonly tag: string; readonly key: KeyObject }>;
  /**
   * Checks a token before anything is looked up by it; a promise only for the first one of an organization.
   * @returns undefined for a token that no organization wrote
   */
  check(token: string): Promise<Genuine | undefined> | Genuine | undefined;
}

/** A spray of made-up tags costs one statement a second. */
const refreshMs = 1_000;
/** An organization may be committed after one with a later id. */
const overlapMs = 10 * minuteMs;

export function createSigners({
  db,
  clock,
  vault,
}: {
  readonly db: Queryable;
  readonly clock: Pick<Clock, 'now'>;
  readonly vault: Pick<Vault, 'mac'>;
}): Signers {
  const organizations = new Map<string, OrganizationId>();
  const tags = new Map<OrganizationId, string>();
  const keys = new Map<OrganizationId, KeyObject>();
  let newest: string = firstId;
  let refreshedAt = -Infinity;
  let refreshing: Promise<void> | undefined;

  function learn(rows: readonly { readonly id: OrganizationId; readonly tag: string }[]): void {
    for (const { id, tag } of rows) {
      organizations.set(tag, id);
      tags.set(id, tag);
    }
  }

  async function refresh(): Promise<void> {
    const after = newest === firstId ? firstId : idAt(timeOfId(newest) - overlapMs);
    const rows = await tagsAfter(db, after);
    learn(rows);
    for (const { id } of rows) if (id > newest) newest = id;
  }

  async function organizationOf(tag: string): Promise<OrganizationId | undefined> {
    if (!organizations.has(tag) && refreshing === undefined && clock.now() - refreshedAt >= refreshMs) {
      refreshedAt = clock.now();
      refreshing = refresh().finally(() => (refreshing = undefined));
    }
    if (!organizations.has(tag)) await refreshing;
    return organizations.get(tag);
  }

  async function keyOf(on: Queryable, organization: OrganizationId): Promise<KeyObject> {
    const known = keys.get(organization);
    if (known !== undefined) return known;
    const [bytes] = await vault.mac(on, organization, ['key'], 'tracking tokens');
    if (bytes === undefined) throw unreachable('no key for tokens');
    const key = createSecretKey(bytes);
    keys.set(organization, key);
    return key;
  }

  return {
    async of(on, organization) {
      if (!tags.has(organization)) learn(await tagById(on, organization));
      const tag = tags.get(organization);
      if (tag === undefined) throw unreachable('an organization without a tag');
      return { tag, key: await keyOf(on, organization) };
    },
    check(token) {
      const read = readToken(token);
      if (read === undefined) return undefined;
      const organizationId = organizations.get(read.tag);
      const key = organizationId === undefined ? undefined : keys.get(organizationId);
      return organizationId === undefined || key === undefined ? learned(read) : genuineOf(read, organizationId, key);
    },
  };

  async function learned(read: ReadToken): Promise<Genuine | undefined> {
    const organizationId = await organizationOf(read.tag);
    return organizationId === undefined ? undefined : genuineOf(read, organizationId, await keyOf(db, organizationId));
  }
}

const genuineOf = (read: ReadToken, organizationId: OrganizationId, key: KeyObject): Genuine | undefined =>
  isGenuine(read, key) ? { organizationId, sendKey: read.sendKey, number: read.number } : undefined;
