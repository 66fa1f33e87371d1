/** The file of an export: made of the records as they are when it is fetched, a piece at a time. */
import { csvRow, listCell } from '../../base/csv.ts';
import { companyFields } from '../../base/records/company.ts';
import { contactFields } from '../../base/records/contact.ts';
import type { EmailOf } from '../../base/records/field.ts';
import type { Queryable } from '../../db/pool.ts';
import { companyOnWire } from '../companies/index.ts';
import type { Companies } from '../companies/index.ts';
import { contactOnWire } from '../contacts/index.ts';
import type { Contacts } from '../contacts/index.ts';
import type { CustomFields } from '../custom-fields/index.ts';
import { editorOf } from '../records/index.ts';
import type { Reach } from '../records/index.ts';
import { suppressionOnWire } from '../suppressions/index.ts';
import type { Suppressions } from '../suppressions/index.ts';
import type { BulkJob, Entity } from './job.ts';
import { pieceOf } from './queries.ts';

export interface FileOptions {
  readonly db: Queryable;
  readonly contacts: Pick<Contacts, 'byIds'>;
  readonly companies: Pick<Companies, 'byIds'>;
  readonly suppressions: Pick<Suppressions, 'byIds'>;
  readonly customFields: Pick<CustomFields, 'list'>;
}

type Shown = Readonly<Record<string, unknown>>;
const custom = 'custom_fields';

const namesOf = (fields: object): string[] => [
  'id',
  ...Object.keys(fields).filter((name) => name !== custom),
  'workspace_id',
  'created_by',
  'created_at',
  'updated_at',
];
const columns: Readonly<Record<Entity, readonly string[]>> = {
  contact: namesOf(contactFields),
  company: namesOf(companyFields),
  suppression: ['id', 'email', 'domain', 'reason', 'workspace_id', 'created_by', 'created_at'],
};

function cellOf(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (Array.isArray(value))
    return listCell(value.map((each: string | EmailOf) => (typeof each === 'string' ? each : each.email)));
  return typeof value === 'object' ? JSON.stringify(value) : String(value as boolean);
}

/** The records with these ids that exist, by id. */
async function recordsOf(options: FileOptions, entity: Entity, reach: Reach, ids: readonly string[]): Promise<Shown[]> {
  const { db, contacts, companies, suppressions } = options;
  if (entity === 'suppression') return (await suppressions.byIds(db, reach, ids)).map(suppressionOnWire);
  const found =
    entity === 'contact'
      ? (await contacts.byIds(db, reach, ids))
          .filter(({ deleted_at: deleted }) => deleted === null)
          .map((contact) => contactOnWire(reach.organizationId, contact))
      : (await companies.byIds(db, reach, ids)).map(companyOnWire);
  return found.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * The lines of a completed export: the header, then each piece. Holds one piece in memory, and no connection while the caller waits.
 * @example
 * for await (const lines of linesOf(options, job)) response.write(lines);
 */
export async function* linesOf(options: FileOptions, job: BulkJob): AsyncGenerator<string, void, undefined> {
  const { id, entity, organization_id: organization } = job;
  const names = columns[entity];
  const keys =
    entity === 'suppression' ? [] : (await options.customFields.list(organization, entity)).map(({ key }) => key);
  yield csvRow([...names, ...keys.map((key) => `${custom}.${key}`)]);
  for (let number = 0; number < job.pieces; number += 1) {
    const ids = (await pieceOf(options.db, id, number)) ?? [];
    const records = ids.length === 0 ? [] : await recordsOf(options, entity, editorOf(job), ids);
    if (records.length === 0) continue;
    yield records
      .map((record) => {
        const values = (record[custom] ?? {}) as Shown;
        return csvRow([...names.map((name) => cellOf(record[name])), ...keys.map((key) => cellOf(values[key]))]);
      })
      .join('');
  }
}
