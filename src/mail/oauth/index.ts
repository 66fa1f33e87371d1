export type { EndpointOverrides, OAuthClients, ProvidersOptions } from './providers.ts';
export { createRefresh } from './tokens.ts';
export type { TokenNetwork } from './tokens.ts';
