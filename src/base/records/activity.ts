import type { Field, Fields } from './field.ts';

export const activityTypes = ['call', 'email', 'meeting', 'note'] as const;

const notes = { type: 'text', max: 50_000, example: null } as const satisfies Field;
const subject = { type: 'text', max: 1_000, example: null } as const satisfies Field;

/** The metadata of each type of activity; every field is optional. */
export const activityMetadata = {
  call: {
    direction: { type: 'choice', choices: ['inbound', 'outbound'], example: 'outbound' },
    outcome: { type: 'choice', choices: ['connected', 'voicemail', 'no_answer', 'busy'], example: 'connected' },
    duration_seconds: { type: 'count', example: 340 },
    notes: { ...notes, example: 'Asked for a demo next week.' },
  },
  email: {
    direction: { type: 'choice', choices: ['sent', 'received'], example: 'sent' },
    subject,
    body: { type: 'text', max: 200_000, example: null },
    source: { type: 'choice', choices: ['manual', 'bcc'], example: 'manual' },
  },
  meeting: {
    subject,
    location: { type: 'text', max: 500, example: null },
    duration_minutes: { type: 'count', example: 30 },
    outcome: { type: 'choice', choices: ['completed', 'cancelled', 'no_show'], example: 'completed' },
    notes,
  },
  note: { notes },
} as const satisfies Readonly<Record<(typeof activityTypes)[number], Fields>>;

const metadataByType = Object.entries(activityMetadata)
  .map(([type, fields]) => `${type}: ${Object.keys(fields).join(', ')}`)
  .join('; ');

const subjectOf = (what: string, example: string | null) =>
  ({ type: 'id', of: what, description: `Kept when the ${what} is deleted.`, example }) as const satisfies Field;

/** The fields of an activity. */
export const activityFields = {
  activity_type: { type: 'choice', choices: activityTypes, required: true, example: 'call' },
  contact_id: subjectOf('contact', '0199c9f1-7b20-7d02-8f11-3c5a7e90b410'),
  company_id: subjectOf('company', '0199c9f1-7b20-7d02-8f11-3c5a7e90b411'),
  project_id: subjectOf('project', null),
  occurred_at: {
    type: 'moment',
    default: 'now',
    givenDescription: 'With a time zone; now by default.',
    example: '2026-01-05T09:00:00.000Z',
  },
  metadata: {
    type: 'json',
    description: `By type, each field optional. ${metadataByType}.`,
    example: {
      direction: 'outbound',
      outcome: 'connected',
      duration_seconds: 340,
      notes: 'Asked for a demo next week.',
    },
  },
} as const satisfies Fields;
