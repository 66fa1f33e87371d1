import type { WireEvent, Wire } from '../../delivery/wire.ts';
import { membersOf, objectText } from '../../base/json-text.ts';
import { defaults, hmacHex, namedEnvelope } from '../wire-parts.ts';
import { eventNameOf, sameNames } from '../../delivery/event-names.ts';

const records = ['contact', 'company', 'activity', 'project'] as const;

const eventName = eventNameOf(
  sameNames(
    ...records.flatMap((record) => [`${record}.created`, `${record}.updated`, `${record}.deleted`] as const),
    'webhook.test',
  ),
);

/** Members of an event's data that are not part of the record. */
const besideRecord = (type: string): readonly string[] => [
  'actor',
  'erased',
  'workspace_id',
  ...(type.endsWith('.updated') ? ['changed'] : []),
  ...(type.startsWith('contact.') ? ['emails', 'owner'] : []),
  ...(type.startsWith('company.') ? ['owner'] : []),
  ...(type === 'project.updated' ? ['contacts_added', 'contacts_removed'] : []),
];

/** The record alone. */
function recordOf({ type, data }: WireEvent): Buffer | string {
  if (type === 'webhook.test') return data;
  const beside = besideRecord(type);
  const members = membersOf(data.toString());
  const record = members.filter(({ name }) => !beside.includes(name));
  return record.length === members.length ? data : objectText(record);
}

/** Driftwood: the bare record as data. The vendor's page names no signature header; ours is `sha256=` and the hexadecimal HMAC of the body. */
export const driftwood: Wire = {
  ...defaults,
  name: 'driftwood',
  headerPrefixes: ['x-driftwood-'],
  eventName,
  body: (event) => namedEnvelope(event.type, event, recordOf(event)),
  headers: ({ loneSecret, body, event, deliveryId }) => ({
    'x-driftwood-signature': `sha256=${hmacHex(loneSecret, body)}`,
    'x-driftwood-event': event.type,
    'x-driftwood-delivery': deliveryId,
  }),
};
