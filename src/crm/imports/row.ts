import { z } from 'zod';
import { contactInput } from '../contacts/index.ts';
import { textsOf, unguarded } from '../../base/csv.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import { isExact } from '../../base/json-text.ts';
import { parseRow, unstorableText } from '../records/index.ts';
import type { CustomField } from '../custom-fields/index.ts';
import type { CustomValues } from '../records/index.ts';
import { customKeyOf } from './columns.ts';
import type { Column } from './columns.ts';

/** Types of the organization's custom fields of contacts, by key. */
export type CustomTypes = ReadonlyMap<string, CustomField['type']>;

const isBlank = (cell: string): boolean => cell.trim() === '';

/** Spreadsheets write rows that contain only delimiters. */
export const isEmptyRow = (cells: readonly string[]): boolean => cells.every(isBlank);

export const dateOrders = ['ymd', 'dmy', 'mdy'] as const;
export type DateOrder = (typeof dateOrders)[number];

/** How numbers and dates are written in a file. */
export interface Notation {
  readonly date_order: DateOrder;
  readonly decimal_separator: '.' | ',';
}

const wholeOrFraction = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const grouped = {
  '.': /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/,
  ',': /^[+-]?\d{1,3}([. \u00a0\u202f]\d{3})+(,\d+)?$/,
} as const;

/** The number, if it can be stored without rounding; otherwise the text. */
function numberOf(text: string, separator: '.' | ','): unknown {
  const ungrouped = grouped[separator].test(text)
    ? text.replaceAll(separator === '.' ? ',' : /[. \u00a0\u202f]/g, '')
    : text;
  // With a decimal comma, a dot is never a decimal point: 1.234 must not become a number a thousand times smaller.
  const plain = separator === '.' ? ungrouped : ungrouped.includes('.') ? '' : ungrouped.replace(',', '.');
  const digits = plain.replace(/^\+/, '').replace(/^(-?)0+(?=\d)/, '$1');
  return wholeOrFraction.test(plain) && isExact(digits) ? Number(plain) : text;
}

const yearFirst = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/;
const yearLast = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/;
const dayOf = (year = '', month = '', day = ''): string => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;

/** A date as YYYY-MM-DD; other text is returned unchanged. */
function dateOf(text: string, order: DateOrder): string {
  const [, year, , month, day] = yearFirst.exec(text) ?? [];
  if (year !== undefined) return dayOf(year, month, day);
  const [, first, , second, last] = yearLast.exec(text) ?? [];
  if (last === undefined || order === 'ymd') return text;
  return order === 'dmy' ? dayOf(last, second, first) : dayOf(last, first, second);
}

/** How spreadsheets write a long number after dropping its last digits. */
const shortened = /^[+-]?\d([.,]\d+)?E\+\d+$/i;

const truths: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
]);

/** A cell as a value of its type. Invalid values stay text, which the field's validation then rejects. */
function customValue(type: CustomField['type'] | undefined, cell: string, notation: Notation): unknown {
  const text = cell.trim();
  if (type === 'number') return numberOf(text, notation.decimal_separator);
  if (type === 'date') return dateOf(text, notation.date_order);
  if (type === 'boolean') return truths.get(text.toLowerCase()) ?? text;
  return type === 'text' ? cell : text;
}

const hasScheme = /^(https?:|[a-z][a-z0-9+.-]*:\/\/)/i;

/**
 * The cells of a row as a row of an upsert. An empty cell leaves the stored value unchanged.
 * @returns the row; or a problem if there are more cells than columns, or no address.
 */
export function upsertRow(
  columns: readonly Column[],
  custom: CustomTypes,
  cells: readonly string[],
  notation: Notation = { date_order: 'ymd', decimal_separator: '.' },
): Record<string, unknown> | { readonly problem: string } {
  if (cells.length > columns.length && !cells.slice(columns.length).every(isBlank))
    return { problem: `has ${cells.length} columns, the first line has ${columns.length}` };
  const row: Record<string, unknown> = {};
  const values: Record<string, unknown> = {};
  columns.forEach(([, field], index) => {
    const cell = unguarded(cells[index] ?? '');
    if (field === null || isBlank(cell)) return;
    const key = customKeyOf(field);
    if (key !== undefined) values[key] = customValue(custom.get(key), cell, notation);
    else if (field === 'tags') row['tags'] = textsOf(cell);
    else if (field === 'website' || field === 'linkedin_url')
      row[field] = hasScheme.test(cell.trim()) ? cell.trim() : `https://${cell.trim()}`;
    else if (field === 'status') row['status'] = cell.trim().toLowerCase();
    else row[field] = cell;
  });
  const { email } = row;
  // Checked here because parsing any other text as an address takes 100 µs.
  if (typeof email !== 'string' || !email.includes('@')) return { problem: 'email: is not an email address' };
  return { ...row, ...(Object.keys(values).length === 0 ? {} : { custom_fields: values }) };
}

/** A row without its invalid values, and their problems by field. The address stays, because a row without one is rejected. */
export function withoutBadValues(
  row: Record<string, unknown>,
  customFaultsOf: (values: CustomValues) => ErrorDetails | undefined,
): { readonly row: Record<string, unknown>; readonly faults: ReadonlyMap<string, string> } {
  const { custom_fields: custom = {}, ...fields } = row;
  const faults = new Map<string, string>();
  const isGood = (field: string, fault: string | undefined): boolean => {
    if (fault !== undefined) faults.set(field, fault);
    return fault === undefined;
  };
  const kept = Object.entries(fields).filter(
    ([field, value]) => field === 'email' || isGood(field, valueFault(field, value)),
  );
  const values = Object.entries(custom as CustomValues).filter(([key, value]) => {
    const [[field, fault] = []] = Object.entries(customFaultsOf({ [key]: value }) ?? {});
    return isGood(
      `custom_fields.${key}`,
      unstorableText(value) ?? (fault === undefined ? undefined : `${field}: ${fault}`),
    );
  });
  return {
    row: { ...Object.fromEntries(kept), ...(values.length === 0 ? {} : { custom_fields: Object.fromEntries(values) }) },
    faults,
  };
}

/** The problem of a field's value; undefined if it is valid. */
export function valueFault(field: string, value: unknown): string | undefined {
  if (field === 'phone' && typeof value === 'string' && shortened.test(value.trim()))
    return `${field}: was shortened by a spreadsheet; format the column as text and export it again`;
  const parsed = parseRow(z.strictObject({ [field]: contactInput[field as keyof typeof contactInput] ?? z.never() }), {
    [field]: value,
  });
  return 'problem' in parsed ? parsed.problem : undefined;
}

/** The content of the email column, for the list of errors; null if it is empty. */
export const addressCell = (columns: readonly Column[], cells: readonly string[]): string | null => {
  const cell = unguarded(cells[columns.findIndex(([, field]) => field === 'email')]?.trim() ?? '');
  return cell === '' ? null : cell;
};
