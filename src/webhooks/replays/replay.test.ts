import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standard } from '../../vendors/standard/wire.ts';
import { defrost } from '../../vendors/defrost/wire.ts';
import { idAt } from '../../base/ids.ts';
import type { EventId, WorkspaceId } from '../../base/ids.ts';
import { chunkOf, selects, pauseAfter, progressOf } from './replay.ts';
import type { Candidate, ReplayStatus } from './replay.ts';

const candidate = (fields: Partial<Candidate>): Candidate => ({
  id: idAt(1),
  event_id: idAt(1) as EventId,
  event_type: 'order.paid',
  workspace_id: null,
  kind: 'event',
  state: 'failed',
  ...fields,
});
const all: Parameters<typeof selects>[1] = { wire: standard, events: ['*'], workspaceId: undefined };
const ask = (
  status: ReplayStatus,
  fields: Partial<Candidate>,
  endpoint = all,
  eventTypes: readonly string[] | null = null,
): boolean => selects({ status, event_types: eventTypes }, endpoint, candidate(fields));

test('failed: selects failed deliveries, including replays but not tests', () => {
  assert.equal(ask('failed', {}), true);
  assert.equal(ask('failed', { kind: 'replay' }), true);
  assert.equal(ask('failed', { kind: 'test' }), false);
  assert.equal(ask('failed', { state: 'delivered' }), false);
});

test('failed: the current subscription does not exclude past deliveries', () => {
  assert.equal(ask('failed', {}, { ...all, events: ['contact.*'] }), true);
});

test('delivered: selects original deliveries only, so that a second replay does not double the first', () => {
  assert.equal(ask('delivered', { state: 'delivered' }), true);
  assert.equal(ask('delivered', { state: 'delivered', kind: 'replay' }), false);
  assert.equal(ask('delivered', { state: 'delivered', kind: 'test' }), false);
  assert.equal(ask('delivered', {}), false);
});

test('all: selects events that the endpoint subscribes to now, in its dialect, but not tests', () => {
  const event = { kind: null, state: null };
  assert.equal(ask('all', event), true);
  assert.equal(ask('all', event, { ...all, events: ['contact.*'] }), false);
  assert.equal(
    ask('all', { ...event, event_type: 'contact.created' }, { ...all, wire: defrost }),
    false,
    'defrost has no name for it',
  );
  assert.equal(ask('all', { ...event, event_type: 'webhook.test' }), false);
  const workspaceId = 'one' as WorkspaceId;
  assert.equal(
    ask('all', event, { ...all, workspaceId }),
    false,
    'an endpoint of a workspace gets no event without a workspace',
  );
  assert.equal(ask('all', { ...event, workspace_id: workspaceId }, { ...all, workspaceId }), true);
});

test("event types can be names, patterns, or the dialect's names", () => {
  assert.equal(ask('failed', {}, all, ['order.paid']), true);
  assert.equal(ask('failed', {}, all, ['order.*']), true);
  assert.equal(ask('failed', {}, all, ['order.refunded', 'contact.*']), false);
  assert.equal(ask('failed', { event_type: 'email.bounced' }, { ...all, wire: defrost }, ['send.bounced']), true);
});

test('the rate is kept over any number of chunks', () => {
  for (const rate of [1, 3, 99, 100, 500, 501, 1_000]) {
    const chunk = chunkOf(rate);
    assert.ok(chunk >= 1 && chunk <= rate, `${rate}`);
    const chunks = 50;
    const tookMs = chunks * pauseAfter(chunk, rate);
    const perSecond = (chunks * chunk * 1_000) / tookMs;
    assert.ok(perSecond <= rate && perSecond > rate * 0.99, `${rate}: ${perSecond}`);
  }
  assert.equal(pauseAfter(0, 1), 0, 'a chunk that replays nothing causes no wait');
});

test('progress is measured by time and ends at 100, whatever the last id', () => {
  const range = { since: new Date(1_000), until: new Date(2_000) };
  assert.deepEqual(progressOf({ ...range, state: 'running', position: idAt(1_000) }), {
    percent: 0,
    reached: new Date(1_000),
  });
  assert.deepEqual(progressOf({ ...range, state: 'running', position: idAt(1_255) }), {
    percent: 25,
    reached: new Date(1_255),
  });
  assert.deepEqual(progressOf({ ...range, state: 'cancelled', position: idAt(1_999) }), {
    percent: 99,
    reached: new Date(1_999),
  });
  assert.deepEqual(progressOf({ ...range, state: 'completed', position: idAt(1_255) }), {
    percent: 100,
    reached: new Date(2_000),
  });
});
