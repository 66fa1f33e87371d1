import { z } from 'zod';
import { assertScopes, grants, ofWorkspace, within } from '../../auth/index.ts';
import { dataOf } from '../../http/page.ts';
import { listAnswers, listBody, listingOf, listQuery } from '../../http/listing.ts';
import { route } from '../../http/route.ts';
import type { Principal, Route, Scope } from '../../http/route.ts';
import { exampleIds } from '../../events/index.ts';
import { companyExample, companyShape } from '../companies/index.ts';
import { contactExample, contactShape } from '../contacts/index.ts';
import type { Merge, Merges } from './merges.ts';
import type { Entity } from './queries.ts';
import { entities, mergeExample, mergeOnWire, mergeShape } from './schemas.ts';

const tag = 'Merges';
const path = '/v1/merges';
const params = z.object({ id: z.uuid() });
const conflict = { description: 'The merge cannot be undone now; the message says why.' };

const read: Readonly<Record<Entity, Scope>> = { contact: 'contacts:read', company: 'crm:read' };
/** What belongs to a record follows it: contacts to a company, activities and projects to both. */
const writes = ['contacts:write', 'crm:write'] as const satisfies readonly Scope[];

interface Kind {
  readonly entity: Entity;
  readonly plural: string;
  readonly shape: z.ZodObject;
  readonly example: object;
  /** What follows, for the description. */
  readonly follows: string;
}

const mergeRoute = (merges: Merges, { entity, plural, shape, example, follows }: Kind): Route =>
  route({
    method: 'POST',
    path: `/v1/${plural}/:id/merge`,
    creates: true,
    // The ETag is that of the record.
    record: { unstable: ['merge_id'] },
    tag,
    summary: `Merge another ${entity} into a ${entity}`,
    description:
      `The ${entity} of the path survives. It keeps its own values and takes those that it lacks from the other; tags and custom fields are united. ${follows} follow. ` +
      `The other ${entity} goes away: \`GET\` of its id answers 404 with \`merged_into\`. Emits one event, \`${entity}.merged\`. \`POST /v1/merges/{id}/undo\` undoes the merge for 30 days.`,
    scope: [...writes],
    boundKeys: 'own',
    operationId: entity === 'contact' ? 'mergeContacts' : 'mergeCompanies',
    params,
    body: z.strictObject({
      from_id: z.uuid().toLowerCase().describe(`The ${entity} that goes away, of the same workspace.`),
    }),
    bodyExample: { from_id: exampleIds.duplicate },
    answers: {
      200: {
        description: `The surviving ${entity}, and the id of the merge.`,
        schema: dataOf(shape.extend({ merge_id: z.uuid().describe('The merge, for undoing it.') })),
        example: { data: { ...example, merge_id: exampleIds.merge } },
      },
    },
    handle: async ({ params: { id }, body: { from_id: fromId } }, principal) => {
      const { record, mergeId } = await merges.merge(entity, principal, id.toLowerCase(), fromId);
      return { status: 200, body: { data: { ...record, merge_id: mergeId } } };
    },
  });

const kinds: readonly Kind[] = [
  {
    entity: 'contact',
    plural: 'contacts',
    shape: contactShape,
    example: contactExample,
    follows:
      'Its addresses become further addresses of the surviving contact; its activities, places in projects, messages, replies, meetings and leads',
  },
  {
    entity: 'company',
    plural: 'companies',
    shape: companyShape,
    example: companyExample,
    follows: 'Contacts, projects, activities and leads',
  },
];

export function mergeRoutes(merges: Merges): readonly Route[] {
  const shown = (merge: Merge) => mergeOnWire(merge, merges.now());
  return [
    ...kinds.map((kind) => mergeRoute(merges, kind)),
    route({
      method: 'GET',
      path,
      tag,
      summary: 'List merges, newest first',
      description: 'Those of the kinds of records that the key can read.',
      scope: 'any',
      boundKeys: 'own',
      operationId: 'listMerges',
      query: listQuery.extend({
        entity: z.enum(entities).optional(),
        record_id: z.uuid().optional().describe('Merges of this record: it survived, or went away.'),
        undone: z
          .enum(['true', 'false'])
          .transform((value) => value === 'true')
          .optional(),
        ...ofWorkspace,
      }),
      answers: listAnswers('A page of merges.', mergeShape, mergeExample),
      handle: async ({ query: { workspace_id: workspace, ...asked } }, principal) => {
        const reach = within(principal, { workspace_id: workspace });
        const slice = listingOf(path, { ...asked, workspace_id: reach.workspaceId });
        const filter = {
          entities: readable(principal).filter((each) => asked.entity === undefined || each === asked.entity),
          recordId: asked.record_id,
          undone: asked.undone,
        };
        const [rows, total] = await Promise.all([
          merges.list(reach, filter, slice),
          slice.cursor === undefined ? merges.total(reach, filter, slice) : { total: 0 },
        ]);
        // A merge changes only by its undo.
        const dated = rows.map((row) => ({ ...row, updated_at: row.undone_at ?? row.created_at }));
        return { status: 200, body: listBody(asked, slice, dated, shown, total) };
      },
    }),
    route({
      method: 'GET',
      path: `${path}/:id`,
      tag,
      summary: 'Get a merge',
      scope: 'any',
      boundKeys: 'own',
      operationId: 'getMerge',
      params,
      answers: { 200: { description: 'The merge.', schema: dataOf(mergeShape), example: { data: mergeExample } } },
      handle: async ({ params: { id } }, principal) => {
        const merge = await merges.get(principal, id);
        assertScopes(principal, [read[merge.entity]]);
        return { status: 200, body: { data: shown(merge) } };
      },
    }),
    route({
      method: 'POST',
      path: `${path}/:id/undo`,
      creates: true,
      tag,
      summary: 'Undo a merge',
      description:
        'Gives the record that went away back as it was, under its id, with what still belongs to the surviving record of what followed. The surviving record loses what the merge filled, except what has been changed since. ' +
        'Emits one event, `contact.unmerged` or `company.unmerged`. Merges into one record are undone in reverse order.',
      scope: [...writes],
      boundKeys: 'own',
      operationId: 'undoMerge',
      params,
      answers: {
        200: {
          description: 'The merge.',
          schema: dataOf(mergeShape),
          example: { data: { ...mergeExample, from: null, can_undo: false, undone_at: '2026-01-06T10:00:00.000Z' } },
        },
        409: conflict,
      },
      handle: async ({ params: { id } }, principal) => ({
        status: 200,
        body: { data: shown(await merges.undo(principal, id)) },
      }),
    }),
  ];
}

const readable = ({ scopes }: Principal): Entity[] => entities.filter((entity) => grants(scopes, read[entity]));
