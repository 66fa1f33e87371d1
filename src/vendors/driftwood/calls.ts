import { z } from 'zod';
import { route } from '../../http/route.ts';
import type { Principal, Route, Scope } from '../../http/route.ts';
import { answerOf, nothing, pageShown } from './answers.ts';
import type { Shown } from './answers.ts';
import { driftwoodSurface } from './surface.ts';

const pageMax = 100;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const id = z.uuid().toLowerCase();
export const ids = z.array(id).max(100);

/** The body of every list, beside its own filters. The first page is that of no cursor, or of the empty one that the last page has. */
export const paging = {
  cursor: z
    .string()
    .refine((text) => text === '' || uuid.test(text), 'must be the next_cursor of an earlier answer')
    .transform((text) => (text === '' ? undefined : text))
    .optional(),
  limit: z.int().min(1).max(pageMax).default(25),
};

export const searched = {
  search: z.string().max(200).optional(),
  tags: z.array(z.string().max(100)).max(20).optional(),
};

/** A page of up to `limit` records, of `limit + 1` rows. The cursor is the id of the last one: ids grow with time, so what is added meanwhile comes before it. */
export const pageOf = <Row extends { readonly id: string }>(
  rows: readonly Row[],
  limit: number,
  show: (row: Row) => object,
): object => ({
  items: rows.slice(0, limit).map(show),
  next_cursor: rows.length > limit ? (rows[limit - 1]?.id ?? '') : '',
});

/** One and several are the same filter; nothing asked for is no filter. */
export function anyOf(one: string | undefined, several: readonly string[] = []): readonly string[] | undefined {
  if (one === undefined) return several.length === 0 ? undefined : several;
  return several.length === 0 || several.includes(one) ? [one] : [];
}

interface Common {
  readonly id: string;
  readonly account_id: string;
  readonly created_by: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

/** A record in Driftwood's order: first whose it is, last when it was made and changed. */
export const inOrder = <R extends Common>({
  id: own,
  account_id,
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

type Kind = 'contacts' | 'crm';

/** What a verb answers of `record`. */
const shownBy = (verb: string, record: Shown): Shown =>
  verb.endsWith('list') ? pageShown(record) : /^(get|create|update)$/.test(verb) ? record : nothing;

/** Declares calls of one resource: `POST /api/{resource}-{verb}`, answered `{"ok":true,"result"}` with status 200. `kind`, `others`: of the records that they show or change. */
export function callsOf(resource: string, record: Shown, kind: Kind, ...others: readonly Kind[]) {
  const surface = driftwoodSurface(resource);
  return <Body extends z.ZodType>(
    verb: string,
    access: 'read' | 'write',
    summary: string,
    body: Body,
    result: (body: z.output<Body>, principal: Principal) => Promise<object>,
  ): Route =>
    route({
      method: 'POST',
      path: `/api/${resource}-${verb}`,
      surface,
      tag: 'Driftwood',
      summary,
      scope: [`${kind}:${access}`, ...others.map((other): Scope => `${other}:${access}`)],
      boundKeys: 'refused',
      body: body as z.ZodType,
      answers: {
        200: answerOf(`${summary}.`, shownBy(verb, record)),
        ...(verb === 'list' ? {} : { 404: { description: 'No such record in this organization.' } }),
        ...(access === 'read' ? {} : { 409: { description: 'The request contradicts what is stored.' } }),
      },
      handle: async (request, principal) => ({
        status: 200,
        body: { ok: true, result: await result(request.body as z.output<Body>, principal) },
      }),
    });
}
