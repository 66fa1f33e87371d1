import type { Call } from './call.ts';
import { carryOutIf, tagged } from './conditional.ts';
import type { Edge, Entry } from './edge.ts';
import { asOneOrNothing } from './one-transaction.ts';
import type { Reply } from './route.ts';

/** Whether the body names a workspace by the caller's id (`namedWorkspace`). */
const names = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'workspace' in body && typeof body.workspace === 'object';

/** Calls the handler of a route: with `Idempotency-Key` at most once, with `If-Match` only if the record is unchanged. */
export function carryOut(edge: Edge, entry: Entry, call: Call): Promise<Reply> | Reply {
  const { caller, headers } = call;
  const { creates, record, namesWorkspace, audited } = entry.route;
  if (creates === undefined && record === undefined && namesWorkspace === undefined && audited === undefined)
    return entry.handle(call, caller);
  const work = async (): Promise<Reply> => {
    const reply = await entry.handle(call, caller);
    return record === undefined ? reply : tagged(record, reply);
  };
  // The headers are for callers with an API key; other routes recognize repetitions themselves.
  if (caller === undefined || !('keyId' in caller)) return work();
  const { 'idempotency-key': key, 'if-match': condition } = headers;
  if (key !== undefined && creates === true && edge.idempotency !== undefined)
    return edge.idempotency.once(call, caller, String(key), work);
  const { reader } = entry;
  if (condition === undefined || record?.lock === undefined || reader === undefined || edge.db === undefined) {
    // It may create the workspace, which a request that fails must not leave behind, or emit an event about what a person changed.
    const isOne =
      ((creates === true || namesWorkspace === true) && names(call.body)) ||
      (audited === true && caller.person !== undefined && (creates === true || record?.lock !== undefined));
    return isOne && edge.db !== undefined ? asOneOrNothing(edge.db, {}, work) : work();
  }
  return carryOutIf(
    edge.db,
    { record: { ...record, lock: record.lock }, reader, header: condition },
    call,
    caller,
    work,
  );
}
