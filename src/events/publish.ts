import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { dayMs, type Clock } from '../base/clock.ts';
import { namedWorkspace } from '../auth/index.ts';
import type { WorkspaceCaller, WorkspaceDirectory } from '../auth/index.ts';
import { ApiError, invalid } from '../base/errors.ts';
import type { ErrorDetails } from '../base/errors.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { isReserved } from './catalogue.ts';
import type { NewEvent } from './emit.ts';
import type { Checks, EventTypes, JsonObject } from './event-types.ts';
import type { Outcome, Published, Publisher } from './publisher.ts';

/** Segments of letters, digits, `_` and `-`, separated by dots. */
export const typeName = z
  .string()
  .max(128)
  .regex(
    /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/,
    'must consist of letters, digits, `_` and `-`, in parts separated by dots, such as invoice.paid',
  );

const pattern = String.raw`(\*|[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*(\.\*)?)`;

/** The types that a search matches: one, or all with a prefix. */
export const typePattern = z
  .string()
  .max(128)
  .regex(new RegExp(`^${pattern}$`), 'must be a type such as email.sent, or a prefix such as email.*');

/** Several of them, separated by commas. */
export const typePatterns = z
  .string()
  .max(1_000)
  .regex(
    new RegExp(`^${pattern}(,${pattern})*$`),
    'must be types such as email.sent, or prefixes such as email.*, separated by commas',
  );

/** Any object: its members are not parsed but kept as they are. */
export const jsonObject = z
  .custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
    error: ({ input }) => (input === undefined ? 'is required' : 'must be an object'),
  })
  .meta({ type: 'object', override: { type: 'object', additionalProperties: true } });

/** One event as a caller publishes it. */
export const publication = z.strictObject({
  event: typeName.describe('The event type: a built-in one, or one of your own, registered or not.'),
  data: jsonObject.describe('Delivered byte for byte as written here.'),
  occurred_at: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('When it happened, with a time zone. Default: now.'),
  deliver_at: z.iso
    .datetime({ offset: true })
    .optional()
    .describe(
      'Deliver it at this time, with a time zone, at most 30 days from now and less than the retention; a time in the past means now. Until then, erase its data to cancel it.',
    ),
  ...namedWorkspace,
});

export type Publication = z.output<typeof publication>;

/** A publication with its JSON text and idempotency key. */
export interface Submission {
  readonly publication: Publication;
  /** JSON text of `publication.data`. */
  readonly dataText: string;
  readonly idempotencyKey: string | undefined;
  /** Of the publisher's request (W3C Trace Context). */
  readonly traceparent?: string | undefined;
}

export interface Publishing {
  /** @throws ApiError `validation_failed`, `conflict` or `unavailable`; `forbidden` for a workspace that the caller may not use */
  publish(owner: WorkspaceCaller, submission: Submission): Promise<Published>;
  /** Publishes in one commit, in order. @throws ApiError `validation_failed`, with fields named `events.<index>.…`, or `unavailable`; then nothing is published. */
  publishAll(owner: WorkspaceCaller, submissions: readonly Submission[]): Promise<readonly Outcome[]>;
}

/** Maximum distance of `occurred_at` from now. */
const yearsMax = 10;
const yearMs = 365.25 * dayMs;
/** Maximum distance of `deliver_at` from now, in days. */
const deliverWithinDays = 30;
const detailsMax = 50;
/** The checks of a batch yield to other requests after this time. */
const turnMs = 10;

/**
 * Checks callers' events and publishes them.
 * @example
 * await publishing.publish(principal, {
 *   publication: { event: 'invoice.paid', data: { amount: 4_200 } },
 *   dataText: '{"amount":4200}',
 *   idempotencyKey: 'in_1042',
 * });
 */
export function createPublishing({
  types,
  publisher,
  workspaces,
  clock,
  retentionDays,
}: {
  types: Pick<EventTypes, 'checks'>;
  publisher: Publisher;
  workspaces: WorkspaceDirectory;
  clock: Clock;
  retentionDays: number;
}): Publishing {
  // Leaves a day in which the deliveries can end before the event is dropped.
  const latestDays = Math.min(deliverWithinDays, retentionDays - 1);

  function faults(submission: Submission, checks: Checks, nowMs: number, prefix: string): ReturnType<Checks> {
    const { deliver_at: deliverAt } = submission.publication;
    if (deliverAt !== undefined && Date.parse(deliverAt) - nowMs > latestDays * dayMs)
      return {
        [`${prefix}deliver_at`]: `must be at most ${latestDays} days from now${latestDays < deliverWithinDays ? ', because events are kept for no longer' : ''}`,
      };
    return eventFaults(submission, checks, nowMs, prefix);
  }

  return {
    async publish(owner, submission) {
      const known = types.checks(owner.organizationId);
      const checks = known instanceof Promise ? await known : known;
      const now = clock.now();
      const found = faults(submission, checks, now, '');
      const details = found instanceof Promise ? await found : found;
      if (details !== undefined) throw invalid(details);
      const named = workspaces.of(owner, submission.publication);
      const workspace = named instanceof Promise ? await named : named;
      return publisher.publish(newEvent(owner, workspace, submission, now));
    },

    async publishAll(owner, submissions) {
      const checks = await types.checks(owner.organizationId);
      const now = clock.now();
      let details: ErrorDetails = {};
      let turnEnds = performance.now() + turnMs;
      for (const [index, submission] of submissions.entries()) {
        const found = faults(submission, checks, now, `events.${index}.`);
        details = { ...details, ...(found instanceof Promise ? await found : found) };
        if (Object.keys(details).length >= detailsMax) break;
        if (performance.now() < turnEnds) continue;
        await setImmediate();
        turnEnds = performance.now() + turnMs;
      }
      if (Object.keys(details).length > 0) throw invalid(details);
      const find = ({ publication: naming }: Submission, index: number): Promise<WorkspaceId | null> =>
        named(`events.${index}.`, () => workspaces.of(owner, naming));
      // Ids may be refused, and a refused batch creates no workspace.
      const byId = submissions.map((submission, index) => {
        const { workspace, workspace_id: id } = submission.publication;
        return workspace === undefined || id !== undefined ? find(submission, index) : undefined;
      });
      await Promise.all(byId.filter((each) => each !== undefined));
      const found = await Promise.all(submissions.map((submission, index) => byId[index] ?? find(submission, index)));
      return publisher.publishAll(
        submissions.map((submission, index) => newEvent(owner, found[index] ?? null, submission, now)),
      );
    },
  };
}

function eventFaults(
  { publication: { event, data, occurred_at: occurredAt }, dataText }: Submission,
  checks: Checks,
  nowMs: number,
  prefix: string,
): ReturnType<Checks> {
  if (isReserved(event)) return { [`${prefix}event`]: `${event} is reserved; only Outrider can emit it` };
  if (occurredAt !== undefined && Math.abs(Date.parse(occurredAt) - nowMs) > yearsMax * yearMs)
    return { [`${prefix}occurred_at`]: `must be within ${yearsMax} years of now` };
  return checks(event, data, dataText, `${prefix}data`);
}

/** Adds the position of an event of a batch to the fields that an error names. */
async function named<T>(prefix: string, find: () => T | Promise<T>): Promise<T> {
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof ApiError) || error.error !== 'validation_failed') throw error;
    throw invalid(Object.fromEntries(Object.entries(error.details ?? {}).map(([field, why]) => [prefix + field, why])));
  }
}

function newEvent(
  { organizationId }: WorkspaceCaller,
  workspace: WorkspaceId | null,
  {
    publication: { event, data, occurred_at: occurredAt, deliver_at: deliverAt },
    dataText,
    idempotencyKey: key,
    traceparent,
  }: Submission,
  nowMs: number,
): NewEvent {
  return {
    organizationId,
    workspaceId: workspace ?? undefined,
    type: event,
    data,
    dataText,
    occurredAtMs: occurredAt === undefined ? nowMs : Date.parse(occurredAt),
    ...(deliverAt === undefined ? {} : { deliverAtMs: Date.parse(deliverAt) }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(key === undefined
      ? {}
      : {
          idempotency: {
            key: workspace === null ? key : `${workspace} ${key}`,
            requestHash: requestHash(event, occurredAt, deliverAt, dataText),
          },
        }),
  };
}

/** Unambiguous, because neither a type nor a time contains a line break, and the data begins with a brace. */
const requestHash = (
  event: string,
  occurredAt: string | undefined,
  deliverAt: string | undefined,
  dataText: string,
): Buffer =>
  hash(
    'sha256',
    `${event}\n${occurredAt ?? ''}\n${deliverAt === undefined ? '' : `${deliverAt}\n`}${dataText}`,
    'buffer',
  );
