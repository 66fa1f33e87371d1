export { createAuthorizations } from './authorizations.ts';
export type { Authorizations, AuthorizationsOptions } from './authorizations.ts';
export type { EndpointOverrides, OAuthClients, ProvidersOptions } from './providers.ts';
export { oauthRoutes } from './routes.ts';
export { createRefresh } from './tokens.ts';
export type { TokenNetwork } from './tokens.ts';
