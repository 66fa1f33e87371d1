import type { Call } from './call.ts';
import { carryOutIf, tagged } from './conditional.ts';
import type { Edge, Entry } from './edge.ts';
import type { Reply } from './route.ts';

/** Calls the handler of a route, as its headers ask: once (`Idempotency-Key`), or only if its record is as it was (`If-Match`). */
export function carryOut(edge: Edge, entry: Entry, call: Call): Promise<Reply> | Reply {
  const { caller, headers } = call;
  const { creates, record } = entry.route;
  if (creates === undefined && record === undefined) return entry.handle(call, caller);
  const work = async (): Promise<Reply> => {
    const reply = await entry.handle(call, caller);
    return record === undefined ? reply : tagged(record, reply);
  };
  // A caller without a key has its own way to recognize what it sends again.
  if (caller === undefined || !('keyId' in caller)) return work();
  const { 'idempotency-key': key, 'if-match': condition } = headers;
  if (key !== undefined && creates === true && edge.idempotency !== undefined)
    return edge.idempotency.once(call, caller, String(key), work);
  const { reader } = entry;
  if (condition === undefined || record?.lock === undefined || reader === undefined || edge.db === undefined)
    return work();
  return carryOutIf(
    edge.db,
    { record: { ...record, lock: record.lock }, reader, header: condition },
    call,
    caller,
    work,
  );
}
