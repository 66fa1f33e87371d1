import { z } from 'zod';
import { cut } from '../../base/cut.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import { activityMetadata } from '../../base/records/activity.ts';
import type { activityTypes } from '../../base/records/activity.ts';
import { validationMessages } from '../../base/validation-messages.ts';
import { givenShape, searchText } from '../records/index.ts';

export type ActivityType = (typeof activityTypes)[number];

const shapes: Readonly<Record<ActivityType, z.ZodObject>> = {
  call: z.strictObject(givenShape(activityMetadata.call)),
  email: z.strictObject(givenShape(activityMetadata.email)),
  meeting: z.strictObject(givenShape(activityMetadata.meeting)),
  note: z.strictObject(givenShape(activityMetadata.note)),
};

export type Metadata = Readonly<Record<string, unknown>>;

/** Reads metadata by the fields of its type; null is the same as nothing. @returns the problems by field, if there are any. */
export function readMetadata(
  type: ActivityType,
  given: Metadata,
): { readonly metadata: Record<string, unknown> } | { readonly problems: ErrorDetails } {
  const result = shapes[type].safeParse(given, { error: validationMessages });
  if (result.success)
    return { metadata: Object.fromEntries(Object.entries(result.data).filter(([, value]) => value != null)) };
  return {
    problems: Object.fromEntries(
      result.error.issues.map((issue) =>
        issue.code === 'unrecognized_keys'
          ? [`metadata.${cut(issue.keys[0] ?? '', 100)}`, `is not a field of a ${type}`]
          : [['metadata', ...issue.path.map(String)].join('.'), issue.message],
      ),
    ),
  };
}

/** Only the first characters of long texts are searched. */
const searchedMax = 5_000;

export const metadataSearch = (metadata: Metadata): string =>
  searchText(
    ...['subject', 'location', 'notes', 'body'].map((field) => {
      const value = metadata[field];
      return typeof value === 'string' ? cut(value, searchedMax) : null;
    }),
  );
