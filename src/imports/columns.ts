import type { ErrorDetails } from '../errors.ts';
import type { CustomField } from '../records/index.ts';

/** Fields of a contact that a column can fill. */
export const importFields = [
  'email',
  'first_name',
  'last_name',
  'phone',
  'company_name',
  'job_title',
  'linkedin_url',
  'website',
  'address',
  'city',
  'state',
  'zip_code',
  'country',
  'notes',
  'tags',
  'status',
] as const;

const customPrefix = 'custom_fields.';
export const customKeyOf = (field: string): string | undefined => (field.startsWith(customPrefix) ? field.slice(customPrefix.length) : undefined);

/** What else people call a field in the first line of a file. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['emailaddress', 'email'],
  ['company', 'company_name'],
  ['linkedin', 'linkedin_url'],
  ['zip', 'zip_code'],
  ['postalcode', 'zip_code'],
]);

/** A column of a file and the field it fills; null: none. */
export type Column = readonly [name: string, field: string | null];

/** Column → field, or null to leave it out. */
export type Mapping = Readonly<Record<string, string | null>>;

const plain = (name: string): string => name.toLowerCase().replaceAll(/[\s_.-]/g, '');

type Custom = Pick<CustomField, 'key'>;

/** The field that a column is named like, case, spaces, `_`, `-` and `.` aside. A status is filled only when asked for: other systems have their own. */
function fieldNamedLike(name: string, custom: readonly Custom[]): string | null {
  const wanted = plain(name);
  const field = importFields.find((each) => each !== 'status' && plain(each) === wanted) ?? otherNames.get(wanted);
  if (field !== undefined) return field;
  const own = custom.find(({ key }) => plain(key) === wanted || plain(customPrefix + key) === wanted);
  return own === undefined ? null : customPrefix + own.key;
}

/** What is wrong with a mapping, whatever the file; by field of the request. */
export function mappingFaults(mapping: Mapping, custom: readonly Custom[]): ErrorDetails {
  const faults: Record<string, string> = {};
  const taken = new Set<string>();
  for (const [name, field] of Object.entries(mapping)) {
    const at = `mapping.${name.slice(0, 100)}`;
    if (field === null) continue;
    const key = customKeyOf(field);
    if (key === undefined ? !(importFields as readonly string[]).includes(field) : !custom.some((each) => each.key === key))
      faults[at] =
        key === undefined
          ? 'must be a field of a contact, custom_fields.KEY, or null'
          : 'is no custom field of a contact; define it first: POST /v1/custom-fields';
    else if (taken.has(field)) faults[at] = `${field} is filled by another column already`;
    taken.add(field);
  }
  return faults;
}

const quoted = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ');
const shownMax = 30;

/**
 * Which column fills which field: as the mapping says, others by their names.
 * @returns what is wrong by field of the request, when the file has no such column, or two for one field, or none for the address.
 */
export function columnsOf(
  names: readonly string[],
  mapping: Mapping,
  custom: readonly Custom[],
): { readonly columns: readonly Column[] } | { readonly faults: ErrorDetails } {
  const faults: Record<string, string> = {};
  const has = quoted(names.slice(0, shownMax)) + (names.length > shownMax ? ', …' : '');
  for (const name of Object.keys(mapping))
    if (!names.includes(name.trim())) faults[`mapping.${name.slice(0, 100)}`] = `is no column of the file, which has ${has}`;
  const asked = new Map(Object.entries(mapping).map(([name, field]) => [name.trim(), field]));
  const claimed = new Set(asked.values());
  const columns = names.map((name): Column => {
    const field = asked.get(name);
    if (field !== undefined) return [name, field];
    const like = fieldNamedLike(name, custom);
    return [name, like !== null && claimed.has(like) ? null : like];
  });
  for (const [field, filled] of Map.groupBy(columns, ([, each]) => each)) {
    if (field !== null && filled.length > 1)
      faults[field] = `is filled by several columns: ${quoted(filled.map(([name]) => name))}; say in \`mapping\` which is to be left out (null), or rename one`;
  }
  if (!columns.some(([, field]) => field === 'email'))
    faults['email'] = `is filled by no column of the file, which has ${has}; say in \`mapping\` which it is. The first line must be a header`;
  return Object.keys(faults).length === 0 ? { columns } : { faults };
}
