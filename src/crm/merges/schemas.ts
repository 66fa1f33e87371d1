import { z } from 'zod';
import { exampleIds } from '../../events/index.ts';
import type { Merge } from './merges.ts';

export const entities = ['contact', 'company'] as const;

const time = z.iso.datetime();

export const mergeShape = z
  .object({
    id: z.uuid(),
    workspace_id: z.uuid().nullable().describe('Of both records; null: they belong to the organization.'),
    entity: z.enum(entities),
    into_id: z.uuid().describe('The surviving record.'),
    from_id: z.uuid().describe('The record that went away.'),
    from: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('The record that went away, as it was; null when the merge was undone or can no longer be.'),
    changed: z.array(z.string()).describe('The fields of the surviving record that the merge changed.'),
    moved: z
      .record(z.string(), z.int())
      .describe('How many records of each kind followed, such as `{"contacts": 3, "projects": 1}`.'),
    can_undo: z
      .boolean()
      .describe(
        'Whether it is neither undone nor expired. Undoing can still be refused: merges into one record are undone in reverse order.',
      ),
    created_by: z.uuid().nullable().describe('The key that merged them.'),
    created_at: time,
    expires_at: time.describe('Until then the merge can be undone.'),
    undone_at: time.nullable(),
  })
  .meta({ id: 'Merge' });

/** @param nowMs decides whether it can be undone */
export const mergeOnWire = (
  { from, snapshot, expires_at: expires, undone_at: undone, created_at: created, ...merge }: Merge,
  nowMs: number,
): z.input<typeof mergeShape> => ({
  id: merge.id,
  workspace_id: merge.workspace_id,
  entity: merge.entity,
  into_id: merge.into_id,
  from_id: merge.from_id,
  from: from === null ? null : { ...from },
  changed: [...merge.changed],
  moved: { ...merge.moved },
  can_undo: undone === null && snapshot !== null && expires.getTime() > nowMs,
  created_by: merge.created_by,
  created_at: created.toISOString(),
  expires_at: expires.toISOString(),
  undone_at: undone?.toISOString() ?? null,
});

export const mergeExample: z.input<typeof mergeShape> = {
  id: exampleIds.merge,
  workspace_id: null,
  entity: 'company',
  into_id: exampleIds.company,
  from_id: exampleIds.duplicate,
  from: { id: exampleIds.duplicate, name: 'Analytical Engines Ltd', domain: null },
  changed: ['phone', 'tags'],
  moved: { contacts: 3, projects: 1, activities: 12, leads: 0 },
  can_undo: true,
  created_by: exampleIds.user,
  created_at: '2026-01-05T09:00:00.000Z',
  expires_at: '2026-02-04T09:00:00.000Z',
  undone_at: null,
};
