/** The slices of companies, projects and activities over a real database, without HTTP. */
import { createCompanies } from '../src/companies/index.ts';
import type { Companies } from '../src/companies/index.ts';
import { sql } from '../src/db/sql.ts';
import { catalogue } from '../src/events/catalogue.ts';
import type { CanonicalType } from '../src/dialects/canonical.ts';
import type { KeyId, OrganizationId } from '../src/ids.ts';
import { createRecords } from '../src/records/index.ts';
import type { CustomFields, Editor } from '../src/records/index.ts';
import type { TestClock } from './clock.ts';
import { makeOrganization } from './engine.ts';
import { startProcess } from './events.ts';
import type { Process } from './events.ts';

export interface Crm {
  readonly process: Process;
  readonly customFields: CustomFields;
  readonly companies: Companies;
  /** Who edits in an organization of its own. */
  editor(): Promise<Editor>;
  stop(): Promise<void>;
}

let organizations = 0;

export async function startCrm(url: string, clock: TestClock): Promise<Crm> {
  const process = await startProcess(url, clock);
  const { db, ids } = process.engine;
  const { emit } = process.events;
  const { customFields } = createRecords({ db, clock, ids });
  const companies = createCompanies({ db, clock, ids, emit, customFields, dependents: () => [] });
  return {
    process,
    customFields,
    companies,
    async editor() {
      organizations += 1;
      return { organizationId: await makeOrganization(db, ids, `crm-${organizations}`), keyId: ids.next<KeyId>() };
    },
    stop: () => process.stop(),
  };
}

export interface Told {
  readonly type: CanonicalType;
  readonly data: Record<string, unknown>;
}

/** The events of an organization in their order; each must be exactly as the catalogue says of its type. */
export async function toldOf({ process }: Pick<Crm, 'process'>, organization: OrganizationId): Promise<Told[]> {
  const rows = await process.engine.db.query(
    sql<{ type: CanonicalType; data: Buffer }>`SELECT type, data FROM events WHERE organization_id = ${organization} ORDER BY id`,
  );
  return rows.map(({ type, data }) => {
    const told = JSON.parse(data.toString()) as Record<string, unknown>;
    catalogue[type].data.strict().parse(told);
    return { type, data: told };
  });
}
