import { z } from 'zod';
import { namedWorkspace, ofWorkspace, within } from '../../auth/index.ts';
import { notFound } from '../../base/errors.ts';
import type { WorkspaceId } from '../../base/ids.ts';
import { exampleIds } from '../../events/index.ts';
import { withFinish } from '../../db/in-order.ts';
import { cursorBody, cursorListQuery, listingOf } from '../../http/listing.ts';
import { cursorPageOf, dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Principal, Route } from '../../http/route.ts';
import { campaignExample } from '../campaigns/index.ts';
import { statuses, unfinishedMax } from './job.ts';
import type { DiscoveryJob } from './job.ts';
import type { Jobs } from './jobs.ts';
import type { ShownFind } from './queries.ts';
import { completed, findExample, findOnWire, findShape, jobOnWire, jobShape, queued, searchFields } from './schemas.ts';

const common = { tag: 'Discovery', boundKeys: 'own' } as const;
const params = z.object({ id: z.uuid() });
const flag = z
  .enum(['true', 'false'])
  .optional()
  .transform((value) => value === 'true');
const one = (description: string, example: z.input<typeof jobShape>) => ({
  description,
  schema: dataOf(jobShape),
  example: { data: example },
});
/** The job, and how far its campaign has come. */
const withPipeline = async (jobs: Jobs, job: DiscoveryJob) => {
  const pipeline = await jobs.pipelineOf(job);
  return { ...jobOnWire(job), ...(pipeline === undefined ? {} : { pipeline }) };
};
const conflict = { description: 'The request conflicts with the current state; the message explains how.' };

export interface RoutesOptions {
  readonly jobs: Jobs;
  /** Whether a caller reaches a contact. */
  readonly hasContact: (principal: Principal, id: string) => Promise<boolean>;
}

/** Discovery jobs and what they found. */
export const discoveryRoutes = ({ jobs, hasContact }: RoutesOptions): readonly Route[] => [
  route({
    ...common,
    method: 'POST',
    path: '/v1/leads/discover',
    creates: true,
    namesWorkspace: true,
    summary: 'Find people who match an ideal customer profile',
    description:
      'Searches in the background: follow it with `GET /v1/discovery-jobs/{id}`. People who reach the threshold of the profile become contacts with where they were found, and leads of the campaign if one is given and there is a lawful basis; each is emitted as `lead.discovered`. Suppressed and erased people, and those whom somebody deleted, are left out. ' +
      `With \`autolaunch=true\` a draft is launched in the same transaction, and writes to people as they are found and verified. An organization has at most ${unfinishedMax} jobs that are queued or running.`,
    scope: ['campaigns:write', 'contacts:write'] as const,
    operationId: 'discoverLeads',
    query: z.strictObject({ autolaunch: flag }),
    body: z.strictObject({
      campaign_id: z.uuid().optional().describe('People become leads of this campaign.'),
      ...searchFields,
      ...namedWorkspace,
    }),
    bodyExample: { icp: { countries: ['GB', 'NO'], titles: ['Head of Research'] }, limit: 200 },
    answers: { 202: one('The job, queued.', queued), 409: conflict },
    handle: async ({ query, body }, principal) => {
      const { campaign_id: campaignId, workspace_id: workspace, workspace: _, ...input } = body;
      const target = { campaignId, workspaceId: workspace as WorkspaceId | undefined };
      const job = await jobs.create(principal, target, input, query.autolaunch);
      return {
        status: 202,
        body: { data: jobOnWire(job) },
        headers: { location: `/v1/discovery-jobs/${job.id}` },
      };
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: '/v1/discovery-jobs',
    summary: 'List discovery jobs, newest first',
    scope: 'campaigns:read',
    operationId: 'listDiscoveryJobs',
    query: cursorListQuery.extend({
      status: z.enum(statuses).optional(),
      campaign_id: z.uuid().optional(),
      ...ofWorkspace,
    }),
    answers: {
      200: {
        description: 'A page of discovery jobs.',
        schema: cursorPageOf(jobShape),
        example: { data: [completed], next_cursor: null },
      },
    },
    handle: async ({ query }, principal) => {
      const { status, campaign_id: campaignId } = query;
      const page = listingOf('/v1/discovery-jobs', query);
      const rows = await jobs.list(within(principal, query), { status, campaignId }, page);
      return { status: 200, body: cursorBody(page, rows.map(withFinish), jobOnWire) };
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: '/v1/discovery-jobs/:id',
    summary: 'Get a discovery job and its progress',
    scope: 'campaigns:read',
    operationId: 'getDiscoveryJob',
    params,
    answers: { 200: one('The job.', { ...completed, pipeline: campaignExample.pipeline }) },
    handle: async ({ params: { id } }, principal) => ({
      status: 200,
      body: { data: await withPipeline(jobs, await jobs.get(principal, id)) },
    }),
  }),
  route({
    ...common,
    method: 'POST',
    path: '/v1/discovery-jobs/:id/cancel',
    summary: 'Cancel a discovery job',
    description: 'Stops it after the page in progress; what it found stays. Cancelling again has no effect.',
    scope: 'campaigns:write',
    operationId: 'cancelDiscoveryJob',
    params,
    answers: {
      200: one('The cancelled job.', { ...queued, status: 'cancelled', finished_at: '2026-01-05T09:01:00.000Z' }),
      409: conflict,
    },
    handle: async ({ params: { id } }, principal) => ({
      status: 200,
      body: { data: jobOnWire(await jobs.cancel(principal, id)) },
    }),
  }),
  route({
    ...common,
    method: 'POST',
    path: '/v1/discovery-jobs/:id/resume',
    summary: 'Resume a discovery job',
    description:
      'Continues a job that failed or was cancelled where it stopped. Nobody is found twice. Does nothing to one that is queued or running.',
    scope: ['campaigns:write', 'contacts:write'] as const,
    operationId: 'resumeDiscoveryJob',
    params,
    answers: { 200: one('The job.', queued), 409: conflict },
    handle: async ({ params: { id } }, principal) => ({
      status: 200,
      body: { data: jobOnWire(await jobs.resume(principal, id)) },
    }),
  }),
  ...findRoutes({ jobs, hasContact }),
];

const withTime = (find: ShownFind) => ({ ...find, created_at: find.found_at });
const findsPage = {
  200: {
    description: 'A page of finds.',
    schema: cursorPageOf(findShape),
    example: { data: [findExample], next_cursor: null },
  },
};

const findRoutes = ({ jobs, hasContact }: RoutesOptions): readonly Route[] => [
  route({
    ...common,
    method: 'GET',
    path: '/v1/discovery-jobs/:id/finds',
    summary: 'List the people whom a discovery job accepted, newest first',
    description: 'Each with its score, the reasons for it, and where the person was found.',
    scope: ['campaigns:read', 'contacts:read'] as const,
    operationId: 'listDiscoveryFinds',
    params,
    query: cursorListQuery,
    answers: findsPage,
    handle: async ({ params: { id }, query }, principal) => {
      const page = listingOf(`/v1/discovery-jobs/${id}/finds`, query);
      const rows = await jobs.finds(principal, id, page);
      return { status: 200, body: cursorBody(page, rows.map(withTime), findOnWire) };
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: '/v1/contacts/:id/finds',
    summary: 'List where a contact was found, newest first',
    description:
      'The provenance of a contact: source, address and time (GDPR article 14). Kept as long as the contact.',
    scope: ['campaigns:read', 'contacts:read'] as const,
    operationId: 'listContactFinds',
    params,
    query: cursorListQuery,
    answers: {
      200: {
        ...findsPage[200],
        example: { data: [{ ...findExample, contact_id: exampleIds.contact }], next_cursor: null },
      },
    },
    handle: async ({ params: { id }, query }, principal) => {
      if (!(await hasContact(principal, id))) throw notFound('Contact');
      const page = listingOf(`/v1/contacts/${id}/finds`, query);
      const rows = await jobs.findsOfContact(principal, id, page);
      return { status: 200, body: cursorBody(page, rows.map(withTime), findOnWire) };
    },
  }),
];
