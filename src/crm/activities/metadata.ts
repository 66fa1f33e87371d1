import { z } from 'zod';
import { cut } from '../../base/cut.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import { validationMessages } from '../../base/validation-messages.ts';
import { fields, searchText } from '../records/index.ts';

export const activityTypes = ['call', 'email', 'meeting', 'note'] as const;
export type ActivityType = (typeof activityTypes)[number];

const integerMax = 2_147_483_647;
const duration = z.int().min(0).max(integerMax).nullable();
const notes = fields.optionalText(50_000);
const subject = fields.optionalText(1_000);

/** What each type of activity tells; nothing of it is required. */
const shapes = {
  call: z.strictObject({
    direction: z.enum(['inbound', 'outbound']).nullable(),
    outcome: z.enum(['connected', 'voicemail', 'no_answer', 'busy']).nullable(),
    duration_seconds: duration,
    notes,
  }),
  email: z.strictObject({
    direction: z.enum(['sent', 'received']).nullable(),
    subject,
    body: fields.optionalText(200_000),
    source: z.enum(['manual', 'bcc']).nullable(),
  }),
  meeting: z.strictObject({
    subject,
    location: fields.optionalText(500),
    duration_minutes: duration,
    outcome: z.enum(['completed', 'cancelled', 'no_show']).nullable(),
    notes,
  }),
  note: z.strictObject({ notes }),
} satisfies Record<ActivityType, z.ZodObject>;

export type Metadata = Readonly<Record<string, unknown>>;

/** For the API document. */
export const metadataDescription = Object.entries(shapes)
  .map(([type, { shape }]) => `${type}: ${Object.keys(shape).join(', ')}`)
  .join('; ');

/** Reads metadata as the type has it; null is the same as nothing. @returns what is wrong, by field, when something is. */
export function readMetadata(
  type: ActivityType,
  given: Metadata,
): { readonly metadata: Record<string, unknown> } | { readonly problems: ErrorDetails } {
  const result = shapes[type].partial().safeParse(given, { error: validationMessages });
  if (result.success)
    return { metadata: Object.fromEntries(Object.entries(result.data).filter(([, value]) => value != null)) };
  return {
    problems: Object.fromEntries(
      result.error.issues.map((issue) =>
        issue.code === 'unrecognized_keys'
          ? [`metadata.${cut(issue.keys[0] ?? '', 100)}`, `is no field of a ${type}`]
          : [['metadata', ...issue.path.map(String)].join('.'), issue.message],
      ),
    ),
  };
}

/** Of long texts the beginning is looked through. */
const searchedMax = 5_000;

export const metadataSearch = (metadata: Metadata): string =>
  searchText(
    ...['subject', 'location', 'notes', 'body'].map((field) => {
      const value = metadata[field];
      return typeof value === 'string' ? cut(value, searchedMax) : null;
    }),
  );
