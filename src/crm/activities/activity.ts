import { z } from 'zod';
import type { ErrorDetails } from '../../base/errors.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { changedFields, fields } from '../records/index.ts';
import { activityTypes, metadataDescription } from './metadata.ts';
import type { ActivityType } from './metadata.ts';
import { dayMs } from '../../base/clock.ts';

/** An activity as it is stored. What it was about may be gone since: then the id names nothing any more. */
export interface Activity {
  id: string;
  organization_id: OrganizationId;
  activity_type: ActivityType;
  contact_id: string | null;
  company_id: string | null;
  project_id: string | null;
  occurred_at: Date;
  metadata: Record<string, unknown>;
  created_by: string | null;
  created_at: Date;
  updated_at: Date;
}

const idField = z.uuid().toLowerCase();
const given = {
  activity_type: z.enum(activityTypes),
  contact_id: idField.nullable().optional(),
  company_id: idField.nullable().optional(),
  project_id: idField.nullable().optional(),
  occurred_at: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional()
    .describe('With a time zone; now when not said.'),
  metadata: z
    .record(z.string().max(100), z.unknown())
    .optional()
    .describe(`By type, each optional. ${metadataDescription}.`),
};

/** What a caller says of a new activity. */
export const newActivity = z.strictObject(given);

/** A field that is not given stays, null clears it; metadata is replaced as a whole. */
export const activityChange = newActivity.partial();

export type NewActivity = z.output<typeof newActivity>;
export type ActivityChange = z.output<typeof activityChange>;

/** The fields by which an activity names what it was about. */
export const subjects = ['contact_id', 'company_id', 'project_id'] as const;

const yearsMax = 10;
const yearMs = 365.25 * dayMs;

/** What an activity lacks, or when it cannot have been. */
export function faultsOf(activity: Activity, nowMs: number): ErrorDetails | undefined {
  if (subjects.every((field) => activity[field] === null))
    return { contact_id: 'must be given, or company_id, or project_id' };
  if (activity.occurred_at < fields.earliest || activity.occurred_at.getTime() > nowMs + yearsMax * yearMs) {
    return { occurred_at: `must be since 1900 and at most ${yearsMax} years ahead` };
  }
  return undefined;
}

const watched = ['activity_type', ...subjects, 'occurred_at', 'metadata'] as const;

export const activityChanges = (before: Activity, after: Activity): string[] => changedFields(before, after, watched);

const time = z.iso.datetime();
const aboutId = (what: string) => z.uuid().nullable().describe(`Stays when the ${what} is deleted.`);

export const activityShape = z
  .object({
    id: z.uuid(),
    activity_type: z.enum(activityTypes),
    contact_id: aboutId('contact'),
    company_id: aboutId('company'),
    project_id: aboutId('project'),
    occurred_at: time,
    metadata: z.record(z.string(), z.unknown()).describe(`By type. ${metadataDescription}.`),
    account_id: z.uuid().describe('The organization.'),
    created_by: z.uuid().nullable().describe('The key that created it.'),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Activity' });

/** The record as the API and its events show it. */
export const activityOnWire = ({
  organization_id: organization,
  ...activity
}: Activity): z.input<typeof activityShape> => ({
  ...activity,
  occurred_at: activity.occurred_at.toISOString(),
  account_id: organization,
  created_at: activity.created_at.toISOString(),
  updated_at: activity.updated_at.toISOString(),
});

export const activityExample: z.input<typeof activityShape> = {
  id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b413',
  activity_type: 'call',
  contact_id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b410',
  company_id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b411',
  project_id: null,
  occurred_at: '2026-01-05T09:00:00.000Z',
  metadata: {
    direction: 'outbound',
    outcome: 'connected',
    duration_seconds: 340,
    notes: 'Asked for a demo next week.',
  },
  account_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c00',
  created_by: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c01',
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
};
