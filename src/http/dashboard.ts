import { readdir, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { z } from 'zod';
import { notFound } from '../base/errors.ts';
import { assetOf, contentTypeOf, replyWith } from './assets.ts';
import type { Asset } from './assets.ts';
import { route } from './route.ts';
import type { Reply, Route } from './route.ts';

/** In a checkout and in the published package. */
const folders = ['../../dashboard/dist/', '../dashboard/'].map((path) => new URL(path, import.meta.url));

/**
 * The pages load nothing from elsewhere and run no inline script or style, and this policy makes the browser refuse both. Styles of single
 * elements are set through the DOM, which `style-src 'self'` allows.
 */
const policyWith = (ancestors: string): string =>
  `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors ${ancestors}`;

const policy = policyWith("'none'");
const forever = 'public, max-age=31536000, immutable';

/** The first segments of the pages' paths; `dashboard/src/app/router.ts` has the pages. */
export const pageRoots = [
  'activities',
  'campaigns',
  'captured',
  'companies',
  'contacts',
  'deliveries',
  'events',
  'forgot-password',
  'imports',
  'inbox',
  'invitation',
  'mailboxes',
  'portal',
  'projects',
  'reset',
  'segments',
  'settings',
  'setup',
  'sign-in',
  'suppressions',
  'webhooks',
] as const;

const undocumented = {
  method: 'GET',
  tag: 'Dashboard',
  summary: 'Dashboard',
  scope: null,
  undocumented: true,
  answers: { 200: { description: 'A file of the dashboard' } },
} as const;

/**
 * The dashboard at `/`: one page for all its paths, and its files, whose names change with their content. Undefined: it was not built.
 * @param portalAncestors origins that may embed the customer portal
 */
export function dashboardRoutes(portalAncestors: readonly string[] = []): readonly Route[] | undefined {
  const folder = folders.find((each) => existsSync(new URL('index.html', each)));
  if (folder === undefined) return undefined;
  // Read on first use and kept: 1 MB.
  const assets = new Map<string, Promise<Asset>>();
  const kept = (name: string, read: () => Promise<Asset>): Promise<Asset> => {
    let asset = assets.get(name);
    if (asset === undefined) {
      asset = read();
      assets.set(name, asset);
      // A file that could not be read is tried again.
      asset.catch(() => assets.delete(name));
    }
    return asset;
  };
  const page = (path: string): Promise<Asset> => {
    const isPortal = path === '/portal';
    const ancestors = isPortal && portalAncestors.length > 0 ? portalAncestors.join(' ') : "'none'";
    return kept(isPortal ? 'portal' : 'page', async () =>
      assetOf(await readFile(new URL('index.html', folder)), 'text/html; charset=utf-8', policyWith(ancestors)),
    );
  };
  const file = async (name: string, cacheControl: string): Promise<Asset> => {
    const contentType = contentTypeOf(name);
    // The names that exist are listed once: a name from a request never becomes a path.
    const names = await (listed ??= readdir(folder, { recursive: true }));
    if (contentType === undefined || !names.includes(name)) throw notFound('File');
    return kept(name, async () => assetOf(await readFile(new URL(name, folder)), contentType, policy, cacheControl));
  };
  let listed: Promise<string[]> | undefined;
  const pageRoute = (path: string): Route =>
    route({
      ...undocumented,
      path,
      ...(path.endsWith('*') ? { params: z.object({ '*': z.string() }) } : {}),
      handle: async ({ headers }): Promise<Reply> => replyWith(await page(path), headers),
    });
  return [
    pageRoute('/'),
    ...pageRoots.flatMap((root) => [pageRoute(`/${root}`), pageRoute(`/${root}/*`)]),
    route({
      ...undocumented,
      path: '/assets/:file',
      params: z.object({ file: z.string() }),
      handle: async ({ params, headers }) => replyWith(await file(`assets/${params.file}`, forever), headers),
    }),
    route({
      ...undocumented,
      path: '/favicon.svg',
      handle: async ({ headers }) => replyWith(await file('favicon.svg', 'public, no-cache'), headers),
    }),
  ];
}
