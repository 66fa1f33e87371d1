import { z } from 'zod';
import { builtIn, example, id, moment, tags, text } from './built-in.ts';

const campaign = z.object({
  campaign_id: id('campaign'),
  name: text,
  status: z.enum(['draft', 'active', 'paused', 'completed', 'archived']),
  reason: text
    .nullable()
    .describe(
      'The reason for the status: `finished`; `paused` by a person; `archived`; or what paused it: `bounce_guard`, `complaint_guard`, `domain_auth`, `no_mailbox`, `late_start`.',
    ),
  detail: text.nullable().describe('The reason as a sentence, with its numbers.'),
});
const campaignExample = { campaign_id: example.campaign, name: 'Spring launch', reason: null, detail: null };

const reply = z.object({
  reply_id: id('reply'),
  campaign_id: id('campaign').nullable(),
  lead_id: id('lead').nullable(),
  contact_id: id('contact').nullable(),
  mailbox_id: id('mailbox'),
  message_id: text.nullable().describe('Its Message-ID (RFC 5322 §3.6.4).'),
  from: text,
  subject: text,
  body_preview: text.describe('The beginning of what the person wrote.'),
});
const replyExample = {
  reply_id: example.reply,
  campaign_id: example.campaign,
  lead_id: example.lead,
  contact_id: example.contact,
  mailbox_id: example.mailbox,
  message_id: '<0199c9f2.2@lovelace.example>',
  from: example.recipient,
  subject: 'Re: Spring launch',
  body_preview: 'Sounds interesting. Could you send me some times for next week?',
};

const meeting = z.object({
  meeting_id: id('meeting'),
  campaign_id: id('campaign').nullable(),
  lead_id: id('lead').nullable(),
  contact_id: id('contact').nullable(),
  email: text.nullable().describe('Of the person who booked.'),
  starts_at: moment,
  ends_at: moment.nullable(),
  timezone: text.nullable().describe('Of the person who booked, as the calendar reported it.'),
  title: text.nullable(),
  location: text.nullable(),
  source: text.describe('`calcom`, `calendly`, `generic`, or `icalendar` for a message in a mailbox.'),
  external_id: text.nullable().describe("The calendar's id of the meeting."),
});
const meetingExample = {
  meeting_id: example.meeting,
  campaign_id: example.campaign,
  lead_id: example.lead,
  contact_id: example.contact,
  email: example.recipient,
  starts_at: '2026-01-12T15:00:00.000Z',
  ends_at: '2026-01-12T15:30:00.000Z',
  timezone: 'Europe/London',
  title: 'Introduction',
  location: 'https://meet.example/ada-grace',
  source: 'calcom',
  external_id: 'bFJeNb2uX8ANpT3JL5EfXw',
};

export const campaigns = {
  'lead.discovered': builtIn(
    'A search found a person who matches its ideal customer profile.',
    z.object({
      lead_id: id('lead').nullable().describe('Null: the search has no campaign, or there is no lawful basis.'),
      contact_id: id('contact').nullable(),
      campaign_id: id('campaign').nullable(),
      job_id: id('discovery job'),
      email: text.nullable(),
      source: text.nullable(),
      source_url: text.nullable().describe('Where the source shows the person.'),
      score: z.number().int().min(0).max(100),
      found_at: moment,
    }),
    {
      lead_id: example.lead,
      contact_id: example.contact,
      campaign_id: example.campaign,
      job_id: example.discoveryJob,
      email: example.recipient,
      source: 'company website',
      source_url: 'https://lovelace.example/team',
      score: 79,
      found_at: example.at,
    },
  ),
  'lead.verified': builtIn(
    "A lead's address was verified, successfully or not.",
    z.object({
      lead_id: id('lead'),
      contact_id: id('contact').nullable(),
      email: text,
      passed: z.boolean(),
      verdict: text,
      reasons: tags,
    }),
    {
      lead_id: example.lead,
      contact_id: example.contact,
      email: example.recipient,
      passed: true,
      verdict: 'deliverable',
      reasons: [],
    },
  ),
  'campaign.started': builtIn('A campaign was started or resumed.', campaign, { ...campaignExample, status: 'active' }),
  'campaign.paused': builtIn('A campaign was paused.', campaign, {
    ...campaignExample,
    status: 'paused',
    reason: 'bounce_guard',
    detail: '4 of 58 messages bounced (6.9 %); a campaign pauses at 5 %.',
  }),
  'campaign.completed': builtIn('Every step of a campaign was sent to every lead.', campaign, {
    ...campaignExample,
    status: 'completed',
    reason: 'finished',
  }),
  'reply.received': builtIn('A reply was received. It is not classified yet.', reply, replyExample),
  'reply.classified': builtIn(
    'A reply was classified, or reclassified by a person or the assistant.',
    reply.extend({
      classification: text,
      previous_classification: text.nullable(),
      confidence: z.number().min(0).max(1).nullable(),
      source: text.describe('`rules`, `model`, `assistant`, or `person`.'),
      return_date: text
        .nullable()
        .describe(
          '`YYYY-MM-DD`: the first day back of an absence, or the day from which a `not_now` may be written to again.',
        ),
    }),
    {
      ...replyExample,
      classification: 'interested',
      previous_classification: null,
      confidence: 0.94,
      source: 'rules',
      return_date: null,
    },
  ),
  'meeting.booked': builtIn('A lead booked a meeting.', meeting, meetingExample),
  'meeting.rescheduled': builtIn(
    'A meeting was moved to another time.',
    meeting.extend({ previous_starts_at: moment.nullable() }),
    { ...meetingExample, previous_starts_at: '2026-01-09T15:00:00.000Z' },
  ),
  'meeting.cancelled': builtIn('A meeting was cancelled.', meeting, meetingExample),
};
