import { z } from 'zod';
import { builtIn, by, byExample, count, example, id, moment, text } from './built-in.ts';

const states = ['completed', 'failed', 'cancelled'] as const;

const ended = z.object({
  id: id('import'),
  file_name: text.nullable(),
  state: z.enum(states),
  error: text.nullable().describe('Why it failed, or was cancelled by itself.'),
  dry_run: z.boolean().describe('The counts say what would have become of the rows; nothing was written.'),
  rows_read: count,
  created: count,
  updated: count,
  unchanged: count,
  restored: count,
  suppressed: count,
  rejected: count,
  blanked: count.describe('Of the rows written: without values that their fields cannot have.'),
  created_at: moment,
  finished_at: moment,
  actor: by.actor.describe('Who began it.'),
});
const endedExample = (state: (typeof states)[number], error: string | null = null) => ({
  id: example.import,
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
  'import.completed': builtIn('An import went through its file to the end.', ended, endedExample('completed')),
  'import.failed': builtIn(
    'An import was given up; what it had written stays.',
    ended,
    endedExample('failed', 'An internal error occurred at line 50001. Contacts imported before it stay.'),
  ),
  'import.cancelled': builtIn(
    'An import was cancelled, or waited a day for its file; what it had written stays.',
    ended,
    endedExample('cancelled'),
  ),
};
