import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach } from 'node:test';
import type { CanonicalType } from '../../src/base/event-types.ts';
import type { KeyId, OrganizationId } from '../../src/base/ids.ts';
import type { Crm } from '../../src/crm/index.ts';
import type { Editor } from '../../src/crm/records/index.ts';
import type { Queryable } from '../../src/db/pool.ts';
import { sql } from '../../src/db/sql.ts';
import { catalogue } from '../../src/events/catalogue.ts';
import { createTestDatabase } from './database.ts';
import type { TestDatabase } from './database.ts';
import { TestClock } from './clock.ts';
import { makeOrganization } from './engine.ts';
import { startInstallation } from './installation.ts';
import type { Installation } from './installation.ts';

/** The slices of records in an installation that serves no HTTP and delivers nothing. */
export interface CrmInstallation
  extends Crm, Pick<Installation, 'db' | 'ids' | 'events' | 'mail' | 'errors' | 'until' | 'stop'> {
  /** A principal that edits records, in a new organization. */
  editor(): Promise<Editor>;
}

let organizations = 0;

export async function startCrm(databaseUrl: string, clock: TestClock): Promise<CrmInstallation> {
  const installation = await startInstallation({ databaseUrl, clock, listens: false, config: { roles: ['api'] } });
  const { crm, db, ids } = installation;
  return Object.assign(installation, crm, {
    async editor() {
      organizations += 1;
      return { organizationId: await makeOrganization(db, ids, `crm-${organizations}`), keyId: ids.next<KeyId>() };
    },
  });
}

/** For a `describe`: one installation, two new organizations for each test, and no test leaves an error behind. */
export function crmScene() {
  const clock = new TestClock();
  let database: TestDatabase;
  let crm: CrmInstallation;
  let me: Editor;
  let stranger: Editor;
  before(async () => {
    database = await createTestDatabase();
    crm = await startCrm(database.url, clock);
  });
  after(async () => {
    await crm.stop();
    await database.drop();
  });
  beforeEach(async () => {
    me = await crm.editor();
    stranger = await crm.editor();
  });
  afterEach(() => assert.deepEqual(crm.errors, []));
  return {
    clock,
    get crm() {
      return crm;
    },
    get me() {
      return me;
    },
    get stranger() {
      return stranger;
    },
  };
}

export interface Told {
  readonly type: CanonicalType;
  readonly data: Record<string, unknown>;
}

export const toldOf = ({ db }: Pick<CrmInstallation, 'db'>, organization: OrganizationId): Promise<Told[]> =>
  eventsOf(db, organization);

/** The events of an organization in order; each must match the catalogue's schema of its type exactly. */
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
