import type { OrganizationId } from '../../base/ids.ts';
import { isDatabaseAway, sqlState } from '../../db/pool.ts';
import type { Queryable } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { CheckedTls } from './client-tls.ts';
import type { CheckedOAuth2 } from './oauth2.ts';
import type { EndpointRow } from './queries.ts';
import type { RequestHeaders } from './request-headers.ts';
import { prefixOf } from './secrets.ts';

const secretContext = 'endpoint secret';
const headersContext = 'endpoint headers';
const tlsContext = 'endpoint tls';
const oauth2Context = 'endpoint oauth2';

export type SealedValues = ReturnType<typeof createSealedValues>;

/** Seals and opens an endpoint's secret, request headers, client certificate and OAuth 2.0 client. */
export function createSealedValues(vault: Vault) {
  /** Undefined for a value that cannot be decrypted: it can only be replaced. */
  async function opened(on: Queryable, row: EndpointRow, sealed: Buffer, context: string): Promise<string | undefined> {
    try {
      return (await vault.open(on, row.organization_id, sealed, context)).toString();
    } catch (error) {
      if (isDatabaseAway(error) || sqlState(error) !== undefined) throw error;
      return undefined;
    }
  }

  return {
    sealSecret: async (
      on: Queryable,
      organizationId: OrganizationId,
      secret: string,
    ): Promise<Pick<EndpointRow, 'secret_sealed' | 'secret_prefix'>> => ({
      secret_sealed: await vault.seal(on, organizationId, secret, secretContext),
      secret_prefix: prefixOf(secret),
    }),

    async sealHeaders(
      on: Queryable,
      organizationId: OrganizationId,
      headers: RequestHeaders,
    ): Promise<Pick<EndpointRow, 'headers_sealed' | 'header_names'>> {
      const names = Object.keys(headers);
      const text = JSON.stringify(headers);
      return {
        header_names: names,
        headers_sealed: names.length === 0 ? null : await vault.seal(on, organizationId, text, headersContext),
      };
    },

    async sealTls(
      on: Queryable,
      organizationId: OrganizationId,
      checked: CheckedTls | null,
    ): Promise<Pick<EndpointRow, 'tls' | 'tls_sealed' | 'tls_expires_at'>> {
      if (checked === null) return { tls: null, tls_sealed: null, tls_expires_at: null };
      const { identity, shown, expiresAt } = checked;
      const sealed = await vault.seal(on, organizationId, JSON.stringify(identity), tlsContext);
      return { tls: shown, tls_sealed: sealed, tls_expires_at: expiresAt ?? null };
    },

    /** Without a secret, the stored one stays. */
    async sealOAuth2(
      on: Queryable,
      organizationId: OrganizationId,
      checked: CheckedOAuth2 | null,
    ): Promise<Pick<EndpointRow, 'oauth_client'> & Partial<Pick<EndpointRow, 'oauth_secret_sealed'>>> {
      if (checked === null) return { oauth_client: null, oauth_secret_sealed: null };
      const { stored, secret } = checked;
      return {
        oauth_client: stored,
        ...(secret === undefined
          ? {}
          : { oauth_secret_sealed: await vault.seal(on, organizationId, secret, oauth2Context) }),
      };
    },

    openSecret: (on: Queryable, row: EndpointRow): Promise<string | undefined> =>
      opened(on, row, row.secret_sealed, secretContext),

    /** Empty if none are stored, or they cannot be decrypted. */
    async openHeaders(on: Queryable, row: EndpointRow): Promise<RequestHeaders> {
      const { headers_sealed: sealed } = row;
      const text = sealed === null ? undefined : await opened(on, row, sealed, headersContext);
      return text === undefined ? {} : (JSON.parse(text) as RequestHeaders);
    },
  };
}
