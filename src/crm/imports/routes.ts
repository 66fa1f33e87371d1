import { z } from 'zod';
import { namedWorkspace, ofWorkspace, within } from '../../auth/index.ts';
import type { WorkspaceDirectory } from '../../auth/index.ts';
import { lawfulBasis, linkCompanyBy } from '../contacts/index.ts';
import { withFinish } from '../../db/in-order.ts';
import { cursorAfter, cursorListQuery, listAnswers, listBody, listingOf, listQuery } from '../../http/listing.ts';
import { cursorPageOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { fields, inNamed } from '../records/index.ts';
import { errorsMax, fileBytesMax, importStates, unfinishedMax } from './import.ts';
import type { Jobs } from './job.ts';
import { dateOrders } from './row.ts';
import {
  completed,
  csvHead,
  csvRows,
  errorExample,
  errorShape,
  importOnWire,
  importShape,
  mapping,
  running,
  waiting,
} from './schemas.ts';

const one = z.object({ data: importShape });
const id = z.object({ id: z.uuid() });
const conflict = { description: 'The request conflicts with the current state; the message explains how.' };
const tag = 'Imports';

export const importRoutes = (jobs: Jobs, workspaces: WorkspaceDirectory): readonly Route[] => [
  createRoute(jobs, workspaces),
  ...jobRoutes(jobs),
  errorsRoute(jobs),
];

function createRoute(jobs: Jobs, workspaces: WorkspaceDirectory): Route {
  return route({
    method: 'POST',
    path: '/v1/imports',
    creates: true,
    tag,
    summary: 'Create an import of contacts',
    description:
      `The import waits for its file: \`PUT /v1/imports/{id}/file\`. A column fills the contact field or custom field of the same name, unless \`mapping\` says otherwise. ` +
      `An organization has at most ${unfinishedMax} imports that are running or waiting for their files.`,
    scope: 'contacts:write',
    boundKeys: 'own',
    operationId: 'createImport',
    body: z.strictObject({
      lawful_basis: lawfulBasis.describe(
        'Why you may process the data (GDPR article 6), for all contacts in the file.',
      ),
      lawful_basis_source: fields.optionalText(500).optional().describe('How the data was obtained.'),
      mapping: mapping
        .refine((value) => Object.keys(value).length <= 500, 'has more than 500 columns')
        .default({})
        .describe('Column of the file → field of a contact, `custom_fields.KEY`, or null to leave the column out.'),
      restore_deleted: z
        .boolean()
        .default(false)
        .describe('Restore contacts deleted in the last 30 days instead of creating new ones.'),
      dry_run: z.boolean().default(false).describe('Report counts and errors without writing anything.'),
      source: fields
        .requiredText(200)
        .optional()
        .describe('Name of a source for all contacts; created if it does not exist.'),
      tags: fields.tags.default([]).describe('Tags added to each contact.'),
      link_company_by: linkCompanyBy.optional(),
      on_bad_value: z
        .enum(['reject', 'blank'])
        .default('reject')
        .describe(
          'Whether to reject a row with an invalid value, or to write it without that value. A row without a valid address is always rejected.',
        ),
      date_order: z
        .enum(dateOrders)
        .default('ymd')
        .describe(
          'Order of day, month and year in custom fields of type date. A date that begins with the year is always read as `ymd`.',
        ),
      decimal_separator: z
        .enum(['.', ','])
        .default('.')
        .describe('Decimal separator in custom fields of type number. The other character may group thousands.'),
      file_name: fields.requiredText(300).optional(),
      ...namedWorkspace,
    }),
    bodyExample: {
      lawful_basis: 'legitimate_interests',
      mapping: { 'Work e-mail': 'email', Fax: null },
      source: 'Trade fair 2026',
      tags: ['fair'],
      file_name: 'fair.csv',
    },
    answers: {
      201: { description: 'The import, waiting for its file.', schema: one, example: { data: waiting } },
      409: conflict,
    },
    handle: async ({ body }, principal) => {
      const { workspace_id: workspaceId, workspace } = body;
      const editor = await inNamed(workspaces, principal, { workspace_id: workspaceId, workspace });
      const it = await jobs.create(editor, {
        fileName: body.file_name,
        mapping: body.mapping,
        lawfulBasis: body.lawful_basis,
        lawfulBasisSource: body.lawful_basis_source,
        restoreDeleted: body.restore_deleted,
        dryRun: body.dry_run,
        source: body.source,
        tags: body.tags,
        linkCompanyBy: body.link_company_by,
        onBadValue: body.on_bad_value,
        dateOrder: body.date_order,
        decimalSeparator: body.decimal_separator,
      });
      return { status: 201, body: { data: importOnWire(it) }, headers: { location: `/v1/imports/${it.id}` } };
    },
  });
}

function jobRoutes(jobs: Jobs): readonly Route[] {
  return [
    route({
      method: 'PUT',
      path: '/v1/imports/:id/file',
      tag,
      summary: 'Upload the file of an import and start it',
      description:
        `CSV in UTF-8, at most ${fileBytesMax / 1_048_576} MiB, separated by commas, semicolons or tabs; the first line names the columns. ` +
        'After an interrupted upload or a rejected file, send the file again from the beginning.',
      scope: 'contacts:write',
      boundKeys: 'own',
      operationId: 'uploadImportFile',
      params: id,
      streams: 'text/csv',
      bodyBytesMax: fileBytesMax,
      bodyExample: 'Work e-mail,First name,Fax\r\nada@lovelace.example,Ada,\r\n',
      answers: {
        202: { description: 'The running import.', schema: one, example: { data: running } },
        409: conflict,
      },
      handle: async ({ params, stream }, principal) => ({
        status: 202,
        body: { data: importOnWire(await jobs.upload(principal, params.id, stream)) },
      }),
    }),
    route({
      method: 'GET',
      path: '/v1/imports',
      tag,
      summary: 'List imports, newest first',
      scope: 'contacts:read',
      boundKeys: 'own',
      operationId: 'listImports',
      query: listQuery.extend({ state: z.enum(importStates).optional(), ...ofWorkspace }),
      answers: listAnswers('A page of imports.', importShape, completed),
      handle: async ({ query }, principal) => {
        const page = listingOf('/v1/imports', query);
        const [imports, total] = await jobs.list(within(principal, query), query.state, page);
        return { status: 200, body: listBody(query, page, imports.map(withFinish), importOnWire, { total }) };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/imports/:id',
      tag,
      summary: 'Get an import and its progress',
      scope: 'contacts:read',
      boundKeys: 'own',
      operationId: 'getImport',
      params: id,
      answers: { 200: { description: 'The import.', schema: one, example: { data: completed } } },
      handle: async ({ params }, principal) => ({
        status: 200,
        body: { data: importOnWire(await jobs.get(principal, params.id)) },
      }),
    }),
    route({
      method: 'POST',
      path: '/v1/imports/:id/cancel',
      tag,
      summary: 'Cancel an import',
      description: 'Stops the import immediately; contacts already written stay. Cancelling again has no effect.',
      scope: 'contacts:write',
      boundKeys: 'own',
      operationId: 'cancelImport',
      params: id,
      answers: {
        200: {
          description: 'The cancelled import.',
          schema: one,
          example: { data: { ...waiting, state: 'cancelled', finished_at: '2026-01-05T09:01:00.000Z' } },
        },
        409: conflict,
      },
      handle: async ({ params }, principal) => ({
        status: 200,
        body: { data: importOnWire(await jobs.cancel(principal, params.id)) },
      }),
    }),
  ];
}

function errorsRoute(jobs: Jobs): Route {
  return route({
    method: 'GET',
    path: '/v1/imports/:id/errors',
    tag,
    summary: 'List rows that were rejected or written without some values',
    description: `In the order of the file: the first ${errorsMax.toLocaleString('en')} rejected rows, and as many rows that \`on_bad_value: blank\` wrote without some values. \`format=csv\` returns all of them as one file with the columns line, email, reason, column and value: one line for each rejected row, with empty column and value, and one for each value left out.`,
    scope: 'contacts:read',
    boundKeys: 'own',
    operationId: 'listImportErrors',
    params: id,
    query: cursorListQuery.extend({
      format: z.enum(['json', 'csv']).default('json'),
      updated_since: cursorListQuery.shape.updated_since.describe('No errors if the import finished before this time.'),
      sort: cursorListQuery.shape.sort.describe(
        '`created_at` and `updated_at` are the order of the file, with `-` the reverse. Default: `created_at`.',
      ),
    }),
    answers: {
      200: {
        description: 'A page of errors, or a file with `format=csv`.',
        schema: cursorPageOf(errorShape),
        example: { data: [errorExample], next_cursor: 'bm9wZW5vcGUgMTc' },
        also: { 'text/csv': { schema: z.string(), example: csvHead + csvRows([errorExample]) } },
      },
    },
    handle: async ({ params, query }, principal) => {
      const { limit, format } = query;
      if (format === 'csv') {
        const parts = [csvHead];
        for await (const errors of jobs.allErrors(principal, params.id)) parts.push(csvRows(errors));
        const headers = {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': `attachment; filename="import-errors-${params.id}.csv"`,
        };
        return { status: 200, body: parts.join(''), headers };
      }
      const { cursor, sort = 'created_at', updated_since: updatedSince } = query;
      const order = sort.startsWith('-') ? '-created_at' : 'created_at';
      const listing = listingOf(`/v1/imports/${params.id}/errors`, { cursor, limit, sort: order }, 'line');
      const slice = { limit: limit + 1, sort: order, after: listing.after?.id, updatedSince } as const;
      const errors = await jobs.errors(principal, params.id, slice);
      const page = errors.slice(0, limit);
      const last = errors.length > limit ? page.at(-1) : undefined;
      return {
        status: 200,
        body: { data: page, next_cursor: last === undefined ? null : cursorAfter(listing, { id: String(last.line) }) },
      };
    },
  });
}
