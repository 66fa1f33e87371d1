import type { Emitter } from '../events/index.ts';
import type { Deps, Module } from '../ops/index.ts';
import { createProviderEvents } from './provider-events/index.ts';
import type { ProviderEventsOptions } from './provider-events/index.ts';

export interface MailOptions extends Deps, Emitter, Pick<ProviderEventsOptions, 'surface' | 'retentionDays'> {}

/** The slices of mail, as modules. */
export interface Mail {
  readonly providerEvents: Module;
}

export function createMail(options: MailOptions): Mail {
  const { routes, expire } = createProviderEvents(options);
  return { providerEvents: { routes, everyMinute: expire } };
}
