import type { DnsRecords } from '../base/dns-records.ts';
import type { FetchOptions } from '../base/fetch-checked.ts';
import type { Emitter } from '../events/index.ts';
import type { RateLimiter } from '../http/rate-limit.ts';
import type { Deps, Module } from '../ops/index.ts';
import { autoconfigRoutes } from './autoconfig/index.ts';
import { createProviderEvents } from './provider-events/index.ts';
import type { ProviderEventsOptions } from './provider-events/index.ts';

/** How other people's servers are reached. */
export interface Network extends Pick<FetchOptions, 'policy' | 'resolve' | 'ca'> {
  readonly dns: DnsRecords;
}

export interface MailOptions extends Deps, Emitter, Pick<ProviderEventsOptions, 'surface' | 'retentionDays'> {
  readonly network: Network;
  readonly rateLimiter: Pick<RateLimiter, 'take'>;
}

/** The slices of mail, as modules. */
export interface Mail {
  readonly providerEvents: Module;
  /** What a mailbox needs before it works: settings, authorizations, sending domains. */
  readonly settings: Module;
}

export function createMail(options: MailOptions): Mail {
  const { network, rateLimiter, clock } = options;
  const { routes, expire } = createProviderEvents(options);
  return {
    providerEvents: { routes, everyMinute: expire },
    settings: { routes: autoconfigRoutes({ ...network, clock, rateLimiter }) },
  };
}
