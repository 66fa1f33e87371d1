import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ApiError, preconditionFailed } from '../base/errors.ts';
import type { Transaction } from '../db/pool.ts';
import type { RequestDatabase } from '../db/request-database.ts';
import type { Call } from './call.ts';
import type { Principal, RecordTag, Reply, Route, RouteRequest } from './route.ts';
import { assertHeaders, validated } from './validation.ts';

const tag = '(W/)?"[!#-~]{0,100}"';
const tags = /(W\/)?("[^"]*")/g;

/** Of routes that change a record; the document describes it. */
export const ifMatchHeader = z.object({
  'If-Match': z
    .string()
    .regex(
      new RegExp(String.raw`^(\*|${tag}( *, *${tag}){0,19})$`),
      'must be the ETag of the record, such as "k2J0bS8w", with its quotation marks, or *',
    )
    .optional()
    .describe(
      'The `ETag` of the record as it was read, or several; `*`: any. If the record has changed since, nothing is changed, and the answer is `precondition_failed`. Without the header, the last change wins.',
    ),
});

/**
 * Whether `If-Match` has the tag (RFC 9110 §13.1.1). A weak tag (`W/"…"`), which a proxy derives from a strong one, never matches.
 * @throws ApiError `validation_failed`
 */
export function matches(header: string, etag: string | undefined): boolean {
  assertHeaders(ifMatchHeader, { 'if-match': header });
  return header === '*' || [...header.matchAll(tags)].some(([, weak, named]) => weak === undefined && named === etag);
}

/** Adds the `ETag` of the record to an answer with one: a hash of `data`, unless the handler has set one. */
export function tagged({ unstable = [] }: RecordTag, reply: Reply): Reply {
  const { status, body, headers } = reply;
  if (status >= 300 || headers?.['etag'] !== undefined || typeof body !== 'object' || body === null) return reply;
  const { data } = body as { readonly data?: unknown };
  // The results of rows.
  if (Array.isArray(data)) return reply;
  const text = JSON.stringify(data, (_, value: unknown) => (isObject(value) ? inOrder(value, unstable) : value));
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
  return { ...reply, headers: { ...headers, etag } };
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** PostgreSQL stores the members of JSON in another order than they arrive in. */
const inOrder = (value: object, without: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !without.includes(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** A change of a record, and how the record is read. */
interface Conditional {
  readonly record: RecordTag & Required<Pick<RecordTag, 'lock'>>;
  readonly reader: Route;
  readonly header: string;
}

/**
 * Makes a change only if `If-Match` matches the record. The record is locked and read at the beginning of the transaction of the
 * change, so nothing changes it in between.
 * @throws ApiError `precondition_failed`, `validation_failed`, `not_found`, and what `work` throws
 */
export async function carryOutIf(
  db: Pick<RequestDatabase, 'asOne'>,
  { record, reader, header }: Conditional,
  call: Call,
  principal: Principal,
  work: () => Promise<Reply>,
): Promise<Reply> {
  const request: RouteRequest<unknown, unknown, unknown> = {
    params: call.params,
    query: reader.query === undefined ? {} : validated(reader.query, {}, 'query'),
    body: undefined,
    rawBody: '',
    stream: call.stream,
    headers: call.headers,
    method: 'GET',
    address: call.address,
    requestId: call.requestId,
    decision: call.decision,
    signal: call.signal,
  };
  // Rejects a malformed header first.
  matches(header, undefined);
  async function read(): Promise<Reply> {
    try {
      return await reader.handle(request as RouteRequest<never, never, never>, principal);
    } catch (error) {
      // PUT would create it.
      throw call.method === 'PUT' && error instanceof ApiError && error.error === 'not_found'
        ? preconditionFailed()
        : error;
    }
  }
  async function check(): Promise<void> {
    const { headers } = tagged(record, await read());
    if (!matches(header, headers?.['etag'])) throw preconditionFailed();
  }
  let isChecked = false;
  const reply = await db.asOne<Reply>(
    {
      async begin(tx: Transaction) {
        await record.lock(tx, principal, call.params as Readonly<Record<string, string>>);
        await check();
        isChecked = true;
      },
      end: async () => {},
    },
    work,
  );
  // The handler changed nothing, so `begin` was not called.
  if (!isChecked) await check();
  return reply;
}
