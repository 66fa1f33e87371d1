import type { WireEvent, Wire } from '../../delivery/wire.ts';
import { membersOf, objectText } from '../../base/json-text.ts';
import { namedEnvelope } from '../envelope.ts';
import { hmacHex, newStandardSecret } from '../hmac.ts';
import { eventNameOf, sameNames } from '../../delivery/event-names.ts';

const eventName = eventNameOf(
  sameNames(
    'contact.created',
    'contact.updated',
    'contact.deleted',
    'company.created',
    'company.updated',
    'company.deleted',
    'activity.created',
    'activity.updated',
    'activity.deleted',
    'project.created',
    'project.updated',
    'project.deleted',
    'webhook.test',
  ),
);

/** What is not part of the record: what changed of it, who takes part in it, who did it and why it went. */
const besideRecord = (type: string): readonly string[] => [
  'actor',
  'erased',
  ...(type.endsWith('.updated') ? ['changed'] : []),
  ...(type === 'project.updated' ? ['contacts_added', 'contacts_removed'] : []),
];

/** The bare record. */
function recordOf({ type, data }: WireEvent): Buffer | string {
  if (type === 'webhook.test') return data;
  const beside = besideRecord(type);
  const members = membersOf(data.toString());
  const record = members.filter(({ name }) => !beside.includes(name));
  return record.length === members.length ? data : objectText(record);
}

/** Driftwood: records as they are. Its page names no signature header; ours is `sha256=` and the hexadecimal signature over the body. */
export const driftwood: Wire = {
  name: 'driftwood',
  retryScheduleSeconds: [60, 300, 1_800, 7_200, 43_200],
  timeoutMs: 15_000,
  whenExhausted: 'disable_unless_recovered',
  ownSecret: 'strong',
  headerPrefixes: ['x-driftwood-'],
  eventName,
  body: (event) => namedEnvelope(event.type, event, recordOf(event)),
  headers: ({ loneSecret, body, event, deliveryId }) => ({
    'x-driftwood-signature': `sha256=${hmacHex(loneSecret, body)}`,
    'x-driftwood-event': event.type,
    'x-driftwood-delivery': deliveryId,
  }),
  newSecret: newStandardSecret,
};
