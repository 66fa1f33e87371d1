import { z } from 'zod';
import { exampleIds } from '../../events/index.ts';
import { optOutReasons } from './queries.ts';

export const topicShape = z
  .object({
    id: z.uuid(),
    workspace_id: z.uuid().nullable().describe('Null: of the organization.'),
    name: z.string(),
    description: z.string().nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Topic' });

export const topicExample: z.input<typeof topicShape> = {
  id: exampleIds.topic,
  workspace_id: null,
  name: 'Product news',
  description: 'New engines, once a month.',
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
};

export const optOutShape = z
  .object({
    id: z.uuid(),
    topic_id: z.uuid(),
    workspace_id: z.uuid().nullable().describe('Of the topic.'),
    email: z
      .string()
      .nullable()
      .describe('In the form in which addresses are compared. Null for an erased address, which has still left.'),
    reason: z.enum(optOutReasons),
    message_id: z.uuid().nullable().describe('The message whose link was used.'),
    created_by: z.uuid().nullable().describe('The key that added it.'),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'TopicOptOut' });

export const optOutExample: z.input<typeof optOutShape> = {
  id: exampleIds.optOut,
  topic_id: exampleIds.topic,
  workspace_id: null,
  email: exampleIds.recipient,
  reason: 'unsubscribed',
  message_id: exampleIds.email,
  created_by: null,
  created_at: '2026-01-06T14:21:07.000Z',
};

export const contactTopicShape = z
  .object({
    topic_id: z.uuid(),
    workspace_id: z.uuid().nullable().describe('Of the topic. Null: of the organization.'),
    name: z.string(),
    description: z.string().nullable(),
    left: z.boolean().describe('No campaign of the topic writes to the contact.'),
    opt_out_id: z.uuid().nullable().describe('The first one, if several of its addresses left.'),
    email: z.string().nullable().describe('The address of the contact that left.'),
    reason: z.enum(optOutReasons).nullable(),
    left_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ContactTopic' });

export const contactTopicExample: z.input<typeof contactTopicShape> = {
  topic_id: exampleIds.topic,
  workspace_id: null,
  name: 'Product news',
  description: 'New engines, once a month.',
  left: true,
  opt_out_id: exampleIds.optOut,
  email: exampleIds.recipient,
  reason: 'unsubscribed',
  left_at: '2026-01-06T14:21:07.000Z',
};

export const optOutRowShape = z
  .object({
    email: z.string().optional().describe('As it was sent; missing when no text was sent.'),
    status: z.enum(['created', 'exists', 'rejected']),
    id: z.uuid().optional(),
    reason: z.string().optional().describe('Why it was rejected.'),
  })
  .meta({ id: 'TopicOptOutRow' });

export const rejoinedRowShape = z
  .object({
    email: z.string().optional().describe('As it was sent; missing when no text was sent.'),
    status: z.enum(['rejoined', 'not_left', 'rejected']),
    reason: z.string().optional().describe('Why it was rejected.'),
  })
  .meta({ id: 'TopicRejoinedRow' });
