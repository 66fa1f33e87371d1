import { z } from 'zod';
import type { WorkspaceDirectory } from '../../auth/index.ts';
import { notFound } from '../../base/errors.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { contactKeys } from '../contacts/index.ts';
import type { Contacts } from '../contacts/index.ts';
import { fields, listQuery, recordRoutes } from '../records/index.ts';
import { optOutRoutes } from './opt-out-routes.ts';
import { lockTopic } from './queries.ts';
import type { AddressTopic } from './queries.ts';
import { contactTopicExample, contactTopicShape, topicExample, topicShape } from './schemas.ts';
import { topicOnWire, topicsMax } from './topics.ts';
import type { TopicFunctions, TopicsOptions } from './topics.ts';

const tag = 'Topics';

export interface TopicRoutesOptions extends Pick<TopicsOptions, 'db' | 'suppressions'> {
  readonly topics: TopicFunctions;
  readonly contacts: Pick<Contacts, 'byIds'>;
  readonly workspaces: WorkspaceDirectory;
}

const api = recordRoutes({
  tag,
  path: '/v1/topics',
  noun: 'a topic',
  plural: 'topics',
  scope: 'suppressions',
  id: z.object({ id: z.uuid() }),
  schema: topicShape,
  example: topicExample,
  lock: lockTopic,
  onWire: topicOnWire,
});

const nameTaken = { 409: { description: 'The name is taken.' } } as const;
const description = fields.text(2_000).nullable();

const contactTopicOnWire = ({ id, left_at: leftAt, ...topic }: AddressTopic): z.input<typeof contactTopicShape> => ({
  topic_id: id,
  ...topic,
  left: leftAt !== null,
  left_at: leftAt?.toISOString() ?? null,
});

export const topicRoutes = ({ db, topics, contacts, workspaces, ...options }: TopicRoutesOptions): readonly Route[] => [
  api.create(
    z.strictObject({ name: fields.requiredText(200), description: description.default(null) }),
    workspaces,
    (principal, given) => topics.create(principal, given),
    {
      description: `What campaigns write about, such as a newsletter: a person can leave a topic and still get other mail. Recipients read its name on the page of the unsubscribe link. An organization, and each of its workspaces, can have ${topicsMax} topics.`,
      bodyExample: { name: 'Product news', description: 'New engines, once a month.' },
      answers: nameTaken,
    },
  ),
  api.list(listQuery.omit({ search: true, tag: true }), (reach, _query, slice) => topics.list(reach, slice)),
  api.get(topics.get),
  api.update(
    z.strictObject({ name: fields.requiredText(200).optional(), description: description.optional() }),
    topics.update,
    { bodyExample: { name: 'Engine news' }, changed: { name: 'Engine news' }, answers: nameTaken },
  ),
  api.remove(topics.remove, {
    description:
      'Deletes its opt-outs, too: a new topic of the same name begins without any. The links in messages that were sent then stop all mail. Refused with 409 while a campaign that is not archived has the topic; archived ones lose it.',
    answers: { 409: { description: 'A campaign has this topic.' } },
  }),
  ...optOutRoutes(topics, options),
  route({
    method: 'GET',
    path: '/v1/contacts/:id/topics',
    tag,
    summary: 'List the topics of a contact, by name',
    description:
      'The topics of its workspace and of the organization, with those that its `email` left. A key that is bound to a workspace sees the topics of its workspace.',
    scope: ['contacts:read', 'suppressions:read'],
    boundKeys: 'own',
    operationId: 'listContactTopics',
    params: z.object({ id: z.uuid() }),
    answers: {
      200: {
        description: 'All topics of the contact.',
        schema: z.object({ data: z.array(contactTopicShape) }),
        example: { data: [contactTopicExample] },
      },
      404: { description: 'No such contact.' },
    },
    async handle({ params: { id } }, principal) {
      const [contact] = await contacts.byIds(db, principal, [id]);
      if (contact === undefined || contact.deleted_at !== null) throw notFound('Contact');
      const rows = await topics.ofContact(principal, contact.workspace_id, contactKeys(contact));
      return { status: 200, body: { data: rows.map(contactTopicOnWire) } };
    },
  }),
];
