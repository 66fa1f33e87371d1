/** Endpoints with every kind of failure, and events for them. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Outrider } from '../../sdk/src/index.ts';

/** A receiver whose path decides what it answers. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  const [, kind = ''] = (request.url ?? '').split('/');
  const delayMs = kind === 'slow' ? 900 : Math.random() * 60;
  setTimeout(() => {
    if (kind === 'reset') response.destroy();
    else if (kind === 'mixed' && Math.random() < 0.12)
      response.writeHead(503, { 'retry-after': '30' }).end('{"error":"overloaded"}');
    else if (kind === 'html')
      response
        .writeHead(500, { 'content-type': 'text/html' })
        .end('<html><script>alert(1)</script><h1>Internal Server Error</h1><img src=x onerror=alert(2)></html>');
    else if (kind === 'moved') response.writeHead(302, { location: 'https://elsewhere.example/' }).end();
    else if (kind === 'gone') response.writeHead(410).end('This integration was removed.');
    else if (kind === 'unauthorized') response.writeHead(401).end('{"message":"signature mismatch"}');
    else response.writeHead(kind === 'slow' ? 202 : 200).end('{"ok":true}');
  }, delayMs);
}

export interface Receiver {
  readonly url: string;
  close(): void;
}

export async function startReceiver(): Promise<Receiver> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const long =
  '/v2/outrider/incoming/events?tenant=nordlicht&region=eu-north-1&pipeline=customer-success-and-billing&version=2026-11';

/** Adds endpoints at the receiver; each answers as the first segment of its path says. */
export async function addEndpoints(api: Outrider, receiver: string, workspaces: readonly string[]): Promise<void> {
  const schedule = { retry_schedule_seconds: [5, 30, 300, 3_600] };
  const endpoints = [
    { path: '/ok', description: 'Main subscriber', events: ['*'], dialect: 'standard' },
    {
      path: `/ok${long}`,
      description: 'HubSpot bridge',
      events: ['contact.*', 'company.*', 'order.*'],
      dialect: 'standard',
    },
    {
      path: '/mixed/hooks',
      description: 'Brimmond production',
      events: ['*'],
      dialect: 'foxreach',
      workspace_id: workspaces[0],
    },
    { path: '/slow/import', description: 'Warehouse', events: ['order.*'], dialect: 'standard' },
    { path: '/html/legacy', description: 'Legacy PHP', events: ['order.*'], dialect: 'standard' },
    { path: '/gone', description: 'Removed integration', events: ['contact.created'], dialect: 'standard' },
    { path: '/moved', events: ['order.paid'], dialect: 'standard' },
    { path: '/unauthorized', events: ['order.paid'], dialect: 'standard' },
    { path: '/reset', events: ['order.refunded'], dialect: 'standard' },
    {
      path: '/ok/paused',
      description: 'Paused for the migration',
      events: ['order.*'],
      dialect: 'standard',
      is_active: false,
    },
  ] as const;
  for (const { path, workspace_id: workspace, ...endpoint } of endpoints.map((each) => ({
    workspace_id: undefined,
    ...each,
  })))
    await api.webhooks.create({
      ...schedule,
      ...endpoint,
      events: [...endpoint.events],
      target_url: `${receiver}${path}`,
      ...(workspace === undefined ? {} : { workspace_id: workspace }),
    });
}

/** Publishes orders, some with long and odd texts. */
export async function publish(api: Outrider, count: number): Promise<void> {
  for (let from = 0; from < count; from += 100)
    await api.events.publishBatch({
      events: Array.from({ length: Math.min(100, count - from) }, (_, offset) => {
        const index = from + offset;
        return {
          event: ['order.paid', 'order.shipped', 'order.refunded'][index % 3] ?? 'order.paid',
          data: {
            order_id: `A-${10_000 + index}`,
            amount: 4_200 + index,
            customer: {
              name: index % 7 === 0 ? '<img src=x onerror=alert(1)> مريم' : 'Søren Åkesson',
              vip: index % 9 === 0,
            },
            lines: [{ sku: 'LBL-100', quantity: 3 }],
          },
        };
      }),
    });
}
