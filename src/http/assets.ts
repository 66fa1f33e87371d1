import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { IncomingHttpHeaders } from 'node:http';
import type { Reply } from './route.ts';

/** A file in memory that is served as it is. */
export interface Asset {
  readonly bytes: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** Compressed once, when a client first asks for it. */
  readonly encoded: Map<string, Promise<Uint8Array>>;
}

/** The extension of a file → its media type. Other files are not served. */
const contentTypes = new Map([
  ['html', 'text/html; charset=utf-8'],
  ['css', 'text/css; charset=utf-8'],
  ['js', 'text/javascript; charset=utf-8'],
  ['svg', 'image/svg+xml'],
  ['png', 'image/png'],
]);

export const contentTypeOf = (name: string): string | undefined =>
  contentTypes.get(name.slice(name.lastIndexOf('.') + 1));

/** @param policy the Content-Security-Policy @param cacheControl revalidated each time by default, mostly with 304 */
export const assetOf = (
  bytes: Uint8Array,
  contentType: string,
  policy: string,
  cacheControl = 'public, no-cache',
): Asset => ({
  bytes,
  encoded: new Map(),
  headers: {
    'content-type': contentType,
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': cacheControl,
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
  },
});

/** Smaller bodies gain less than the header costs. */
const encodedFrom = 1_000;
const encoders = {
  br: (bytes: Uint8Array): Promise<Uint8Array> =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (bytes: Uint8Array): Promise<Uint8Array> => promisify(gzip)(bytes),
};

/** The file, compressed where the client accepts it; 304 to a client that has the current version (RFC 9110 §13.1.2). */
export async function replyWith(asset: Asset, headers: IncomingHttpHeaders): Promise<Reply> {
  const ifNoneMatch = headers['if-none-match'];
  const { etag = '' } = asset.headers;
  const same =
    ifNoneMatch === '*' || (ifNoneMatch?.split(',').some((each) => each.trim().replace(/^W\//, '') === etag) ?? false);
  if (same) return { status: 304, headers: asset.headers };
  const encoding = asset.bytes.length < encodedFrom ? undefined : encodingFor(headers);
  if (encoding === undefined) return { status: 200, body: asset.bytes, headers: asset.headers };
  let encoded = asset.encoded.get(encoding);
  if (encoded === undefined) {
    encoded = (encoding === 'br' ? encoders.br : encoders.gzip)(asset.bytes);
    asset.encoded.set(encoding, encoded);
  }
  return {
    status: 200,
    body: await encoded,
    headers: { ...asset.headers, 'content-encoding': encoding, vary: 'accept-encoding' },
  };
}

const encodingFor = ({ 'accept-encoding': accepted }: IncomingHttpHeaders): 'br' | 'gzip' | undefined => {
  const names = new Set(
    String(accepted ?? '')
      .split(',')
      .filter((each) => !/;\s*q=0(\.0*)?\s*$/.test(each))
      .map((each) => each.split(';')[0]?.trim()),
  );
  return names.has('br') ? 'br' : names.has('gzip') ? 'gzip' : undefined;
};
