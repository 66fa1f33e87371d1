import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { parentPort } from 'node:worker_threads';

/** One received request. Times are of the machine's monotonic clock, which all threads share. */
export interface Arrival {
  readonly kind: 'arrival';
  /** Of an event of the demo of webhooks; otherwise NaN. */
  readonly number: number;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly deliveryId: string;
  readonly atMs: number;
  readonly defrost: boolean;
  readonly standard: boolean;
}

export type FromReceiver = Arrival | { readonly kind: 'listening'; readonly port: number };

export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

const same = (given: string, expected: string): boolean =>
  given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
const header = (request: IncomingMessage, name: string): string => String(request.headers[name] ?? '');

/** Verifies both signatures as a receiver would, without Outrider's own code. */
export function verify(
  secret: string,
  body: Buffer,
  request: IncomingMessage,
): { defrost: boolean; standard: boolean } {
  const defrost = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = createHmac('sha256', key)
    .update(`${header(request, 'webhook-id')}.${header(request, 'webhook-timestamp')}.`)
    .update(body)
    .digest('base64');
  const signatures = header(request, 'webhook-signature').split(' ');
  return {
    defrost: same(header(request, 'x-defrost-signature'), defrost),
    standard: signatures.some((signature) => same(signature, `v1,${signed}`)),
  };
}

/** The receiver of the demo, in its own thread so that publishing and printing do not delay it. Its only incoming message is the secret. */
if (parentPort !== null) {
  const port = parentPort;
  const send = (message: FromReceiver): void => port.postMessage(message);
  const secret = new Promise<string>((resolve) => port.once('message', resolve));
  const server = createServer((request, response) => {
    void (async () => {
      const body = await buffer(request);
      const atMs = monotonicMs();
      response.end('ok');
      const { event, type, data } = JSON.parse(body.toString()) as {
        event?: string;
        type?: string;
        data: Arrival['data'];
      };
      send({
        kind: 'arrival',
        number: Number(data['number']),
        event: event ?? type ?? '',
        data,
        deliveryId: header(request, 'webhook-id'),
        atMs,
        ...verify(await secret, body, request),
      });
    })();
  });
  server.listen(0, '127.0.0.1', () => send({ kind: 'listening', port: (server.address() as AddressInfo).port }));
}
