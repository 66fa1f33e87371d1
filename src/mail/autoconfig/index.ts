export { googlePreset, microsoftPreset, presetOfDomain, presetOfExchanger } from './providers.ts';
export type { AuthHint, Preset, Server } from './providers.ts';
export { autoconfigRoutes } from './routes.ts';
export type { AutoconfigOptions } from './routes.ts';
