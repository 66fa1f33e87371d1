import { useEffect, useSyncExternalStore } from 'react';
import { Note } from '../components/page.tsx';
import { Time } from '../components/value.tsx';
import { isUnreachable, queryClient } from './api.ts';

const againMs = 3_000;
let downSince: string | undefined;
const listeners = new Set<() => void>();

function become(since: string | undefined): void {
  if ((downSince === undefined) === (since === undefined)) return;
  downSince = since;
  for (const listener of listeners) listener();
}

// Every query says whether the server answers, be it with an error.
queryClient.getQueryCache().subscribe((event) => {
  if (event.type !== 'updated') return;
  if (event.action.type === 'success' && event.action.manual !== true) become(undefined);
  if (event.action.type === 'error') become(isUnreachable(event.action.error) ? new Date().toISOString() : undefined);
});

/** For requests that are no queries, such as those for scripts. */
export function reportUnreachable(): void {
  become(new Date().toISOString());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Since when the server has not answered; undefined while it does. */
export const useDownSince = (): string | undefined => useSyncExternalStore(subscribe, () => downSince);

/** Above the page while the server does not answer: what is shown is older. It loads the page again when the server is back. */
export function Unreachable() {
  const since = useDownSince();
  useEffect(() => {
    if (since === undefined) return;
    const timer = setInterval(() => {
      void queryClient.refetchQueries({ type: 'active' }, { cancelRefetch: false });
    }, againMs);
    return () => {
      clearInterval(timer);
    };
  }, [since]);
  if (since === undefined) return null;
  return (
    <Note tone="failed">
      <b>The server does not answer.</b> What you see is from <Time at={since} /> or earlier. It is tried again every 3
      seconds.
    </Note>
  );
}

/** Beside the title of a list that follows what happens. */
export const Live = () => (useDownSince() === undefined ? <span className="live">Live</span> : null);
