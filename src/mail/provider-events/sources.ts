import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { organizationById } from '../../auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Database } from '../../db/pool.ts';
import { ApiError, notFound } from '../../base/errors.ts';
import type { Principal } from '../../http/route.ts';
import type { Ids, KeyId, OrganizationId } from '../../base/ids.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { Provider } from './provider.ts';
import { providerOf } from './providers/registry.ts';
import type { ProviderName } from './providers/registry.ts';
import { anyonesSource, countSources, deleteSource, insertSource, sourceOf, sources } from './queries.ts';
import type { SourceRow } from './queries.ts';

export const sourcesMax = 100;
const secretContext = 'inbound secret';
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The one answer to whatever is wrong about who posts. */
const unproved = (): ApiError =>
  new ApiError('unauthorized', 'The inbound source is unknown, or the signature is not its own.');

export type Sources = ReturnType<typeof createSources>;

/** Providers' accounts that may post, and the secrets by which they prove it. */
export function createSources({
  db,
  clock,
  ids,
  vault,
}: {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly vault: Vault;
}) {
  /** The sources behind callers that have yet to prove it. */
  const claimed = new WeakMap<Principal, SourceRow>();

  async function get(organizationId: OrganizationId, id: string): Promise<SourceRow> {
    const row = await sourceOf(db, organizationId, id);
    if (row === undefined) throw notFound('Inbound source');
    return row;
  }

  return {
    /** @returns the source, and its secret, which is never shown again. @throws ApiError `conflict` past `sourcesMax`. */
    async create(
      organizationId: OrganizationId,
      input: { readonly provider: ProviderName; readonly name: string },
    ): Promise<{ source: SourceRow; secret: string }> {
      const secret = randomBytes(32).toString('hex');
      const source: SourceRow = {
        id: ids.next(),
        organization_id: organizationId,
        ...input,
        secret_sealed: await vault.seal(db, organizationId, secret, secretContext),
        created_at: new Date(clock.now()),
      };
      if (!(await insertSource(db, source, sourcesMax)))
        throw new ApiError(
          'conflict',
          `An organization has at most ${sourcesMax} inbound sources. Delete one that is not needed.`,
        );
      return { source, secret };
    },

    /** The newest first. */
    async list(
      organizationId: OrganizationId,
      page: { limit: number; offset: number },
    ): Promise<{ sources: SourceRow[]; total: number }> {
      const [rows, total] = await Promise.all([
        sources(db, organizationId, page.limit, page.offset),
        countSources(db, organizationId),
      ]);
      return { sources: rows, total };
    },

    /** @throws ApiError `not_found` */
    get,

    /** From now on it cannot post; what it has posted stays. @throws ApiError `not_found` */
    async remove(organizationId: OrganizationId, id: string): Promise<void> {
      if (!(await deleteSource(db, organizationId, id))) throw notFound('Inbound source');
    },

    /** Who a source acts for, before it has proved anything. @throws ApiError `unauthorized` */
    async principalOf(id: unknown): Promise<Principal> {
      const source = typeof id === 'string' && uuid.test(id) ? await anyonesSource(db, id) : undefined;
      if (source === undefined) throw unproved();
      const organization = await organizationById(db, source.organization_id);
      const principal: Principal = {
        organizationId: organization.id,
        organizationSlug: organization.slug,
        plan: organization.plan,
        sandbox: organization.liveOrganizationId !== undefined,
        workspaceId: undefined,
        // It stands in the place of a key, in the log too.
        keyId: source.id as KeyId,
        scopes: ['inbound:write'],
      };
      claimed.set(principal, source);
      return principal;
    },

    /** The source that a caller without a key says to be, once it has proved it. @throws ApiError `unauthorized` */
    async prove(
      principal: Principal,
      raw: Buffer,
      headers: IncomingHttpHeaders,
    ): Promise<{ source: SourceRow; provider: Provider }> {
      const source = claimed.get(principal);
      const provider = source === undefined ? undefined : providerOf(source.provider);
      if (source === undefined || provider === undefined) throw unproved();
      const secret = await vault.open(db, source.organization_id, source.secret_sealed, secretContext);
      if (!provider.verify(raw, headers, secret.toString())) throw unproved();
      return { source, provider };
    },
  };
}
