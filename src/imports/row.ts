import type { CustomField } from '../records/index.ts';
import { customKeyOf } from './columns.ts';
import type { Column } from './columns.ts';

/** The organization's fields of a contact, by key. */
export type CustomTypes = ReadonlyMap<string, CustomField['type']>;

const isBlank = (cell: string): boolean => cell.trim() === '';

/** Spreadsheets write rows of nothing but delimiters. */
export const isEmptyRow = (cells: readonly string[]): boolean => cells.every(isBlank);

const wholeOrFraction = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const truths: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
]);

/** A cell as a value of its type; one that is none stays text, which is then refused by its field's name. */
function customValue(type: CustomField['type'] | undefined, cell: string): unknown {
  const text = cell.trim();
  if (type === 'number') return wholeOrFraction.test(text) ? Number(text) : text;
  if (type === 'boolean') return truths.get(text.toLowerCase()) ?? text;
  return type === 'text' ? cell : text;
}

const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i;

/**
 * The cells of a row as a row of an upsert. An empty cell says nothing: what is there stays.
 * @returns what is wrong when there are more cells than columns.
 */
export function upsertRow(columns: readonly Column[], custom: CustomTypes, cells: readonly string[]): Record<string, unknown> | { readonly problem: string } {
  if (cells.length > columns.length && !cells.slice(columns.length).every(isBlank))
    return { problem: `has ${cells.length} columns, the first line has ${columns.length}` };
  const row: Record<string, unknown> = {};
  const values: Record<string, unknown> = {};
  columns.forEach(([, field], index) => {
    const cell = cells[index] ?? '';
    if (field === null || isBlank(cell)) return;
    const key = customKeyOf(field);
    if (key !== undefined) values[key] = customValue(custom.get(key), cell);
    else if (field === 'tags') row['tags'] = cell.split(/[,;|]/).flatMap((tag) => tag.trim() || []);
    else if (field === 'website' || field === 'linkedin_url') row[field] = hasScheme.test(cell.trim()) ? cell.trim() : `https://${cell.trim()}`;
    else if (field === 'status') row['status'] = cell.trim().toLowerCase();
    else row[field] = cell;
  });
  const { email } = row;
  // Said here: the grammar of addresses takes 100 µs to say so of any text.
  if (typeof email !== 'string' || !email.includes('@')) return { problem: 'email: is not an e-mail address' };
  return { ...row, ...(Object.keys(values).length === 0 ? {} : { custom_fields: values }) };
}

/** The cell that should be an address, for the list of errors. */
export const addressCell = (columns: readonly Column[], cells: readonly string[]): string | null => {
  const cell = cells[columns.findIndex(([, field]) => field === 'email')]?.trim() ?? '';
  return cell === '' ? null : cell;
};
