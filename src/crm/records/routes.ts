import { z } from 'zod';
import { listBody, listingOf, listOf } from '../../http/listing.ts';
import type { Listed as Shown, Listing, listQuery } from '../../http/listing.ts';
import { route } from '../../http/route.ts';
import type { Answer, BoundKeys, Inferred, Principal, RecordTag, Route, Scope } from '../../http/route.ts';
import { namedWorkspace, ofWorkspace, within } from '../../auth/index.ts';
import type { NamedWorkspace, WorkspaceDirectory } from '../../auth/index.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Total } from './counts.ts';
import type { Reach } from './reach.ts';
import { recordPageOf } from './lists.ts';

/** What the routes of a kind of record have in common. */
interface RecordApi<Row extends Shown> {
  readonly tag: string;
  readonly path: string;
  /** Such as `a company`, for the texts and the names of operations. */
  readonly noun: `${'a' | 'an'} ${string}`;
  readonly plural: string;
  readonly scope: 'contacts' | 'crm' | 'suppressions';
  /** `refused`: the records belong to the organization alone. */
  readonly boundKeys?: BoundKeys;
  readonly id: z.ZodObject<{ id: z.ZodType<string> }>;
  readonly schema: z.ZodType;
  readonly example: object;
  /** Keeps others from changing the record until the transaction ends. */
  readonly lock: (tx: Transaction, reach: Reach, id: string) => Promise<unknown>;
  onWire(row: Row, organization: OrganizationId): object;
}

/** Rows of a list, and its total. */
type Listed<Row> = Total & { readonly rows: readonly Row[] };

/** The parts of a route that may differ from the usual ones. */
interface Details {
  readonly summary?: string;
  readonly description?: string;
  readonly bodyExample?: object;
  readonly scope?: readonly [Scope, ...Scope[]];
  /** Further answers. */
  readonly answers?: Readonly<Record<number, Answer>>;
}

/** The caller, creating records in the workspace that it names, or in its own. @throws ApiError as `WorkspaceDirectory.of` */
export async function inNamed(
  workspaces: WorkspaceDirectory | undefined,
  principal: Principal,
  named: NamedWorkspace,
): Promise<Principal> {
  if (workspaces === undefined) return principal;
  const workspace = await workspaces.of(principal, named);
  return { ...principal, workspaceId: workspace ?? undefined };
}

const pascal = (words: string): string =>
  words.replaceAll(/(?:^|[ -])(\w)/g, (_, letter: string) => letter.toUpperCase());

/**
 * Builds the usual routes of a kind of record, each as data.
 *
 * @example
 * const api = recordRoutes({ tag: 'Companies', path: '/v1/companies', noun: 'a company', plural: 'companies', … });
 * api.get((reach, id) => companies.get(reach, id)); // GET /v1/companies/:id, getCompany
 */
export function recordRoutes<Row extends Shown>({
  tag,
  path,
  noun,
  plural,
  scope,
  boundKeys = 'own',
  id,
  schema,
  example,
  lock,
  onWire,
}: RecordApi<Row>) {
  const name = noun.replace(/^an? /, '');
  const answer: Answer = {
    description: `The ${name}.`,
    schema: z.object({ data: schema }),
    example: { data: example },
  };
  const shown = (row: Row, { organizationId }: Principal) => ({ data: onWire(row, organizationId) });
  const common = { tag, boundKeys };
  const record: RecordTag = { lock: (tx, principal, { id: of = '' }) => lock(tx, principal, of) };
  const item = { path: `${path}/:id`, params: id, record };
  const reads: Scope = `${scope}:read`;
  const writes: Scope = `${scope}:write`;
  return {
    /** The answer with one record. */
    answer,
    /** Of routes that answer with one record. */
    record,

    /** @param workspaces of those that the body may name; undefined if the records have none */
    create: <Body extends z.ZodObject>(
      body: Body,
      workspaces: WorkspaceDirectory | undefined,
      create: (principal: Principal, body: Inferred<Body>) => Promise<Row>,
      { answers, ...details }: Details = {},
    ): Route =>
      route({
        ...common,
        method: 'POST',
        path,
        creates: true,
        record,
        summary: `Create ${noun}`,
        scope: writes,
        operationId: `create${pascal(name)}`,
        body: workspaces === undefined ? body : body.extend(namedWorkspace),
        ...details,
        answers: { 201: answer, ...answers },
        handle: async ({ body: given }, principal) => {
          const { workspace_id: own, workspace, ...fields } = given as NamedWorkspace;
          const editor = await inNamed(workspaces, principal, { workspace_id: own, workspace });
          return { status: 201, body: shown(await create(editor, fields as Inferred<Body>), principal) };
        },
      }),

    /** @param list counts nothing if the slice has a cursor */
    list: <Query extends typeof listQuery>(
      query: Query,
      list: (reach: Reach, query: Inferred<Query>, slice: Listing) => Promise<Listed<Row>>,
      { answers, ...details }: Details = {},
    ): Route =>
      route({
        ...common,
        method: 'GET',
        path,
        summary: `List ${plural}, newest first`,
        scope: reads,
        operationId: `list${pascal(plural)}`,
        query: query.extend(ofWorkspace),
        ...details,
        answers: {
          200: {
            description: `A page of ${plural}.`,
            schema: listOf(schema, recordPageOf(schema)),
            example: { data: [example], page: 1, page_size: 25, total: 1 },
          },
          ...answers,
        },
        handle: async ({ query: { workspace_id: workspace, ...asked } }, principal) => {
          const reach = within(principal, { workspace_id: workspace });
          const slice = listingOf(path, { ...asked, workspace_id: reach.workspaceId });
          const { rows, ...total } = await list(reach, asked as Inferred<Query>, slice);
          const show = (row: Row) => onWire(row, principal.organizationId);
          return { status: 200, body: listBody(asked, slice, rows, show, total) };
        },
      }),

    get: (get: (reach: Reach, id: string) => Promise<Row>): Route =>
      route({
        ...common,
        method: 'GET',
        ...item,
        summary: `Get ${noun}`,
        scope: reads,
        operationId: `get${pascal(name)}`,
        answers: { 200: answer },
        handle: async ({ params }, principal) => ({
          status: 200,
          body: shown(await get(principal, params.id), principal),
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
        ...item,
        summary: `Change ${noun}`,
        scope: writes,
        operationId: `update${pascal(name)}`,
        body,
        ...details,
        answers: {
          200: { ...answer, description: `The changed ${name}.`, example: { data: { ...example, ...changed } } },
          ...answers,
        },
        handle: async ({ params, body: given }, principal) => ({
          status: 200,
          body: shown(await update(principal, params.id, given), principal),
        }),
      }),

    remove: (
      remove: (principal: Principal, id: string) => Promise<void>,
      { answers, ...details }: Details = {},
    ): Route =>
      route({
        ...common,
        method: 'DELETE',
        ...item,
        summary: `Delete ${noun}`,
        scope: writes,
        operationId: `delete${pascal(name)}`,
        ...details,
        answers: { 204: { description: 'Deleted.' }, ...answers },
        handle: async ({ params }, principal) => {
          await remove(principal, params.id);
          return { status: 204 };
        },
      }),
  };
}
