import { z } from 'zod';
import { csvRow } from '../../base/csv.ts';
import { lawfulBasis, linkCompanyBy } from '../contacts/index.ts';
import { isMapped } from './columns.ts';
import { countsOf, errorsMax, importStates, noCounts, percentOf } from './import.ts';
import type { Import, ImportError } from './import.ts';
import { dateOrders } from './row.ts';

const time = z.iso.datetime();
const count = z.number().int();
/** Column of the file → field of a contact. */
export const mapping = z.record(z.string().min(1).max(300), z.string().max(120).nullable());

export const importShape = z
  .object({
    id: z.uuid(),
    workspace_id: z.uuid().nullable().describe('Of its contacts, too. Null: of the organization.'),
    state: z.enum(importStates).describe('`uploading`: the import waits for its file.'),
    error: z.string().nullable().describe('Why the import failed.'),
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
    mapping: mapping.describe('As given in the request.'),
    columns: z
      .array(
        z.object({ column: z.string(), field: z.string().nullable().describe('null if the column is not imported.') }),
      )
      .nullable()
      .describe('The columns of the file and the field that each fills.'),
    unmapped_columns: z
      .array(z.string())
      .nullable()
      .describe('Columns that are not imported because no field has their name and `mapping` does not name them.'),
    progress: z.object({
      bytes: count.describe('Size of the file.'),
      bytes_read: count,
      percent: count.describe('How much of the file has been read.'),
      rows_read: count.describe('Without empty rows.'),
      created: count,
      updated: count,
      unchanged: count,
      restored: count,
      suppressed: count,
      rejected: count,
      blanked: count.describe('Rows written without their invalid values (`on_bad_value: blank`).'),
    }),
    errors_kept: count.describe(
      `Rows that \`GET /v1/imports/{id}/errors\` lists: the first ${errorsMax.toLocaleString('en')} rejected rows, and as many rows written without some values.`,
    ),
    created_by: z.uuid().nullable().describe('The key that created it.'),
    created_at: time,
    finished_at: time.nullable(),
  })
  .meta({ id: 'Import' });

export const importOnWire = (it: Import): z.input<typeof importShape> => ({
  id: it.id,
  workspace_id: it.workspace_id,
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

const nothing = { bytes: 0, bytes_read: 0, percent: 0, ...noCounts };
/** Examples of one import: waiting for its file, running and completed. */
export const waiting: z.input<typeof importShape> = {
  id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4e0',
  workspace_id: null,
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
export const running: z.input<typeof importShape> = {
  ...waiting,
  state: 'running',
  columns,
  unmapped_columns: ['Shoe size'],
  progress: { ...nothing, bytes: 4_812_004, bytes_read: 30 },
};
export const completed: z.input<typeof importShape> = {
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

export const errorShape = z
  .object({
    line: count.describe('Line of the file, from 1.'),
    email: z.string().nullable().describe('The content of the email column.'),
    reason: z.string(),
    blanked: z
      .array(z.object({ column: z.string(), value: z.string().describe('As in the file.'), reason: z.string() }))
      .nullable()
      .describe('null if the row was rejected; otherwise it was written without these values.'),
  })
  .meta({ id: 'ImportError' });
export const errorExample: z.input<typeof errorShape> = {
  line: 17,
  email: 'ada@',
  reason: 'email: is not an email address',
  blanked: null,
};

export const csvHead = 'line,email,reason,column,value\r\n';
export const csvRows = (errors: readonly ImportError[]): string =>
  errors
    .flatMap(({ line, email, reason, blanked }) =>
      blanked === null
        ? [csvRow([line, email, reason, null, null])]
        : blanked.map((value) => csvRow([line, email, value.reason, value.column, value.value])),
    )
    .join('');
