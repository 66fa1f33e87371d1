import { z } from 'zod';
import { ofWorkspace, within } from '../../auth/index.ts';
import type { EndpointId } from '../../base/ids.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { noSuchEndpoint } from '../endpoints/index.ts';
import type { Endpoints } from '../endpoints/index.ts';
import type { Streams } from './stream.ts';

const example = `retry: 2000
event: open
data: {}

event: attempts
data: {"at":"2026-01-05T09:00:00.500Z","endpoints":[{"id":"0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00","delivered":3,"failed":1}]}

`;

export const liveRoutes = ({
  streams,
  endpoints,
}: {
  readonly streams: Streams;
  readonly endpoints: Pick<Endpoints, 'get'>;
}): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/deliveries/stream',
    tag: 'Deliveries',
    summary: 'Follow attempts as they happen',
    description:
      'Server-sent events, which stay open: `open` comes first, then `attempts` names the endpoints to which attempts were made in about the last half second, on any process, and how many were delivered and failed. `endpoints` is null if there were more than fit, or some may have been missed. It is a hint to read `GET /v1/deliveries`, not a log: what happens while no stream is open is not repeated. A comment comes every 15 s. The stream ends when any key or session ends, when the process stops, and after an hour: reconnect after 2 s.',
    scope: 'webhooks:read',
    boundKeys: 'own',
    operationId: 'streamAttempts',
    query: z.strictObject({ endpoint_id: z.uuid().optional(), ...ofWorkspace }),
    waits: true,
    answers: {
      200: {
        description: 'The events.',
        schema: z.string(),
        contentType: 'text/event-stream',
        example,
      },
      ...noSuchEndpoint,
    },
    handle: async ({ query, signal }, principal) => {
      const reach = within(principal, query);
      const endpoint = query.endpoint_id as EndpointId | undefined;
      if (endpoint !== undefined) await endpoints.get(reach, endpoint);
      return {
        status: 200,
        parts: streams.open(reach, endpoint, signal),
        headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
      };
    },
  }),
];
