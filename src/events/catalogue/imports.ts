import { z } from 'zod';
import { builtIn, by, byExample, count, example, id, moment, text, workspaceId } from './built-in.ts';

const states = ['completed', 'failed', 'cancelled'] as const;

const ended = z.object({
  id: id('import'),
  workspace_id: workspaceId,
  file_name: text.nullable(),
  state: z.enum(states),
  error: text.nullable().describe('Why the import failed or was cancelled automatically.'),
  dry_run: z.boolean().describe('Nothing was written; the counts report what would have happened to the rows.'),
  rows_read: count,
  created: count,
  updated: count,
  unchanged: count,
  restored: count,
  suppressed: count,
  rejected: count,
  blanked: count.describe('Rows written without their invalid values (`on_bad_value: blank`).'),
  created_at: moment,
  finished_at: moment,
  actor: by.actor.describe('Who started the import.'),
});
const endedExample = (state: (typeof states)[number], error: string | null = null) => ({
  id: example.import,
  workspace_id: null,
  file_name: 'fair.csv',
  state,
  error,
  dry_run: false,
  rows_read: 50_000,
  created: 49_120,
  updated: 804,
  unchanged: 0,
  restored: 0,
  suppressed: 74,
  rejected: 2,
  blanked: 0,
  created_at: example.at,
  finished_at: example.later,
  ...byExample,
});

export const imports = {
  'import.completed': builtIn('An import processed its whole file.', ended, endedExample('completed')),
  'import.failed': builtIn(
    'An import failed; contacts that it had written stay.',
    ended,
    endedExample('failed', 'An internal error occurred at line 50001. Contacts imported before it stay.'),
  ),
  'import.cancelled': builtIn(
    'An import was cancelled, by request or after it had waited a day for its file; contacts that it had written stay.',
    ended,
    endedExample('cancelled'),
  ),
};
