import { cut } from '../../base/cut.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import { contactFields } from '../../base/records/contact.ts';
import type { Field } from '../../base/records/field.ts';
import type { CustomField } from '../custom-fields/index.ts';

/**
 * The fields of a contact that a column can fill → other names of them in headers, normalized by `plain`. If several columns match, the name
 * listed first wins.
 */
const headings: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries<Field>(contactFields).flatMap(([field, { headings: names }]) =>
    names === undefined ? [] : [[field, names] as const],
  ),
);

const customPrefix = 'custom_fields.';
export const customKeyOf = (field: string): string | undefined =>
  field.startsWith(customPrefix) ? field.slice(customPrefix.length) : undefined;

/** Plain name → field and the name's rank for that field. */
const named: ReadonlyMap<string, { readonly field: string; readonly rank: number }> = new Map(
  [...headings].flatMap(([field, names]) => names.map((name, index) => [name, { field, rank: index + 1 }] as const)),
);

/** A column of a file and the field it fills, or null. */
export type Column = readonly [name: string, field: string | null];

/** Column → field, or null to skip the column. */
export type Mapping = Readonly<Record<string, string | null>>;

const plain = (name: string): string => name.toLowerCase().replaceAll(/[\s_./-]/g, '');

type Custom = Pick<CustomField, 'key'>;

interface Likeness {
  readonly field: string;
  /** 0 for the field's own name. */
  readonly rank: number;
}

/** The field that matches a column's name, ignoring case, spaces, `_`, `-`, `.` and `/`. Never `status`: other systems have other statuses, so it needs a mapping. */
function fieldNamedLike(name: string, custom: readonly Custom[], fromLinkedIn: boolean): Likeness | undefined {
  const wanted = plain(name);
  const field = [...headings.keys()].find((each) => each !== 'status' && plain(each) === wanted);
  if (field !== undefined) return { field, rank: 0 };
  const own =
    custom.find(({ key }) => customPrefix + key === name) ??
    custom.find(({ key }) => plain(key) === wanted || plain(customPrefix + key) === wanted);
  if (own !== undefined) return { field: customPrefix + own.key, rank: 0 };
  return fromLinkedIn && wanted === 'url' ? { field: 'linkedin_url', rank: 1 } : named.get(wanted);
}

/** Makes names unique, so that a mapping can refer to each: repeated names become `Phone (2)`, `Phone (3)`. */
function distinct(names: readonly string[]): string[] {
  const taken = new Set(names);
  const counts = new Map<string, number>();
  return names.map((name) => {
    let count = (counts.get(name) ?? 0) + 1;
    let unique = name;
    if (count > 1 && name !== '') {
      while (taken.has((unique = `${name} (${count})`))) count += 1;
      taken.add(unique);
    }
    counts.set(name, count);
    return unique;
  });
}

/** Whether a mapping names the column. */
export const isMapped = (mapping: Mapping, column: string): boolean =>
  Object.keys(mapping).some((name) => name.trim() === column);

/** The problems of a mapping that do not depend on the file, by field of the request. */
export function mappingFaults(mapping: Mapping, custom: readonly Custom[]): ErrorDetails {
  const faults: Record<string, string> = {};
  const taken = new Set<string>();
  for (const [name, field] of Object.entries(mapping)) {
    const at = `mapping.${cut(name, 100)}`;
    if (field === null) continue;
    const key = customKeyOf(field);
    if (key === undefined ? !headings.has(field) : !custom.some((each) => each.key === key))
      faults[at] =
        key === undefined
          ? 'must be a field of a contact, custom_fields.KEY, or null'
          : 'is not a custom field of contacts; create it first: POST /v1/custom-fields';
    else if (taken.has(field)) faults[at] = `${field} is already filled by another column`;
    taken.add(field);
  }
  return faults;
}

const quoted = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ');
const shownMax = 30;

/**
 * Assigns columns to fields: as the mapping says, others by their names.
 * @returns the columns; or problems by field of the request: the mapping names a column that does not exist, several columns fill one field,
 * or none fills the address.
 * @example
 * columnsOf(['E-Mail', 'Fax'], {}, []); // { columns: [['E-Mail', 'email'], ['Fax', null]] }
 */
export function columnsOf(
  headings: readonly string[],
  mapping: Mapping,
  custom: readonly Custom[],
): { readonly columns: readonly Column[] } | { readonly faults: ErrorDetails } {
  const faults: Record<string, string> = {};
  const names = distinct(headings);
  const has = quoted(names.slice(0, shownMax)) + (names.length > shownMax ? ', …' : '');
  for (const name of Object.keys(mapping))
    if (!names.includes(name.trim()))
      faults[`mapping.${cut(name, 100)}`] = `is not a column of the file; its columns are ${has}`;
  const asked = new Map(Object.entries(mapping).map(([name, field]) => [name.trim(), field]));
  const claimed = new Set(asked.values());
  const fromLinkedIn = headings.some((name) => plain(name) === 'connectedon');
  const likenesses = names.map((name, index) =>
    asked.has(name) ? undefined : fieldNamedLike(headings[index] ?? '', custom, fromLinkedIn),
  );
  const best = (field: string): number =>
    Math.min(...likenesses.flatMap((each) => (each?.field === field ? [each.rank] : [])));
  const columns = names.map((name, index): Column => {
    const field = asked.get(name);
    if (field !== undefined) return [name, field];
    const like = likenesses[index];
    return [name, like === undefined || claimed.has(like.field) || like.rank > best(like.field) ? null : like.field];
  });
  for (const [field, filled] of Map.groupBy(columns, ([, each]) => each)) {
    if (field !== null && filled.length > 1)
      faults[field] =
        `is filled by several columns: ${quoted(filled.map(([name]) => name))}; set all but one to null in \`mapping\`, or rename them`;
  }
  if (!columns.some(([, field]) => field === 'email'))
    faults['email'] =
      `is not filled by any column; the columns are ${has}. Name the right one in \`mapping\`; the first line must be a header`;
  return Object.keys(faults).length === 0 ? { columns } : { faults };
}
