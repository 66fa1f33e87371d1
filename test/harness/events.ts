import assert from 'node:assert/strict';
import { createWorkspaceDirectory } from '../../src/auth/index.ts';
import type { OrganizationId } from '../../src/base/ids.ts';
import { createEvents } from '../../src/events/index.ts';
import type { Events } from '../../src/events/index.ts';
import type { Reply, Route } from '../../src/http/route.ts';
import { wires } from '../../src/vendors/wires.ts';
import { callRoute, principalOf } from './calling.ts';
import type { CallOptions } from './calling.ts';
import type { TestClock } from './clock.ts';
import { startEngine } from './engine.ts';
import type { TestEngine } from './engine.ts';

/** A process that writes events and delivers nothing: the engine alone with the slice of events. */
export interface Process {
  readonly engine: TestEngine;
  readonly events: Events;
  stop(): Promise<void>;
}

export async function startProcess(url: string, clock: TestClock): Promise<Process> {
  const parts = await startEngine(url, clock, { delivers: false });
  const { db, bus, ids, engine, stop } = parts;
  const workspaces = createWorkspaceDirectory({ db, bus, ids, clock });
  return {
    engine: parts,
    events: createEvents({ apiDb: db, publishDb: db, bus, engine, clock, wires, workspaces, retentionDays: 30 }),
    stop,
  };
}

export interface Given extends CallOptions {
  /** Replace `:name` in the path. */
  readonly params?: Record<string, string>;
  readonly body?: unknown;
}

/** Calls a route, given as `POST /v1/events`, with a key of the organization. */
export function call(
  { events }: Process,
  organizationId: OrganizationId,
  operation: string,
  { params = {}, body, ...options }: Given = {},
): Promise<Reply> {
  const [method, pattern = ''] = operation.split(' ');
  const path = Object.entries(params).reduce((made, [name, value]) => made.replace(`:${name}`, value), pattern);
  return callRoute(events.routes, principalOf(organizationId), method as Route['method'], path, body, options);
}

/** The name and the details of the error that refuses a call. */
export async function refusal(answer: Promise<unknown>): Promise<{ error: string; details: Record<string, string> }> {
  const thrown: unknown = await answer.then(
    () => assert.fail('was not refused'),
    (error: unknown) => error,
  );
  const { error, details = {} } = thrown as { error: string; details?: Record<string, string> };
  return { error, details };
}

export const data = (answer: Pick<Reply, 'body'>): Record<string, unknown> =>
  (answer.body as { data: Record<string, unknown> }).data;
export const rows = (answer: Pick<Reply, 'body'>): Record<string, unknown>[] =>
  (answer.body as { data: Record<string, unknown>[] }).data;
