import { z } from 'zod';
import { builtIn, by, byExample, example, id, moment, text, workspaceId } from './built-in.ts';

const topic = z.object({
  id: id('topic'),
  workspace_id: workspaceId,
  name: text,
  description: text.nullable(),
  created_at: moment,
  updated_at: moment,
  ...by,
});
const topicExample = {
  id: example.topic,
  workspace_id: null,
  name: 'Product news',
  description: 'New engines, once a month.',
  created_at: example.at,
  updated_at: example.at,
  ...byExample,
};

const optOut = z.object({
  topic_id: id('topic'),
  topic_name: text,
  workspace_id: workspaceId.describe('Of the topic. Null: of the organization.'),
  opt_out_id: text.describe('Id of the opt-out.'),
  email: text.nullable().describe('Null for an erased address.'),
  contact_id: id('live contact that has the address').nullable(),
  reason: text.describe('For example unsubscribed, manual or import.'),
  message_id: id('message whose link was used').nullable(),
  ...by,
});
const optOutExample = {
  topic_id: example.topic,
  topic_name: 'Product news',
  workspace_id: null,
  opt_out_id: example.optOut,
  email: example.recipient,
  contact_id: example.contact,
  reason: 'unsubscribed',
  message_id: example.email,
  actor: { type: 'system' as const, id: null },
};

export const topics = {
  'topic.created': builtIn('A topic was created.', topic, topicExample),
  'topic.deleted': builtIn('A topic was deleted, with its opt-outs.', topic, topicExample),
  'topic.updated': builtIn(
    'A topic was changed.',
    topic.extend({ changed: z.array(text).describe('The names of the changed fields.') }),
    { ...topicExample, changed: ['name'] },
  ),
  'topic.left': builtIn(
    'An address left a topic: campaigns of the topic write to it no more. Other mail goes on.',
    optOut,
    optOutExample,
  ),
  'topic.rejoined': builtIn('An address rejoined a topic: its campaigns may write to it again.', optOut, {
    ...optOutExample,
    ...byExample,
  }),
};
