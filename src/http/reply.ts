import { ApiError } from '../base/errors.ts';
import type { Call } from './call.ts';
import { anyone } from './edge.ts';
import type { Edge } from './edge.ts';
import { apiErrorOf } from './error-answer.ts';
import { sendParts } from './parts.ts';
import { minuteMs } from '../base/clock.ts';
import type { Caller, Reply } from './route.ts';

/** 64 KiB a second. */
const readBytesPerMs = 64;

/** Statuses that anyone can cause in any number (401, 404, 405, 429), or all callers at the same time (503): not logged at info. */
const quiet: ReadonlySet<number> = new Set([401, 404, 405, 429, 503]);

/** The last step of a request: sends the reply and logs the request. */
export function answer(edge: Edge, call: Call, reply: Reply): void {
  send(edge, call, reply);
  finish(edge, call, reply.status, undefined);
}

/** Sends an error in the format of the caller's API and logs the request. */
export function fail(edge: Edge, call: Call, thrown: unknown, headers?: Readonly<Record<string, string>>): void {
  const error = apiErrorOf(thrown);
  const reply = call.surface.errorReply(error, call.route, call.decision);
  send(edge, call, headers === undefined ? reply : { ...reply, headers: { ...reply.headers, ...headers } });
  finish(edge, call, error.status, error);
}

/** The error of the quota that `call.decision` refused. */
export function tooMany({ clock }: Edge, call: Call): ApiError {
  const { resetAt = 0, limit = 0, windowMs = minuteMs } = call.decision ?? {};
  const retryAfterSeconds = Math.max(1, Math.ceil(resetAt - clock.now() / 1_000));
  const window = windowMs === minuteMs ? 'a minute' : 'an hour';
  return new ApiError(
    'rate_limit',
    `Too many requests: the limit is ${limit} ${window}. Try again in ${retryAfterSeconds} s.`,
    { retryAfterSeconds },
  );
}

function send(edge: Edge, call: Call, reply: Reply): void {
  call.send(reply, edge.clock, edge.closing || edge.connections.isReserve(call.request.socket));
  if (reply.parts === undefined) holdUntilRead(edge, call);
  else void sendParts(edge, call, reply.parts);
}

/** An unread response is in memory, so it counts against the budget as a body does. A client that reads too slowly is disconnected. */
function holdUntilRead({ bodies, clock, timeouts }: Edge, { response, request, caller }: Call): void {
  const bytes = response.writableLength;
  if (bytes === 0 || response.destroyed) return;
  const owner = caller?.organizationId ?? anyone;
  bodies.hold(owner, bytes);
  const timer = clock.setTimer(() => request.socket.destroy(), timeouts.readMs + bytes / readBytesPerMs);
  response.once('close', () => {
    clock.clearTimer(timer);
    bodies.give(owner, bytes);
  });
}

/**
 * Logs one line per request. Successes are logged at debug only: the engine logs each delivery anyway, and a line per publish would cost
 * more than the publish. Refused writes are logged at info, except the `quiet` ones. An unavailable database is logged once by the
 * database watch, not by every request.
 */
function finish({ log }: Edge, call: Call, status: number, error: ApiError | undefined): void {
  const level =
    error?.error === 'internal'
      ? 'error'
      : status >= 400 && call.request.method !== 'GET' && !quiet.has(status)
        ? 'info'
        : 'debug';
  if (!log.isLevelEnabled(level)) return;
  log[level](
    {
      request_id: call.requestId,
      method: call.request.method,
      route: call.route?.path,
      status,
      code: error?.code,
      duration_ms: Math.round((performance.now() - call.startedAt) * 100) / 100,
      ...loggedCaller(call.caller),
      ...(level === 'error' ? { err: error?.cause ?? error } : {}),
    },
    'request.finished',
  );
}

const loggedCaller = (caller: Caller | undefined) =>
  caller && {
    organization_id: caller.organizationId,
    ...callerId(caller),
  };

const callerId = (caller: Caller): Record<string, string> => {
  if (!('keyId' in caller)) return { source_id: caller.sourceId };
  return caller.person === undefined ? { key_id: caller.keyId } : { person_id: caller.person.id };
};
