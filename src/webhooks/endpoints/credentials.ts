import { invalid } from '../../base/errors.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import { checkTls, isChecked } from './client-tls.ts';
import type { CheckedTls, TlsInput } from './client-tls.ts';
import type { EndpointRow } from './queries.ts';
import type { SealedValues } from './sealed-values.ts';
import { originOf } from './settings.ts';

/** By what an endpoint identifies itself to its receiver, apart from the signature and its headers. */
export interface Credentials {
  readonly tls: TlsInput | null;
}

/** Undefined: not given, so what is stored stays. */
interface CheckedCredentials {
  readonly tls: CheckedTls | null | undefined;
}

/**
 * Checks given credentials without the network.
 * @param targetUrl the endpoint's, after the change
 * @param stored the endpoint before the change: its credentials are for the origin of its URL
 * @throws ApiError `validation_failed`
 */
export function checkCredentials(
  { tls }: { readonly [Name in keyof Credentials]?: Credentials[Name] | undefined },
  targetUrl: string,
  nowMs: number,
  stored?: Pick<EndpointRow, 'tls' | 'target_url' | 'transport'>,
): CheckedCredentials {
  if (stored?.transport === 'pull' && tls !== undefined)
    throw invalid({ tls: 'cannot be set: deliveries of this endpoint are fetched' });
  const hasTls = tls === undefined ? (stored?.tls ?? null) !== null : tls !== null;
  if (hasTls && !/^https:/i.test(targetUrl)) throw invalid({ tls: 'needs a target_url that starts with https://' });
  if (tls === undefined && (stored?.tls ?? null) !== null && stored !== undefined && moves(stored, targetUrl))
    throw invalid({
      tls: `must be sent again when target_url changes to another origin: what is stored is for ${originOf(stored.target_url)}. null removes it`,
    });
  const checked = tls === undefined || tls === null ? tls : checkTls(tls, nowMs);
  if (checked !== undefined && checked !== null && !isChecked(checked)) throw invalid(checked);
  return { tls: checked };
}

const moves = ({ target_url: before }: Pick<EndpointRow, 'target_url'>, after: string): boolean =>
  originOf(before) !== originOf(after);

/** The columns of what was given. */
export const credentialColumns = async (
  sealed: SealedValues,
  on: Queryable,
  organizationId: OrganizationId,
  { tls }: CheckedCredentials,
): Promise<Partial<Pick<EndpointRow, 'tls' | 'tls_sealed' | 'tls_expires_at'>>> =>
  tls === undefined ? {} : sealed.sealTls(on, organizationId, tls);
