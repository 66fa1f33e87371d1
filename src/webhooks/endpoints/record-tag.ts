import type { EndpointId } from '../../base/ids.ts';
import type { RecordTag } from '../../http/route.ts';
import { lockEndpoint } from './queries.ts';

/** How the state of an endpoint is told from another. */
export const endpointTag: RecordTag = {
  lock: (tx, principal, { id = '' }) => lockEndpoint(tx, principal, id as EndpointId),
  unstable: ['secret'],
};
