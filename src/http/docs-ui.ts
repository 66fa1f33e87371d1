import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { notFound } from '../base/errors.ts';
import { route } from './route.ts';
import type { Reply, Route } from './route.ts';

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

interface Asset {
  readonly bytes: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

const assetOf = (bytes: Uint8Array, contentType: string): Asset => ({
  bytes,
  headers: {
    'content-type': contentType,
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    // Revalidated each time, mostly with 304: the page, its script and the library are always of one version.
    'cache-control': 'public, no-cache',
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
  },
});

/** Answers 304 to a client that has the current version (RFC 9110 §13.1.2). */
function replyWith({ bytes, headers }: Asset, ifNoneMatch: string | undefined): Reply {
  const etag = headers['etag'] ?? '';
  const same =
    ifNoneMatch === '*' || (ifNoneMatch?.split(',').some((each) => each.trim().replace(/^W\//, '') === etag) ?? false);
  return same ? { status: 304, headers } : { status: 200, body: bytes, headers };
}

const read = (file: string): Promise<Uint8Array> => readFile(new URL(import.meta.resolve(`swagger-ui-dist/${file}`)));

export const docsPath = '/docs/api';

const undocumented = {
  method: 'GET',
  tag: 'API',
  summary: 'Interactive documentation',
  scope: null,
  undocumented: true,
} as const;

/** The page at `/docs/api`, its files below it, and the redirect from `/`. */
export function docsUiRoutes(vendors: readonly string[]): readonly Route[] {
  const initializer = initializerOf(vendors);
  // Read on first use and kept: 2 MB.
  const assets = new Map<string, Promise<Asset>>();
  const assetNamed = (name: string): Promise<Asset> => {
    const contentType = Object.hasOwn(contentTypes, name) ? contentTypes[name] : undefined;
    if (contentType === undefined) throw notFound('File');
    let asset = assets.get(name);
    if (asset === undefined) {
      asset = (name === 'initializer.js' ? Promise.resolve(Buffer.from(initializer)) : read(name)).then((bytes) =>
        assetOf(bytes, contentType),
      );
      assets.set(name, asset);
    }
    return asset;
  };
  const pageAsset = assetOf(Buffer.from(page), 'text/html; charset=utf-8');
  return [
    // A browser that opens the server gets the documentation.
    route({
      ...undocumented,
      path: '/',
      answers: { 302: { description: 'At /docs/api' } },
      handle: () => ({
        status: 302,
        body: `The API is described at ${docsPath}.\n`,
        headers: { location: docsPath.slice(1), 'content-type': 'text/plain; charset=utf-8' },
      }),
    }),
    route({
      ...undocumented,
      path: docsPath,
      answers: { 200: { description: 'A page' } },
      handle: ({ headers }) => replyWith(pageAsset, headers['if-none-match']),
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
      handle: async ({ params, headers }) => replyWith(await assetNamed(params.file), headers['if-none-match']),
    }),
  ];
}
