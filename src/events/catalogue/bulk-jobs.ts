import { z } from 'zod';
import { builtIn, by, byExample, count, example, id, moment, text, workspaceId } from './built-in.ts';

const statuses = ['completed', 'failed', 'cancelled'] as const;

const ended = z.object({
  id: id('bulk job'),
  workspace_id: workspaceId,
  entity: z.enum(['contact', 'company', 'suppression']),
  action: z.enum(['update', 'delete', 'export']),
  status: z.enum(statuses),
  error: text.nullable().describe('Why the job failed.'),
  total: count.describe('Records selected.'),
  done: count.describe('Records changed or deleted, and those that needed no change.'),
  failed: count.describe('Records that could not be changed.'),
  created_at: moment,
  finished_at: moment,
  actor: by.actor.describe('Who started the job.'),
});
const endedExample = (status: (typeof statuses)[number], error: string | null = null) => ({
  id: example.bulkJob,
  workspace_id: null,
  entity: 'contact' as const,
  action: 'update' as const,
  status,
  error,
  total: 10_000,
  done: status === 'completed' ? 9_998 : 4_000,
  failed: status === 'completed' ? 2 : 0,
  created_at: example.at,
  finished_at: example.later,
  ...byExample,
});

export const bulkJobs = {
  'bulk_job.completed': builtIn(
    'A bulk job was completed; the file of an export can be fetched.',
    ended,
    endedExample('completed'),
  ),
  'bulk_job.failed': builtIn(
    'A bulk job failed; the changes that it made are kept.',
    ended,
    endedExample('failed', 'An internal error occurred. What was changed before stays.'),
  ),
  'bulk_job.cancelled': builtIn(
    'A bulk job was cancelled; the changes that it made are kept.',
    ended,
    endedExample('cancelled'),
  ),
};
