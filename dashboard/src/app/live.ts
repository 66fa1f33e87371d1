import { useEffect, useState } from 'react';
import type { StreamAttemptsQuery } from '@outrider/sdk';
import { api, queryClient } from './api.ts';

const reconnectMs = 2_000;
const reconnectMaxMs = 30_000;
/** How often lists are loaded without a stream, and with one: deliveries that are held or scheduled have no attempts. */
const withoutMs = 5_000;
const withMs = 30_000;

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/**
 * Follows attempts until the signal aborts.
 * @param on called with whether there may be something new
 * @param onEnd called when a stream has ended or was not opened; another one is opened later
 */
async function follow(
  query: StreamAttemptsQuery,
  signal: AbortSignal,
  on: (isNew: boolean) => void,
  onEnd: () => void,
): Promise<void> {
  let again = false;
  for (let waitMs = reconnectMs; !signal.aborted; waitMs = Math.min(waitMs * 2, reconnectMaxMs)) {
    try {
      for await (const { event } of api.deliveries.streamAttempts(query, { signal })) {
        waitMs = reconnectMs;
        // What happened between two streams is not repeated.
        on(event === 'attempts' || again);
        again = true;
      }
    } catch {
      // The lists say what is wrong.
    }
    if (!signal.aborted) onEnd();
    await pause(waitMs, signal);
  }
}

/**
 * Loads queries again when attempts were made, while the page is visible.
 * @param keys beginnings of the keys of these queries
 * @returns how often to load them anyway, for `refetchInterval`
 * @example const refetchInterval = useLive({ endpoint_id: id }, open === undefined, ['deliveries', 'of', id]);
 */
export function useLive(
  { endpoint_id: endpoint, workspace_id: workspace }: StreamAttemptsQuery,
  enabled: boolean,
  ...keys: readonly (readonly unknown[])[]
): number {
  const [connected, setConnected] = useState(false);
  const [visible, setVisible] = useState(!document.hidden);
  useEffect(() => {
    const change = (): void => {
      setVisible(!document.hidden);
    };
    document.addEventListener('visibilitychange', change);
    return () => {
      document.removeEventListener('visibilitychange', change);
    };
  }, []);
  const names = JSON.stringify(keys);
  useEffect(() => {
    if (!enabled || !visible) return;
    const leaving = new AbortController();
    const query = {
      ...(endpoint === undefined ? {} : { endpoint_id: endpoint }),
      ...(workspace === undefined ? {} : { workspace_id: workspace }),
    };
    const on = (isNew: boolean): void => {
      setConnected(true);
      if (!isNew) return;
      // A list that is loading is not loaded from the start again.
      for (const queryKey of JSON.parse(names) as unknown[][])
        void queryClient.invalidateQueries({ queryKey }, { cancelRefetch: false });
    };
    void follow(query, leaving.signal, on, () => {
      setConnected(false);
    });
    return () => {
      leaving.abort();
      setConnected(false);
    };
  }, [enabled, visible, endpoint, workspace, names]);
  return connected ? withMs : withoutMs;
}
