import { z } from 'zod';
import { ofWorkspace, within } from '../../auth/index.ts';
import { withFinish } from '../../db/in-order.ts';
import { listAnswers, listBody, listingOf, listQuery, totalFor } from '../../http/listing.ts';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { shown } from '../../http/shown.ts';
import type { EndpointId, ReplayId } from '../../base/ids.ts';
import { noSuchEndpoint } from '../endpoints/index.ts';
import { cancelReplay, createReplay, previewReplay, replayById } from './job.ts';
import type { Jobs, Selection } from './job.ts';
import { countMax } from './preview.ts';
import { count, list } from './queries.ts';
import { progressOf, replayStates, replayStatuses, scanMax } from './replay.ts';
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
        'What a running job waits for: `endpoint`: for the endpoint to be enabled; `queue`: for its pending deliveries to be sent.',
      ),
    progress: z.object({
      scanned: z.number().int().describe('Number of deliveries scanned, or of events if the status is `all`.'),
      replayed: z.number().int().describe('Number of deliveries queued.'),
      percent: z.number().int().describe('Percentage of the time range.'),
      reached_at: time.describe('Everything before this time has been processed.'),
    }),
    created_at: time,
    finished_at: time.nullable(),
  })
  .meta({ id: 'Replay' });

function replayOnWire(replay: Replay): z.input<typeof replayShape> {
  const { scanned, replayed } = replay;
  const { percent, reached } = progressOf(replay);
  return shown(replayShape, {
    ...replay,
    progress: { scanned, replayed, percent, reached_at: reached.toISOString() },
  });
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

/** Fields of a request that say what is replayed. */
const selection = {
  endpoint_id: z.uuid(),
  since: time.describe("Inclusive. Compared with the delivery's creation, or the event's if the status is `all`."),
  until: time.optional().describe('Exclusive. Default and maximum: now.'),
  event_types: z
    .array(z.string().min(1).max(128))
    .min(1)
    .max(100)
    .optional()
    .describe('Types, or patterns such as `contact.*`. Default: all.'),
  status: z.enum(replayStatuses).default('failed'),
};

const selected = ({
  endpoint_id,
  since,
  until,
  event_types,
  status,
}: z.output<z.ZodObject<typeof selection>>): Selection => ({
  endpoint_id: endpoint_id as EndpointId,
  status,
  event_types: event_types ?? null,
  since: new Date(since),
  until: until === undefined ? undefined : new Date(until),
});
const selectionExample = {
  endpoint_id: example.endpoint_id,
  since: example.since,
  status: 'failed',
  event_types: ['reply.*'],
};

const previewShape = z
  .object({
    deliveries: z.number().int().describe('Number of deliveries that the replay would queue now.'),
    is_complete: z
      .boolean()
      .describe('False: the range has more than the preview counts, so the replay may queue more deliveries.'),
  })
  .meta({ id: 'ReplayPreview' });

const one = dataOf(replayShape);
const id = z.object({ id: z.uuid() });
const conflict = { description: 'The request conflicts with the current state; the message explains how.' };

// Routes --------------------------------------------------------------------------------------------

export function replayRoutes(jobs: Jobs): readonly Route[] {
  const { db } = jobs;
  return [
    route({
      method: 'POST',
      path: '/v1/replays',
      creates: true,
      tag: 'Replays',
      summary: 'Replay deliveries to an endpoint',
      description:
        "Starts a durable job. `failed` sends failed deliveries again under their own ids, with a new schedule. `delivered` creates a new delivery for each one that was delivered. `all` creates one for every event that the endpoint's events and filter match now, including events before its creation. `webhook-id` remains the event's id, so a receiver that deduplicates skips what it has processed. " +
        'The job waits while the endpoint is disabled or has 10,000 pending deliveries. An endpoint has at most one running replay.',
      scope: 'webhooks:write',
      boundKeys: 'own',
      operationId: 'createReplay',
      body: z.strictObject({
        ...selection,
        rate_per_second: z
          .number()
          .int()
          .min(1)
          .max(1_000)
          .default(100)
          .describe('Maximum number of deliveries queued per second.'),
      }),
      bodyExample: selectionExample,
      answers: {
        202: {
          description: 'The started job.',
          schema: one,
          example: {
            data: { ...example, progress: { scanned: 0, replayed: 0, percent: 0, reached_at: example.since } },
          },
        },
        ...noSuchEndpoint,
        409: conflict,
      },
      handle: async ({ body }, principal) => {
        const replay = await createReplay(jobs, principal, {
          ...selected(body),
          rate_per_second: body.rate_per_second,
        });
        return { status: 202, body: { data: replayOnWire(replay) }, headers: { location: `/v1/replays/${replay.id}` } };
      },
    }),
    route({
      method: 'POST',
      path: '/v1/replays/preview',
      tag: 'Replays',
      summary: 'Count what a replay would send',
      description: `Queues nothing. Counts the first ${countMax.toLocaleString('en')} deliveries of the range, or events if the status is \`all\`: the first ${scanMax.toLocaleString('en')} if the endpoint has a filter, because each is read.`,
      scope: 'webhooks:read',
      boundKeys: 'own',
      operationId: 'previewReplay',
      body: z.strictObject(selection),
      bodyExample: selectionExample,
      answers: {
        200: {
          description: 'The count.',
          schema: dataOf(previewShape),
          example: { data: { deliveries: 37, is_complete: true } },
        },
        ...noSuchEndpoint,
      },
      handle: async ({ body }, principal) => ({
        status: 200,
        body: { data: await previewReplay(jobs, principal, selected(body)) },
      }),
    }),
    route({
      method: 'GET',
      path: '/v1/replays',
      tag: 'Replays',
      summary: 'List replays, newest first',
      scope: 'webhooks:read',
      boundKeys: 'own',
      operationId: 'listReplays',
      query: listQuery.extend({
        ...ofWorkspace,
        endpoint_id: z.uuid().optional(),
        state: z.enum(replayStates).optional(),
      }),
      answers: listAnswers('A page of replays.', replayShape, example),
      handle: async ({ query }, principal) => {
        const { organizationId, workspaceId } = within(principal, query);
        const page = listingOf('/v1/replays', query);
        const filter = { workspaceId, endpointId: query.endpoint_id as EndpointId | undefined, state: query.state };
        const [replays, total] = await Promise.all([
          list(db, organizationId, filter, page),
          totalFor(page, () => count(db, organizationId, filter, page)),
        ]);
        return { status: 200, body: listBody(query, page, replays.map(withFinish), replayOnWire, { total }) };
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
      description: 'Deliveries that the job has already queued are still sent. Cancelling it again changes nothing.',
      scope: 'webhooks:write',
      boundKeys: 'own',
      operationId: 'cancelReplay',
      params: id,
      answers: {
        200: {
          description: 'The cancelled replay.',
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
