import type { Provider } from '../provider.ts';
import { generic } from './generic.ts';

/** One line per provider. The first that recognises a post reads it, so `generic` comes last. */
export const providers = { generic } as const satisfies Record<string, Provider>;

export type ProviderName = keyof typeof providers;

export const providerNames = Object.keys(providers) as [ProviderName, ...ProviderName[]];

export const providerOf = (name: string): Provider | undefined =>
  Object.hasOwn(providers, name) ? providers[name as ProviderName] : undefined;
