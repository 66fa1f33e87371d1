import {
  authorizationCodeGrantRequest,
  AuthorizationResponseError,
  customFetch,
  getValidatedIdTokenClaims,
  processAuthorizationCodeResponse,
  processRefreshTokenResponse,
  refreshTokenGrantRequest,
  ResponseBodyError,
  validateAuthResponse,
} from 'oauth4webapi';
import type { AuthorizationServer, TokenEndpointResponse } from 'oauth4webapi';
import type { Clock } from '../../base/clock.ts';
import { cut } from '../../base/cut.ts';
import { fetchOf, FetchError } from '../../base/fetch-checked.ts';
import type { FetchOptions } from '../../base/fetch-checked.ts';
import { isUuid } from '../../base/ids.ts';
import type { Refresh, Refreshed, Tokens } from '../mailboxes/index.ts';
import { providerOf, unconfigured } from './providers.ts';
import type { OAuthProvider, ProviderName, ProvidersOptions } from './providers.ts';

/** How token endpoints are reached. */
export type TokenNetwork = Pick<FetchOptions, 'policy' | 'resolve' | 'ca'>;

/** Shorter than the time for which the mailbox's row may be locked. */
const timeoutMs = 8_000;
const answerBytesMax = 64 * 1024;
const expiresInDefault = 3_600;
/** After a failure of its token endpoint, a provider is left alone: each refresh holds a connection to the database while it waits. */
const restMs = 15_000;

/** Errors that only a person can resolve (RFC 6749 §5.2; OpenID Connect Core §3.1.2.6). */
const withdrawn = ['invalid_grant', 'interaction_required', 'consent_required', 'login_required'];

const fetching = (network: TokenNetwork, clock: Clock) => ({
  [customFetch]: fetchOf({ ...network, clock, timeoutMs, bytesMax: answerBytesMax }),
});

/** What a provider said of the account that was authorized. */
export interface Authorized {
  readonly tokens: Tokens;
  /** Addresses of the account, as the provider writes them. */
  readonly addresses: readonly string[];
}

/** An authorization that did not succeed. The message is a sentence for the person who authorized. */
export class AuthorizationError extends Error {
  override readonly name = 'AuthorizationError';
}

/**
 * Exchanges an authorization code for tokens, and checks the id token: issuer, audience and times (OpenID Connect Core §3.1.3.7). Its
 * signature is not checked, because it comes directly from the provider over TLS.
 * @param options `parameters` as the callback received them; `state` as it was given to the provider
 * @throws AuthorizationError
 */
export async function exchange(
  provider: OAuthProvider,
  options: {
    readonly network: TokenNetwork;
    readonly clock: Clock;
    readonly parameters: URLSearchParams;
    readonly state: string;
    readonly redirectUri: string;
    readonly verifier: string;
  },
): Promise<Authorized> {
  const { network, clock, parameters, state, redirectUri, verifier } = options;
  const { server, client, authentication, label, addressClaims } = provider;
  try {
    const response = await authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      validateAuthResponse(server, client, withoutTenantIssuer(server, parameters), state),
      redirectUri,
      verifier,
      fetching(network, clock),
    );
    const issuer = await ofAccount(server, response);
    const answer = await processAuthorizationCodeResponse(issuer, client, response, { requireIdToken: true });
    const claims = getValidatedIdTokenClaims(answer);
    if (claims?.['email_verified'] === false) throw new AuthorizationError(`${label} has not verified the address.`);
    const tokens = tokensOf(answer, undefined, clock.now());
    if (tokens === undefined)
      throw new AuthorizationError(`${label} gave no refresh token, so the mailbox could be used for an hour only.`);
    return {
      tokens,
      addresses: addressClaims.flatMap((name) => {
        const value = claims?.[name];
        return typeof value === 'string' ? [value] : [];
      }),
    };
  } catch (error) {
    if (error instanceof AuthorizationError) throw error;
    throw new AuthorizationError(sentenceOf(error, label), { cause: error });
  }
}

/** Renews access tokens. It never throws and ends within 10 s. */
export function createRefresh(options: ProvidersOptions & { readonly network: TokenNetwork }): Refresh {
  const { network, clock } = options;
  const resting = new Map<ProviderName, { readonly untilMs: number; readonly reason: string }>();

  return async (name, refreshToken) => {
    const provider = providerOf(name, options);
    if (provider === undefined) return { kind: 'temporary', reason: unconfigured(name) };
    const rest = resting.get(name);
    if (rest !== undefined && clock.now() < rest.untilMs) return { kind: 'temporary', reason: rest.reason };
    const { server, client, authentication, label } = provider;
    try {
      const response = await refreshTokenGrantRequest(
        server,
        client,
        authentication,
        refreshToken,
        fetching(network, clock),
      );
      const answer = await processRefreshTokenResponse(await ofAccount(server, response), client, response);
      resting.delete(name);
      const tokens = tokensOf(answer, refreshToken, clock.now());
      return tokens === undefined
        ? { kind: 'temporary', reason: `${label} gave no access token.` }
        : { kind: 'tokens', tokens };
    } catch (error) {
      const refused = refusalOf(error, provider);
      if (refused !== undefined) return refused;
      const reason = sentenceOf(error, label);
      resting.set(name, { untilMs: clock.now() + restMs, reason });
      return { kind: 'temporary', reason };
    }
  };
}

/** An answer of the token endpoint about this client or this grant, as opposed to an endpoint that fails. */
function refusalOf(error: unknown, { label, name }: OAuthProvider): Refreshed | undefined {
  if (!(error instanceof ResponseBodyError)) return undefined;
  return withdrawn.includes(error.error)
    ? {
        kind: 'revoked',
        reason: `${label} no longer accepts the authorization (${cut(error.error, 100)}). Authorize the mailbox again: GET /v1/oauth/${name}/start with its mailbox_id.`,
      }
    : { kind: 'temporary', reason: sentenceOf(error, label) };
}

/** Shows nothing that the provider wrote but its error code: the texts of some name internals of the operator's client. */
function sentenceOf(error: unknown, label: string): string {
  if (error instanceof AuthorizationResponseError)
    return error.error === 'access_denied'
      ? `The authorization was declined at ${label}.`
      : `${label} refused the authorization (${cut(error.error, 100)}).`;
  if (error instanceof FetchError) return `${label}'s token endpoint did not answer: ${error.message}`;
  if (error instanceof ResponseBodyError)
    return ['invalid_client', 'unauthorized_client', 'redirect_uri_mismatch', 'invalid_scope'].includes(error.error)
      ? `${label} refused this installation's OAuth client (${error.error}). The operator must check its id, secret, redirect URI and scopes.`
      : `${label} refused the request (${cut(error.error, 100)}).`;
  return `${label} gave an answer that is not valid.`;
}

function tokensOf(
  { access_token: accessToken, refresh_token: given, expires_in: expiresIn = expiresInDefault }: TokenEndpointResponse,
  previous: string | undefined,
  nowMs: number,
): Tokens | undefined {
  const refreshToken = given ?? previous;
  return refreshToken === undefined
    ? undefined
    : { accessToken, refreshToken, expiresAtMs: Math.floor(nowMs + Math.min(expiresIn, 86_400) * 1_000) };
}

/** The issuer that the callback names (RFC 9207) cannot be compared before the tenant is known; the one of the id token is. */
function withoutTenantIssuer({ issuer }: AuthorizationServer, parameters: URLSearchParams): URLSearchParams {
  const kept = new URLSearchParams(parameters);
  if (issuer.includes('{tenantid}')) kept.delete('iss');
  return kept;
}

/** The server with the issuer for the account's tenant, which only the id token names (claim `tid`). */
async function ofAccount(server: AuthorizationServer, response: Response): Promise<AuthorizationServer> {
  if (!server.issuer.includes('{tenantid}')) return server;
  const tenant = tenantIn(await response.clone().text());
  return tenant === undefined ? server : { ...server, issuer: server.issuer.replace('{tenantid}', tenant) };
}

function tenantIn(answer: string): string | undefined {
  try {
    const { id_token: token } = JSON.parse(answer) as { id_token?: unknown };
    const [, payload = ''] = String(token).split('.');
    const { tid } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { tid?: unknown };
    return typeof tid === 'string' && isUuid(tid) ? tid : undefined;
  } catch {
    return undefined;
  }
}
