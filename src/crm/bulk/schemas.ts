import { z } from 'zod';
import { actions, entities, errorsMax, statuses } from './job.ts';
import type { BulkJob } from './job.ts';

const count = z.int();
const time = z.iso.datetime();
export const filter = z.record(z.string().max(100), z.unknown());

export const jobShape = z
  .object({
    id: z.uuid(),
    workspace_id: z.uuid().nullable().describe('The job reaches only records of this workspace; null: all of them.'),
    entity: z.enum(entities),
    action: z.enum(actions),
    select: z
      .object({
        ids: count.optional().describe('How many.'),
        filter: filter.optional(),
        segment_id: z.uuid().optional(),
      })
      .describe('Empty: all records.'),
    change: z.record(z.string(), z.unknown()).nullable().describe('As in the request.'),
    status: z.enum(statuses),
    error: z.string().nullable().describe('Why the job failed.'),
    progress: z.object({
      done: count.describe('Records that were changed, or already were as wanted.'),
      total: count.describe('Records selected so far; final once the first one is done.'),
      failed: count,
    }),
    errors: z
      .array(z.object({ id: z.uuid(), reason: z.string() }))
      .describe(`The first ${errorsMax} records that failed, with the reason.`),
    created_by: z.uuid().nullable().describe('The key that created it.'),
    created_at: time,
    finished_at: time.nullable(),
  })
  .meta({ id: 'BulkJob' });

export const jobOnWire = (job: BulkJob): z.input<typeof jobShape> => ({
  id: job.id,
  workspace_id: job.workspace_id,
  entity: job.entity,
  action: job.action,
  select: job.selection,
  change: job.change,
  status: job.status,
  error: job.error,
  progress: { done: job.done, total: job.total, failed: job.failed },
  errors: [...job.errors],
  created_by: job.created_by,
  created_at: job.created_at.toISOString(),
  finished_at: job.finished_at?.toISOString() ?? null,
});

export const queued: z.input<typeof jobShape> = {
  id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4f2',
  workspace_id: null,
  entity: 'contact',
  action: 'update',
  select: { filter: { field: 'tags', op: 'eq', value: 'fair' } },
  change: { tags: { add: ['fair 2026'], remove: ['fair'] } },
  status: 'queued',
  error: null,
  progress: { done: 0, total: 0, failed: 0 },
  errors: [],
  created_by: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c01',
  created_at: '2026-01-05T09:00:00.000Z',
  finished_at: null,
};
export const completed: z.input<typeof jobShape> = {
  ...queued,
  status: 'completed',
  progress: { done: 9_999, total: 10_000, failed: 1 },
  errors: [{ id: '0199c9f1-3c1a-7b52-a6aa-0f4be1f0a9d3', reason: 'Contact not found.' }],
  finished_at: '2026-01-05T09:00:20.000Z',
};
