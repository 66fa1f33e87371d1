import { z } from 'zod';
import { ofWorkspace, within } from '../../auth/index.ts';
import { minuteMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { idAt } from '../../base/ids.ts';
import type { Database } from '../../db/pool.ts';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { shown } from '../../http/shown.ts';
import { endpointsWithin, searchedEndpointsMax } from '../deliveries/index.ts';
import { enabledOf, flowSince, queueOf, troubledOf } from './queries.ts';

const minutes = 5;
/** Counted in five minutes at most; of the queue, shared by the endpoints. */
const countedMax = 100_000;
const attentionMax = 20;

const time = z.iso.datetime();

const overviewShape = z
  .object({
    last_5_minutes: z.object({
      events: z.int().describe('Events published.'),
      deliveries: z.int().describe('Deliveries created.'),
    }),
    queue: z.object({
      pending: z.int().describe('Deliveries that wait for their first or next attempt.'),
      held: z.int().describe('Deliveries of disabled endpoints.'),
      oldest_due_at: time
        .nullable()
        .describe('When the pending delivery that is due first was or is due; in the past, deliveries are late.'),
    }),
    endpoints: z.object({ total: z.int(), enabled: z.int() }),
    attention: z
      .array(
        z.object({
          id: z.uuid(),
          target_url: z.string(),
          description: z.string(),
          is_active: z.boolean(),
          disabled_reason: z.string().nullable(),
          disabled_at: time.nullable(),
          consecutive_failures: z.int(),
          last_error: z.string().nullable(),
        }),
      )
      .describe(
        `Up to ${attentionMax} endpoints that are disabled or whose last attempt failed: those that a failure disabled first, then those that fail, then paused ones.`,
      ),
  })
  .meta({ id: 'WebhookOverview' });

const example: z.input<typeof overviewShape> = {
  last_5_minutes: { events: 412, deliveries: 824 },
  queue: { pending: 12, held: 3, oldest_due_at: '2026-01-05T09:00:04.000Z' },
  endpoints: { total: 14, enabled: 13 },
  attention: [
    {
      id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00',
      target_url: 'https://receiver.example/hooks/outrider',
      description: 'CRM',
      is_active: true,
      disabled_reason: null,
      disabled_at: null,
      consecutive_failures: 4,
      last_error: 'The receiver answered 503.',
    },
  ],
};

export const overviewRoutes = ({ db, clock }: { readonly db: Database; readonly clock: Clock }): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/overview',
    tag: 'Deliveries',
    summary: 'Get what happens now, and which endpoints need attention',
    description: `Counts at most ${countedMax.toLocaleString('en')} of each. An organization with more than ${searchedEndpointsMax.toLocaleString('en')} endpoints names \`workspace_id\`.`,
    scope: ['webhooks:read', 'events:read'],
    boundKeys: 'own',
    operationId: 'getOverview',
    query: z.strictObject(ofWorkspace),
    answers: { 200: { description: 'The overview.', schema: dataOf(overviewShape), example: { data: example } } },
    handle: async ({ query }, principal) => {
      const reach = within(principal, query);
      const endpoints = await endpointsWithin(db, reach);
      const from = idAt(clock.now() - minutes * minuteMs);
      const each = Math.ceil(countedMax / Math.max(1, endpoints.length));
      const [flow, queue, attention, enabled] = await Promise.all([
        flowSince(db, reach, endpoints, from, countedMax),
        queueOf(db, endpoints, each),
        troubledOf(db, endpoints, attentionMax),
        enabledOf(db, endpoints),
      ]);
      const data = {
        last_5_minutes: flow,
        queue: shown(overviewShape.shape.queue, queue),
        endpoints: { total: endpoints.length, enabled },
        attention: attention.map((row) => shown(overviewShape.shape.attention.element, row)),
      };
      return { status: 200, body: { data } };
    },
  }),
];
