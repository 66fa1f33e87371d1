import { hash, randomBytes } from 'node:crypto';
import { createKey, organizationById, revokeKey, workspaceById } from '../auth/index.ts';
import { ApiError, notFound } from '../base/errors.ts';
import type { WorkspaceId } from '../base/ids.ts';
import type { Principal } from '../http/route.ts';
import type { Deps } from '../ops/index.ts';
import * as queries from './queries.ts';
import type { BrandRow } from './queries.ts';

/** What a session of the portal may do in its workspace. */
const portalScopes: readonly string[] = ['webhooks:read', 'webhooks:write', 'events:read'];

const hashOf = (token: string): Buffer => hash('sha256', token, 'buffer');

/** What the page of the portal shows. */
interface Shown extends BrandRow {
  /** Null: the caller is not bound to one. */
  readonly workspace: string | null;
  readonly expiresAt: Date | null;
}

export type Portal = ReturnType<typeof portalOf>;

export type PortalOptions = Deps & { readonly publicUrl: () => string };

/** The customer portal: its links, its sessions and its looks. */
export function portalOf(options: PortalOptions) {
  const { db, clock, publicUrl } = options;

  /** @throws ApiError `not_found`, also for a key bound to another workspace */
  async function reached({ organizationId, workspaceId }: Principal, id: WorkspaceId): Promise<void> {
    if (workspaceId !== undefined && workspaceId !== id) throw notFound('Workspace');
    await workspaceById(db, organizationId, id);
  }

  const brandOf = async ({ organizationId, organizationSlug }: Principal): Promise<BrandRow> =>
    (await queries.brandOf(db, organizationId)) ?? { name: organizationSlug, color: '#1f2937', logo: null };

  return {
    /** Creates a link that works once. @throws ApiError `not_found` */
    async createLink(
      principal: Principal,
      workspace: WorkspaceId,
      { linkSeconds, sessionSeconds }: { readonly linkSeconds: number; readonly sessionSeconds: number },
    ): Promise<{ url: string; expiresAt: Date }> {
      await reached(principal, workspace);
      const token = randomBytes(32).toString('base64url');
      const expiresAt = new Date(clock.now() + linkSeconds * 1_000);
      await queries.insertLink(db, hashOf(token), {
        organization_id: principal.organizationId,
        workspace_id: workspace,
        created_by: principal.keyId,
        session_seconds: sessionSeconds,
        expires_at: expiresAt,
      });
      return { url: `${publicUrl()}/portal#token=${token}`, expiresAt };
    },

    /** Opens a session with a link. @throws ApiError `unauthorized` */
    async open(token: string): Promise<{ key: string; expiresAt: Date }> {
      const link = await queries.takeLink(db, hashOf(token), new Date(clock.now()));
      if (link === undefined)
        throw new ApiError(
          'unauthorized',
          'The link is unknown, has expired, or was used already. Ask for another one.',
        );
      const expiresAt = new Date(clock.now() + link.session_seconds * 1_000);
      const { key } = await createKey(options, await organizationById(db, link.organization_id), {
        name: 'Customer portal',
        scopes: portalScopes,
        workspaceId: link.workspace_id,
        expiresAt,
        createdBy: link.created_by,
        purpose: 'portal',
      });
      return { key, expiresAt };
    },

    /** Ends the links and sessions of a workspace. @throws ApiError `not_found` */
    async closeAll(principal: Principal, workspace: WorkspaceId): Promise<void> {
      await reached(principal, workspace);
      await queries.deleteLinksOf(db, principal.organizationId, workspace);
      const open = await queries.sessionsOf(db, principal.organizationId, workspace, new Date(clock.now()));
      for (const { id } of open) await revokeKey(options, id);
    },

    async shown(principal: Principal): Promise<Shown> {
      const { organizationId, workspaceId, keyExpiresAt } = principal;
      const brand = await brandOf(principal);
      const workspace = workspaceId === undefined ? null : (await workspaceById(db, organizationId, workspaceId)).name;
      return { ...brand, workspace, expiresAt: keyExpiresAt === undefined ? null : new Date(keyExpiresAt) };
    },

    brandOf,
    async setBrand(principal: Principal, brand: BrandRow): Promise<BrandRow> {
      await queries.setBrand(db, principal.organizationId, brand);
      return brand;
    },
  };
}
