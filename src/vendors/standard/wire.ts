import type { Wire } from '../../delivery/wire.ts';
import { defaults, envelope } from '../wire-parts.ts';

/** Standard Webhooks (standardwebhooks.com, specification 1.0.0): every canonical name, and only the standard headers. */
export const standard: Wire = {
  ...defaults,
  name: 'standard',
  // The standard signature is the only one, and it needs such a key.
  ownSecret: 'standard',
  eventName: (type) => type,
  body: ({ type, occurredAtMs, workspaceId, sandbox, data }) =>
    envelope(
      {
        type,
        timestamp: new Date(occurredAtMs).toISOString(),
        ...(workspaceId === undefined ? undefined : { workspace_id: workspaceId }),
        ...(sandbox ? { sandbox } : undefined),
      },
      data,
    ),
  headers: () => ({}),
};
