/** Endpoints and deliveries as the engine holds them in memory, for tests that need no database. */
import type { Endpoint } from '../../src/delivery/endpoint.ts';
import type { Item } from '../../src/delivery/lane.ts';
import { signingSecret } from '../../src/delivery/sign.ts';
import { standard } from '../../src/vendors/standard/wire.ts';
import { createIds, type DeliveryId, type EndpointId, type EventId, type OrganizationId } from '../../src/base/ids.ts';

const ids = createIds({ now: () => Date.UTC(2026, 0, 5, 9) });

export const endpointOf = (settings: Partial<Endpoint> = {}): Endpoint => ({
  id: ids.next<EndpointId>(),
  organizationId: ids.next<OrganizationId>(),
  workspaceId: undefined,
  transport: 'push',
  url: new URL('http://127.0.0.1/hook'),
  wire: standard,
  events: ['*'],
  filter: undefined,
  headers: {},
  secret: signingSecret(`whsec_${Buffer.alloc(32, 1).toString('base64')}`),
  previousSecret: undefined,
  signingKey: undefined,
  tls: undefined,
  oauth2: undefined,
  template: undefined,
  retry: { scheduleSeconds: [60, 300], exact: true },
  timeoutMs: 15_000,
  maxInFlight: 32,
  ratePerSecond: undefined,
  fifo: false,
  isActive: true,
  sandbox: false,
  ...settings,
});

export function itemOf(
  endpoint: Endpoint,
  leaseUntilMs: number,
  settings: Partial<Item> & { data?: Buffer; type?: string } = {},
): Item {
  const { data = Buffer.from('{"n":1}'), type = 'order.paid', ...item } = settings;
  const nowMs = Date.UTC(2026, 0, 5, 9);
  const event = {
    id: ids.next<EventId>(),
    organizationId: endpoint.organizationId,
    type,
    data,
    occurredAtMs: nowMs,
    createdAtMs: nowMs,
    bodies: new Map(),
  };
  return { id: ids.next<DeliveryId>(), event, kind: 'event', attemptCount: 0, scheduleBase: 0, leaseUntilMs, ...item };
}
