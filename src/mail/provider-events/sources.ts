import { totalFor } from '../../http/listing.ts';
import type { Paged } from '../../http/listing.ts';
import { randomBytes } from 'node:crypto';
import { organizationById, workspaceFor } from '../../auth/index.ts';
import type { Organization } from '../../auth/index.ts';
import type { Database, Queryable } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { Unproved } from '../../http/route.ts';
import type { Clock } from '../../base/clock.ts';
import { ApiError, notFound } from '../../base/errors.ts';
import type { Ids, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Certificates } from './certificates.ts';
import type { Claim, Material, Provider } from './provider.ts';
import { providerOf, providers } from './providers/registry.ts';
import type { ProviderName } from './providers/registry.ts';
import {
  countSources,
  deleteSource,
  insertSource,
  lockSource,
  sealSource,
  sourceById,
  sourceOf,
  sources,
} from './queries.ts';
import type { Reach, SourceRow } from './queries.ts';

export const sourcesMax = 100;
const secretContext = 'inbound secret';
/** `<tag>_<id>`; URLs of earlier versions have the id alone. */
const sourcePattern = /^(?:([a-z2-7]{8})_)?([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i;

/** The same response for an unknown source, a bad or old signature and a used token, so that callers cannot find out which sources exist. */
export const unproved = (): ApiError =>
  new ApiError(
    'unauthorized',
    'The inbound source is unknown, or the request does not prove that it comes from this source.',
  );

/** A caller that claims to be a source. */
export interface UnprovedSource extends Unproved {
  readonly source: SourceRow;
}

/** A source with what proves its posts. */
export interface Source extends SourceRow {
  readonly material: Material;
  /** Until when the material before the last rotation is valid, too. */
  readonly previousUntil: Date | undefined;
}

/** What is sealed of a source. */
interface Proofs {
  readonly material: Material;
  readonly previous?: { readonly material: Material; readonly untilMs: number };
}

const randomSecret = (): string => randomBytes(32).toString('hex');

/** The caller that claims to be the source. */
const claiming = (source: SourceRow, organization: Organization): UnprovedSource => ({
  organizationId: organization.id,
  organizationSlug: organization.slug,
  plan: organization.plan,
  sandbox: organization.liveOrganizationId !== undefined,
  workspaceId: undefined,
  scopes: ['inbound:write'],
  sourceId: source.id,
  source,
});

export type Sources = ReturnType<typeof createSources>;

/** Providers' accounts that may post events, each with the secret that proves it. */
export function createSources({
  db,
  clock,
  ids,
  vault,
  certificates,
}: {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly vault: Vault;
  readonly certificates: Certificates;
}) {
  const seal = (on: Queryable, organizationId: OrganizationId, proofs: Proofs): Promise<Buffer> =>
    vault.seal(on, organizationId, JSON.stringify(proofs), secretContext);

  async function open(on: Queryable, row: SourceRow): Promise<Proofs> {
    const text = (await vault.open(on, row.organization_id, row.secret_sealed, secretContext)).toString();
    // Earlier versions stored the secret of a generic source as it is.
    return text.startsWith('{') ? (JSON.parse(text) as Proofs) : { material: { secret: text } };
  }

  async function opened(row: SourceRow): Promise<Source> {
    const { material, previous } = await open(db, row);
    const isValid = previous !== undefined && previous.untilMs > clock.now();
    return { ...row, material, previousUntil: isValid ? new Date(previous.untilMs) : undefined };
  }

  async function get(reach: Reach, id: string): Promise<Source> {
    const row = await sourceOf(db, reach, id);
    if (row === undefined) throw notFound('Inbound source');
    return opened(row);
  }

  return {
    /**
     * @param workspace the workspace that the call names
     * @returns the source, and the secret if one was made, which is not shown again.
     * @throws ApiError `conflict` past `sourcesMax`, `validation_failed`; `forbidden` for a workspace other than the caller's
     */
    create(
      reach: Reach,
      workspace: WorkspaceId | undefined,
      { provider, name, ...given }: Material & { readonly provider: ProviderName; readonly name: string },
    ): Promise<{ source: Source; secret: string | null }> {
      const { organizationId } = reach;
      const { material, shown } = providers[provider].material(given, randomSecret);
      return db.transaction(async (tx) => {
        const row: SourceRow = {
          id: ids.next(),
          organization_id: organizationId,
          workspace_id: await workspaceFor(tx, reach, workspace),
          provider,
          name,
          secret_sealed: await seal(tx, organizationId, { material }),
          created_at: new Date(clock.now()),
        };
        if (!(await insertSource(tx, row, sourcesMax)))
          throw new ApiError(
            'conflict',
            `A workspace, and an organization without its workspaces, has at most ${sourcesMax} inbound sources. Delete one that is no longer needed.`,
          );
        return { source: { ...row, material, previousUntil: undefined }, secret: shown };
      });
    },

    /**
     * Gives a source other material; the one before stays valid for some time. @returns as `create`
     * @throws ApiError `not_found`, `validation_failed`
     */
    rotate: (
      reach: Reach,
      id: string,
      overlapMs: number,
      given: Material,
    ): Promise<{ source: Source; secret: string | null }> =>
      db.transaction(async (tx) => {
        const row = await lockSource(tx, reach, id);
        const provider = row && providerOf(row.provider);
        if (row === undefined || provider === undefined) throw notFound('Inbound source');
        const before = await open(tx, row);
        const { material, shown } = provider.material(given, randomSecret);
        const untilMs = clock.now() + overlapMs;
        const sealed = await seal(tx, reach.organizationId, {
          material,
          ...(overlapMs === 0 ? {} : { previous: { material: before.material, untilMs } }),
        });
        await sealSource(tx, reach.organizationId, id, sealed);
        return {
          source: { ...row, material, previousUntil: overlapMs === 0 ? undefined : new Date(untilMs) },
          secret: shown,
        };
      }),

    /** Newest first. */
    async list(reach: Reach, page: Paged): Promise<{ sources: Source[]; total: number }> {
      const [rows, total] = await Promise.all([
        sources(db, reach, page),
        totalFor(page, () => countSources(db, reach, page)),
      ]);
      return { sources: await Promise.all(rows.map(opened)), total };
    },

    /** @throws ApiError `not_found` */
    get,

    /** The part of the organization's URLs that names it. */
    tagOf: async (organizationId: OrganizationId): Promise<string> => (await organizationById(db, organizationId)).tag,

    /** The source cannot post any more; the events it posted stay. @throws ApiError `not_found` */
    async remove(reach: Reach, id: string): Promise<void> {
      if (!(await deleteSource(db, reach, id))) throw notFound('Inbound source');
    },

    /** The source that a URL names, before it has proved anything. @throws ApiError `unauthorized` */
    async identify(named: unknown): Promise<UnprovedSource> {
      const [, tag, id] = (typeof named === 'string' && sourcePattern.exec(named)) || [];
      const source = id === undefined ? undefined : await sourceById(db, id);
      if (source === undefined) throw unproved();
      const organization = await organizationById(db, source.organization_id);
      if (tag !== undefined && tag !== organization.tag) throw unproved();
      return claiming(source, organization);
    },

    /**
     * Checks that the source sent the post.
     * @returns its provider, and the material that proved it. `isOld`: the signature is right, but too old for anything but a repeat.
     * @throws ApiError `unauthorized`; `unavailable` if a certificate cannot be fetched
     */
    async verify(
      row: SourceRow,
      claim: Pick<Claim, 'raw' | 'body' | 'headers' | 'token'>,
    ): Promise<{ readonly provider: Provider; readonly material: Material; readonly isOld: boolean }> {
      const provider = providerOf(row.provider);
      if (provider === undefined) throw unproved();
      const { material, previous } = await open(db, row);
      const nowMs = clock.now();
      const valid = [material, ...(previous !== undefined && previous.untilMs > nowMs ? [previous.material] : [])];
      const certificateKey: Claim['certificateKey'] = (url) => certificates.keyOf(url, row.organization_id);
      for (const at of [nowMs, null])
        for (const each of valid)
          if (await provider.verify({ ...claim, nowMs: at, certificateKey }, each))
            return { provider, material: each, isOld: at === null };
      throw unproved();
    },
  };
}
