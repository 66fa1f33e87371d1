import { z } from 'zod';
import { builtIn, by, byExample, count, example, id, moment, text, workspaceId } from './built-in.ts';

const mailbox = z.object({ mailbox_id: id('mailbox'), email: text, reason: text.nullable() });
const mailboxExample = { mailbox_id: example.mailbox, email: example.sender, reason: null };

const suppression = z.object({
  suppression_id: id('suppression'),
  workspace_id: workspaceId.describe('Null: for the whole organization.'),
  email: text.nullable(),
  domain: text.nullable(),
  contact_id: id('live contact that has the address').nullable(),
  reason: text.describe('For example unsubscribed, hard_bounce, complaint, manual, import or erased.'),
  ...by,
});
const suppressionExample = {
  suppression_id: example.suppression,
  workspace_id: null,
  email: example.recipient,
  domain: null,
  contact_id: example.contact,
  reason: 'unsubscribed',
  ...byExample,
};

const band = z.enum(['healthy', 'watch', 'quarantine', 'blocked']);

export const sending = {
  'mailbox.connected': builtIn('A mailbox was connected or reconnected.', mailbox, mailboxExample),
  'mailbox.disconnected': builtIn('A mailbox was disconnected or stopped working.', mailbox, {
    ...mailboxExample,
    reason: 'authentication failed',
  }),
  'warmup.health_changed': builtIn(
    "A mailbox's health band changed, or was measured for the first time.",
    z.object({
      mailbox_id: id('mailbox'),
      email: text,
      previous_band: band.nullable().describe('Null: it was measured for the first time.'),
      band,
      score: z
        .number()
        .min(0)
        .max(100)
        .nullable()
        .describe('Null: a rate decided the band, and too little is known for a score.'),
    }),
    { mailbox_id: example.mailbox, email: example.sender, previous_band: 'healthy', band: 'watch', score: 71 },
  ),
  'warmup.milestone': builtIn(
    'A mailbox reached a milestone of its warm-up.',
    z.object({
      mailbox_id: id('mailbox'),
      email: text,
      milestone: text.describe(
        '`first_inbox`, `day_7`, `day_14`, `day_30`, `sent_100`, `sent_500`, `target_reached`, `health_90` or `recovered`; each once.',
      ),
      value: z
        .number()
        .nullable()
        .describe(
          'What it is about: messages, days, the daily volume or the score. Null: too little is known for a score.',
        ),
    }),
    { mailbox_id: example.mailbox, email: example.sender, milestone: 'sent_100', value: 100 },
  ),
  'suppression.created': builtIn(
    'An address or a domain was suppressed: it gets no more email.',
    suppression,
    suppressionExample,
  ),
  'suppression.deleted': builtIn(
    'A suppression was removed: its address or domain may get email again.',
    suppression,
    suppressionExample,
  ),
  'sending.limit_reached': builtIn(
    'A sending limit was reached, for the first time in a day; the remaining email is sent after it resets.',
    z.object({
      mailbox_id: id('mailbox').nullable().describe('Null: the limit is one of the whole organization.'),
      email: text.nullable(),
      limit: text.describe(
        'The limit that was reached: `mailbox_daily_limit`, `domain_hourly_limit`, `organization_limit` or `provider_limit`.',
      ),
      domain: text.nullable().describe("The recipients' domain, if the limit is one of messages to it."),
      value: count,
      resets_at: moment.nullable(),
    }),
    {
      mailbox_id: example.mailbox,
      email: example.sender,
      limit: 'mailbox_daily_limit',
      domain: null,
      value: 50,
      resets_at: '2026-01-07T00:00:00.000Z',
    },
  ),
};
