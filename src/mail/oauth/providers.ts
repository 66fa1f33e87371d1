import { ClientSecretPost, clockSkew, clockTolerance } from 'oauth4webapi';
import type { AuthorizationServer, Client, ClientAuth } from 'oauth4webapi';
import type { Clock } from '../../base/clock.ts';
import { ApiError } from '../../base/errors.ts';
import { googlePreset, microsoftPreset } from '../autoconfig/index.ts';
import type { Preset } from '../autoconfig/index.ts';

export const providerNames = ['google', 'microsoft'] as const;
export type ProviderName = (typeof providerNames)[number];

/** The operator's OAuth clients. */
export interface OAuthClients {
  readonly googleClientId?: string | undefined;
  readonly googleClientSecret?: string | undefined;
  readonly microsoftClientId?: string | undefined;
  readonly microsoftClientSecret?: string | undefined;
  readonly microsoftTenant: string;
}

/** Where a provider is reached. `{tenantid}` in the issuer: the tenant of the account (learn.microsoft.com, "ID token claims"). */
export interface Endpoints {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
}

/** Replaces the addresses of providers; for tests. */
export type EndpointOverrides = Partial<
  Readonly<Record<ProviderName, Endpoints & { readonly servers?: Pick<Preset, 'smtp' | 'imap'> }>>
>;

/** A provider with the operator's client. */
export interface OAuthProvider {
  readonly name: ProviderName;
  readonly label: string;
  readonly server: AuthorizationServer & { readonly authorization_endpoint: string };
  readonly client: Client;
  readonly authentication: ClientAuth;
  readonly scope: string;
  /** Further parameters of the authorization URL. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The servers of its mailboxes. */
  readonly servers: Pick<Preset, 'smtp' | 'imap'>;
  /** Claims of the id token that can be the mailbox's address. */
  readonly addressClaims: readonly string[];
}

interface Definition extends Pick<OAuthProvider, 'label' | 'scope' | 'parameters' | 'addressClaims'> {
  readonly preset: Preset;
  readonly endpoints: (tenant: string) => Endpoints;
  readonly client: (clients: OAuthClients) => { readonly id: string | undefined; readonly secret: string | undefined };
  /** The settings that configure it. */
  readonly variables: string;
}

const tenantId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

const definitions: Readonly<Record<ProviderName, Definition>> = {
  google: {
    label: 'Google',
    // developers.google.com/identity/openid-connect and developers.google.com/workspace/gmail/imap/xoauth2-protocol
    endpoints: () => ({
      issuer: 'https://accounts.google.com',
      authorizationEndpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
      tokenEndpoint: 'https://oauth2.googleapis.com/token',
    }),
    scope: 'openid email https://mail.google.com/',
    // Without both, Google gives a refresh token only for the first authorization.
    parameters: { access_type: 'offline', prompt: 'consent' },
    preset: googlePreset,
    addressClaims: ['email'],
    client: ({ googleClientId: id, googleClientSecret: secret }) => ({ id, secret }),
    variables: 'OUTRIDER_GOOGLE_CLIENT_ID and OUTRIDER_GOOGLE_CLIENT_SECRET',
  },
  microsoft: {
    label: 'Microsoft',
    // learn.microsoft.com, "Authenticate an IMAP, POP or SMTP connection using OAuth"
    endpoints: (tenant) => ({
      issuer: `https://login.microsoftonline.com/${tenantId.test(tenant) ? tenant : '{tenantid}'}/v2.0`,
      authorizationEndpoint: `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/authorize`,
      tokenEndpoint: `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`,
    }),
    scope:
      'openid email profile offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send',
    parameters: { prompt: 'select_account' },
    preset: microsoftPreset,
    addressClaims: ['email', 'preferred_username'],
    client: ({ microsoftClientId: id, microsoftClientSecret: secret }) => ({ id, secret }),
    variables: 'OUTRIDER_MICROSOFT_CLIENT_ID and OUTRIDER_MICROSOFT_CLIENT_SECRET',
  },
};

export interface ProvidersOptions {
  readonly clients: OAuthClients;
  readonly clock: Clock;
  readonly endpoints?: EndpointOverrides | undefined;
}

/** The servers of the provider's mailboxes. */
export const presetOf = (name: ProviderName): Preset => definitions[name].preset;

/** The error for a provider without a client. */
export const unconfigured = (name: ProviderName): string => {
  const { label, variables } = definitions[name];
  return `${label} mailboxes cannot be authorized, because this installation has no ${label} OAuth client. The operator must set ${variables}.`;
};

/** @returns undefined if the operator has not configured the provider */
export function providerOf(
  name: ProviderName,
  { clients, clock, endpoints: overrides = {} }: ProvidersOptions,
): OAuthProvider | undefined {
  const { endpoints, client, label, scope, parameters, preset, addressClaims } = definitions[name];
  const { id, secret } = client(clients);
  if (id === undefined || secret === undefined) return undefined;
  const override = overrides[name];
  const { issuer, authorizationEndpoint, tokenEndpoint } = override ?? endpoints(clients.microsoftTenant);
  return {
    name,
    label,
    scope,
    parameters,
    servers: override?.servers ?? preset,
    addressClaims,
    server: { issuer, authorization_endpoint: authorizationEndpoint, token_endpoint: tokenEndpoint },
    client: {
      client_id: id,
      [clockSkew]: Math.round((clock.now() - Date.now()) / 1000),
      [clockTolerance]: 60,
    },
    authentication: ClientSecretPost(secret),
  };
}

/** @throws ApiError `conflict` if the operator has not configured the provider */
export function configuredProvider(name: ProviderName, options: ProvidersOptions): OAuthProvider {
  const provider = providerOf(name, options);
  if (provider === undefined) throw new ApiError('conflict', unconfigured(name));
  return provider;
}
