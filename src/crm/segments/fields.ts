import { companyFields } from '../../base/records/company.ts';
import { contactFields } from '../../base/records/contact.ts';
import type { Field, Fields } from '../../base/records/field.ts';
import { own } from '../../base/own.ts';
import { columnPart, part } from '../../db/sql.ts';
import type { Part } from '../../db/sql.ts';

export const entities = ['contact', 'company'] as const;
export type Entity = (typeof entities)[number];

/** What the values of a field are. `set`: texts of which a record has any number; `ids`: ids likewise. */
export type Kind = 'text' | 'email' | 'id' | 'number' | 'moment' | 'day' | 'flag' | 'set' | 'ids';

/** A field that filters can name. */
export interface SegmentField {
  readonly kind: Kind;
  /** The value in SQL. @param of the alias of the record's table */
  readonly read: (of: string) => Part;
  /** What reading it takes, as a multiple of reading a column. */
  readonly cost: number;
  readonly choices?: readonly string[];
  /** How an index finds records by a value; none if it is absent. */
  readonly index?: 'btree' | 'gin' | 'exceptDefault';
  /** The text that search reads contains it. */
  readonly searched?: true;
}

const kinds: Readonly<Record<Field['type'], Kind | undefined>> = {
  text: 'text',
  url: 'text',
  domain: 'text',
  timezone: 'text',
  id: 'id',
  choice: 'text',
  flag: 'flag',
  count: 'number',
  cents: 'number',
  day: 'day',
  moment: 'moment',
  tags: 'set',
  custom: undefined,
  json: undefined,
  emails: undefined,
};

type Table = Readonly<Record<string, SegmentField>>;

const columnField = (name: string, kind: Kind, more: Partial<SegmentField> = {}): SegmentField => ({
  kind,
  read: (of) => columnPart(of, name),
  cost: 1,
  ...more,
});

const base: Table = {
  id: columnField('id', 'id', { index: 'btree' }),
  created_by: columnField('created_by', 'id'),
  created_at: columnField('created_at', 'moment'),
  updated_at: columnField('updated_at', 'moment'),
};

const tableOf = (fields: Fields, indexes: Readonly<Record<string, Partial<SegmentField>>>): Table => ({
  ...base,
  ...Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => {
      const kind = kinds[field.type];
      const { choices } = field;
      if (kind === undefined || field.from === 'lookup') return [];
      return [[name, columnField(name, kind, { ...(choices && { choices }), ...own(indexes, name) })] as const];
    }),
  ),
});

const searched = { searched: true } as const;

const contactTable: Table = {
  ...tableOf(contactFields, {
    first_name: searched,
    last_name: searched,
    phone: searched,
    job_title: searched,
    company_id: { index: 'btree' },
    owner: { index: 'btree' },
    source_id: { index: 'btree' },
    tags: { index: 'gin' },
    status: { index: 'exceptDefault' },
  }),
  email: { kind: 'email', read: (of) => columnPart(of, 'email_key'), cost: 1, index: 'btree', ...searched },
  email_domain: { kind: 'text', read: (of) => part`split_part(${columnPart(of, 'email_key')}, '@', 2)`, cost: 1 },
  company_name: {
    kind: 'text',
    read: (of) =>
      part`coalesce((SELECT n.name FROM companies n WHERE n.id = ${columnPart(of, 'company_id')}), ${columnPart(of, 'company_name')})`,
    cost: 4,
  },
  source_name: {
    kind: 'text',
    read: (of) => part`(SELECT n.name FROM sources n WHERE n.id = ${columnPart(of, 'source_id')})`,
    cost: 3,
  },
  suppressed: {
    kind: 'flag',
    // The address, its domain, or a domain that its domain belongs to.
    read: (of) => part`(${columnPart(of, 'email_key')} IS NOT NULL AND EXISTS (
      SELECT FROM suppressions s WHERE s.organization_id = ${columnPart(of, 'organization_id')} AND (s.workspace_id IS NULL OR s.workspace_id = ${columnPart(of, 'workspace_id')}) AND s.value = ANY(ARRAY(
        SELECT ${columnPart(of, 'email_key')} UNION ALL
        SELECT array_to_string(d.labels[n.first:], '.') FROM (SELECT string_to_array(split_part(${columnPart(of, 'email_key')}, '@', 2), '.') AS labels) AS d, generate_subscripts(d.labels, 1) AS n (first)))))`,
    cost: 10,
  },
  last_activity_at: {
    kind: 'moment',
    read: (of) => part`(SELECT max(a.occurred_at) FROM activities a WHERE a.contact_id = ${columnPart(of, 'id')})`,
    cost: 5,
  },
};

const companyTable: Table = {
  ...tableOf(companyFields, {
    name: searched,
    domain: { index: 'btree', ...searched },
    owner: { index: 'btree' },
    industry: searched,
    phone: searched,
    city: searched,
    country: searched,
    tags: { index: 'gin' },
  }),
  last_activity_at: {
    kind: 'moment',
    read: (of) => part`(SELECT max(a.occurred_at) FROM activities a WHERE a.company_id = ${columnPart(of, 'id')})`,
    cost: 5,
  },
};

/** The fields of each kind of record by name, apart from custom fields and those of a contact's company. */
export type FieldTables = Readonly<Record<Entity, Table>>;

/** @param contactFields fields that other slices read of contacts, such as their last reply */
export const fieldTables = (ofContacts: Table = {}): FieldTables => ({
  contact: { ...contactTable, ...ofContacts },
  company: companyTable,
});

/** The types of custom fields, by what their values are. */
const customKinds: Readonly<Record<string, Kind>> = {
  text: 'text',
  url: 'text',
  select: 'text',
  number: 'number',
  boolean: 'flag',
  date: 'day',
};

/** A custom field. A value of another type, from before its definition, counts as none. */
export function customField(key: string, type: string): SegmentField {
  const kind = own(customKinds, type) ?? 'text';
  const json = (of: string): Part => part`${columnPart(of, 'custom_fields')} -> ${key}::text`;
  const plain = (of: string): Part => part`(${columnPart(of, 'custom_fields')} ->> ${key}::text)`;
  const read = {
    number: (of: string) => part`CASE WHEN jsonb_typeof(${json(of)}) = 'number' THEN ${plain(of)}::numeric END`,
    flag: (of: string) => part`CASE WHEN jsonb_typeof(${json(of)}) = 'boolean' THEN ${plain(of)}::boolean END`,
  };
  return { kind, read: kind === 'number' || kind === 'flag' ? read[kind] : plain, cost: 2 };
}
