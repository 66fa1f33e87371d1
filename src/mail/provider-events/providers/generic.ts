import { z } from 'zod';
import { invalid } from '../../../base/errors.ts';
import { mustBeWellFormed, mustNotHaveNul, validationMessages } from '../../../base/validation-messages.ts';
import { genericMeetings, meetingIn } from '../meeting.ts';
import { dedupeKeyOf, isHmac, lineMax, madeSecret, messageIdsOf, text } from '../fields.ts';
import { detailsOf, providerEventTypes } from '../provider.ts';
import type { Detail, Details, Provider, ProviderEventType } from '../provider.ts';
import { own } from '../../../base/own.ts';

const reasonFor =
  (reason: string) =>
  ({ input }: z.core.$ZodRawIssue): string =>
    input === undefined ? 'is required' : reason;

const line = z
  .string({ error: reasonFor('must be a string') })
  .max(lineMax, `must be at most ${lineMax} characters`)
  .refine((given) => given.isWellFormed(), mustBeWellFormed)
  .refine((given) => !given.includes('\0'), mustNotHaveNul);

const post = z.looseObject(
  {
    type: z.enum(providerEventTypes, {
      error: reasonFor(`must be one of ${[...providerEventTypes, ...genericMeetings].join(', ')}`),
    }),
    email_id: line.min(1, 'must not be empty'),
    recipient: line.nullish(),
    timestamp: z.iso
      .datetime({ offset: true, local: true, error: 'must be an ISO 8601 time, such as 2026-03-03T08:15:00Z' })
      .nullish(),
  },
  'must be an object',
);
type Post = z.output<typeof post>;

const hasZone = /(Z|[+-]\d\d:\d\d)$/;

/** A time without a zone is UTC. */
const timeOf = (timestamp: string): number => Date.parse(hasZone.test(timestamp) ? timestamp : `${timestamp}Z`);

/** A detail of the expected kind; other values remain only in the stored body. */
function detailOf(given: Readonly<Record<string, unknown>>, name: Detail): string | boolean | undefined {
  // The cause of a failure is also accepted under the bounces' name.
  const value = own(given, name) ?? (name === 'error' ? given['reason'] : undefined);
  // Our own words, and judged by our own rules only.
  if (name === 'verdict' || name === 'reasons' || name === 'cause') return undefined;
  if (name === 'machine') return typeof value === 'boolean' ? value : undefined;
  if (typeof value !== 'string') return undefined;
  if (name !== 'bounce_type') return value;
  const kind = value.toLowerCase();
  return kind === 'hard' || kind === 'soft' ? kind : undefined;
}

const detailsIn = (given: Post, type: ProviderEventType): Details =>
  Object.fromEntries(
    detailsOf[type].flatMap((name) => {
      const value = detailOf(given, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** A format for any sender: `{type, email_id, recipient?, timestamp?}`, signed in `X-Webhook-Signature` with the body's HMAC-SHA256 in hexadecimal. */
export const generic: Provider = {
  name: 'generic',

  recognise: (_headers, body) => typeof body === 'object' && body !== null && 'type' in body && 'email_id' in body,

  material: madeSecret,

  verify: ({ raw, headers }, { secret = '' }) => isHmac(headers['x-webhook-signature'], raw, secret),

  bookings: meetingIn,

  read(body, raw) {
    const result = post.safeParse(body, { error: validationMessages });
    if (!result.success)
      throw invalid(
        Object.fromEntries(
          result.error.issues.map(({ path, message }) => [path.map(String).join('.') || 'body', message]),
        ),
      );
    const { type, email_id: emailId, recipient, timestamp } = result.data;
    const occurredAtMs = timestamp == null ? undefined : timeOf(timestamp);
    const details = detailsIn(result.data, type);
    // The URL counts because a scanner follows every link of a message within a second. Without a time, the whole body identifies the event.
    const identity =
      occurredAtMs === undefined
        ? raw
        : JSON.stringify([type, emailId, recipient || null, occurredAtMs, details.url ?? null]);
    const { bounce_type: kind, diagnostic, reason, error } = details;
    return [
      {
        type,
        emailId,
        recipient: recipient || null,
        occurredAtMs,
        dedupeKey: dedupeKeyOf(Buffer.from(identity)),
        messageIds: messageIdsOf(emailId),
        hard: kind === undefined ? undefined : kind === 'hard',
        answer: text(diagnostic) ?? text(reason) ?? text(error),
        details,
      },
    ];
  },
};
