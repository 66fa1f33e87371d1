import { canonicalTypes } from '../../src/base/event-types.ts';
import { verifies } from '../harness/verify.ts';
import type { Dialect } from './dialect.ts';
import { nativeApi } from './native.ts';
import { hours, minutes } from './requests.ts';

/** Every canonical name. The public library serves as the sample. */
export const standard: Dialect = {
  name: 'standard',
  api: nativeApi('standard'),
  events: Object.fromEntries(canonicalTypes.map((type) => [type, type])),
  ownTypes: true,
  body: ({ type, at, workspaceId, data }) => JSON.stringify({ type, timestamp: at, workspace_id: workspaceId, data }),
  headers: () => ({}),
  accepts: (secret, headers, body) => verifies(secret, { headers, body }, Number(headers['webhook-timestamp']) * 1_000),
  ownSecret: undefined,
  scheduleSeconds: [minutes(1), minutes(5), minutes(30), hours(2), hours(12)],
  timeoutMs: 15_000,
  disables: { alone: true, recovered: false },
};
