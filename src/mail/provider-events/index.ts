import type { Route, Surface } from '../../http/route.ts';
import { createInbox } from './receive.ts';
import type { InboxOptions } from './receive.ts';
import { inboundRoutes } from './routes.ts';
import { createSources } from './sources.ts';

export interface InboundOptions extends InboxOptions {
  /** How `POST /api/webhooks` is spoken. */
  readonly surface: Surface;
}

export interface Inbound {
  readonly routes: readonly Route[];
  /** Removes what is past the retention; cheap when there is nothing. @returns how many. */
  expire(nowMs: number): Promise<number>;
}

export function createInbound({ surface, ...options }: InboundOptions): Inbound {
  const inbox = createInbox(options);
  return {
    routes: inboundRoutes({ db: options.db, sources: createSources(options), inbox, surface }),
    expire: inbox.expire,
  };
}
