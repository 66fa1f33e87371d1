import type { EndpointId } from '../../base/ids.ts';
import type { RecordTag } from '../../http/route.ts';
import { lockEndpoint } from './queries.ts';

/** The `ETag` and lock of an endpoint. */
export const endpointTag: RecordTag = {
  lock: (tx, principal, { id = '' }) => lockEndpoint(tx, principal, id as EndpointId),
  unstable: ['secret'],
};
