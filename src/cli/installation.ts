import type { Tenancy } from '../auth/index.ts';
import { systemClock } from '../clock.ts';
import type { Config } from '../config.ts';
import { appliedNumber, migrate, readMigrations } from '../db/migrate.ts';
import { connect } from '../db/pool.ts';
import type { Database } from '../db/pool.ts';
import { OperatorError } from '../errors.ts';
import { createIds } from '../ids.ts';
import { assertMasterKey, createVault } from '../vault/data-keys.ts';
import type { MasterKey } from '../vault/vault.ts';
import { withDatabase } from './database.ts';
import { ensureMasterKey } from './master-key.ts';
import { readSettings } from './settings.ts';

export interface Installation {
  readonly config: Config;
  readonly db: Database;
  readonly tenancy: Tenancy;
}

/** Opens a migrated database with the master key that belongs to it. */
export async function openTenancy(db: Database, config: Config): Promise<{ tenancy: Tenancy; masterKey: MasterKey }> {
  const masterKey = await ensureMasterKey(db, config);
  await assertMasterKey(db, masterKey);
  return { tenancy: { db, clock: systemClock, ids: createIds(systemClock), vault: createVault(masterKey) }, masterKey };
}

/** Runs a command's work on the installation, beside a running server or without one. A fresh database is set up on the way. */
export async function withInstallation(work: (installation: Installation) => Promise<void>): Promise<void> {
  const config = readSettings();
  await withDatabase(config, async ({ url }) => {
    const db = connect(url, { max: 4, applicationName: 'outrider cli' });
    try {
      await assertCurrentSchema(db);
      const { tenancy } = await openTenancy(db, config);
      await work({ config, db, tenancy });
    } finally {
      await db.close();
    }
  });
}

/** A server of another version may be running on an older schema, so it is not brought up to date in passing. */
async function assertCurrentSchema(db: Database): Promise<void> {
  const newest = (await readMigrations()).at(-1)?.number ?? 0;
  const applied = await appliedNumber(db);
  if (applied !== 0 && applied < newest) throw new OperatorError('The database was written by an older Outrider. Bring it up to date first: outrider migrate');
  // Fresh: set up. Newer: refused with the reason.
  if (applied !== newest) await migrate(db);
}
