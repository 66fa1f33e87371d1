import { invalid } from '../../base/errors.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import { checkTls, isChecked } from './client-tls.ts';
import type { CheckedTls, TlsInput } from './client-tls.ts';
import { checkedOAuth2 } from './oauth2.ts';
import type { CheckedOAuth2, OAuth2Input } from './oauth2.ts';
import type { EndpointRow } from './queries.ts';
import { mask } from './request-headers.ts';
import type { SealedValues } from './sealed-values.ts';

/** By what an endpoint identifies itself to its receiver, apart from the signature and its headers. */
export interface Credentials {
  readonly tls: TlsInput | null;
  readonly oauth2: OAuth2Input | null;
}

type Given = { readonly [Name in keyof Credentials]?: Credentials[Name] | undefined };

/** Undefined: not given, so what is stored stays. */
export interface CheckedCredentials {
  readonly tls: CheckedTls | null | undefined;
  readonly oauth2: CheckedOAuth2 | null | undefined;
}

/** The endpoint as it will be, without its credentials. */
export interface Target {
  readonly url: string;
  readonly headerNames: readonly string[];
}

type Stored = Pick<EndpointRow, 'tls' | 'oauth_client' | 'target_url' | 'transport'>;
const nothing: Stored = { tls: null, oauth_client: null, target_url: '', transport: 'push' };

/**
 * Checks given credentials without the network.
 * @param stored the endpoint before the change: its credentials are for the origin of its URL
 * @throws ApiError `validation_failed`
 */
export function checkCredentials(
  { tls, oauth2 }: Given,
  target: Target,
  nowMs: number,
  stored: Stored = nothing,
): CheckedCredentials {
  const checkedTls = tls === undefined || tls === null ? tls : checkTls(tls, nowMs);
  const checked = oauth2 === undefined || oauth2 === null ? oauth2 : checkedOAuth2(oauth2);
  const problems = {
    ...(checkedTls === undefined || checkedTls === null || isChecked(checkedTls) ? {} : checkedTls),
    ...tlsProblems(tls, target, stored),
    ...oauth2Problems(checked, target, stored),
  };
  if (Object.keys(problems).length > 0) throw invalid(problems);
  return { tls: checkedTls as CheckedTls | null | undefined, oauth2: checked };
}

function tlsProblems(tls: Given['tls'], target: Target, stored: Stored): ErrorDetails {
  if (stored.transport === 'pull') return tls === undefined ? {} : { tls: forPull };
  const has = tls === undefined ? stored.tls !== null : tls !== null;
  if (has && !/^https:/i.test(target.url)) return { tls: 'needs a target_url that starts with https://' };
  return tls === undefined && has && moves(stored, target) ? { tls: sendAgain(stored) } : {};
}

function oauth2Problems(oauth2: CheckedCredentials['oauth2'], target: Target, stored: Stored): ErrorDetails {
  if (stored.transport === 'pull') return oauth2 === undefined ? {} : { oauth2: forPull };
  if (oauth2 === null || (oauth2 === undefined && stored.oauth_client === null)) return {};
  if (target.headerNames.includes('authorization'))
    return { 'headers.authorization': 'cannot be combined with oauth2, which sets this header' };
  if (oauth2 === undefined) return moves(stored, target) ? { oauth2: sendAgain(stored) } : {};
  if (oauth2.secret !== undefined) return {};
  if (stored.oauth_client === null) return { 'oauth2.client_secret': `has no stored value for ${mask} to keep` };
  // A stored secret is sent only to the server that it is for, and a token that it gives only to the receiver that it is for.
  const { token_url: before } = stored.oauth_client;
  return moves(stored, target) || originOf(before) !== originOf(oauth2.stored.token_url)
    ? {
        'oauth2.client_secret': `must be sent again when token_url or target_url changes to another origin: the stored one is for ${originOf(before)} and ${originOf(stored.target_url)}`,
      }
    : {};
}

const forPull = 'cannot be set: deliveries of this endpoint are fetched';

const moves = ({ target_url: before }: Stored, { url }: Target): boolean => originOf(before) !== originOf(url);

const sendAgain = ({ target_url: url }: Stored): string =>
  `must be sent again when target_url changes to another origin: what is stored is for ${originOf(url)}. null removes it`;

/** The origin of a URL, or the text itself if it is not one. */
export const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : url);

export const noCredentials = {
  tls: null,
  tls_sealed: null,
  tls_expires_at: null,
  oauth_client: null,
  oauth_secret_sealed: null,
};

/** The columns of what was given. */
export const credentialColumns = async (
  sealed: SealedValues,
  on: Queryable,
  organizationId: OrganizationId,
  { tls, oauth2 }: CheckedCredentials,
): Promise<Partial<EndpointRow>> => ({
  ...(tls === undefined ? {} : await sealed.sealTls(on, organizationId, tls)),
  ...(oauth2 === undefined ? {} : await sealed.sealOAuth2(on, organizationId, oauth2)),
});

/** Of headers. */
export const resend = ({ target_url: url }: Stored): string =>
  `must be sent again, with values, when target_url changes to another origin: the stored values are for ${originOf(url)}. {} removes them`;
