import { z } from 'zod';
import { parseAddress, parseAddressInQuery } from '../../base/email-address.ts';
import { invalid, unreachable } from '../../base/errors.ts';
import { listBody, listingOf, listOf, listQuery } from '../../http/listing.ts';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { RecordTag, Route } from '../../http/route.ts';
import { parseRow, recordPageOf, rowsOf, sentText } from '../records/index.ts';
import { optOutOnWire } from './opt-outs.ts';
import type { Leaving } from './opt-outs.ts';
import { optOutReasons } from './queries.ts';
import { optOutExample, optOutRowShape, optOutShape, rejoinedRowShape } from './schemas.ts';
import type { TopicFunctions, TopicsOptions } from './topics.ts';

const common = { tag: 'Topics', boundKeys: 'own' } as const;
const params = z.object({ id: z.uuid() });
const optOutParams = z.object({ id: z.uuid(), opt_out_id: z.uuid() });
const noSuchTopic = { 404: { description: 'No such topic.' } } as const;
const noSuchOptOut = { 404: { description: 'No such topic or opt-out.' } } as const;
const rowsMax = 1_000;
const bytesMax = 2 * 1024 * 1024;

const addition = z.strictObject({
  email: z.string().max(1_000),
  reason: z.enum(optOutReasons).default('manual'),
});
const body = addition
  .partial({ email: true })
  .extend({
    opt_outs: rowsOf(addition).min(1).max(rowsMax).optional().describe('Many addresses instead of one.'),
  })
  .refine(({ email, opt_outs: rows }) => (email === undefined) !== (rows === undefined), {
    path: ['email'],
    message: 'is required unless opt_outs is given; send exactly one of the two',
  })
  .meta({ oneOf: [{ required: ['email'] }, { required: ['opt_outs'] }] });

/** Reads one row of a list. */
function readRow(row: unknown): Leaving | { readonly problem: string } {
  const parsed = parseRow(addition, row);
  if ('problem' in parsed) return parsed;
  const address = parseAddress(parsed.data.email);
  return 'key' in address ? { key: address.key, reason: parsed.data.reason } : { problem: `email: ${address.problem}` };
}

/** Of a search; null: no address. */
function searchedKey(search: string | undefined): string | null | undefined {
  if (search === undefined) return undefined;
  const address = parseAddressInQuery(search);
  return 'key' in address ? address.key : null;
}

const counts = <Status extends string>(rows: readonly { readonly status: Status }[], statuses: readonly Status[]) =>
  Object.fromEntries(statuses.map((status) => [status, rows.filter((row) => row.status === status).length]));

type Row = z.input<typeof optOutRowShape>;
type RejoinedRow = z.input<typeof rejoinedRowShape>;

/** The calls by which addresses leave a topic and rejoin it. */
export const optOutRoutes = (
  topics: TopicFunctions,
  options: Pick<TopicsOptions, 'suppressions'>,
): readonly Route[] => {
  const record: RecordTag = { lock: (tx, { organizationId }) => options.suppressions.lock(tx, organizationId) };
  return [...leavingRoutes(topics, record), ...readingRoutes(topics, record)];
};

function leavingRoutes(topics: TopicFunctions, record: RecordTag): readonly Route[] {
  return [
    route({
      ...common,
      method: 'POST',
      path: '/v1/topics/:id/opt-outs',
      creates: true,
      record,
      summary: 'Let an address leave a topic, or many',
      description: `No campaign of the topic writes to the address any more; its open leads in these campaigns are skipped as \`left_topic\`. Emits \`topic.left\`. An address that has left stays as it is, with its first reason. With \`opt_outs\` (1 to ${rowsMax.toLocaleString('en')}), each row has a result, in the order sent: a bad row is \`rejected\` with the reason, the others are added.`,
      scope: 'suppressions:write',
      operationId: 'createTopicOptOuts',
      params,
      body,
      bodyBytesMax: bytesMax,
      // A row with NUL characters is rejected like any other bad one.
      opaque: ['opt_outs'],
      bodyExample: { email: 'ada@lovelace.example', reason: 'unsubscribed' },
      answers: {
        200: {
          description: 'The address had left before; or, for a list, the result of each row.',
          schema: z.union([
            z.object({ data: optOutShape }),
            z.object({
              data: z.array(optOutRowShape),
              summary: z.object({ created: z.int(), exists: z.int(), rejected: z.int() }),
            }),
          ]),
          example: {
            data: [{ email: 'ada@lovelace.example', status: 'created', id: optOutExample.id }],
            summary: { created: 1, exists: 0, rejected: 0 },
          },
        },
        201: { description: 'The opt-out.', schema: dataOf(optOutShape), example: { data: optOutExample } },
        ...noSuchTopic,
      },
      async handle({ params: { id }, body: { email, reason, opt_outs: rows } }, principal) {
        if (email !== undefined) {
          const address = parseAddress(email);
          if ('problem' in address) throw invalid({ email: address.problem });
          const [left] = await topics.add(principal, id, [{ key: address.key, reason }]);
          if (left === undefined) throw unreachable('no result for the opt-out');
          return { status: left.created ? 201 : 200, body: { data: optOutOnWire(left.optOut) } };
        }
        const read = (rows ?? []).map((row) => ({ email: sentText(row, 'email'), wanted: readRow(row) }));
        const left = await topics.add(
          principal,
          id,
          read.flatMap(({ wanted }) => ('problem' in wanted ? [] : [wanted])),
        );
        let next = 0;
        const data = read.map(({ email: sent, wanted }): Row => {
          const echo = sent === undefined ? {} : { email: sent };
          if ('problem' in wanted) return { ...echo, status: 'rejected', reason: wanted.problem };
          const one = left[next++];
          if (one === undefined) throw unreachable(`no result for row ${next - 1}`);
          return { ...echo, status: one.created ? 'created' : 'exists', id: one.optOut.id };
        });
        return { status: 200, body: { data, summary: counts(data, ['created', 'exists', 'rejected']) } };
      },
    }),
    route({
      ...common,
      method: 'POST',
      path: '/v1/topics/:id/rejoin',
      summary: 'Let addresses rejoin a topic',
      description: `As \`DELETE /v1/topics/{id}/opt-outs/{opt_out_id}\`, for 1 to ${rowsMax.toLocaleString('en')} addresses. Each has a result, in the order sent; a bad one is \`rejected\` with the reason.`,
      scope: 'suppressions:write',
      operationId: 'rejoinTopic',
      params,
      body: z.strictObject({ emails: rowsOf(z.string().max(1_000)).min(1).max(rowsMax) }),
      bodyBytesMax: bytesMax,
      opaque: ['emails'],
      bodyExample: { emails: ['ada@lovelace.example'] },
      answers: {
        200: {
          description: 'The result of each address.',
          schema: z.object({
            data: z.array(rejoinedRowShape),
            summary: z.object({ rejoined: z.int(), not_left: z.int(), rejected: z.int() }),
          }),
          example: {
            data: [{ email: 'ada@lovelace.example', status: 'rejoined' }],
            summary: { rejoined: 1, not_left: 0, rejected: 0 },
          },
        },
        ...noSuchTopic,
      },
      async handle({ params: { id }, body: { emails } }, principal) {
        const read = emails.map((sent) => {
          const parsed = parseRow(z.string().max(1_000), sent);
          const address = 'problem' in parsed ? parsed : parseAddress(parsed.data);
          return { email: sentText({ sent }, 'sent'), address };
        });
        const keys = read.flatMap(({ address }) => ('key' in address ? [address.key] : []));
        const left = await topics.removeAddresses(principal, id, keys);
        const data = read.map(({ email, address }): RejoinedRow => {
          const echo = email === undefined ? {} : { email };
          if ('problem' in address) return { ...echo, status: 'rejected', reason: address.problem };
          return { ...echo, status: left.has(address.key) ? 'rejoined' : 'not_left' };
        });
        return { status: 200, body: { data, summary: counts(data, ['rejoined', 'not_left', 'rejected']) } };
      },
    }),
  ];
}

function readingRoutes(topics: TopicFunctions, record: RecordTag): readonly Route[] {
  return [
    route({
      ...common,
      method: 'GET',
      path: '/v1/topics/:id/opt-outs',
      summary: 'List the addresses that left a topic, newest first',
      scope: 'suppressions:read',
      operationId: 'listTopicOptOuts',
      params,
      query: listQuery.extend({
        search: z.string().max(1_000).optional().describe('An exact address. An erased one is found, too.'),
      }),
      answers: {
        200: {
          description: 'A page of opt-outs.',
          schema: listOf(optOutShape, recordPageOf(optOutShape)),
          example: { data: [optOutExample], page: 1, page_size: 25, total: 1 },
        },
        ...noSuchTopic,
      },
      async handle({ params: { id }, query }, principal) {
        const slice = listingOf(`/v1/topics/${id}/opt-outs`, query);
        const { rows, ...total } = await topics.optOuts(principal, id, searchedKey(query.search), slice);
        return { status: 200, body: listBody(query, slice, rows, optOutOnWire, total) };
      },
    }),
    route({
      ...common,
      method: 'GET',
      path: '/v1/topics/:id/opt-outs/:opt_out_id',
      record,
      summary: 'Get an opt-out',
      scope: 'suppressions:read',
      operationId: 'getTopicOptOut',
      params: optOutParams,
      answers: {
        200: { description: 'The opt-out.', schema: dataOf(optOutShape), example: { data: optOutExample } },
        ...noSuchOptOut,
      },
      handle: async ({ params }, principal) => ({
        status: 200,
        body: { data: optOutOnWire(await topics.optOut(principal, params.id, params.opt_out_id)) },
      }),
    }),
    route({
      ...common,
      method: 'DELETE',
      path: '/v1/topics/:id/opt-outs/:opt_out_id',
      record,
      summary: 'Let an address rejoin a topic',
      description:
        'Campaigns of the topic may write to the address again. Leads that it stopped stay stopped; their contact can be added to the campaign again. Emits `topic.rejoined`.',
      scope: 'suppressions:write',
      operationId: 'deleteTopicOptOut',
      params: optOutParams,
      answers: { 204: { description: 'Deleted.' }, ...noSuchOptOut },
      async handle({ params }, principal) {
        await topics.removeOptOut(principal, params.id, params.opt_out_id);
        return { status: 204 };
      },
    }),
  ];
}
