import '../../styles/pages-portal.css';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Suspense, useEffect, useRef, useState } from 'react';
import { api, enterPortal, messageOf, queryClient } from '../../app/api.ts';
import { Unreachable } from '../../app/reach.tsx';
import { Empty, Note } from '../../components/page.tsx';
import { Time } from '../../components/value.tsx';
import { PortalDeliveries } from './portal-deliveries.tsx';
import { PortalEndpoints } from './portal-endpoints.tsx';

/** The token is after `#`, so that no server or proxy sees it before it is used; it works once. */
const tokenOf = (hash: string): string => new URLSearchParams(hash.slice(1)).get('token') ?? '';

/** The page of a customer: the endpoints of one workspace, and what was delivered to them. */
export function CustomerPortal() {
  const [token] = useState(() => tokenOf(location.hash));
  const begun = useRef(false);
  const { mutate, ...open } = useMutation({
    meta: { quiet: true },
    mutationFn: () => api.customerPortal.openPortalSession({ token }),
    onSuccess: (session) => {
      // Nothing that a person loaded here before is shown to the customer.
      queryClient.clear();
      enterPortal(session.token);
    },
  });
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    if (token !== '') mutate();
  }, [token, mutate]);
  useHeight();
  if (token === '' || open.isError)
    return (
      <main className="portal">
        <Note tone="watch">
          <b>This link does not work any more.</b> {open.isError ? messageOf(open.error) : 'It is not complete.'} Ask
          for another one.
        </Note>
      </main>
    );
  return open.isSuccess ? (
    <Suspense>
      <Portal />
    </Suspense>
  ) : null;
}

function Portal() {
  const [tab, setTab] = useState<'endpoints' | 'deliveries'>('endpoints');
  const { data, error } = useQuery({
    queryKey: ['portal'],
    queryFn: ({ signal }) => api.customerPortal.getPortal({ signal }),
  });
  useEffect(() => {
    if (data === undefined) return;
    document.title = data.name;
    // On the root, because dialogs are not inside the page.
    document.documentElement.style.setProperty('--brand', data.color);
    document.documentElement.style.setProperty('--on-brand', onColor(data.color));
  }, [data]);
  if (error !== null)
    return (
      <main className="portal">
        <Empty title="The session has ended">{messageOf(error)} Open the portal again.</Empty>
      </main>
    );
  if (data === undefined) return null;
  return (
    <div className={parent === window ? 'portal' : 'portal framed'}>
      <Unreachable />
      <header className="pbar">
        {data.logo === null ? (
          <span className="plogo">{data.name.slice(0, 1).toUpperCase()}</span>
        ) : (
          <img className="plogo" src={data.logo} alt="" />
        )}
        <h1 className="medium">
          <bdi>{data.name}</bdi>
        </h1>
        {data.workspace === null ? null : (
          <span className="muted hide-sm">
            for <bdi>{data.workspace}</bdi>
          </span>
        )}
        <span className="small muted grow num">
          Open until <Time at={data.expires_at} />
        </span>
      </header>
      <div className="tabs" role="tablist">
        {(['endpoints', 'deliveries'] as const).map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={tab === name}
            onClick={() => {
              setTab(name);
            }}
          >
            {name === 'endpoints' ? 'Endpoints' : 'Deliveries'}
          </button>
        ))}
      </div>
      <main>
        <div className="grow">{tab === 'endpoints' ? <PortalEndpoints /> : <PortalDeliveries />}</div>
      </main>
    </div>
  );
}

/** Black or white, whichever has more contrast (WCAG 2.2, relative luminance). */
function onColor(color: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000' : '#fff';
}

/** Tells the page around how high this one is. It says nothing else, so any page may hear it. */
function useHeight(): void {
  useEffect(() => {
    if (parent === window) return;
    const observer = new ResizeObserver(() => {
      parent.postMessage({ type: 'outrider.portal.height', height: document.body.scrollHeight }, '*');
    });
    observer.observe(document.body);
    return () => {
      observer.disconnect();
    };
  }, []);
}
