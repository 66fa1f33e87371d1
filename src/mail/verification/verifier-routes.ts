import { z } from 'zod';
import { dayOf } from '../../base/clock.ts';
import { parseAddress } from '../../base/email-address.ts';
import { invalid } from '../../base/errors.ts';
import { isStorable } from '../../base/storable.ts';
import { mustBeWellFormed } from '../../base/validation-messages.ts';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { RecordTag, Route } from '../../http/route.ts';
import { lockVerifier } from './verifier-queries.ts';
import type { VerifierRow } from './verifier-queries.ts';
import type { Verifiers } from './verifiers.ts';

const common = { tag: 'Organization', boundKeys: 'refused' } as const;
const path = '/v1/verifier';

/** Names of header fields that the request itself has. */
const ownHeaders = new Set(['host', 'connection', 'content-length', 'content-type', 'transfer-encoding', 'accept']);
const header = z
  .string()
  .max(100)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'must be the name of a header field')
  .refine((name) => !ownHeaders.has(name.toLowerCase()), 'is set by the request itself');
const secret = z
  .string()
  .min(1)
  .max(4_000)
  .regex(/^[\x20-\x7e]+$/, 'must be printable ASCII');
const values = z.array(z.string().min(1).max(200)).max(100);

const answerShape = z.object({
  field: z.string().describe('The path of the value, such as `data.status`.'),
  deliverable: z.array(z.string()),
  risky: z.array(z.string()),
  undeliverable: z.array(z.string()),
});

const bodyShape = z.strictObject({
  url: z
    .string()
    .min(1)
    .max(2_000)
    .describe('`{email}` is replaced with the address, encoded. The URL is returned, so send the secret in `auth`.'),
  method: z.enum(['GET', 'POST']).default('GET'),
  email_field: z
    .string()
    .min(1)
    .max(100)
    .default('email')
    .describe('Of POST: the member of the JSON body that has the address.'),
  auth: z
    .union([
      z.strictObject({ header, value: secret }),
      z.strictObject({ query: z.string().min(1).max(100), value: secret }),
    ])
    .nullable()
    .default(null)
    .describe('A header field or a parameter of the query, with its secret. Without it, none is sent.'),
  answer: z
    .strictObject({
      field: z.string().min(1).max(200),
      deliverable: values.min(1),
      risky: values.default([]),
      undeliverable: values.min(1),
    })
    .refine(isStorable, mustBeWellFormed)
    .describe('Which values mean what, in any letter case. Every other value means `unknown`.'),
  daily_budget: z.int().min(1).max(1_000_000).default(1_000).describe('Requests in one UTC day.'),
  requests_per_minute: z.int().min(1).max(6_000).default(60),
  timeout_seconds: z.int().min(1).max(30).default(10),
});

const shape = z
  .object({
    url: z.string(),
    method: z.enum(['GET', 'POST']),
    email_field: z.string(),
    auth: z
      .object({ header: z.string().optional(), query: z.string().optional() })
      .nullable()
      .describe('Without its secret, which is never returned.'),
    answer: answerShape,
    daily_budget: z.int(),
    requests_per_minute: z.int(),
    timeout_seconds: z.int(),
    used_today: z.int(),
    problem: z.string().nullable().describe('Why it gave no answer the last time; null: it answered.'),
    problem_at: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Verifier' });

const example: z.input<typeof shape> = {
  url: 'https://api.verifier.example/v1/check?email={email}',
  method: 'GET',
  email_field: 'email',
  auth: { header: 'X-Api-Key' },
  answer: { field: 'result.status', deliverable: ['valid'], risky: ['catch_all'], undeliverable: ['invalid'] },
  daily_budget: 1_000,
  requests_per_minute: 60,
  timeout_seconds: 10,
  used_today: 12,
  problem: null,
  problem_at: null,
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
};

const onWire = (row: VerifierRow, nowMs: number): z.input<typeof shape> => ({
  url: row.url,
  method: row.method,
  email_field: row.email_field,
  auth: row.auth_kind === null || row.auth_name === null ? null : { [row.auth_kind]: row.auth_name },
  answer: {
    field: row.answer.field,
    deliverable: [...row.answer.deliverable],
    risky: [...row.answer.risky],
    undeliverable: [...row.answer.undeliverable],
  },
  daily_budget: row.daily_budget,
  requests_per_minute: row.per_minute,
  timeout_seconds: row.timeout_seconds,
  used_today: row.used_day === dayOf(nowMs) ? row.used : 0,
  problem: row.problem,
  problem_at: row.problem_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

const none = { 404: { description: 'The organization has no verifier.' } } as const;
const record: RecordTag = {
  lock: (tx, { organizationId }) => lockVerifier(tx, organizationId),
  unstable: ['used_today', 'problem', 'problem_at'],
};

/** The verifier of an organization. */
export const verifierRoutes = (verifiers: Verifiers, clock: { now(): number }): readonly Route[] => [
  route({
    ...common,
    method: 'PUT',
    record,
    path,
    summary: 'Set the verifier of addresses',
    description:
      'Another service that is asked about each address that no own fact decides: any HTTPS service with a JSON answer. An address on which it gives no answer waits (`verification_pending`) and is asked about again; it is never taken for valid. A verdict is kept for 30 days. The secret is stored encrypted and never returned; every change must send it again.',
    scope: 'organization:write',
    operationId: 'setVerifier',
    body: bodyShape,
    bodyExample: {
      url: example.url,
      auth: { header: 'X-Api-Key', value: 'secret' },
      answer: example.answer,
    },
    answers: { 200: { description: 'The verifier.', schema: dataOf(shape), example: { data: example } } },
    handle: async ({ body }, { organizationId }) => {
      const { auth, ...same } = body;
      const row = await verifiers.set(organizationId, {
        ...same,
        auth:
          auth === null
            ? null
            : 'header' in auth
              ? { kind: 'header', name: auth.header, value: auth.value }
              : { kind: 'query', name: auth.query, value: auth.value },
      });
      return { status: 200, body: { data: onWire(row, clock.now()) } };
    },
  }),
  route({
    ...common,
    method: 'GET',
    record,
    path,
    summary: 'Get the verifier of addresses',
    scope: 'organization:read',
    operationId: 'getVerifier',
    answers: { 200: { description: 'The verifier.', schema: dataOf(shape), example: { data: example } }, ...none },
    handle: async (_request, { organizationId }) => ({
      status: 200,
      body: { data: onWire(await verifiers.get(organizationId), clock.now()) },
    }),
  }),
  route({
    ...common,
    method: 'DELETE',
    record,
    path,
    summary: 'Delete the verifier of addresses',
    description: 'Addresses are judged by own facts only.',
    scope: 'organization:write',
    operationId: 'deleteVerifier',
    answers: { 204: { description: 'Deleted.' }, ...none },
    handle: async (_request, { organizationId }) => {
      await verifiers.remove(organizationId);
      return { status: 204 };
    },
  }),
  route({
    ...common,
    method: 'POST',
    path: `${path}/check`,
    summary: 'Ask the verifier about one address',
    description: 'Shows the value that the answer has, and the verdict that it means. Counts against the budgets.',
    scope: 'organization:write',
    operationId: 'checkVerifier',
    body: z.strictObject({ email: z.string().max(1_000) }),
    bodyExample: { email: 'ada@lovelace.example' },
    answers: {
      200: {
        description: 'What was understood.',
        schema: dataOf(
          z.object({
            verdict: z.enum(['deliverable', 'risky', 'undeliverable', 'unknown']).nullable(),
            value: z.string().nullable(),
            problem: z.string().nullable().describe('Why there is no verdict.'),
          }),
        ),
        example: { data: { verdict: 'deliverable', value: 'valid', problem: null } },
      },
      ...none,
    },
    handle: async ({ body, signal }, { organizationId, sandbox }) => {
      const address = parseAddress(body.email);
      if ('problem' in address) throw invalid({ email: address.problem });
      if (sandbox) {
        await verifiers.get(organizationId);
        const problem = 'A sandbox asks no other server.';
        return { status: 200, body: { data: { verdict: null, value: null, problem } } };
      }
      const asked = await verifiers.check(organizationId, address.email, signal);
      const { verdict } = asked;
      return {
        status: 200,
        body: {
          data:
            asked.verdict === null
              ? { verdict, value: null, problem: asked.problem }
              : { verdict, value: asked.value, problem: null },
        },
      };
    },
  }),
];
