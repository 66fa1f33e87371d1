import { z } from 'zod';
import { dayMs } from '../../base/clock.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import { activityFields } from '../../base/records/activity.ts';
import type { RowOf } from '../../base/records/field.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { exampleIds } from '../../events/index.ts';
import { fields, recordKind } from '../records/index.ts';
import type { RecordBase } from '../records/index.ts';

/** An activity as it is stored. The records it names may have been deleted since. */
export interface Activity extends RecordBase, RowOf<typeof activityFields> {
  organization_id: OrganizationId;
}

export const activityKind = recordKind(activityFields);

export const newActivity = z.strictObject(activityKind.given);

/** A field that is left out is not changed, null clears it; metadata is replaced as a whole. */
export const activityChange = newActivity.partial();

export type NewActivity = z.output<typeof newActivity>;
export type ActivityChange = z.output<typeof activityChange>;

/** The fields that name what an activity was about. */
export const subjects = ['contact_id', 'company_id', 'project_id'] as const;

const yearsMax = 10;
const yearMs = 365.25 * dayMs;

/** Reports an activity about nothing, or at an impossible time. */
export function faultsOf(activity: Activity, nowMs: number): ErrorDetails | undefined {
  if (subjects.every((field) => activity[field] === null))
    return { contact_id: 'is required unless company_id or project_id is given' };
  if (activity.occurred_at < fields.earliest || activity.occurred_at.getTime() > nowMs + yearsMax * yearMs) {
    return { occurred_at: `must not be before 1900 or more than ${yearsMax} years ahead` };
  }
  return undefined;
}

export const activityShape = activityKind.shape.meta({ id: 'Activity' });

/** The record as the API and its events show it. */
export const activityOnWire = (activity: Activity): z.input<typeof activityShape> =>
  activityKind.onWire(activity.organization_id, activity);

export const activityExample: z.input<typeof activityShape> = activityKind.example(exampleIds.activity);
