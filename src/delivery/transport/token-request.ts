import {
  allowInsecureRequests,
  ClientSecretBasic,
  ClientSecretPost,
  clientCredentialsGrantRequest,
  customFetch,
  processClientCredentialsResponse,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'oauth4webapi';
import type { Clock } from '../../base/clock.ts';
import { ConnectError } from '../../base/connect-checked.ts';
import { cut } from '../../base/cut.ts';
import type { Refusal } from '../../base/egress.ts';
import { fetchOf, FetchError } from '../../base/fetch-checked.ts';
import type { FetchOptions } from '../../base/fetch-checked.ts';
import type { ClientCredentials, Granted, TokenRequested } from '../access-tokens.ts';

export interface TokenRequestOptions extends Pick<FetchOptions, 'policy' | 'resolve' | 'ca'> {
  readonly clock: Clock;
  /** Called when the egress guard refused the connection; the refusal's detail is for the operator. */
  readonly onRefused: (host: string, refusal: Refusal) => void;
  /** Called when a request has ended. */
  readonly onRequested: (requested: TokenRequested) => void;
}

const timeoutMs = 10_000;
const answerBytesMax = 64 * 1024;
const tokenCharactersMax = 8_192;

/**
 * Requests access tokens (RFC 6749 §4.4) from the token servers of endpoints, through the egress guard. Redirects are not followed.
 * @returns a function that never rejects and ends within 10 s
 */
export function createTokenRequest(options: TokenRequestOptions): (credentials: ClientCredentials) => Promise<Granted> {
  const { clock, onRequested } = options;
  return async (credentials) => {
    const began = clock.now();
    const granted = await requestToken(options, credentials);
    onRequested({ credentials, granted, durationMs: Math.max(0, clock.now() - began) });
    return granted;
  };
}

async function requestToken(
  { policy, resolve, ca, clock, onRefused }: TokenRequestOptions,
  credentials: ClientCredentials,
): Promise<Granted> {
  const { organizationId: organization, tokenUrl, clientId, clientSecret, scope, audience } = credentials;
  const { host, origin } = new URL(tokenUrl);
  const server = { issuer: origin, token_endpoint: tokenUrl };
  const client = { client_id: clientId };
  const authorities = [ca, credentials.ca].filter((each) => each !== undefined).join('\n');
  let status: number | undefined;
  try {
    const response = await clientCredentialsGrantRequest(
      server,
      client,
      credentials.authentication === 'basic' ? ClientSecretBasic(clientSecret) : ClientSecretPost(clientSecret),
      { ...(scope === undefined ? {} : { scope }), ...(audience === undefined ? {} : { audience }) },
      {
        // oxlint-disable-next-line typescript/no-deprecated -- the guard allows http only where the operator does
        [allowInsecureRequests]: true,
        [customFetch]: fetchOf({
          policy,
          resolve,
          clock,
          organization,
          timeoutMs,
          bytesMax: answerBytesMax,
          ca: authorities === '' ? undefined : authorities,
        }),
      },
    );
    ({ status } = response);
    const answer = await processClientCredentialsResponse(server, client, response);
    const { access_token: token, token_type: type, expires_in: expiresInSeconds } = answer;
    if (type !== 'bearer') return without('invalid', `${host} gave a token of type ${cut(type, 50)}, not bearer.`);
    if (token.length > tokenCharactersMax || !/^[!-~]+$/.test(token))
      return without('invalid', `${host} gave a token that cannot be sent in a header.`);
    return { kind: 'token', token, expiresInSeconds };
  } catch (error) {
    if (error instanceof FetchError && error.cause instanceof ConnectError && error.reason === 'egress')
      onRefused(error.cause.host, error.cause.refusal);
    return whyNot(error, host, status);
  }
}

const without = (kind: 'unreachable' | 'refused' | 'invalid', sentence: string): Granted => ({
  kind,
  message: `No access token: ${sentence}`,
});

function whyNot(error: unknown, host: string, status: number | undefined): Granted {
  if (error instanceof FetchError) {
    const why =
      error.reason === 'egress'
        ? `${error.message.replace(/\.$/, '')}; the sending server does not allow that.`
        : error.message;
    return without('unreachable', why);
  }
  if (error instanceof ResponseBodyError)
    return without('refused', `${host} refused the client (${error.status}, ${cut(error.error, 100)}).`);
  if (error instanceof WWWAuthenticateChallengeError)
    return without('refused', `${host} refused the client (${error.status}).`);
  return without(
    'invalid',
    status === undefined || status === 200
      ? `${host} gave an answer without a valid token.`
      : `${host} answered ${status}.`,
  );
}
