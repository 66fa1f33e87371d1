import { z } from 'zod';
import { withFinish } from '../../db/in-order.ts';
import { cursorBody, cursorListQuery, listingOf } from '../../http/listing.ts';
import { assertScopes, grants, ofWorkspace, within, workspaceFor } from '../../auth/index.ts';
import { invalid } from '../../base/errors.ts';
import type { WorkspaceId } from '../../base/ids.ts';
import type { Database } from '../../db/pool.ts';
import { cursorPageOf, dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Principal, Route, Scope } from '../../http/route.ts';
import type { SelectionRequest } from '../segments/index.ts';
import { actions, entities, idsMax, statuses, unfinishedMax } from './job.ts';
import type { Action, BulkJob, Entity } from './job.ts';
import type { Jobs } from './jobs.ts';
import { completed, filter, jobOnWire, jobShape, queued } from './schemas.ts';

const common = { tag: 'Bulk jobs', scope: 'any', boundKeys: 'own' } as const;
const params = z.object({ id: z.uuid() });
const one = (description: string, example: z.input<typeof jobShape>) => ({
  description,
  schema: dataOf(jobShape),
  example: { data: example },
});
const conflict = { description: 'The request conflicts with the current state; the message explains how.' };
/** Ten times as many ids as a job can have, so that the error names the field. */
const bytesMax = 4 * 1024 * 1024;

const selection = z.strictObject({
  ids: z.array(z.uuid().toLowerCase()).min(1).max(idsMax).optional(),
  filter: filter.optional().describe('As of a segment; not of suppressions.'),
  segment_id: z.uuid().optional(),
});

const kinds: Readonly<Record<Entity, 'contacts' | 'crm' | 'suppressions'>> = {
  contact: 'contacts',
  company: 'crm',
  suppression: 'suppressions',
};
const reads = (entity: Entity): Scope => `${kinds[entity]}:read`;

/** The scopes that the single calls need. */
function scopesFor(entity: Entity, action: Action, filters: boolean): Scope[] {
  const scopes: Scope[] = [action === 'export' ? reads(entity) : `${kinds[entity]}:write`];
  // Contacts leave the company.
  if (entity === 'company' && action === 'delete') scopes.push('contacts:write');
  // Filters read contacts and companies.
  if (filters) scopes.push('contacts:read', 'crm:read');
  return [...new Set(scopes)];
}

function requestOf(select: z.output<typeof selection> | undefined): SelectionRequest | undefined {
  if (select === undefined) return undefined;
  const { ids, filter: wanted, segment_id: segment } = select;
  const requests = [
    ...(ids === undefined ? [] : [{ ids }]),
    ...(wanted === undefined ? [] : [{ filter: wanted }]),
    ...(segment === undefined ? [] : [{ segment_id: segment }]),
  ];
  if (requests.length !== 1) throw invalid({ select: 'must have one of `ids`, `filter` and `segment_id`' });
  return requests[0];
}

export function bulkRoutes(jobs: Jobs, db: Database): readonly Route[] {
  /** @throws ApiError `not_found`, `forbidden` */
  async function readable(principal: Principal, id: string): Promise<BulkJob> {
    const job = await jobs.get(principal, id);
    assertScopes(principal, [reads(job.entity)]);
    return job;
  }
  return [
    route({
      ...common,
      method: 'POST',
      path: '/v1/bulk-jobs',
      creates: true,
      summary: 'Change, delete or export many records',
      description:
        `The job changes each record as the single call does, with its event, in chunks that commit with the progress. Records created after the job are not part of it. An organization has at most ${unfinishedMax} jobs that are queued or running. ` +
        'Needs the scopes of the single calls; `filter` and `segment_id` need `contacts:read` and `crm:read`, too.',
      operationId: 'createBulkJob',
      bodyBytesMax: bytesMax,
      body: z.strictObject({
        entity: z.enum(entities),
        action: z.enum(actions),
        select: selection
          .optional()
          .describe('One of the three. An export without it has all records. Suppressions are selected by `ids` only.'),
        change: z
          .record(z.string().max(100), z.unknown())
          .optional()
          .describe(
            'Of an update: fields as in `PATCH`, of contacts without `email`. `tags` of contacts is a list, which replaces them, or `{"add": […], "remove": […]}`.',
          ),
        workspace_id: z.uuid().optional().describe('Only records of this workspace.'),
      }),
      bodyExample: {
        entity: 'contact',
        action: 'update',
        select: { filter: { field: 'tags', op: 'eq', value: 'fair' } },
        change: { tags: { add: ['fair 2026'], remove: ['fair'] } },
      },
      answers: { 202: one('The job, queued.', queued), 409: conflict },
      handle: async ({ body: { entity, action, select, change, workspace_id: wanted } }, principal) => {
        const request = requestOf(select);
        assertScopes(principal, scopesFor(entity, action, request !== undefined && !('ids' in request)));
        const workspace = await workspaceFor(db, principal, wanted as WorkspaceId | undefined);
        const editor = { ...principal, workspaceId: workspace ?? undefined };
        const job = await jobs.create(editor, { entity, action, select: request, change });
        return { status: 202, body: { data: jobOnWire(job) }, headers: { location: `/v1/bulk-jobs/${job.id}` } };
      },
    }),
    route({
      ...common,
      method: 'GET',
      path: '/v1/bulk-jobs',
      summary: 'List bulk jobs, newest first',
      description: 'Those for kinds of records that the key can read.',
      operationId: 'listBulkJobs',
      query: cursorListQuery.extend({ status: z.enum(statuses).optional(), ...ofWorkspace }),
      answers: {
        200: {
          description: 'A page of bulk jobs.',
          schema: cursorPageOf(jobShape),
          example: { data: [completed], next_cursor: null },
        },
      },
      handle: async ({ query }, principal) => {
        const page = listingOf('/v1/bulk-jobs', query);
        const readableEntities = entities.filter((entity) => grants(principal.scopes, reads(entity)));
        const rows = await jobs.list(
          within(principal, query),
          { entities: readableEntities, status: query.status },
          page,
        );
        return { status: 200, body: cursorBody(page, rows.map(withFinish), jobOnWire) };
      },
    }),
    route({
      ...common,
      method: 'GET',
      path: '/v1/bulk-jobs/:id',
      summary: 'Get a bulk job and its progress',
      operationId: 'getBulkJob',
      params,
      answers: { 200: one('The job.', completed) },
      handle: async ({ params: { id } }, principal) => ({
        status: 200,
        body: { data: jobOnWire(await readable(principal, id)) },
      }),
    }),
    route({
      ...common,
      method: 'POST',
      path: '/v1/bulk-jobs/:id/cancel',
      summary: 'Cancel a bulk job',
      description: 'Stops it after the chunk in progress; what it changed stays. Cancelling again has no effect.',
      operationId: 'cancelBulkJob',
      params,
      answers: {
        200: one('The cancelled job.', { ...queued, status: 'cancelled', finished_at: '2026-01-05T09:01:00.000Z' }),
        409: conflict,
      },
      handle: async ({ params: { id } }, principal) => {
        const { entity, action } = await jobs.get(principal, id);
        assertScopes(principal, scopesFor(entity, action, false));
        return { status: 200, body: { data: jobOnWire(await jobs.cancel(principal, id)) } };
      },
    }),
    route({
      ...common,
      method: 'GET',
      path: '/v1/bulk-jobs/:id/file',
      summary: 'Fetch the file of an export',
      description:
        'CSV in UTF-8, with a header. The records of the export as they are now; those deleted since are left out. Text that a spreadsheet would evaluate as a formula begins with an apostrophe. The file can be fetched for 7 days.',
      operationId: 'getBulkJobFile',
      params,
      answers: {
        200: {
          description: 'The file.',
          contentType: 'text/csv',
          schema: z.string(),
          example: 'id,email,domain,reason\r\n',
        },
        409: conflict,
      },
      handle: async ({ params: { id } }, principal) => {
        const job = await readable(principal, id);
        return {
          status: 200,
          parts: jobs.fileOf(job),
          headers: {
            'content-type': 'text/csv; charset=utf-8',
            'content-disposition': `attachment; filename="${job.entity}-export-${id}.csv"`,
          },
        };
      },
    }),
  ];
}
