import { z } from 'zod';
import { lawfulBasis, linkCompanyBy } from '../contacts/index.ts';
import { cursorPageOf, cursorQuery, pageOf, pageQuery } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { fields } from '../records/index.ts';
import { countsOf, errorsMax, fileBytesMax, importStates, percentOf, unfinishedMax } from './import.ts';
import { isMapped } from './columns.ts';
import type { Import, ImportError } from './import.ts';
import type { Jobs } from './job.ts';
import { dateOrders } from './row.ts';

// On the wire ---------------------------------------------------------------------------------------

const time = z.iso.datetime();
const count = z.number().int();
const mapping = z.record(z.string().min(1).max(300), z.string().max(120).nullable());

const importShape = z
  .object({
    id: z.uuid(),
    state: z.enum(importStates).describe('`uploading`: waits for its file.'),
    error: z.string().nullable().describe('Why it failed.'),
    file_name: z.string().nullable(),
    lawful_basis: lawfulBasis,
    lawful_basis_source: z.string().nullable(),
    restore_deleted: z.boolean(),
    dry_run: z.boolean(),
    source_id: z.uuid().nullable(),
    source: z.string().nullable(),
    tags: z.array(z.string()),
    link_company_by: linkCompanyBy.nullable(),
    on_bad_value: z.enum(['reject', 'blank']),
    date_order: z.enum(dateOrders),
    decimal_separator: z.enum(['.', ',']),
    mapping: mapping.describe('As it was asked for.'),
    columns: z
      .array(z.object({ column: z.string(), field: z.string().nullable().describe('null: left out.') }))
      .nullable()
      .describe('The columns of the file, and what each of them fills.'),
    unmapped_columns: z
      .array(z.string())
      .nullable()
      .describe('Columns that fill no field, as no field is named like them and `mapping` does not name them.'),
    progress: z.object({
      bytes: count.describe('Of the file.'),
      bytes_read: count,
      percent: count.describe('Of the file.'),
      rows_read: count.describe('Empty rows aside.'),
      created: count,
      updated: count,
      unchanged: count,
      restored: count,
      suppressed: count,
      rejected: count,
      blanked: count.describe(
        'Of the rows written: without values that their fields cannot have (`on_bad_value: blank`).',
      ),
    }),
    errors_kept: count.describe(
      `Rows that \`GET /v1/imports/{id}/errors\` lists: the first ${errorsMax.toLocaleString('en')} rejected ones, and as many written without values.`,
    ),
    created_by: z.uuid().nullable().describe('The key that created it.'),
    created_at: time,
    finished_at: time.nullable(),
  })
  .meta({ id: 'Import' });

const importOnWire = (it: Import): z.input<typeof importShape> => ({
  id: it.id,
  state: it.state,
  error: it.error,
  file_name: it.file_name,
  lawful_basis: it.lawful_basis,
  lawful_basis_source: it.lawful_basis_source,
  restore_deleted: it.restore_deleted,
  dry_run: it.dry_run,
  source_id: it.source_id,
  source: it.source_name,
  tags: [...it.tags],
  link_company_by: it.link_company_by,
  on_bad_value: it.on_bad_value,
  date_order: it.date_order,
  decimal_separator: it.decimal_separator,
  mapping: it.mapping,
  columns: it.columns?.map(([column, field]) => ({ column, field })) ?? null,
  unmapped_columns:
    it.columns?.flatMap(([column, field]) => (field === null && !isMapped(it.mapping, column) ? [column] : [])) ?? null,
  progress: {
    bytes: it.bytes,
    bytes_read: it.position,
    percent: percentOf(it),
    ...countsOf(it),
  },
  errors_kept: Math.min(it.rejected, errorsMax) + Math.min(it.blanked, errorsMax),
  created_by: it.created_by,
  created_at: it.created_at.toISOString(),
  finished_at: it.finished_at?.toISOString() ?? null,
});

const nothing = {
  bytes: 0,
  bytes_read: 0,
  percent: 0,
  rows_read: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  restored: 0,
  suppressed: 0,
  rejected: 0,
  blanked: 0,
};
const waiting: z.input<typeof importShape> = {
  id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4e0',
  state: 'uploading',
  error: null,
  file_name: 'fair.csv',
  lawful_basis: 'legitimate_interests',
  lawful_basis_source: null,
  restore_deleted: false,
  dry_run: false,
  source_id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4d0',
  source: 'Trade fair 2026',
  tags: ['fair'],
  link_company_by: 'name',
  on_bad_value: 'reject',
  date_order: 'ymd',
  decimal_separator: '.',
  mapping: { 'Work e-mail': 'email', Fax: null },
  columns: null,
  unmapped_columns: null,
  progress: nothing,
  errors_kept: 0,
  created_by: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c01',
  created_at: '2026-01-05T09:00:00.000Z',
  finished_at: null,
};
const columns = [
  { column: 'Work e-mail', field: 'email' },
  { column: 'First name', field: 'first_name' },
  { column: 'Fax', field: null },
  { column: 'Shoe size', field: null },
];
const running: z.input<typeof importShape> = {
  ...waiting,
  state: 'running',
  columns,
  unmapped_columns: ['Shoe size'],
  progress: { ...nothing, bytes: 4_812_004, bytes_read: 30 },
};
const completed: z.input<typeof importShape> = {
  ...running,
  state: 'completed',
  progress: {
    ...nothing,
    bytes: 4_812_004,
    bytes_read: 4_812_004,
    percent: 100,
    rows_read: 50_000,
    created: 49_120,
    updated: 804,
    suppressed: 74,
    rejected: 2,
  },
  errors_kept: 2,
  finished_at: '2026-01-05T09:00:11.000Z',
};

const errorShape = z
  .object({
    line: count.describe('Of the file, from 1.'),
    email: z.string().nullable().describe('What stood where the address should be.'),
    reason: z.string(),
    blanked: z
      .array(z.object({ column: z.string(), value: z.string().describe('As the file has it.'), reason: z.string() }))
      .nullable()
      .describe('null: the row was rejected. Otherwise it was written, without these values.'),
  })
  .meta({ id: 'ImportError' });
/** A line of the file. */
const errorCursor = z
  .string()
  .regex(/^\d{1,15}$/, 'must be the next_cursor of an answer')
  .describe('`next_cursor` of the previous answer.');
const errorExample: z.input<typeof errorShape> = {
  line: 17,
  email: 'ada@',
  reason: 'email: is not an e-mail address',
  blanked: null,
};

const one = z.object({ data: importShape });
const id = z.object({ id: z.uuid() });
const conflict = { description: 'The request contradicts what is stored; the message says how.' };
const tag = 'Imports';

const csvOf = (cell: string | number | null): string => {
  const text = String(cell ?? '');
  // A spreadsheet would take these for a formula.
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
};
const csvHead = 'line,email,reason,column,value\r\n';
const csvRow = (...cells: readonly (string | number | null)[]): string => `${cells.map(csvOf).join(',')}\r\n`;
const csvRows = (errors: readonly ImportError[]): string =>
  errors
    .flatMap(({ line, email, reason, blanked }) =>
      blanked === null
        ? [csvRow(line, email, reason, null, null)]
        : blanked.map((value) => csvRow(line, email, value.reason, value.column, value.value)),
    )
    .join('');

// Routes --------------------------------------------------------------------------------------------

export function importRoutes(jobs: Jobs): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/imports',
      tag,
      summary: 'Begin an import of contacts',
      description:
        `It waits for its file: \`PUT /v1/imports/{id}/file\`. Columns that are named like a field of a contact, or like a custom field, fill it; \`mapping\` says otherwise. ` +
        `At most ${unfinishedMax} imports of an organization are under way or wait for their files.`,
      scope: 'contacts:write',
      boundKeys: 'refused',
      operationId: 'createImport',
      body: z.strictObject({
        lawful_basis: lawfulBasis.describe(
          'Why you may process the data (GDPR article 6); of all contacts in the file.',
        ),
        lawful_basis_source: fields.optionalText(500).optional().describe('How it was obtained.'),
        mapping: mapping
          .refine((value) => Object.keys(value).length <= 500, 'has more than 500 columns')
          .default({})
          .describe('Column of the file → field of a contact, `custom_fields.KEY`, or null to leave the column out.'),
        restore_deleted: z
          .boolean()
          .default(false)
          .describe('Contacts deleted in the last 30 days come back, in place of new ones.'),
        dry_run: z.boolean().default(false).describe('Counts and errors only; nothing is written.'),
        source: fields
          .requiredText(200)
          .optional()
          .describe('The name of a source for all of them, made if there is none.'),
        tags: fields.tags.default([]).describe('Added to each contact.'),
        link_company_by: linkCompanyBy.optional(),
        on_bad_value: z
          .enum(['reject', 'blank'])
          .default('reject')
          .describe(
            'A row with a value that its field cannot have is rejected, or written without that value. A row without a valid address is always rejected.',
          ),
        date_order: z
          .enum(dateOrders)
          .default('ymd')
          .describe(
            'How dates in columns of custom fields are written; `ymd` is always understood when the year comes first.',
          ),
        decimal_separator: z
          .enum(['.', ','])
          .default('.')
          .describe('Of numbers in columns of custom fields. The other sign may group thousands.'),
        file_name: fields.requiredText(300).optional(),
      }),
      bodyExample: {
        lawful_basis: 'legitimate_interests',
        mapping: { 'Work e-mail': 'email', Fax: null },
        source: 'Trade fair 2026',
        tags: ['fair'],
        file_name: 'fair.csv',
      },
      answers: {
        201: { description: 'The import, which waits for its file.', schema: one, example: { data: waiting } },
        409: conflict,
      },
      handle: async ({ body }, principal) => {
        const it = await jobs.create(principal, {
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
    }),
    route({
      method: 'PUT',
      path: '/v1/imports/:id/file',
      tag,
      summary: 'Upload the file of an import, which then runs',
      description:
        `CSV in UTF-8, at most ${fileBytesMax / 1_048_576} MiB, separated by commas, semicolons or tabs; the first line names the columns. It is stored as it arrives; ` +
        'an upload that broke off is sent again from its beginning, and so is a file that was refused.',
      scope: 'contacts:write',
      boundKeys: 'refused',
      operationId: 'uploadImportFile',
      params: id,
      streams: 'text/csv',
      bodyBytesMax: fileBytesMax,
      bodyExample: 'Work e-mail,First name,Fax\r\nada@lovelace.example,Ada,\r\n',
      answers: {
        202: { description: 'The import, which runs.', schema: one, example: { data: running } },
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
      summary: 'List imports, the newest first',
      scope: 'contacts:read',
      boundKeys: 'refused',
      operationId: 'listImports',
      query: pageQuery.extend({ state: z.enum(importStates).optional() }),
      answers: {
        200: {
          description: 'A page of imports.',
          schema: pageOf(importShape),
          example: { data: [completed], page: 1, page_size: 25, total: 1 },
        },
      },
      handle: async ({ query: { page, page_size: size, state } }, { organizationId }) => {
        const [imports, total] = await jobs.list(organizationId, state, { limit: size, offset: (page - 1) * size });
        return { status: 200, body: { data: imports.map(importOnWire), page, page_size: size, total } };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/imports/:id',
      tag,
      summary: 'Get an import and its progress',
      scope: 'contacts:read',
      boundKeys: 'refused',
      operationId: 'getImport',
      params: id,
      answers: { 200: { description: 'The import.', schema: one, example: { data: completed } } },
      handle: async ({ params }, { organizationId }) => ({
        status: 200,
        body: { data: importOnWire(await jobs.get(organizationId, params.id)) },
      }),
    }),
    route({
      method: 'POST',
      path: '/v1/imports/:id/cancel',
      tag,
      summary: 'Cancel an import',
      description: 'Ends it at once. What it has written stays. Cancelling it again changes nothing.',
      scope: 'contacts:write',
      boundKeys: 'refused',
      operationId: 'cancelImport',
      params: id,
      answers: {
        200: {
          description: 'The import as it ended.',
          schema: one,
          example: { data: { ...waiting, state: 'cancelled', finished_at: '2026-01-05T09:01:00.000Z' } },
        },
        409: conflict,
      },
      handle: async ({ params }, { organizationId }) => ({
        status: 200,
        body: { data: importOnWire(await jobs.cancel(organizationId, params.id)) },
      }),
    }),
    route({
      method: 'GET',
      path: '/v1/imports/:id/errors',
      tag,
      summary: 'List the rows that were rejected, or written without some values',
      description: `In the order of the file, the first ${errorsMax.toLocaleString('en')} rejected ones, and as many that \`on_bad_value: blank\` wrote without some values. With \`format=csv\` all of them at once, as a file with the columns line, email, reason, column and value: a line for each rejected row, whose column and value are empty, and for each value left blank.`,
      scope: 'contacts:read',
      boundKeys: 'refused',
      operationId: 'listImportErrors',
      params: id,
      query: cursorQuery.extend({ cursor: errorCursor.optional(), format: z.enum(['json', 'csv']).default('json') }),
      answers: {
        200: {
          description: 'A page of errors; with `format=csv` a file.',
          schema: cursorPageOf(errorShape),
          example: { data: [errorExample], next_cursor: '17' },
          also: { 'text/csv': { schema: z.string(), example: csvHead + csvRows([errorExample]) } },
        },
      },
      handle: async ({ params, query: { cursor, limit, format } }, { organizationId }) => {
        if (format === 'csv') {
          const parts = [csvHead];
          for await (const errors of jobs.allErrors(organizationId, params.id)) parts.push(csvRows(errors));
          const headers = {
            'content-type': 'text/csv; charset=utf-8',
            'content-disposition': `attachment; filename="import-errors-${params.id}.csv"`,
          };
          return { status: 200, body: parts.join(''), headers };
        }
        const errors = await jobs.errors(organizationId, params.id, {
          afterLine: Number(cursor ?? 0),
          limit: limit + 1,
        });
        const page = errors.slice(0, limit);
        return {
          status: 200,
          body: { data: page, next_cursor: errors.length > limit ? String(page.at(-1)?.line) : null },
        };
      },
    }),
  ];
}
