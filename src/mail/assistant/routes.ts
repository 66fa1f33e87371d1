import { z } from 'zod';
import { dayOf } from '../../base/clock.ts';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { RecordTag, Route } from '../../http/route.ts';
import { replyClasses } from '../replies/index.ts';
import { lockAssistant } from './queries.ts';
import type { AssistantRow } from './queries.ts';
import type { Settings } from './settings.ts';

const common = { tag: 'Organization', boundKeys: 'refused' } as const;
const path = '/v1/assistant';

const printable = z.string().regex(/^[\x20-\x7e]+$/, 'must be printable ASCII');

const shape = z
  .object({
    url: z.string(),
    model: z.string(),
    has_key: z.boolean().describe('The key itself is never returned.'),
    daily_budget: z.int(),
    used_today: z.int(),
    problem: z.string().nullable().describe('Why it gave no answer the last time; null: it answered.'),
    problem_at: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Assistant' });

const example: z.input<typeof shape> = {
  url: 'https://llm.example.com/v1',
  model: 'small-1',
  has_key: true,
  daily_budget: 500,
  used_today: 3,
  problem: null,
  problem_at: null,
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
};

const onWire = (row: AssistantRow, nowMs: number): z.input<typeof shape> => ({
  url: row.url,
  model: row.model,
  has_key: row.key !== null,
  daily_budget: row.daily_budget,
  used_today: row.used_day === dayOf(nowMs) ? row.used : 0,
  problem: row.problem,
  problem_at: row.problem_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

const none = { 404: { description: 'The organization has no assistant.' } } as const;
const record: RecordTag = {
  lock: (tx, { organizationId }) => lockAssistant(tx, organizationId),
  unstable: ['used_today', 'problem', 'problem_at'],
};

/** The assistant of an organization. */
export const assistantRoutes = (settings: Settings, clock: { now(): number }): readonly Route[] => [
  route({
    ...common,
    method: 'PUT',
    record,
    path,
    summary: 'Set the assistant for replies',
    description:
      'A language model with an API like that of OpenAI (`POST {url}/chat/completions`), asked about replies that are classified `unknown`, after they were stored. What it decides has the source `assistant`, and is emitted as `reply.classified`. It gets the text that the person wrote, nothing else. Without this call, no text leaves the installation. The key is stored encrypted and never returned; every change must send it again.',
    scope: 'organization:write',
    operationId: 'setAssistant',
    body: z.strictObject({
      url: z
        .string()
        .min(1)
        .max(2_000)
        .describe('Of the API, without `/chat/completions`. It is returned, so send the secret in `key`.'),
      model: printable.min(1).max(200),
      key: printable.min(1).max(4_000).nullable().default(null).describe('Sent as a bearer token; null: none is sent.'),
      daily_budget: z.int().min(1).max(1_000_000).default(500).describe('Requests in one UTC day.'),
    }),
    bodyExample: { url: example.url, model: example.model, key: 'secret', daily_budget: 500 },
    answers: { 200: { description: 'The assistant.', schema: dataOf(shape), example: { data: example } } },
    handle: async ({ body }, { organizationId }) => ({
      status: 200,
      body: { data: onWire(await settings.set(organizationId, body), clock.now()) },
    }),
  }),
  route({
    ...common,
    method: 'GET',
    record,
    path,
    summary: 'Get the assistant for replies',
    scope: 'organization:read',
    operationId: 'getAssistant',
    answers: { 200: { description: 'The assistant.', schema: dataOf(shape), example: { data: example } }, ...none },
    handle: async (_request, { organizationId }) => ({
      status: 200,
      body: { data: onWire(await settings.get(organizationId), clock.now()) },
    }),
  }),
  route({
    ...common,
    method: 'DELETE',
    record,
    path,
    summary: 'Delete the assistant for replies',
    description: 'No text leaves the installation any more. What it decided stays.',
    scope: 'organization:write',
    operationId: 'deleteAssistant',
    answers: { 204: { description: 'Deleted.' }, ...none },
    handle: async (_request, { organizationId }) => {
      await settings.remove(organizationId);
      return { status: 204 };
    },
  }),
  route({
    ...common,
    method: 'POST',
    path: `${path}/check`,
    summary: 'Ask the assistant about a text',
    description: 'Shows what it takes the text for. Stores nothing, and counts against the budget.',
    scope: 'organization:write',
    operationId: 'checkAssistant',
    body: z.strictObject({ text: z.string().min(1).max(20_000) }),
    bodyExample: { text: 'Could be something for the autumn, who knows.' },
    answers: {
      200: {
        description: 'What was understood.',
        schema: dataOf(
          z.object({
            classification: z.enum(replyClasses).nullable(),
            confidence: z.number().nullable(),
            return_date: z.iso.date().nullable(),
            problem: z.string().nullable().describe('Why there is no answer.'),
          }),
        ),
        example: { data: { classification: 'not_now', confidence: 0.8, return_date: null, problem: null } },
      },
      ...none,
    },
    handle: async ({ body, signal }, { organizationId, sandbox }) => {
      const no = { classification: null, confidence: null, return_date: null };
      if (sandbox) {
        await settings.get(organizationId);
        return { status: 200, body: { data: { ...no, problem: 'A sandbox asks no other server.' } } };
      }
      const asked = await settings.check(organizationId, body.text, signal);
      if ('problem' in asked) return { status: 200, body: { data: { ...no, problem: asked.problem } } };
      const { classification, confidence, returnDate } = asked.opinion;
      return { status: 200, body: { data: { classification, confidence, return_date: returnDate, problem: null } } };
    },
  }),
];
