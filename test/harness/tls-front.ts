import { createServer } from 'node:https';
import type { RequestListener } from 'node:http';
import { authority, certificate } from './certificates.ts';
import { listening } from './sockets.ts';
import type { Receiver } from './sockets.ts';

/** A web server with a certificate for each of its hosts, as people put it in front of an installation. */
export interface TlsFront extends Receiver {
  /** Of the authority that signed its certificates; another signed that of `untrusted.…`. */
  readonly ca: string;
}

/**
 * Starts it on 127.0.0.1. The certificate of a host that begins with `expired.` has expired, that of `untrusted.…` is of an unknown
 * authority, and a host that is not listed gets that of the first one.
 * @param pass answers a request
 */
export async function startTlsFront(hosts: readonly [string, ...string[]], pass: RequestListener): Promise<TlsFront> {
  const [root, other] = await Promise.all([authority('Test CA'), authority('Unknown CA')]);
  const issued = await Promise.all(
    hosts.map(async (host) => {
      const { private: key, cert } = await certificate(
        host,
        host.startsWith('untrusted.') ? other : root,
        ...(host.startsWith('expired.') ? ([-3, -2] as const) : ([] as const)),
      );
      return { host, key, cert };
    }),
  );
  const server = createServer({ key: issued[0]?.key, cert: issued[0]?.cert }, pass);
  for (const { host, key, cert } of issued) server.addContext(host, { key, cert });
  return Object.assign(await listening(server), { ca: root.cert });
}

/** Passes requests on to an installation, as a reverse proxy does: for a caller elsewhere. */
export const passedOnTo =
  (urlOf: () => string): RequestListener =>
  (request, response) => {
    void fetch(new URL(request.url ?? '/', urlOf()), {
      method: request.method ?? 'GET',
      headers: { 'x-forwarded-for': '198.51.100.20' },
      redirect: 'manual',
    }).then(async (answer) => {
      response
        .writeHead(answer.status, Object.fromEntries(answer.headers))
        .end(Buffer.from(await answer.arrayBuffer()));
    });
  };
