import { createElement, use } from 'react';
import type { ComponentType, FunctionComponent } from 'react';
import { reportUnreachable } from './reach.tsx';

const reloadedKey = 'outrider.reloaded';
const reloadPauseMs = 10_000;
const againMs = 3_000;

/** A page whose script is loaded when it is opened; the router loads it as soon as a link to it is pointed at. */
type LazyPage = FunctionComponent & { preload?: () => Promise<void> };

/**
 * A page from its module. `lazyRouteComponent` of the router reloads the document whenever the script fails, which loses the page while the
 * server is down. This one waits for the server, and reloads only if it answers: then another version was deployed, whose scripts have
 * other names.
 * @example component: lazyPage(() => import('./contacts.tsx'), 'Contacts')
 */
export function lazyPage<Module extends object>(load: () => Promise<Module>, name: keyof Module): LazyPage {
  let page: ComponentType | undefined;
  let loading: Promise<ComponentType> | undefined;
  const loaded = async (): Promise<ComponentType> => {
    for (;;) {
      try {
        return (page = (await load())[name] as ComponentType);
      } catch (error) {
        if (await isAnswered()) await reload(error);
        reportUnreachable();
        await pause(againMs);
      }
    }
  };
  const start = (): Promise<ComponentType> =>
    (loading ??= loaded().catch((error: unknown) => {
      // Later, because React renders again before it shows an error.
      void pause(reloadPauseMs).then(() => {
        loading = undefined;
      });
      throw error;
    }));
  const Page: LazyPage = (props) => createElement(page ?? use(start()), props);
  Page.preload = () =>
    start().then(
      () => {},
      () => {},
    );
  return Page;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const isAnswered = (): Promise<boolean> =>
  fetch(location.href, { cache: 'no-store', headers: { accept: 'text/html' } }).then(
    ({ ok }) => ok,
    () => false,
  );

/** Reloads the document, but not twice in a row: a script that is missing for good ends in its error. */
async function reload(error: unknown): Promise<void> {
  if (Date.now() - Number(sessionStorage.getItem(reloadedKey)) < reloadPauseMs) throw error;
  sessionStorage.setItem(reloadedKey, String(Date.now()));
  location.reload();
  await new Promise(() => {});
}
