import type { Route, Surface } from '../../http/route.ts';
import type { OnBookings } from './booking.ts';
import { createCertificates } from './certificates.ts';
import type { CertificatesOptions } from './certificates.ts';
import { createReceiving } from './receive.ts';
import type { ReceivingOptions } from './receive.ts';
import { providerEventRoutes } from './routes.ts';
import { createSources } from './sources.ts';

export { uidOf } from './booking.ts';
export type { Booking, BookingPost, OnBookings } from './booking.ts';
export { eraseProviderEvents, providerEventsBefore, reportSpeaksOf } from './erasure.ts';
export type { StoredProviderEvent } from './erasure.ts';

export interface ProviderEventsOptions extends ReceivingOptions, CertificatesOptions {
  /** The surface of `POST /api/webhooks`. */
  readonly surface: Surface;
  readonly meetings: { readonly onBookings: OnBookings };
}

export interface ProviderEvents {
  readonly routes: readonly Route[];
  /** Deletes provider events past the retention; cheap when there are none. @returns how many. */
  expire(nowMs: number): Promise<number>;
}

export function createProviderEvents({ surface, meetings, ...options }: ProviderEventsOptions): ProviderEvents {
  const receiving = createReceiving(options);
  const certificates = createCertificates(options);
  const sources = createSources({ ...options, certificates });
  return {
    routes: providerEventRoutes({ db: options.db, sources, receiving, certificates, surface, ...meetings }),
    expire: receiving.expire,
  };
}
