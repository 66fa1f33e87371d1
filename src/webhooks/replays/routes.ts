import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { EndpointId, ReplayId } from '../../base/ids.ts';
import { cancelReplay, createReplay, replayById } from './job.ts';
import type { Jobs } from './job.ts';
import { count, list } from './queries.ts';
import { progressOf, replayStates, replayStatuses } from './replay.ts';
import type { Replay } from './replay.ts';

// On the wire ---------------------------------------------------------------------------------------

const time = z.iso.datetime({ offset: true });

const replayShape = z
  .object({
    id: z.uuid(),
    endpoint_id: z.uuid(),
    status: z.enum(replayStatuses),
    event_types: z.array(z.string()).nullable(),
    since: time,
    until: time,
    rate_per_second: z.number().int(),
    state: z.enum(replayStates),
    waiting_for: z
      .enum(['endpoint', 'queue'])
      .nullable()
      .describe(
        'What a running job waits for: `endpoint`, to be enabled; `queue`, for the endpoint to work off the deliveries it has.',
      ),
    progress: z.object({
      scanned: z.number().int().describe('Deliveries, or events when the status is `all`, that were looked at.'),
      replayed: z.number().int().describe('Deliveries that were queued.'),
      percent: z.number().int().describe('Of the time range.'),
      reached_at: time.describe('Everything before this moment has been worked through.'),
    }),
    created_at: time,
    finished_at: time.nullable(),
  })
  .meta({ id: 'Replay' });

const iso = (ms: number): string => new Date(ms).toISOString();

function replayOnWire(replay: Replay): z.input<typeof replayShape> {
  const { percent, reachedMs } = progressOf(replay);
  return {
    id: replay.id,
    endpoint_id: replay.endpointId,
    status: replay.status,
    event_types: replay.eventTypes === undefined ? null : [...replay.eventTypes],
    since: iso(replay.sinceMs),
    until: iso(replay.untilMs),
    rate_per_second: replay.ratePerSecond,
    state: replay.state,
    waiting_for: replay.waitingFor ?? null,
    progress: { scanned: replay.scanned, replayed: replay.replayed, percent, reached_at: iso(reachedMs) },
    created_at: iso(replay.createdAtMs),
    finished_at: replay.finishedAtMs === undefined ? null : iso(replay.finishedAtMs),
  };
}

const example = {
  id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d01',
  endpoint_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00',
  status: 'failed',
  event_types: ['reply.*'],
  since: '2026-01-04T00:00:00.000Z',
  until: '2026-01-05T09:00:00.000Z',
  rate_per_second: 100,
  state: 'running',
  waiting_for: null,
  progress: { scanned: 1200, replayed: 37, percent: 41, reached_at: '2026-01-04T13:31:12.000Z' },
  created_at: '2026-01-05T09:00:00.000Z',
  finished_at: null,
};

const one = z.object({ data: replayShape });
const id = z.object({ id: z.uuid() });
const conflict = { description: 'The request contradicts what is stored; the message says how.' };

// Routes --------------------------------------------------------------------------------------------

export function replayRoutes(jobs: Jobs): readonly Route[] {
  const { db } = jobs;
  return [
    route({
      method: 'POST',
      path: '/v1/replays',
      tag: 'Replays',
      summary: 'Replay deliveries to an endpoint',
      description:
        'A durable job. `failed` sends failed deliveries again under their own ids, with a new schedule; `delivered` makes a new delivery of each that arrived; `all` of every event that the endpoint’s events and filter match now, those before its creation included. `webhook-id` stays that of the event, so a receiver that deduplicates drops what it has handled. ' +
        'It waits while the endpoint is disabled or has 10,000 deliveries pending. An endpoint has one running replay at a time.',
      scope: 'webhooks:write',
      boundKeys: 'own',
      operationId: 'createReplay',
      body: z.strictObject({
        endpoint_id: z.uuid(),
        since: time.describe('Of the delivery’s creation; of the event’s when the status is `all`. Included.'),
        until: time.optional().describe('Not included. Now when not said, and at the latest.'),
        event_types: z
          .array(z.string().min(1).max(128))
          .min(1)
          .max(100)
          .optional()
          .describe('Types, or patterns such as `contact.*`; all when not said.'),
        status: z.enum(replayStatuses).default('failed'),
        rate_per_second: z
          .number()
          .int()
          .min(1)
          .max(1_000)
          .default(100)
          .describe('Deliveries queued a second, at most.'),
      }),
      bodyExample: {
        endpoint_id: example.endpoint_id,
        since: example.since,
        status: 'failed',
        event_types: ['reply.*'],
      },
      answers: {
        202: {
          description: 'The job, which has begun.',
          schema: one,
          example: {
            data: { ...example, progress: { scanned: 0, replayed: 0, percent: 0, reached_at: example.since } },
          },
        },
        404: { description: 'No such endpoint in this organization, or it belongs to another workspace than the key.' },
        409: conflict,
      },
      handle: async ({ body }, principal) => {
        const replay = await createReplay(jobs, principal, {
          endpointId: body.endpoint_id as EndpointId,
          status: body.status,
          eventTypes: body.event_types,
          sinceMs: Date.parse(body.since),
          untilMs: body.until === undefined ? undefined : Date.parse(body.until),
          ratePerSecond: body.rate_per_second,
        });
        return { status: 202, body: { data: replayOnWire(replay) }, headers: { location: `/v1/replays/${replay.id}` } };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/replays',
      tag: 'Replays',
      summary: 'List replays, the newest first',
      scope: 'webhooks:read',
      boundKeys: 'own',
      operationId: 'listReplays',
      query: pageQuery.extend({ endpoint_id: z.uuid().optional(), state: z.enum(replayStates).optional() }),
      answers: {
        200: {
          description: 'A page of replays.',
          schema: pageOf(replayShape),
          example: { data: [example], page: 1, page_size: 25, total: 1 },
        },
      },
      handle: async ({ query }, { organizationId, workspaceId }) => {
        const { page, page_size: size } = query;
        const filter = { workspaceId, endpointId: query.endpoint_id as EndpointId | undefined, state: query.state };
        const [replays, total] = await Promise.all([
          list(db, organizationId, filter, size, (page - 1) * size),
          count(db, organizationId, filter),
        ]);
        return { status: 200, body: { data: replays.map(replayOnWire), page, page_size: size, total } };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/replays/:id',
      tag: 'Replays',
      summary: 'Get a replay and its progress',
      scope: 'webhooks:read',
      boundKeys: 'own',
      operationId: 'getReplay',
      params: id,
      answers: { 200: { description: 'The replay.', schema: one, example: { data: example } } },
      handle: async ({ params }, principal) => ({
        status: 200,
        body: { data: replayOnWire(await replayById(db, principal, params.id as ReplayId)) },
      }),
    }),
    route({
      method: 'POST',
      path: '/v1/replays/:id/cancel',
      tag: 'Replays',
      summary: 'Cancel a replay',
      description: 'Ends the job at once. What it has queued is still delivered. Cancelling it again changes nothing.',
      scope: 'webhooks:write',
      boundKeys: 'own',
      operationId: 'cancelReplay',
      params: id,
      answers: {
        200: {
          description: 'The replay as it ended.',
          schema: one,
          example: { data: { ...example, state: 'cancelled', finished_at: '2026-01-05T09:01:00.000Z' } },
        },
        409: conflict,
      },
      handle: async ({ params }, principal) => ({
        status: 200,
        body: { data: replayOnWire(await cancelReplay(jobs, principal, params.id as ReplayId)) },
      }),
    }),
  ];
}
