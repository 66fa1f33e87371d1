import { z } from 'zod';
import { route } from '../../http/route.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Reach } from '../../crm/records/index.ts';
import type { BoundKeys, Principal, Route, Scope } from '../../http/route.ts';
import { answerOf, nothing, pageShown } from './answers.ts';
import type { Shown } from './answers.ts';
import { driftwoodSurface } from './surface.ts';

const pageMax = 100;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const id = z.uuid().toLowerCase();
export const ids = z.array(id).max(100);

/** Fields of every list's body. No cursor, or the empty one of the last page, gives the first page. */
export const paging = {
  cursor: z
    .string()
    .refine((text) => text === '' || uuid.test(text), 'must be the next_cursor of an earlier answer')
    .transform((text) => (text === '' ? undefined : text))
    .optional(),
  limit: z.int().min(1).max(pageMax).default(25),
};

/** The rows that a page reads: one more than it shows, after its cursor. */
export const rowsOf = ({ cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number }) => ({
  limit: limit + 1,
  after: cursor === undefined ? undefined : { id: cursor },
});

export const searched = {
  search: z.string().max(200).optional(),
  tags: z.array(z.string().max(100)).max(20).optional(),
};

/** A page of up to `limit` records from `limit + 1` rows. The cursor is the last record's id: ids grow with time, so later records come before it. */
export const pageOf = <Row extends { readonly id: string }>(
  rows: readonly Row[],
  limit: number,
  show: (row: Row) => object,
): object => ({
  items: rows.slice(0, limit).map(show),
  next_cursor: rows.length > limit ? (rows[limit - 1]?.id ?? '') : '',
});

/** Combines the filters for one id and for several. Undefined: no filter. */
export function anyOf(one: string | undefined, several: readonly string[] = []): readonly string[] | undefined {
  if (one === undefined) return several.length === 0 ? undefined : several;
  return several.length === 0 || several.includes(one) ? [one] : [];
}

interface Common {
  readonly id: string;
  readonly account_id: string;
  readonly workspace_id: string | null;
  readonly created_by: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

/** A record's fields in the order of Driftwood: the owner first, the times last. A key has one workspace, which is not shown. */
export const inOrder = <R extends Common>({
  id: own,
  account_id,
  workspace_id: _,
  created_by,
  created_at,
  updated_at,
  ...fields
}: R): object => ({
  id: own,
  account_id,
  created_by,
  ...fields,
  created_at,
  updated_at,
});

interface Call<Body extends z.ZodType> {
  readonly verb: string;
  readonly summary: string;
  readonly scope: Scope | readonly [Scope, ...Scope[]];
  readonly boundKeys: BoundKeys;
  readonly body: Body;
  readonly answers: Route['answers'];
  readonly headers?: Readonly<Record<string, string>>;
  result(body: z.output<Body>, principal: Principal): Promise<object>;
}

/** Declares calls of one resource: `POST /api/{resource}-{verb}`, answered with status 200 and `{"ok":true,"result"}`. */
export function callsOf(resource: string) {
  const surface = driftwoodSurface(resource);
  return <Body extends z.ZodType>({ verb, body, headers = {}, result, ...rest }: Call<Body>): Route =>
    route({
      ...rest,
      method: 'POST',
      path: `/api/${resource}-${verb}`,
      ...(/(^create|add)$/.test(verb) ? { creates: true } : {}),
      surface,
      tag: 'Driftwood',
      body: body as z.ZodType,
      handle: async (request, principal) => ({
        status: 200,
        body: { ok: true, result: await result(request.body as z.output<Body>, principal) },
        headers,
      }),
    });
}

type Kind = 'contacts' | 'crm';

interface RecordCall<Body extends z.ZodType> extends Pick<Call<Body>, 'verb' | 'summary' | 'body' | 'result'> {
  readonly access: 'read' | 'write';
  /** A second kind of record that the call shows or changes. */
  readonly also?: Kind;
}

/** Declares calls of a resource whose records are of `kind` and look like `record`. */
export function recordCallsOf(resource: string, record: Shown, kind: Kind) {
  const call = callsOf(resource);
  return <Body extends z.ZodType>({ access, also, ...rest }: RecordCall<Body>): Route =>
    call({
      ...rest,
      scope: [`${kind}:${access}`, ...(also === undefined ? [] : [`${also}:${access}` as const])],
      boundKeys: 'own',
      answers: {
        200: shownBy(rest.verb, record),
        ...(rest.verb === 'list' ? {} : { 404: { description: 'No such record in this organization.' } }),
        ...(access === 'read' ? {} : { 409: { description: 'The request contradicts what is stored.' } }),
      },
    });
}

export type DeclareCall = ReturnType<typeof recordCallsOf>;

/** The answer of a verb for records that look like `record`. */
const shownBy = (verb: string, record: Shown) =>
  verb.endsWith('list')
    ? answerOf('A page of records.', pageShown(record))
    : /^(get|create|update)$/.test(verb)
      ? answerOf('The record.', record)
      : answerOf('Done; the result is empty.', nothing);

/** A slice whose records are created, read, changed and deleted one at a time. */
interface Slice<Row, New, Change> {
  get(reach: Reach, id: string): Promise<Row>;
  create(principal: Principal, input: New): Promise<Row>;
  update(principal: Principal, id: string, change: Change): Promise<Row>;
  remove(principal: Principal, id: string): Promise<unknown>;
}

interface SingleCalls<Row, New extends z.ZodType, Change extends z.ZodObject> {
  /** With its article, such as `a contact`. */
  readonly noun: string;
  readonly slice: Slice<Row, z.output<New>, z.output<Change>>;
  readonly created: New;
  readonly changed: Change;
  readonly shown: (row: Row, organizationId: OrganizationId) => object;
  /** A second kind of record that a deletion changes. */
  readonly deletedAlso?: Kind;
}

/** The calls `get`, `create`, `update` and `delete` of a kind of record. */
export function singleCalls<Row, New extends z.ZodType, Change extends z.ZodObject>(
  call: DeclareCall,
  { noun, slice, created, changed, shown, deletedAlso }: SingleCalls<Row, New, Change>,
): readonly Route[] {
  return [
    call({
      verb: 'get',
      access: 'read',
      summary: `Get ${noun}`,
      body: z.strictObject({ id }),
      result: async (body, principal) => shown(await slice.get(principal, body.id), principal.organizationId),
    }),
    call({
      verb: 'create',
      access: 'write',
      summary: `Create ${noun}`,
      body: created,
      result: async (body, principal) => shown(await slice.create(principal, body), principal.organizationId),
    }),
    call({
      verb: 'update',
      access: 'write',
      summary: `Change ${noun}`,
      body: z.strictObject({ id, ...changed.shape }),
      result: async ({ id: of, ...change }, principal) =>
        shown(await slice.update(principal, of, change as z.output<Change>), principal.organizationId),
    }),
    call({
      verb: 'delete',
      access: 'write',
      summary: `Delete ${noun}`,
      body: z.strictObject({ id }),
      ...(deletedAlso === undefined ? {} : { also: deletedAlso }),
      result: async (body, principal) => {
        await slice.remove(principal, body.id);
        return {};
      },
    }),
  ];
}
