export { googlePreset, microsoftPreset, presetOfDomain, providerOfExchanger } from './providers.ts';
export type { Preset, Server } from './providers.ts';
export { autoconfigRoutes } from './routes.ts';
export type { AutoconfigOptions } from './routes.ts';
