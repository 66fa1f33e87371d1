import { z } from 'zod';
import { cursorBody, cursorListQuery, listingOf } from '../../http/listing.ts';
import { ofWorkspace, within } from '../../auth/index.ts';
import { exampleIds } from '../../events/index.ts';
import { cursorPageOf, dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { Meeting, Records } from './records.ts';

const common = { tag: 'Meetings', boundKeys: 'own' } as const;
const time = z.iso.datetime();
const status = z.enum(['booked', 'cancelled']);

const meetingShape = z
  .object({
    id: z.uuid(),
    workspace_id: z.uuid().nullable(),
    status,
    campaign_id: z.uuid().nullable(),
    lead_id: z
      .uuid()
      .nullable()
      .describe('null if no lead has the address of an attendee, and the booking link named none.'),
    contact_id: z.uuid().nullable(),
    email: z.string().nullable().describe('Of the person who booked.'),
    starts_at: time,
    ends_at: time.nullable(),
    timezone: z.string().nullable().describe('Of the person who booked, as the calendar reported it.'),
    title: z.string().nullable(),
    location: z.string().nullable(),
    source: z.string().describe('`calcom`, `calendly`, `generic`, or `icalendar` for a message in a mailbox.'),
    external_id: z.string().nullable().describe("The calendar's id of the meeting."),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Meeting' });

const meetingOnWire = (row: Meeting): z.input<typeof meetingShape> => ({
  id: row.id,
  workspace_id: row.workspace_id,
  status: row.status,
  campaign_id: row.campaign_id,
  lead_id: row.lead_id,
  contact_id: row.contact_id,
  email: row.email,
  starts_at: row.starts_at.toISOString(),
  ends_at: row.ends_at?.toISOString() ?? null,
  timezone: row.timezone,
  title: row.title,
  location: row.location,
  source: row.source,
  external_id: row.external_id,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

const meetingExample: z.input<typeof meetingShape> = {
  id: exampleIds.meeting,
  workspace_id: null,
  status: 'booked',
  campaign_id: exampleIds.campaign,
  lead_id: exampleIds.lead,
  contact_id: exampleIds.contact,
  email: exampleIds.recipient,
  starts_at: '2026-01-12T15:00:00.000Z',
  ends_at: '2026-01-12T15:30:00.000Z',
  timezone: 'Europe/London',
  title: 'Introduction',
  location: 'https://meet.example/ada-grace',
  source: 'calcom',
  external_id: 'bFJeNb2uX8ANpT3JL5EfXw',
  created_at: exampleIds.later,
  updated_at: exampleIds.later,
};

/** Meetings that leads booked. */
export const meetingRoutes = (meetings: Records): readonly Route[] => [
  route({
    ...common,
    method: 'GET',
    path: '/v1/meetings',
    summary: 'List meetings, newest first',
    scope: 'campaigns:read',
    operationId: 'listMeetings',
    query: cursorListQuery.extend({
      ...ofWorkspace,
      status: status.optional(),
      campaign_id: z.uuid().optional(),
      lead_id: z.uuid().optional(),
      contact_id: z.uuid().optional(),
    }),
    answers: {
      200: {
        description: 'A page of meetings.',
        schema: cursorPageOf(meetingShape),
        example: { data: [meetingExample], next_cursor: null },
      },
    },
    handle: async ({ query }, principal) => {
      const page = listingOf('/v1/meetings', query);
      const rows = await meetings.list(within(principal, query), query, page);
      return { status: 200, body: cursorBody(page, rows, meetingOnWire) };
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: '/v1/meetings/:id',
    summary: 'Get a meeting',
    scope: 'campaigns:read',
    operationId: 'getMeeting',
    params: z.object({ id: z.uuid() }),
    answers: {
      200: { description: 'The meeting.', schema: dataOf(meetingShape), example: { data: meetingExample } },
      404: { description: 'No such meeting.' },
    },
    handle: async ({ params: { id } }, principal) => ({
      status: 200,
      body: { data: meetingOnWire(await meetings.get(principal, id)) },
    }),
  }),
];
