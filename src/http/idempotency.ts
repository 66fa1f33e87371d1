import { z } from 'zod';
import { hourMs } from '../base/clock.ts';
import type { Clock } from '../base/clock.ts';
import { ApiError, unreachable } from '../base/errors.ts';
import { isTimedOut } from '../db/pool.ts';
import type { Queryable } from '../db/pool.ts';
import type { RequestDatabase } from '../db/request-database.ts';
import type { Vault } from '../encryption/vault.ts';
import { answeredRequest, deleteAnswers, storeAnswer, takeKey } from './answered-requests.ts';
import type { AnsweredRequest } from './answered-requests.ts';
import type { Call } from './call.ts';
import type { Principal, Reply } from './route.ts';
import { asOneOrNothing } from './one-transaction.ts';
import { assertHeaders } from './validation.ts';

/** How long a repetition gets the first answer: over a weekend. */
export const answersKeptMs = 72 * hourMs;

export const idempotencyKey = z.string().regex(/^[\x20-\x7e]{1,255}$/, 'must be 1 to 255 printable ASCII characters');

/** Of routes with `creates`; the document describes it. */
export const idempotencyHeader = z.object({
  'Idempotency-Key': idempotencyKey
    .optional()
    .describe(
      'A key of your choice that makes the request safe to repeat for 72 hours. The same key with the same request returns the first answer again, with `Idempotency-Replayed: true`; with another body or path it answers `conflict`.',
    ),
});

/** Describes the 409 of these routes. */
export const repetitions =
  'The `Idempotency-Key` was used for another request, or its request is still being carried out.';

/** Marks an answer that was given before. */
export const replayed = { 'idempotency-replayed': 'true' } as const;

/** When to retry while another request with the key is in progress. */
const busySeconds = 1;
const deleteChunk = 5_000;

/** The vault contexts of keys and requests, and of answers. */
const hashedFor = 'request idempotency';
export const answersSealedAs = 'answer of a request';

/** Carries out requests with an `Idempotency-Key` once. */
export interface Idempotency {
  /**
   * Carries out a request, or returns the answer that it got before.
   * @throws ApiError `conflict` if the key was used for another request, or that request is still carried out; `validation_failed` for a
   * key that is not one; and what `work` throws
   */
  once(call: Call, principal: Principal, key: string, work: () => Promise<Reply> | Reply): Promise<Reply>;
  /** Deletes what is older than 72 hours. */
  expire(nowMs: number): Promise<void>;
}

/** An answer as it is stored. The text of its body is sent again unchanged. */
interface StoredAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The key was taken by a request that has been carried out. */
class Taken extends Error {}

/**
 * All changes of the request and its answer are one transaction, in which the key is taken first: after a crash, either both exist or
 * neither. A request that fails, or changes nothing, leaves nothing behind, so a corrected one may have the same key.
 */
export function createIdempotency({
  db,
  vault,
  clock,
}: {
  readonly db: RequestDatabase;
  readonly vault: Vault;
  readonly clock: Clock;
}): Idempotency {
  /** Requests in progress of this process: their repetitions wait without a connection. Those of other processes wait for the key's row. */
  const running = new Map<string, Promise<void>>();
  const expiry = (): Date => new Date(clock.now() - answersKeptMs);

  async function answerOf(
    on: Queryable,
    { organizationId, keyId }: Principal,
    known: AnsweredRequest,
    request: Buffer,
  ): Promise<Reply> {
    if (!known.request.equals(request))
      throw new ApiError(
        'conflict',
        'This Idempotency-Key was used for another request: its method, path or body differs. Use a new key for a new request.',
      );
    if (known.answer === null) throw unreachable('a request was committed without its answer');
    const opened = await vault.open(on, organizationId, known.answer, answersSealedAs);
    const { status, headers, body } = JSON.parse(opened.toString()) as StoredAnswer;
    if (headers?.['cache-control'] === 'no-store' && known.key_id !== keyId)
      throw new ApiError(
        'conflict',
        'The request was carried out, and its answer contains a secret, which only the API key that made the request gets again.',
      );
    return { status, ...(body === undefined ? {} : { body }), headers: { ...headers, ...replayed } };
  }

  async function carryOut(
    principal: Principal,
    hash: Buffer,
    request: Buffer,
    work: () => Promise<Reply> | Reply,
  ): Promise<Reply> {
    const { organizationId, keyId } = principal;
    const known = (): Promise<AnsweredRequest | undefined> => answeredRequest(db, organizationId, hash, expiry());
    const before = await known();
    if (before !== undefined) return answerOf(db, principal, before, request);
    try {
      return await asOneOrNothing(
        db,
        {
          async begin(tx) {
            const row = { key: hash, request, keyId, at: new Date(clock.now()) };
            if (!(await takeKey(tx, organizationId, row, expiry()).catch(busy))) throw new Taken();
          },
          async end(tx, reply) {
            const answer = await vault.seal(tx, organizationId, JSON.stringify(stored(reply)), answersSealedAs);
            await storeAnswer(tx, organizationId, hash, answer);
          },
        },
        async () => work(),
      );
    } catch (error) {
      // It may have failed because another process carried out the same request in the meantime: the record exists.
      const later = error instanceof ApiError || error instanceof Taken ? await known() : undefined;
      if (later === undefined) throw error;
      return answerOf(db, principal, later, request);
    }
  }

  return {
    async once(call, principal, key, work) {
      assertHeaders(idempotencyHeader, call.headers);
      const { organizationId, workspaceId } = principal;
      const [hash, request] = (await vault.mac(
        db,
        organizationId,
        [`${workspaceId ?? ''} ${key}`, `${call.method} ${call.request.url ?? ''}\n${call.rawBody}`],
        hashedFor,
      )) as [Buffer, Buffer];
      const id = `${organizationId} ${hash.toString('base64')}`;
      for (let other = running.get(id); other !== undefined; other = running.get(id)) await other;
      const { promise, resolve } = Promise.withResolvers<void>();
      running.set(id, promise);
      try {
        return await carryOut(principal, hash, request, work);
      } finally {
        running.delete(id);
        resolve();
      }
    },

    async expire(nowMs) {
      const until = new Date(nowMs - answersKeptMs);
      while ((await deleteAnswers(db, until, deleteChunk)) === deleteChunk);
    },
  };
}

function stored({ status, headers, body }: Reply): StoredAnswer {
  if (body instanceof Uint8Array) throw unreachable('a creating route answered with bytes');
  return {
    status,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    headers: {
      ...(body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      ...headers,
    },
  };
}

function busy(error: unknown): never {
  if (!isTimedOut(error)) throw error;
  throw new ApiError('conflict', 'A request with this Idempotency-Key is still being carried out. Try again shortly.', {
    retryAfterSeconds: busySeconds,
    cause: error,
  });
}
