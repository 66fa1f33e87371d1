import { z } from 'zod';
import type { pageQuery } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Answer, Inferred, Principal, Route, Scope } from '../../http/route.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Total } from './counts.ts';
import { pageAnswer, recordPageOf } from './lists.ts';

/** What the routes of a kind of record have in common. */
export interface RecordApi<Row> {
  readonly tag: string;
  readonly path: string;
  /** Such as `a company`, for the texts and the names of operations. */
  readonly noun: `${'a' | 'an'} ${string}`;
  readonly plural: string;
  readonly scope: 'contacts' | 'crm' | 'suppressions';
  readonly id: z.ZodObject<{ id: z.ZodType<string> }>;
  readonly schema: z.ZodType;
  readonly example: object;
  onWire(row: Row, organization: OrganizationId): object;
}

/** The parts of a route that may differ from the usual ones. */
interface Details {
  readonly summary?: string;
  readonly description?: string;
  readonly bodyExample?: object;
  readonly scope?: readonly [Scope, ...Scope[]];
  /** Further answers. */
  readonly answers?: Readonly<Record<number, Answer>>;
}

const pascal = (words: string): string =>
  words.replaceAll(/(?:^|[ -])(\w)/g, (_, letter: string) => letter.toUpperCase());

/**
 * Builds the usual routes of a kind of record, each as data.
 *
 * @example
 * const api = recordRoutes({ tag: 'Companies', path: '/v1/companies', noun: 'a company', plural: 'companies', … });
 * api.get((organization, id) => companies.get(organization, id)); // GET /v1/companies/:id, getCompany
 */
export function recordRoutes<Row>({ tag, path, noun, plural, scope, id, schema, example, onWire }: RecordApi<Row>) {
  const name = noun.replace(/^an? /, '');
  const answer: Answer = {
    description: `The ${name}.`,
    schema: z.object({ data: schema }),
    example: { data: example },
  };
  const common = { tag, boundKeys: 'refused' } as const;
  const item = `${path}/:id`;
  const reads: Scope = `${scope}:read`;
  const writes: Scope = `${scope}:write`;
  return {
    /** The answer with one record. */
    answer,

    create: <Body extends z.ZodType>(
      body: Body,
      create: (principal: Principal, body: Inferred<Body>) => Promise<Row>,
      { answers, ...details }: Details = {},
    ): Route =>
      route({
        ...common,
        method: 'POST',
        path,
        creates: true,
        summary: `Create ${noun}`,
        scope: writes,
        operationId: `create${pascal(name)}`,
        body,
        ...details,
        answers: { 201: answer, ...answers },
        handle: async ({ body: given }, principal) => ({
          status: 201,
          body: { data: onWire(await create(principal, given), principal.organizationId) },
        }),
      }),

    list: <Query extends typeof pageQuery>(
      query: Query,
      list: (
        organization: OrganizationId,
        query: Inferred<Query>,
      ) => Promise<Total & { readonly rows: readonly Row[] }>,
      { answers, ...details }: Details = {},
    ): Route =>
      route({
        ...common,
        method: 'GET',
        path,
        summary: `List ${plural}, newest first`,
        scope: reads,
        operationId: `list${pascal(plural)}`,
        query,
        ...details,
        answers: {
          200: {
            description: `A page of ${plural}.`,
            schema: recordPageOf(schema),
            example: { data: [example], page: 1, page_size: 25, total: 1 },
          },
          ...answers,
        },
        handle: async ({ query: asked }, { organizationId }) => {
          const { rows, ...total } = await list(organizationId, asked);
          return {
            status: 200,
            body: pageAnswer(
              asked,
              rows.map((row) => onWire(row, organizationId)),
              total,
            ),
          };
        },
      }),

    get: (get: (organization: OrganizationId, id: string) => Promise<Row>): Route =>
      route({
        ...common,
        method: 'GET',
        path: item,
        summary: `Get ${noun}`,
        scope: reads,
        operationId: `get${pascal(name)}`,
        params: id,
        answers: { 200: answer },
        handle: async ({ params }, { organizationId }) => ({
          status: 200,
          body: { data: onWire(await get(organizationId, params.id), organizationId) },
        }),
      }),

    /** @param changed the fields of the example that the example of the body changes */
    update: <Body extends z.ZodType>(
      body: Body,
      update: (principal: Principal, id: string, body: Inferred<Body>) => Promise<Row>,
      { changed = {}, answers, ...details }: Details & { readonly changed?: object },
    ): Route =>
      route({
        ...common,
        method: 'PATCH',
        path: item,
        summary: `Change ${noun}`,
        scope: writes,
        operationId: `update${pascal(name)}`,
        params: id,
        body,
        ...details,
        answers: {
          200: { ...answer, description: `The changed ${name}.`, example: { data: { ...example, ...changed } } },
          ...answers,
        },
        handle: async ({ params, body: given }, principal) => ({
          status: 200,
          body: { data: onWire(await update(principal, params.id, given), principal.organizationId) },
        }),
      }),

    remove: (
      remove: (principal: Principal, id: string) => Promise<void>,
      { answers, ...details }: Details = {},
    ): Route =>
      route({
        ...common,
        method: 'DELETE',
        path: item,
        summary: `Delete ${noun}`,
        scope: writes,
        operationId: `delete${pascal(name)}`,
        params: id,
        ...details,
        answers: { 204: { description: 'Deleted.' }, ...answers },
        handle: async ({ params }, principal) => {
          await remove(principal, params.id);
          return { status: 204 };
        },
      }),
  };
}
