import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { notFound } from '../base/errors.ts';
import { assetOf, replyWith } from './assets.ts';
import type { Asset } from './assets.ts';
import { route } from './route.ts';
import type { Route } from './route.ts';

/**
 * Swagger UI shows our own document from our own server. The pages load nothing from elsewhere, and this policy makes the browser refuse it.
 * Scripts and styles are files, never inline: Swagger UI sets its inline styles through the DOM, which `style-src 'self'` allows.
 */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Outrider API</title>
    <link rel="stylesheet" href="api/swagger-ui.css">
    <link rel="stylesheet" href="api/index.css">
    <link rel="icon" type="image/png" sizes="32x32" href="api/favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="api/swagger-ui-bundle.js"></script>
    <script src="api/swagger-ui-standalone-preset.js"></script>
    <script src="api/initializer.js"></script>
  </body>
</html>
`;

/**
 * Offers the native API's document and each vendor's. URLs are relative, so that a proxy may serve everything below a path. The key is kept
 * only in the page.
 */
const initializerOf = (vendors: readonly string[]): string => `window.ui = SwaggerUIBundle({
  urls: ${JSON.stringify([{ name: 'outrider', url: '../v1/openapi.json' }, ...vendors.map((name) => ({ name, url: `../v1/openapi/${name}.json` }))])},
  dom_id: '#swagger-ui',
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: 'StandaloneLayout',
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

/** The only files that are served, whatever else the package contains. */
const contentTypes: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'index.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui-standalone-preset.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
  'initializer.js': 'text/javascript; charset=utf-8',
};

const read = (file: string): Promise<Uint8Array> => readFile(new URL(import.meta.resolve(`swagger-ui-dist/${file}`)));

export const docsPath = '/docs/api';

const undocumented = {
  method: 'GET',
  tag: 'API',
  summary: 'Interactive documentation',
  scope: null,
  undocumented: true,
} as const;

const homeRoute = route({
  ...undocumented,
  path: '/',
  answers: { 302: { description: 'At /docs/api' } },
  handle: () => ({
    status: 302,
    body: `The API is described at ${docsPath}.\n`,
    headers: { location: docsPath.slice(1), 'content-type': 'text/plain; charset=utf-8' },
  }),
});

/**
 * The page at `/docs/api` and its files below it.
 * @param home a browser that opens the server gets the documentation, because there is no dashboard
 */
export function docsUiRoutes(vendors: readonly string[], home = true): readonly Route[] {
  const initializer = initializerOf(vendors);
  // Read on first use and kept: 2 MB.
  const assets = new Map<string, Promise<Asset>>();
  const assetNamed = (name: string): Promise<Asset> => {
    const contentType = Object.hasOwn(contentTypes, name) ? contentTypes[name] : undefined;
    if (contentType === undefined) throw notFound('File');
    let asset = assets.get(name);
    if (asset === undefined) {
      asset = (name === 'initializer.js' ? Promise.resolve(Buffer.from(initializer)) : read(name)).then((bytes) =>
        assetOf(bytes, contentType, contentSecurityPolicy),
      );
      assets.set(name, asset);
    }
    return asset;
  };
  const pageAsset = assetOf(Buffer.from(page), 'text/html; charset=utf-8', contentSecurityPolicy);
  return [
    ...(home ? [homeRoute] : []),
    route({
      ...undocumented,
      path: docsPath,
      answers: { 200: { description: 'A page' } },
      handle: ({ headers }) => replyWith(pageAsset, headers),
    }),
    // The page's URLs are relative to /docs/.
    route({
      ...undocumented,
      path: '/docs/api/',
      answers: { 308: { description: 'At the address without the slash' } },
      handle: () => ({ status: 308, headers: { location: '../api' } }),
    }),
    route({
      ...undocumented,
      path: '/docs/api/:file',
      params: z.object({ file: z.string() }),
      answers: { 200: { description: 'The file' } },
      handle: async ({ params, headers }) => replyWith(await assetNamed(params.file), headers),
    }),
  ];
}
