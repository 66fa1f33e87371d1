/** The slices of records over a real database, without HTTP. */
import { createCrm } from '../../src/crm/index.ts';
import type { Activities } from '../../src/crm/activities/index.ts';
import type { Companies } from '../../src/crm/companies/index.ts';
import type { Contacts } from '../../src/crm/contacts/index.ts';
import type { Queryable } from '../../src/db/pool.ts';
import { sql } from '../../src/db/sql.ts';
import type { CanonicalType } from '../../src/base/event-types.ts';
import { catalogue } from '../../src/events/catalogue.ts';
import type { KeyId, OrganizationId } from '../../src/base/ids.ts';
import type { Projects } from '../../src/crm/projects/index.ts';
import type { CustomFields } from '../../src/crm/custom-fields/index.ts';
import type { Editor } from '../../src/crm/records/index.ts';
import type { Sources } from '../../src/crm/sources/index.ts';
import type { Suppressions } from '../../src/crm/suppressions/index.ts';
import { createVault } from '../../src/encryption/vault.ts';
import type { TestClock } from './clock.ts';
import { makeOrganization, testMasterKey } from './engine.ts';
import { startProcess } from './events.ts';
import type { Process } from './events.ts';

export interface Crm {
  readonly customFields: CustomFields;
  readonly sources: Sources;
  readonly process: Process;
  readonly companies: Companies;
  readonly contacts: Contacts;
  readonly projects: Projects;
  readonly activities: Activities;
  readonly suppressions: Suppressions;
  /** Who edits in an organization of its own. */
  editor(): Promise<Editor>;
  stop(): Promise<void>;
}

let organizations = 0;

export async function startCrm(url: string, clock: TestClock): Promise<Crm> {
  const process = await startProcess(url, clock);
  const { db, bus, ids, errors } = process.engine;
  const { customFields, sources, companies, contacts, projects, activities, suppressions } = createCrm({
    db,
    bus,
    clock,
    ids,
    vault: createVault(testMasterKey),
    emit: process.events.emit,
    emitAll: process.events.emitAll,
    retentionDays: 30,
    onError: (error) => errors.push(error),
  });
  return {
    process,
    customFields,
    sources,
    companies,
    contacts,
    projects,
    activities,
    suppressions,
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

export const toldOf = ({ process }: Pick<Crm, 'process'>, organization: OrganizationId): Promise<Told[]> =>
  eventsOf(process.engine.db, organization);

/** The events of an organization in their order; each must be exactly as the catalogue says of its type. */
export async function eventsOf(db: Queryable, organization: OrganizationId): Promise<Told[]> {
  const rows = await db.query(
    sql<{
      type: CanonicalType;
      data: Buffer;
    }>`SELECT type, data FROM events WHERE organization_id = ${organization} ORDER BY id`,
  );
  return rows.map(({ type, data }) => {
    const told = JSON.parse(data.toString()) as Record<string, unknown>;
    catalogue[type].data.strict().parse(told);
    return { type, data: told };
  });
}
