import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { organizationById } from '../../auth/index.ts';
import type { Database } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { Unproved } from '../../http/route.ts';
import type { Clock } from '../../base/clock.ts';
import { ApiError, notFound } from '../../base/errors.ts';
import type { Ids, OrganizationId } from '../../base/ids.ts';
import type { Provider } from './provider.ts';
import { providerOf } from './providers/registry.ts';
import type { ProviderName } from './providers/registry.ts';
import { sourceById, countSources, deleteSource, insertSource, sourceOf, sources } from './queries.ts';
import type { SourceRow } from './queries.ts';

export const sourcesMax = 100;
const secretContext = 'inbound secret';
/** `<tag>_<id>`; URLs of earlier versions have the id alone. */
const sourcePattern = /^(?:([a-z2-7]{8})_)?([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i;

/** The same response for an unknown source and a bad signature, so that callers cannot find out which sources exist. */
const unproved = (): ApiError =>
  new ApiError('unauthorized', 'The inbound source is unknown, or the signature does not match its secret.');

/** A caller that claims to be a source. */
export interface UnprovedSource extends Unproved {
  readonly source: SourceRow;
}

export type Sources = ReturnType<typeof createSources>;

/** Providers' accounts that may post events, each with the secret that proves it. */
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
  async function get(organizationId: OrganizationId, id: string): Promise<SourceRow> {
    const row = await sourceOf(db, organizationId, id);
    if (row === undefined) throw notFound('Inbound source');
    return row;
  }

  return {
    /** @returns the source and its secret, which is not shown again. @throws ApiError `conflict` past `sourcesMax`. */
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
          `An organization has at most ${sourcesMax} inbound sources. Delete one that is no longer needed.`,
        );
      return { source, secret };
    },

    /** Newest first. */
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

    /** The part of the organization's URLs that names it. */
    tagOf: async (organizationId: OrganizationId): Promise<string> => (await organizationById(db, organizationId)).tag,

    /** The source cannot post any more; the events it posted stay. @throws ApiError `not_found` */
    async remove(organizationId: OrganizationId, id: string): Promise<void> {
      if (!(await deleteSource(db, organizationId, id))) throw notFound('Inbound source');
    },

    /** The source that a URL names, before it has proved anything. @throws ApiError `unauthorized` */
    async identify(named: unknown): Promise<UnprovedSource> {
      const [, tag, id] = (typeof named === 'string' && sourcePattern.exec(named)) || [];
      const source = id === undefined ? undefined : await sourceById(db, id);
      if (source === undefined) throw unproved();
      const organization = await organizationById(db, source.organization_id);
      if (tag !== undefined && tag !== organization.tag) throw unproved();
      return {
        organizationId: organization.id,
        organizationSlug: organization.slug,
        plan: organization.plan,
        sandbox: organization.liveOrganizationId !== undefined,
        workspaceId: undefined,
        scopes: ['inbound:write'],
        sourceId: source.id,
        source,
      };
    },

    /** Checks that the source signed the body. @returns its provider. @throws ApiError `unauthorized` */
    async verify(source: SourceRow, raw: Buffer, headers: IncomingHttpHeaders): Promise<Provider> {
      const provider = providerOf(source.provider);
      if (provider === undefined) throw unproved();
      const secret = await vault.open(db, source.organization_id, source.secret_sealed, secretContext);
      if (!provider.verify(raw, headers, secret.toString())) throw unproved();
      return provider;
    },
  };
}
