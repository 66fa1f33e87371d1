import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Receivers that fail occasionally and record what they accept. */
export interface Receivers {
  readonly url: string;
  /** Delivery id → how often it was accepted (answered 200). */
  readonly taken: ReadonlyMap<string, number>;
  /** Event number and endpoint of every accepted delivery. */
  readonly seen: ReadonlySet<string>;
  /** Requests not yet answered. */
  readonly working: number;
  readonly attempts: number;
  readonly refused: number;
  close(): void;
}

/** One in ten is refused before it is accepted, one in fifty is slow. In a FIFO queue each refusal blocks all others. */
const refusedShare = 0.1;
const refusedShareFifo = 0.0005;
const slowShare = 0.02;
const slowMs = 400;

/** @param onAttempt called with the delivery id of each complete request. */
export async function startReceivers(
  random: () => number,
  onAttempt: (deliveryId: string) => void,
): Promise<Receivers> {
  const taken = new Map<string, number>();
  const seen = new Set<string>();
  let working = 0;
  let attempts = 0;
  let refused = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    working += 1;
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      attempts += 1;
      const id = String(request.headers['x-defrost-delivery-id']);
      onAttempt(id);
      if (random() < (request.url === '/fifo' ? refusedShareFifo : refusedShare)) {
        refused += 1;
        working -= 1;
        response.writeHead(random() < 0.5 ? 500 : 400).end();
        return;
      }
      const answer = (): void => {
        // The delivery is accepted even if its sender is gone and never receives the answer.
        taken.set(id, (taken.get(id) ?? 0) + 1);
        const { data } = JSON.parse(Buffer.concat(chunks).toString()) as { data: { seq: number } };
        seen.add(`${data.seq} ${request.url}`);
        working -= 1;
        response.end('ok');
      };
      if (request.url !== '/fifo' && random() < slowShare) setTimeout(answer, slowMs);
      else answer();
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    seen,
    get working() {
      return working;
    },
    get attempts() {
      return attempts;
    },
    get refused() {
      return refused;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
