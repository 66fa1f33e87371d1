import { z } from 'zod';
import { notFound } from '../../base/errors.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { contactKeys } from '../../crm/contacts/index.ts';
import type { Contact } from '../../crm/contacts/index.ts';
import type { Reach } from '../../crm/records/index.ts';
import type { Queryable } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import { exampleIds } from '../../events/index.ts';
import { logPosition, logQuery } from '../../http/listing.ts';
import { cursorPageOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { openContent } from '../sending/index.ts';
import { entriesOf, entryTypes } from './queries.ts';
import type { Entry } from './queries.ts';

export interface TimelineOptions {
  readonly db: Queryable;
  readonly vault: Vault;
  readonly contactsOf: (on: Queryable, reach: Reach, ids: readonly string[]) => Promise<Contact[]>;
}

const entryShape = z
  .object({
    id: z.uuid().describe('Of the record that it is about, or of the change.'),
    type: z.enum(entryTypes),
    at: z.iso.datetime().describe('When it happened.'),
    data: z
      .record(z.string(), z.unknown())
      .describe(
        'Of an `activity`: `activity_type`, `metadata`, `project_id`, `created_by`. Of a `message`: `direction`, `status`, `subject`, `mailbox_id`, `campaign_id`, `lead_id`, `step`, `opened_at`, `clicked_at`, and of a reply its `classification`. Of a `meeting`: `status`, `starts_at`, `ends_at`, `campaign_id`, `lead_id`. Of a `lead`: `kind` (as in its history, such as `added`, `replied` or `skipped`), `from`, `to`, `lead_id`, `campaign_id`, `message_id`. Of a `suppression`: `email`, `reason`, `workspace_id`, `message_id`. Of `suppression_lifted`: `email`, `reason`, `workspace_id`, `suppressed_at`. Of `merged` and `unmerged`: `merge_id` and `from_id`, the contact that was merged into this one. Of `topic_left`: `email`, `reason`, `topic_id`, `topic_name`, `message_id`. Of `contact_created`: `created_by`.',
      ),
  })
  .meta({ id: 'TimelineEntry' });

const example: z.input<typeof entryShape> = {
  id: exampleIds.email,
  type: 'message',
  at: '2026-01-05T09:00:01.204Z',
  data: {
    direction: 'outbound',
    status: 'sent',
    subject: 'Spring launch',
    mailbox_id: exampleIds.mailbox,
    campaign_id: exampleIds.campaign,
    lead_id: exampleIds.lead,
    step: 1,
    opened_at: null,
    clicked_at: null,
    classification: null,
  },
};

/** Fields of `data` that are times, as PostgreSQL's JSON has them. */
const times: ReadonlySet<string> = new Set(['opened_at', 'clicked_at', 'starts_at', 'ends_at', 'suppressed_at']);

async function onWire({ vault }: TimelineOptions, on: Queryable, organization: OrganizationId, entry: Entry) {
  const { id, type, at, content } = entry;
  const data = Object.fromEntries(
    Object.entries(entry.data).map(([key, value]) => [
      key,
      times.has(key) && typeof value === 'string' ? new Date(value).toISOString() : value,
    ]),
  );
  // Empty after an erasure.
  const subject =
    content === null || content.length === 0
      ? null
      : (await openContent(vault, on, { organization_id: organization, content })).subject;
  return { id, type, at: at.toISOString(), data: type === 'message' ? { ...data, subject } : data };
}

/** The call that shows what happened with a contact. */
export const timelineRoutes = (options: TimelineOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/contacts/:id/timeline',
    tag: 'Contacts',
    summary: 'List what happened with a contact, newest first',
    description:
      "Activities, messages to and from it, meetings, changes of its leads in campaigns, suppressions of its addresses and when they were lifted, topics that they left, and merges, in the order in which they were recorded. Suppressions and topics of a workspace are in the timelines of the workspace's contacts only; those of a contact without a workspace have the organization's. Keys that are bound to a workspace do not see the organization's. A message has its first open and click. Changes of the contact's fields are in `GET /v1/events?contact_id=`.",
    scope: ['contacts:read', 'crm:read', 'mailboxes:read', 'replies:read', 'campaigns:read', 'suppressions:read'],
    boundKeys: 'own',
    operationId: 'listContactTimeline',
    params: z.object({ id: z.uuid() }),
    query: logQuery,
    answers: {
      200: {
        description: 'A page of entries.',
        schema: cursorPageOf(entryShape),
        example: { data: [example], next_cursor: null },
      },
      404: { description: 'No such contact.' },
    },
    async handle({ params: { id }, query }, principal) {
      const { db, contactsOf } = options;
      const [contact] = await contactsOf(db, principal, [id]);
      if (contact === undefined || contact.deleted_at !== null) throw notFound('Contact');
      const subject = { id: contact.id, workspace_id: contact.workspace_id, keys: contactKeys(contact) };
      const { limit } = query;
      const { range, cursorOf } = logPosition(`/v1/contacts/${id}/timeline`, query);
      const rows = await entriesOf(db, principal, subject, range, limit + 1);
      const data = [];
      for (const row of rows.slice(0, limit)) data.push(await onWire(options, db, principal.organizationId, row));
      return { status: 200, body: { data, next_cursor: cursorOf(rows.length > limit ? data.at(-1)?.id : null) } };
    },
  }),
];
