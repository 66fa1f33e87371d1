import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../base/errors.ts';
import { Call } from './call.ts';
import type { Edge, Entry } from './edge.ts';
import { native } from './error-answer.ts';
import { minuteMs } from '../base/clock.ts';
import type { Decision } from './rate-limit.ts';
import { readBody } from './read-body.ts';
import { fail, tooMany } from './reply.ts';
import { requestIdOf } from './request-id.ts';
import type { Caller } from './route.ts';

// The first steps of a request: accept → authenticate → charge the quota → authorize; read-body.ts has the next. Each runs synchronously
// where it can, and waits for a promise only where there is one.

/** Takes the request over from fastify. While every connection is in use, only probes get further. */
export function accept(edge: Edge, entry: Entry, request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  const requestId = requestIdOf(request.raw.headers, edge.nextRequestId);
  const call = new Call(entry.route, entry.surface, requestId, request.raw, reply.raw);
  call.params = request.params;
  call.query = request.query;
  call.from = request;
  if (entry.route.probe === undefined && edge.connections.isReserve(call.request.socket))
    return fail(edge, call, connectionsInUse());
  if (entry.route.scope === null) return acceptAnyone(edge, entry, call, request);
  authenticate(edge, entry, call, request);
}

/** A route without authentication: the request counts against the client's IP address. */
function acceptAnyone(edge: Edge, entry: Entry, call: Call, request: FastifyRequest): void {
  try {
    if (entry.counted) chargeAddress(edge, call, request);
    readBody(edge, entry, call);
  } catch (error) {
    fail(edge, call, error);
  }
}

/** Counts the request against the client's IP address. @throws ApiError `rate_limit` */
export function chargeAddress(edge: Edge, call: Call, request: FastifyRequest): void {
  call.decision = edge.addressLimit.take(request.ip);
  if (!call.decision.allowed) throw tooMany(edge, call);
}

function authenticate(edge: Edge, entry: Entry, call: Call, request: FastifyRequest): void {
  let caller: Caller | Promise<Caller>;
  try {
    caller = callerOf(edge, entry, call);
  } catch (error) {
    return refuseUnauthenticated(edge, call, request, error);
  }
  if (caller instanceof Promise) {
    caller.then(
      (known) => chargeQuota(edge, entry, call, known),
      (error: unknown) => refuseUnauthenticated(edge, call, request, error),
    );
  } else {
    chargeQuota(edge, entry, call, caller);
  }
}

function callerOf({ gate }: Edge, { route, surface }: Entry, call: Call): Caller | Promise<Caller> {
  const key = surface.presentedKey(call.headers);
  if (key !== undefined) return gate.authenticate(key);
  const identified = route.identify?.(call.headers, call.query as Record<string, unknown>);
  if (identified !== undefined) return identified;
  // Vendors' APIs are for programs only.
  const person = surface === native ? gate.session?.(call.headers, call.method) : undefined;
  if (person !== undefined) return person;
  throw new ApiError('unauthorized', surface.howToPresent);
}

/** Authentication failed, so the request counts against the client's IP address. */
function refuseUnauthenticated(edge: Edge, call: Call, request: FastifyRequest, error: unknown): void {
  call.decision = edge.addressLimit.take(request.ip);
  const isGuessing = error instanceof ApiError && error.error === 'unauthorized';
  fail(edge, call, isGuessing && !call.decision.allowed ? tooMany(edge, call) : error);
}

function chargeQuota(edge: Edge, entry: Entry, call: Call, caller: Caller): void {
  try {
    call.caller = caller;
    const decision = decisionOn(edge, entry, caller);
    if (decision instanceof Promise) {
      decision
        .then((decided) => authorize(edge, entry, call, caller, decided))
        .catch((error: unknown) => fail(edge, call, error));
    } else {
      authorize(edge, entry, call, caller, decision);
    }
  } catch (error) {
    fail(edge, call, error);
  }
}

/**
 * Charges the quota of the plan, and the key's own where the API has one. Returns the decision that refuses, else the key's. A caller
 * without a key has not proved who it is, so it cannot use up the organization's quota: its source has one of its own.
 */
function decisionOn({ gate, rateLimiter }: Edge, { surface }: Entry, caller: Caller): Decision | Promise<Decision> {
  const hasKey = 'keyId' in caller;
  const owner = hasKey ? caller.organizationId : caller.sourceId;
  const ofPlan = rateLimiter.take(owner, gate.limitOf(caller), minuteMs);
  if (!hasKey || surface.keyQuota === undefined) return ofPlan;
  const ofKey = rateLimiter.take(caller.keyId, surface.keyQuota.limit, surface.keyQuota.windowMs);
  return Promise.all([ofPlan, ofKey]).then(([plan, key]) => (plan.allowed ? key : plan));
}

function authorize(edge: Edge, entry: Entry, call: Call, caller: Caller, decision: Decision): void {
  call.decision = decision;
  if (!decision.allowed) return fail(edge, call, tooMany(edge, call));
  // The client has disconnected: no `close` event would end what starts here.
  if (call.response.destroyed) return;
  try {
    edge.gate.authorize(caller, entry.route);
    edge.bodies.assertPart(caller.organizationId);
    const isLong = entry.route.waits === true || entry.route.streams !== undefined;
    call.response.once('close', edge.inProgress.begin(caller.organizationId, isLong));
    readBody(edge, entry, call);
  } catch (error) {
    fail(edge, call, error);
  }
}

const connectionsInUse = (): ApiError =>
  new ApiError('unavailable', 'All connections of this server are in use. Try again in a second.', {
    retryAfterSeconds: 1,
  });
