import type { WorkspaceDirectory } from '../../auth/index.ts';
import type { Route } from '../../http/route.ts';
import type { Contacts } from '../contacts/index.ts';
import { topicRoutes } from './routes.ts';
import { createFunctions } from './topics.ts';
import type { TopicFunctions, TopicsOptions } from './topics.ts';

export { eraseOptOuts } from './erasure.ts';
export type { LeftListener } from './opt-outs.ts';
export type { OptOut, Topic } from './queries.ts';
export { leftTopicField } from './segment-field.ts';

/** What people can leave apart from everything else. */
export interface Topics extends TopicFunctions {
  readonly routes: readonly Route[];
}

/**
 * Composes the slice.
 * @example
 * const topics = createTopics({ ...deps, suppressions, contacts, contactIds: contactIdsByEmail, addressesOf: addressesOfPeople });
 * topics.listen(leads.leftTopic);
 */
export function createTopics({
  contacts,
  workspaces,
  ...options
}: TopicsOptions & { readonly contacts: Pick<Contacts, 'byIds'>; readonly workspaces: WorkspaceDirectory }): Topics {
  const topics = createFunctions(options);
  return { ...topics, routes: topicRoutes({ ...options, topics, contacts, workspaces }) };
}
