import { assertReadable, hasBody, streamOf, tooLarge } from './body.ts';
import type { Call } from './call.ts';
import { carryOut } from './carry-out.ts';
import { anyone } from './edge.ts';
import type { Edge, Entry } from './edge.ts';
import { parseRequest } from './parse.ts';
import { answer, fail } from './reply.ts';
import type { Reply } from './route.ts';

/** Reads the body into memory, within the budget of its organization, and passes it on. Streamed bodies are passed on unread. */
export function readBody(edge: Edge, entry: Entry, call: Call): void {
  const { bodies } = edge;
  const { request } = call;
  if (entry.route.streams !== undefined) return streamBody(edge, entry, call, entry.route.streams);
  if (!entry.takesBody || !hasBody(request)) return handle(edge, entry, call, undefined);
  assertReadable(request, entry.bytesMax, undefined, entry.route.alsoReads);
  const owner = call.caller?.organizationId ?? anyone;
  let taken = 0;
  call.response.once('close', () => {
    // Until it fires, the timer holds what was read, which no longer counts.
    clearTimeout(timer);
    bodies.give(owner, taken);
  });
  let first: Buffer | undefined;
  let chunks: Buffer[] | undefined;
  let bytes = 0;
  const take = (chunk: Buffer): void => {
    bytes += chunk.length;
    try {
      if (bytes > entry.bytesMax) throw tooLarge(entry.bytesMax);
      bodies.take(owner, chunk.length);
      taken += chunk.length;
    } catch (error) {
      clearTimeout(timer);
      request.off('data', take);
      request.off('end', finish);
      first = undefined;
      chunks = undefined;
      return fail(edge, call, error);
    }
    if (first === undefined) first = chunk;
    else (chunks ??= [first]).push(chunk);
  };
  const finish = (): void => {
    clearTimeout(timer);
    edge.largeBodies.run(owner, bytes, () => {
      // The client has disconnected while the body waited for its turn.
      if (call.response.destroyed) return;
      try {
        handle(edge, entry, call, chunks === undefined ? first : Buffer.concat(chunks, bytes));
      } catch (error) {
        fail(edge, call, error);
      }
    });
  };
  // Node's own timeout is the longer one of streamed bodies.
  const timer = setTimeout(() => edge.refuseBroken(timedOut(), request.socket), edge.timeouts.requestMs).unref();
  request.on('data', take);
  request.on('end', finish);
}

function streamBody(edge: Edge, entry: Entry, call: Call, mediaType: string): void {
  const { request } = call;
  if (hasBody(request)) assertReadable(request, entry.bytesMax, mediaType);
  call.stream = streamOf(request, entry.bytesMax);
  handle(edge, entry, call, undefined);
}

/** Parses the request against the route's schemas and calls its handler. @throws ApiError */
function handle(edge: Edge, entry: Entry, call: Call, bytes: Buffer | undefined): void {
  parseRequest(entry.route, entry.counted, call, bytes);
  const { caller } = call;
  const work = (): Promise<Reply> | Reply => carryOut(edge, entry, call);
  const reply =
    caller === undefined || edge.onBehalfOf === undefined ? work() : edge.onBehalfOf(caller.organizationId, work);
  if (reply instanceof Promise) {
    reply.then((settled) => answer(edge, call, settled)).catch((error: unknown) => fail(edge, call, error));
  } else {
    answer(edge, call, reply);
  }
}

const timedOut = (): NodeJS.ErrnoException =>
  Object.assign(new Error('Timed out reading the request body.'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
