export { createDomains } from './domains.ts';
export type { AuthFailure, Domains, DomainsOptions } from './domains.ts';
export type { Checks } from './reading.ts';
export { dkimKeyRoutes } from './key-routes.ts';
export { createKeys } from './keys.ts';
export type { DkimKeys, KeysOptions, SigningKey } from './keys.ts';
export { domainRoutes } from './routes.ts';
export type { CheckedMailbox, DomainRoutesOptions } from './routes.ts';
export { checkTracking } from './tracking.ts';
