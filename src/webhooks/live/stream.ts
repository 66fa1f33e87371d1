import { hourMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { createWakeSignal } from '../../base/wake-signal.ts';
import type { Bus } from '../../db/bus.ts';
import type { Engine } from '../../delivery/engine.ts';
import type { Attempted } from '../../delivery/live-attempts.ts';
import type { EndpointId } from '../../base/ids.ts';
import type { Principal } from '../../http/route.ts';
import type { Reach } from '../endpoints/index.ts';

/** A comment this often shows both sides that the connection lives, and keeps proxies from closing it. */
const heartbeatMs = 15_000;
/** A client connects again after this long, and is then checked again. */
const openMs = hourMs;
/** A client reconnects after this time. */
const retryMs = 2_000;

export interface LiveOptions {
  readonly engine: Pick<Engine, 'watch'>;
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly clock: Clock;
}

export interface Streams {
  /**
   * Server-sent events of the attempts within a reach, until the client leaves, a key or session ends, the process stops, or an hour has passed.
   * @param endpoint undefined: of all
   */
  open(
    reach: Reach & Pick<Principal, 'keyExpiresAt'>,
    endpoint: EndpointId | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<string, void, undefined>;
  /** Ends all streams; clients reconnect to another process. */
  end(): void;
}

/** @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation */
const frame = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

export function createStreams({ engine, bus, clock }: LiveOptions): Streams {
  const endings = new Set<() => void>();
  const end = (): void => {
    for (const ending of endings) ending();
  };
  // A caller whose key was revoked or whose session ended cannot reconnect.
  bus.subscribe((notice) => {
    if (notice === undefined || notice.kind === 'keys') end();
  });
  return {
    async *open({ organizationId, workspaceId, keyExpiresAt = Infinity }, endpoint, signal) {
      const endsAtMs = Math.min(keyExpiresAt, clock.now() + openMs);
      const wakeSignal = createWakeSignal(clock);
      let gathered: Map<EndpointId, { id: EndpointId; delivered: number; failed: number }> | undefined = new Map();
      let ended = false;
      const ending = (): void => {
        ended = true;
        wakeSignal.wake();
      };
      endings.add(ending);
      if (signal.aborted) ending();
      signal.addEventListener('abort', ending);
      const isSeen = ({ id, workspaceId: of }: Attempted): boolean =>
        (workspaceId === undefined || of === workspaceId) && (endpoint === undefined || id === endpoint);
      const unwatch = await engine.watch(organizationId, (attempted) => {
        const seen = attempted?.filter(isSeen);
        if (seen?.length === 0) return;
        if (seen === undefined) gathered = undefined;
        for (const { id, delivered, failed } of seen ?? []) {
          const before = gathered?.get(id) ?? { id, delivered: 0, failed: 0 };
          gathered?.set(id, { id, delivered: before.delivered + delivered, failed: before.failed + failed });
        }
        wakeSignal.wake();
      });
      try {
        yield `retry: ${retryMs}\n${frame('open', {})}`;
        for (;;) {
          await wakeSignal.wait(Math.min(heartbeatMs, endsAtMs - clock.now()));
          if (ended || clock.now() >= endsAtMs) return;
          const found = gathered;
          gathered = new Map();
          yield found?.size === 0
            ? ': \n\n'
            : frame('attempts', {
                at: new Date(clock.now()).toISOString(),
                endpoints: found ? [...found.values()] : null,
              });
        }
      } finally {
        unwatch();
        endings.delete(ending);
        signal.removeEventListener('abort', ending);
      }
    },
    end,
  };
}
