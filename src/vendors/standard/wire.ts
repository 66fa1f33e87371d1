import type { Wire } from '../../delivery/wire.ts';
import { envelope } from '../envelope.ts';
import { newStandardSecret } from '../hmac.ts';

/** Standard Webhooks (standardwebhooks.com, specification 1.0.0): every canonical name, nothing but the standard headers. */
export const standard: Wire = {
  name: 'standard',
  retryScheduleSeconds: [60, 300, 1_800, 7_200, 43_200],
  timeoutMs: 15_000,
  whenExhausted: 'disable_unless_recovered',
  // There is no signature but the one that needs such a key.
  ownSecret: 'standard',
  headerPrefixes: [],
  eventName: (type) => type,
  body: (event) =>
    envelope(
      {
        type: event.type,
        timestamp: new Date(event.occurredAtMs).toISOString(),
        ...(event.sandbox ? { sandbox: true } : {}),
      },
      event.data,
    ),
  headers: () => ({}),
  newSecret: newStandardSecret,
};
