/** The events slice over a real database: routes called as the server calls them, without HTTP. */
import { wires } from '../../src/vendors/wires.ts';
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { createBus } from '../../src/db/bus.ts';
import { createEvents } from '../../src/events/index.ts';
import type { Events } from '../../src/events/index.ts';
import { parseJson } from '../../src/http/body.ts';
import type { Principal, Reply, RouteRequest } from '../../src/http/route.ts';
import { assertHeaders } from '../../src/http/validation.ts';
import type { KeyId, OrganizationId } from '../../src/base/ids.ts';
import type { TestClock } from './clock.ts';
import { startEngine } from './engine.ts';
import type { TestEngine } from './engine.ts';

export interface Process {
  readonly engine: TestEngine;
  readonly events: Events;
  stop(): Promise<void>;
}

/** A process that writes events and does not deliver them, with a bus of its own. */
export async function startProcess(url: string, clock: TestClock): Promise<Process> {
  const engine = await startEngine(url, clock, { delivers: false });
  const bus = createBus(url, clock, (error) => engine.errors.push(error));
  const events = createEvents({
    apiDb: engine.db,
    publishDb: engine.db,
    bus,
    engine: engine.engine,
    clock,
    wires,
  });
  const stopping = new AbortController();
  const running = bus.run(stopping.signal);
  await engine.until(() => bus.connected, 'the bus connected');
  return {
    engine,
    events,
    stop: async () => {
      stopping.abort();
      await running;
      await engine.stop();
    },
  };
}

export const principal = (organizationId: OrganizationId): Principal => ({
  organizationId,
  organizationSlug: 'acme',
  plan: 'unlimited',
  sandbox: false,
  workspaceId: undefined,
  keyId: 'key' as KeyId,
  scopes: ['*'],
});

export interface Given {
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string>;
  /** An object, or JSON text. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** What the server does with a request: finds the route, parses what came against its schemas, and calls the handler. */
export async function call(
  { events: { routes } }: Process,
  organizationId: OrganizationId,
  operation: string,
  { params = {}, query = {}, body, headers = {} }: Given = {},
): Promise<{ status: number; body: unknown }> {
  const [method, path] = operation.split(' ');
  const found = routes.find((each) => each.method === method && each.path === path);
  assert.ok(found, operation);
  const rawBody = typeof body === 'string' ? body : JSON.stringify(body ?? null);
  const request: RouteRequest<unknown, unknown, unknown> = {
    params: found.params?.parse(params),
    query: found.query?.parse(query),
    body: found.body?.parse(parseJson(rawBody, found.opaque)),
    rawBody,
    stream: Readable.from([]),
    headers,
    requestId: 'test',
    signal: new AbortController().signal,
  };
  if (found.headers !== undefined) assertHeaders(found.headers, headers);
  const reply: Reply = await found.handle(request as RouteRequest<never, never, never>, principal(organizationId));
  const answered: unknown = typeof reply.body === 'string' ? JSON.parse(reply.body) : reply.body;
  const shape = found.answers[reply.status];
  assert.ok(shape, `${operation} answered ${reply.status}`);
  if (shape.schema !== undefined) shape.schema.parse(answered);
  return { status: reply.status, body: answered };
}

/** The error a call is refused with: its name, and its details. */
export async function refusal(answer: Promise<unknown>): Promise<{ error: string; details: Record<string, string> }> {
  const thrown: unknown = await answer.then(
    () => assert.fail('was not refused'),
    (error: unknown) => error,
  );
  const { error, details = {} } = thrown as { error: string; details?: Record<string, string> };
  return { error, details };
}

export const data = (answer: { body: unknown }): Record<string, unknown> =>
  (answer.body as { data: Record<string, unknown> }).data;
export const rows = (answer: { body: unknown }): Record<string, unknown>[] =>
  (answer.body as { data: Record<string, unknown>[] }).data;
