import { z } from 'zod';
import { builtIn, example, id, moment, text } from './built-in.ts';

/** For an email that another system sent, only `email_id` is certain: values its provider does not report are null. */
const email = z.object({
  email_id: id('email'),
  message_id: text.nullable().describe('Its Message-ID (RFC 5322 §3.6.4).'),
  campaign_id: id('campaign').nullable(),
  lead_id: id('lead').nullable(),
  contact_id: id('contact').nullable(),
  mailbox_id: id('mailbox').nullable(),
  recipient: text.nullable(),
  from: text.nullable(),
  subject: text.nullable(),
  step: z.number().int().min(1).nullable().describe('Number of the step in the sequence, starting at 1.'),
  occurred_at: moment,
});
const emailExample = {
  email_id: example.email,
  message_id: '<0199c9f2.1@hopper.example>',
  campaign_id: example.campaign,
  lead_id: example.lead,
  contact_id: example.contact,
  mailbox_id: example.mailbox,
  recipient: example.recipient,
  from: example.sender,
  subject: 'Spring launch',
  step: 1,
  occurred_at: example.later,
};

const seen = {
  verdict: z
    .enum(['human', 'machine', 'proxy'])
    .nullable()
    .describe('Who did it: a person, a program, or a person through a service that hides place and device.'),
  reasons: z.array(text).nullable().describe('Why, for example `instant` or `scanner_network`.'),
  machine: z.boolean().nullable().describe('True if a scanner or proxy did it, not a person.'),
  ip: text.nullable(),
  user_agent: text.nullable(),
};
const seenExample = {
  verdict: 'human' as const,
  reasons: [],
  machine: false,
  ip: '203.0.113.24',
  user_agent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_4) AppleWebKit/605.1.15',
};

export const emails = {
  'email.sent': builtIn('An email was accepted by the sending mail server.', email, emailExample),
  'email.delivered': builtIn("An email was accepted by the recipient's mail server.", email, emailExample),
  'email.failed': builtIn(
    'An email could not be sent and will not be retried.',
    email.extend({ error: text.nullable() }),
    {
      ...emailExample,
      error: '535 5.7.8 Authentication failed',
    },
  ),
  'email.unknown': builtIn(
    'Whether an email was sent will not become known: the connection ended before the server answered, and its workspace was deleted before the email was found.',
    email.extend({ error: text.nullable().describe('Why its outcome was not known.') }),
    { ...emailExample, error: 'The connection ended before the server answered.' },
  ),
  'email.bounced': builtIn(
    'An email bounced. A soft bounce never suppresses the address.',
    email.extend({
      bounce_type: z.enum(['hard', 'soft']).nullable(),
      reason: text.nullable(),
      cause: text.nullable().describe('Why, in the words of Sisimai: userunknown, mailboxfull, blocked, and so on.'),
      diagnostic: text.nullable().describe("The server's diagnostic text."),
    }),
    {
      ...emailExample,
      bounce_type: 'hard',
      reason: 'mailbox does not exist',
      cause: 'userunknown',
      diagnostic: 'smtp; 550 5.1.1 <ada@lovelace.example>: User unknown',
    },
  ),
  'email.opened': builtIn('An email was opened.', email.extend({ ...seen, url: text.nullable() }), {
    ...emailExample,
    ...seenExample,
    url: null,
  }),
  'email.clicked': builtIn('A link in an email was clicked.', email.extend({ ...seen, url: text.nullable() }), {
    ...emailExample,
    ...seenExample,
    url: 'https://hopper.example/spring',
  }),
  'email.unsubscribed': builtIn(
    'A recipient opted out.',
    email.extend({ method: text.nullable().describe('For example link, one_click, reply or manual.') }),
    {
      ...emailExample,
      method: 'one_click',
    },
  ),
  'email.complained': builtIn(
    'A recipient marked an email as spam.',
    email.extend({ feedback_type: text.nullable() }),
    {
      ...emailExample,
      feedback_type: 'abuse',
    },
  ),
};
